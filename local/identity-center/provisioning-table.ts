import type { Random } from '../../core/ports/random';
import { hexDigits } from '../clock/seeded-random';
import { SequencedRows, type Sequenced } from './sequenced-rows';

/** That a permission set has a role in an account, and from which version of the set that role was made. */
export interface ProvisioningRecord extends Sequenced {
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

type Bucket = SequencedRows<ProvisioningRecord>;

/** The roles that permission sets have in accounts, found by account, by permission set, and by both. */
export class ProvisioningTable {
  readonly #random: Random;
  readonly #records = new Map<string, ProvisioningRecord>();
  readonly #byAccount = new Map<string, Bucket>();
  readonly #byPermissionSet = new Map<string, Bucket>();
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
    const record: ProvisioningRecord = {
      sequence: (this.#sequence += 1),
      accountId,
      permissionSetArn: set.arn,
      version: set.version,
      roleName: `AWSReservedSSO_${set.name}_${hexDigits(this.#random, 16)}`,
    };
    this.#records.set(key, record);
    for (const bucket of this.#bucketsOf(record)) bucket.append(record);
  }

  /** Brings the role to this version of the set; its name stays. Makes the role if there is none. */
  public update(accountId: string, set: VersionedSet): void {
    this.ensure(accountId, set);
    const key = `${accountId} ${set.arn}`;
    const before = this.#records.get(key);
    if (before === undefined || before.version === set.version) return;
    const record = { ...before, version: set.version };
    this.#records.set(key, record);
    for (const bucket of this.#bucketsOf(record)) bucket.replace(record);
  }

  public remove(accountId: string, permissionSetArn: string): void {
    const key = `${accountId} ${permissionSetArn}`;
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    for (const bucket of this.#bucketsOf(record)) bucket.remove(record.sequence);
  }

  /** Every role, oldest first. */
  public records(): readonly ProvisioningRecord[] {
    return [...this.#records.values()];
  }

  /** The roles in one account, oldest first, from the one after `sequence` on. */
  public inAccount(accountId: string, sequence = 0): Iterable<ProvisioningRecord> {
    return this.#byAccount.get(accountId)?.after(sequence) ?? [];
  }

  /** The roles of one permission set, oldest first, from the one after `sequence` on. */
  public ofPermissionSet(permissionSetArn: string, sequence = 0): Iterable<ProvisioningRecord> {
    return this.#byPermissionSet.get(permissionSetArn)?.after(sequence) ?? [];
  }

  /** How many permission sets have a role in the account. */
  public countInAccount(accountId: string): number {
    return this.#byAccount.get(accountId)?.size ?? 0;
  }

  /** In how many accounts the permission set has a role. */
  public countOfPermissionSet(permissionSetArn: string): number {
    return this.#byPermissionSet.get(permissionSetArn)?.size ?? 0;
  }

  #bucketsOf({ accountId, permissionSetArn }: ProvisioningRecord): readonly Bucket[] {
    return [bucketIn(this.#byAccount, accountId), bucketIn(this.#byPermissionSet, permissionSetArn)];
  }
}

function bucketIn(buckets: Map<string, Bucket>, key: string): Bucket {
  const found = buckets.get(key);
  if (found !== undefined) return found;
  const made: Bucket = new SequencedRows();
  buckets.set(key, made);
  return made;
}
