import type { Assignment, Claim, OperationTrace } from './assignment';
import { counts } from './claims';

/**
 * How one account of a request stands:
 * `waiting` (asked for, not proved yet), `granted`, `failed` (will not be granted), `removed` (somebody else took it away),
 * `ending` (to be taken away), `ended`, `skipped` (never tried: the account's state or name forbade it).
 */
export type AccountStatus = 'waiting' | 'granted' | 'failed' | 'removed' | 'ending' | 'ended' | 'skipped';

/** What a request says of one of its accounts; derived from the assignment's item, which is the authority. */
export interface AccountReport {
  readonly accountId: string;
  readonly status: AccountStatus;
  /** The account's state where it was skipped, Identity Center's words where it failed. */
  readonly reason?: string;
  readonly openedAt?: number;
  readonly grantedAt?: number;
  readonly endedAt?: number;
  /** `kept`: other claims hold the assignment up. */
  readonly endedAs?: 'revoked' | 'kept' | 'never granted';
  readonly keptBy?: Claim['kind'];
  readonly creation?: OperationTrace;
  readonly deletion?: OperationTrace;
  /** Version of the assignment that this was derived from: an older report never replaces a newer one. */
  readonly assignmentVersion: number;
}

/** The report of the lease `requestId` on an assignment, or undefined where the assignment does not know that lease. */
export function reportOf(assignment: Assignment, requestId: string, now: number): AccountReport | undefined {
  const claim = assignment.claims[requestId];
  if (claim === undefined) return undefined;
  const reason = reasonOf(assignment, claim);
  return {
    accountId: assignment.key.accountId,
    status: statusOf(claim, now),
    openedAt: claim.openedAt,
    assignmentVersion: assignment.version,
    ...(reason === undefined ? {} : { reason }),
    ...(claim.grantedAt === undefined ? {} : { grantedAt: claim.grantedAt }),
    ...(claim.endedAt === undefined ? {} : { endedAt: claim.endedAt }),
    ...(claim.endedAs === undefined ? {} : { endedAs: claim.endedAs }),
    ...(claim.keptBy === undefined ? {} : { keptBy: claim.keptBy }),
    ...(claim.creation === undefined ? {} : { creation: claim.creation }),
    ...(claim.deletion === undefined ? {} : { deletion: claim.deletion }),
  };
}

/** Whether nothing more will happen to the account for this request. */
export function isFinal(report: AccountReport): boolean {
  return report.endedAt !== undefined;
}

function statusOf(claim: Claim, now: number): AccountStatus {
  if (claim.lostBy === 'failure') return 'failed';
  if (claim.lostBy === 'removal') return 'removed';
  if (claim.endedAt !== undefined) return 'ended';
  if (counts(claim, now)) return claim.grantedAt === undefined ? 'waiting' : 'granted';
  return claim.from > now && claim.closedAt === undefined ? 'waiting' : 'ending';
}

function reasonOf(assignment: Assignment, claim: Claim): string | undefined {
  if (claim.closedBecause !== undefined) return claim.closedBecause;
  return claim.endedAt === undefined ? assignment.operation?.reason : undefined;
}
