import type { AssignmentKey } from '../assignments/assignment';
import type { DriftMode } from '../baselines/baseline';

/**
 * How an assignment differs from the claims:
 * - `missing`: a claim wants it, and somebody else took it away.
 * - `unknown`: it is there, and nothing that Latchkey knows is the reason.
 * - `orphaned`: it is there, and its user or group is not.
 * - `stale`: the ledger has it in an account that is suspended, closed or gone.
 */
export const FINDING_KINDS = ['missing', 'unknown', 'orphaned', 'stale'] as const;

/** See {@link FINDING_KINDS}. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What a finding is told apart by. */
export interface FindingId {
  readonly kind: FindingKind;
  readonly key: AssignmentKey;
}

/** A difference that was seen. Instants are epoch milliseconds. */
export interface Finding extends FindingId {
  readonly mode: DriftMode;
  /** Name of the rule that the mode is of; absent: the mode is the file's. */
  readonly rule?: string;
  /** When it was seen first, since it was last closed, and by which reconciliation. */
  readonly since: number;
  readonly foundBy: number;
  readonly lastSeenAt: number;
  /** Number of the reconciliation that saw it last. */
  readonly walk: number;
  /** When a whole look did not show it any more. */
  readonly closedAt?: number;
}

/** Counts by kind. */
export type FindingCounts = Readonly<Record<FindingKind, number>>;

/** Nothing found. */
export const NO_FINDINGS: FindingCounts = { missing: 0, unknown: 0, orphaned: 0, stale: 0 };

/** The order in which findings are listed, and what a page goes on after. */
export function findingName({ kind, key }: FindingId): string {
  return `${kind}#${key.accountId}#${key.permissionSetArn}#${key.principalType}#${key.principalId}`;
}
