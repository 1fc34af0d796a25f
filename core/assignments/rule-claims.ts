import type { Assignment, Claim } from './assignment';
import { closeClaim, openClaim } from './claims';

/**
 * The claims of rules (kind `baseline`). Unlike a lease, which is over once, a rule may want again what it wanted before; and what it lost
 * stays in the item, closed and with `lostBy`, for as long as the rule wants it, so that it can be told.
 */

/** What a rule does about an assignment of its own that somebody else took away. */
export type Restoring = 'restore' | 'leave';

/**
 * Opens the claim of a rule: also one that failed before, or that the rule did not want for a while. One that somebody else's removal
 * closed is opened again only to `restore` it. One that is open stays as it is.
 * @throws TooManyClaimsError
 */
export function openRuleClaim(assignment: Assignment, claim: Claim, restoring: Restoring): Assignment {
  const before = assignment.claims[claim.id];
  if (before === undefined) return openClaim(assignment, claim);
  if (before.closedAt === undefined) return assignment;
  if (before.lostBy === 'removal' && restoring === 'leave') return assignment;
  const { [claim.id]: _over, ...others } = assignment.claims;
  return openClaim({ ...assignment, claims: others }, claim);
}

/** Closes the claim of a rule that does not want the assignment any more, and forgets what the rule lost. */
export function closeRuleClaim(assignment: Assignment, id: string, now: number, because: string): Assignment {
  const claim = assignment.claims[id];
  if (claim === undefined) return assignment;
  if (claim.lostBy === undefined) return closeClaim(assignment, id, now, because);
  const { lostBy: _told, ...forgotten } = claim;
  return { ...assignment, claims: { ...assignment.claims, [id]: forgotten } };
}
