/** An account that a provision did not bring up to date, and why, in Identity Center's words where it said so. */
export interface AccountFailure {
  /** Twelve digits. */
  readonly accountId: string;
  readonly reason: string;
}

/** How the accounts of a set stood when they were last looked at. */
export interface AccountsState {
  /** Accounts whose role has the latest version. */
  readonly current: number;
  /** Accounts whose role has an older one. */
  readonly stale: number;
  /** Those of the stale ones that were tried, the first {@link MOST_FAILURES_KEPT}. */
  readonly failed: readonly AccountFailure[];
  readonly at: number;
}

/** A set in 2,000 accounts that all fail has the same reason 2,000 times: so many tell it. 100 are 30 KB. */
export const MOST_FAILURES_KEPT = 100;

/**
 * Bringing every account of a set up to date. Written before the first change that roles do not have by themselves, and taken away
 * when it is proved that no account is left, or known why some are: whatever dies in between, the next step sees what is owed.
 */
export interface Provisioning {
  readonly since: number;
  /** `all`: one provision of every account that has the set comes first. `accounts`: only the stale ones, singly. */
  readonly mode: 'all' | 'accounts';
  /** The asking for all accounts whose outcome is waited for. */
  readonly asked?: number;
  /** That one ended, at this instant … */
  readonly allEndedAt?: number;
  /** … and failed, for this reason. */
  readonly allFailed?: string;
  /** Single accounts that are waited for: the asking of each, and when it was asked. */
  readonly open?: Readonly<Record<string, { readonly asked: number; readonly at: number }>>;
  /** Single accounts that were tried. */
  readonly tried?: readonly string[];
  readonly failed?: readonly AccountFailure[];
}

/** Up to so many accounts are tried singly; more of them are one provision of every account that has the set. */
const MOST_SINGLES = 25;

/** What is owed to accounts that are known to be behind. */
export function owed(stale: number, now: number): Provisioning {
  return { since: now, mode: stale > MOST_SINGLES ? 'all' : 'accounts' };
}

/** Taking a set away whose definition is gone. */
export interface Draining {
  readonly since: number;
  /** The accounts up to this one, in the order of their ids, have been asked who is assigned there. */
  readonly after?: string;
  /** When every account was asked last. */
  readonly walkedAt?: number;
  /** Assignments whose claims were ended. */
  readonly drained: number;
  /** No look before this instant. */
  readonly notBefore: number;
}

/** What others have changed in a set, in words. */
export interface Drift {
  readonly at: number;
  readonly changes: readonly string[];
  readonly isTold?: boolean;
}

/** What became of a set in a rollout; told once as an event. */
export interface RolloutResult {
  /** Number of the plan. */
  readonly plan: number;
  readonly at: number;
  readonly outcome: 'created' | 'updated' | 'adopted' | 'provisioned' | 'deleted' | 'failed' | 'refused';
  /** Why not. */
  readonly reason?: string;
  /** The next rollout may well do better: it is not waited for until somebody asks. */
  readonly mayPass?: boolean;
  readonly isTold?: boolean;
}

/**
 * What the rollout under way still has to do with a set. `apply`: bring it to its definition. `verify`: read all of it and say
 * what differs. `provision`: follow its accounts. `delete`: drain and delete it.
 */
export type RolloutTask = 'apply' | 'verify' | 'provision' | 'delete';

/** All that the ledger knows of one permission set by name. Instants are epoch milliseconds. */
export interface PermissionSetRecord {
  readonly name: string;
  /** Counts the writes; 0: not in the ledger yet. */
  readonly version: number;
  /** Set while Latchkey owns the set: it made it, or took it over. */
  readonly arn?: string;
  /** Hash of the definition that the set was last brought to, and seen to have. */
  readonly applied?: string;
  readonly appliedAt?: number;
  /** Whether that definition was protected. */
  readonly isProtected?: boolean;
  readonly task?: RolloutTask;
  readonly provisioning?: Provisioning;
  readonly draining?: Draining;
  readonly accounts?: AccountsState;
  /** A set of this name that is not Latchkey's to change, for this definition: not asked about again. */
  readonly foreign?: { readonly arn: string; readonly hash: string };
  /** What the last look at all of it found to be changed by others; absent: nothing. */
  readonly drift?: Drift;
  /** When all of it was read last. */
  readonly verifiedAt?: number;
  /** Why the task could not be done at once, since when, and when it is tried again. */
  readonly trouble?: { readonly since: number; readonly notBefore: number; readonly reason: string };
  readonly result?: RolloutResult;
  readonly deletedAt?: number;
}

/** A set that the ledger does not know yet. */
export function unknownPermissionSet(name: string): PermissionSetRecord {
  return { name, version: 0 };
}

/** Ends what the rollout had to do with a set. */
export function withResult(record: PermissionSetRecord, result: RolloutResult): PermissionSetRecord {
  const { task: _done, trouble: _over, ...rest } = record;
  return { ...rest, result };
}
