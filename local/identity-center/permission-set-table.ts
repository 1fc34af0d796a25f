import type { Random } from '../../core/ports/random';
import { hexDigits } from '../clock/seeded-random';
import type { PermissionSet } from './organization';
import { SequencedRows, type Sequenced } from './sequenced-rows';

/** A permission set as it is now; `version` grows with every change that accounts only get when it is provisioned again. */
export interface VersionedPermissionSet extends PermissionSet, Sequenced {
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** What a table is made from. */
export interface PermissionSetTableOptions {
  /** Whose permission sets they are: their ARNs begin with its. */
  readonly instanceArn: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: Random;
}

/** The permission sets of the instance, found by ARN and listed in the order in which they were made. */
export class PermissionSetTable {
  readonly #options: PermissionSetTableOptions;
  readonly #byArn = new Map<string, VersionedPermissionSet>();
  readonly #rows = new SequencedRows<VersionedPermissionSet>();
  #sequence = 0;

  public constructor(options: PermissionSetTableOptions) {
    this.#options = options;
  }

  public all(): VersionedPermissionSet[] {
    return [...this.after(0)];
  }

  /** From the one after `sequence` on. */
  public after(sequence: number): Iterable<VersionedPermissionSet> {
    return this.#rows.after(sequence);
  }

  public find(arn: string): VersionedPermissionSet | undefined {
    return this.#byArn.get(arn);
  }

  /** @throws Error for a permission set that does not exist */
  public existing(arn: string): VersionedPermissionSet {
    const set = this.#byArn.get(arn);
    if (set !== undefined) return set;
    throw new Error(`permission set "${arn}" does not exist: use the ARN of one that does`);
  }

  /** Adds one that the organization file names; its ARN must be new. */
  public load(set: PermissionSet): VersionedPermissionSet {
    const row = { ...set, sequence: (this.#sequence += 1), createdAt: this.#options.now(), version: 1 };
    this.#rows.append(row);
    this.#byArn.set(row.arn, row);
    return row;
  }

  /** Adds a permission set; its ARN is new. */
  public add(set: Omit<PermissionSet, 'arn'>): VersionedPermissionSet {
    const { instanceArn, random } = this.#options;
    const prefix = instanceArn.replace(':instance/', ':permissionSet/');
    return this.load({ ...set, arn: `${prefix}/ps-${hexDigits(random, 16)}` });
  }

  /**
   * Changes a permission set, by default in nothing that shows but its version: accounts stay at theirs until it is provisioned again.
   * @throws Error for a permission set that does not exist
   */
  public change(
    arn: string,
    change: (set: PermissionSet) => PermissionSet = (set) => set,
  ): VersionedPermissionSet {
    const { sequence, createdAt, version, ...set } = this.existing(arn);
    return this.#replace({ ...change(set), arn, sequence, createdAt, version: version + 1 });
  }

  /**
   * Changes the tags of a permission set, which no account gets anything of.
   * @throws Error for a permission set that does not exist
   */
  public tag(arn: string, tags: PermissionSet['tags']): VersionedPermissionSet {
    return this.#replace({ ...this.existing(arn), tags });
  }

  /** That it has no role anywhere is for the caller to check. Nothing happens for one that does not exist. */
  public remove(arn: string): void {
    const set = this.#byArn.get(arn);
    if (set === undefined) return;
    this.#byArn.delete(arn);
    this.#rows.remove(set.sequence);
  }

  #replace(row: VersionedPermissionSet): VersionedPermissionSet {
    this.#rows.replace(row);
    this.#byArn.set(row.arn, row);
    return row;
  }
}
