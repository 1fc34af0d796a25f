import type { Random } from '../../core/ports/random';
import { hexDigits } from '../clock/seeded-random';

/** That a permission set has a role in an account, and from which version of the set that role was made. */
export interface ProvisioningRecord {
  readonly sequence: number;
  readonly accountId: string;
  readonly permissionSetArn: string;
  /** The version of the permission set that the role has; older than the set's own after an edit. */
  readonly version: number;
  /** `AWSReservedSSO_<name>_<16 hex digits>`; the digits are new whenever the role is made anew. */
  readonly roleName: string;
}

/** What a role is made from. */
interface VersionedSet {
  readonly arn: string;
  readonly name: string;
  readonly version: number;
}

/** The roles that permission sets have in accounts, found by account, by permission set, and by both. */
export class ProvisioningTable {
  readonly #random: Random;
  readonly #records = new Map<string, ProvisioningRecord>();
  #sequence = 0;

  public constructor(random: Random) {
    this.#random = random;
  }

  public find(accountId: string, permissionSetArn: string): ProvisioningRecord | undefined {
    return this.#records.get(`${accountId} ${permissionSetArn}`);
  }

  /** Makes the role at this version of the set, if there is none; an existing role stays as it is. */
  public ensure(accountId: string, set: VersionedSet): void {
    const key = `${accountId} ${set.arn}`;
    if (this.#records.has(key)) return;
    this.#records.set(key, {
      sequence: (this.#sequence += 1),
      accountId,
      permissionSetArn: set.arn,
      version: set.version,
      roleName: `AWSReservedSSO_${set.name}_${hexDigits(this.#random, 16)}`,
    });
  }

  /** Brings the role to this version of the set; its name stays. Makes the role if there is none. */
  public update(accountId: string, set: VersionedSet): void {
    this.ensure(accountId, set);
    const key = `${accountId} ${set.arn}`;
    const record = this.#records.get(key);
    if (record !== undefined) this.#records.set(key, { ...record, version: set.version });
  }

  public remove(accountId: string, permissionSetArn: string): void {
    this.#records.delete(`${accountId} ${permissionSetArn}`);
  }

  /** Records of one account, or of one permission set, oldest first. */
  public records(
    of: { readonly accountId?: string; readonly permissionSetArn?: string } = {},
  ): ProvisioningRecord[] {
    return [...this.#records.values()].filter(
      (record) =>
        (of.accountId ?? record.accountId) === record.accountId &&
        (of.permissionSetArn ?? record.permissionSetArn) === record.permissionSetArn,
    );
  }
}
