import type { Assignment, AssignmentKey } from '../assignments/assignment';
import { ruleClaimsOf, ruleOf } from './change-claims';

/** A claim of a rule that has not what it wants. */
export interface RuleTrouble {
  readonly rule: string;
  readonly key: AssignmentKey;
  /** Identity Center's words where it failed. */
  readonly reason: string;
}

/** How the claims of rules stand in one account, by the ledger alone. */
export interface ClaimsStanding {
  readonly granted: number;
  readonly waiting: number;
  /** Closed, and not proved to be gone, or to be held up by others. */
  readonly ending: number;
  readonly failed: readonly RuleTrouble[];
  /** Taken away by somebody else. */
  readonly missing: readonly RuleTrouble[];
}

/** See {@link ClaimsStanding}. */
export function standingOf(assignments: readonly Assignment[]): ClaimsStanding {
  const claims = ruleClaimsOf(assignments);
  const lost = (by: 'failure' | 'removal'): RuleTrouble[] =>
    claims
      .filter(({ claim }) => claim.lostBy === by)
      .map(({ key, claim }) => ({
        rule: ruleOf(claim),
        key,
        reason: claim.closedBecause ?? 'no reason given',
      }));
  const open = claims.filter(({ claim }) => claim.closedAt === undefined);
  return {
    granted: open.filter(({ claim }) => claim.grantedAt !== undefined).length,
    waiting: open.filter(({ claim }) => claim.grantedAt === undefined).length,
    ending: claims.filter(
      ({ claim }) =>
        claim.closedAt !== undefined && claim.endedAt === undefined && claim.lostBy === undefined,
    ).length,
    failed: lost('failure'),
    missing: lost('removal'),
  };
}
