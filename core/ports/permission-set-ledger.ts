import type { PermissionSetRecord } from '../permission-sets/record';
import type { RolloutRecord } from '../permission-sets/rollout';

/** The permission sets of the ledger, all in one partition; every read is strongly consistent. */
export interface PermissionSetLedger {
  /** All of them, those that were deleted too. One query a megabyte: about 2,000 sets. */
  all(): Promise<readonly PermissionSetRecord[]>;
  read(name: string): Promise<PermissionSetRecord | undefined>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  write(next: PermissionSetRecord): Promise<PermissionSetRecord | undefined>;
}

/** The one item of the rollouts; reads are strongly consistent. */
export interface RolloutLedger {
  read(): Promise<RolloutRecord>;
  /** As {@link PermissionSetLedger.write}. */
  write(next: RolloutRecord): Promise<RolloutRecord | undefined>;
}

/** Names of permission sets by ARN, as far as they are known: a set cannot be renamed. */
export interface PermissionSetNames {
  read(): Promise<ReadonlyMap<string, string>>;
  write(names: ReadonlyMap<string, string>): Promise<void>;
}
