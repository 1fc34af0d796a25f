import type { Assignment } from './assignment';
import { changeClaims, isOver, tell } from './claims';
import { recordOwnEffect } from './looks';

/**
 * For a permission set that is being deleted, where the assignment has just been seen at `now` (epoch ms): nothing may hold it
 * up any more. Every claim that is not over is closed with the reason, that of what was there before Latchkey too, and a delete
 * is what the next `reconcile` plans. Leases tell their requests; what is under way is followed to its end first.
 *
 * @param because read by the requesters, such as `the permission set ReadOnly is being deleted`
 */
export function drained(assignment: Assignment, because: string, now: number): Assignment {
  // Who waited for what is there had it, if only until now.
  const seen = recordOwnEffect(assignment, { at: now, exists: true });
  const open = Object.values(seen.claims).filter((claim) => !isOver(claim, now));
  const closed = changeClaims(seen, (claim) =>
    open.includes(claim) ? { ...claim, closedAt: now, closedBecause: because } : claim,
  );
  return tell(closed, open);
}
