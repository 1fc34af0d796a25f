import { type Assignment, type Claim, MAX_CLAIMS, describeKey } from './assignment';

/** Id of the one standing claim that an assignment can have. */
export const STANDING_CLAIM = 'standing';

/** Whether a claim is a reason for the assignment to exist at `now`: half-open, so that back-to-back leases leave no gap. */
export function counts(claim: Claim, now: number): boolean {
  return claim.closedAt === undefined && claim.from <= now && (claim.until === null || now < claim.until);
}

/** Whether a claim can never count again. */
export function isOver(claim: Claim, now: number): boolean {
  return claim.closedAt !== undefined || (claim.until !== null && claim.until <= now);
}

/**
 * What the claims ask for at `now`. `keep`: only a standing claim holds it, which forbids a delete and never causes a create.
 */
export function wanted(assignment: Assignment, now: number): 'present' | 'absent' | 'keep' {
  const counting = Object.values(assignment.claims).filter((claim) => counts(claim, now));
  if (counting.some((claim) => claim.kind !== 'standing')) return 'present';
  return counting.length > 0 ? 'keep' : 'absent';
}

/** Whether there is nothing to say of it: it is not there, nothing is on its way, and nobody wants or wanted it lately. */
export function tellsNothing({ claims, seen, mayExist, operation, toTell }: Assignment): boolean {
  const isThere = seen?.exists === true || mayExist === true;
  return !isThere && operation === undefined && toTell.length === 0 && Object.keys(claims).length === 0;
}

/** Claims that count, for which the assignment was not proved to exist yet. */
export function unproved(assignment: Assignment, now: number): Claim[] {
  return Object.values(assignment.claims).filter(
    (claim) => claim.kind !== 'standing' && claim.grantedAt === undefined && counts(claim, now),
  );
}

/** Thrown where an assignment already has as many claims as an item may hold. */
export class TooManyClaimsError extends Error {
  constructor(assignment: Assignment) {
    super(
      `assignment ${describeKey(assignment.key)} already has ${MAX_CLAIMS} claims, wait until some of them have ended or ask for fewer, longer ones`,
    );
    this.name = 'TooManyClaimsError';
  }
}

/** Whether a claim may be forgotten: it ended, was told, and its tombstone has served its time. */
export function isSpent({ toTell }: Assignment, claim: Claim, now: number): boolean {
  // A closed standing claim has no tombstone.
  if (claim.kind === 'standing') return claim.closedAt !== undefined;
  // What a rule lost is told of the rule, until it does not want it any more (see rule-claims.ts).
  if (claim.kind === 'baseline' && claim.lostBy !== undefined) return false;
  const isTombstone = claim.until !== null && claim.until > now;
  return claim.endedAt !== undefined && !toTell.includes(claim.id) && !isTombstone;
}

/** Adds a claim. One with the same id, open or closed, stays as it is: steps may repeat, and come late. */
export function openClaim(assignment: Assignment, claim: Claim): Assignment {
  if (assignment.claims[claim.id] !== undefined) return assignment;
  // Spent ones leave with the next write, which is the one that this claim comes with.
  const kept = Object.values(assignment.claims).filter((each) => !isSpent(assignment, each, claim.openedAt));
  if (kept.length >= MAX_CLAIMS) throw new TooManyClaimsError(assignment);
  const opened = { ...assignment, claims: { ...assignment.claims, [claim.id]: claim } };
  return claim.kind === 'lease' ? soonForPeople(opened, claim.openedAt) : opened;
}

/** A create that only rules have waited for may rest for a quarter of an hour: for a person it is tried within a minute. */
function soonForPeople(assignment: Assignment, now: number): Assignment {
  const { operation } = assignment;
  if (operation?.state !== 'INTENT' || operation.kind !== 'create') return assignment;
  const notBefore = Math.min(operation.notBefore, now + 60_000);
  return { ...assignment, operation: { ...operation, notBefore } };
}

/**
 * Adds a claim that is closed already: a tombstone, so that a step that comes late cannot open it. There is always room for
 * one (an item holds more than a thousand claims): what must be closed is never held up by what others have opened.
 */
export function buryClaim(assignment: Assignment, claim: Claim): Assignment {
  if (assignment.claims[claim.id] !== undefined || claim.closedAt === undefined) return assignment;
  return { ...assignment, claims: { ...assignment.claims, [claim.id]: claim } };
}

/** Closes a claim; one that is closed or unknown stays as it is. */
export function closeClaim(assignment: Assignment, id: string, now: number, because: string): Assignment {
  const claim = assignment.claims[id];
  if (claim === undefined || claim.closedAt !== undefined) return assignment;
  return changeClaims(assignment, (each) =>
    each.id === id ? { ...each, closedAt: now, closedBecause: because } : each,
  );
}

/** The assignment with every claim passed through `change`. */
export function changeClaims(assignment: Assignment, change: (claim: Claim) => Claim): Assignment {
  const claims = Object.fromEntries(
    Object.entries(assignment.claims).map(([id, claim]) => [id, change(claim)]),
  );
  return { ...assignment, claims };
}

/** Adds requests to those whose report is out of date. Standing claims and baselines have nobody to tell. */
export function tell(assignment: Assignment, claims: readonly Claim[]): Assignment {
  const ids = claims.filter((claim) => claim.kind === 'lease').map((claim) => claim.id);
  const toTell = [...new Set([...assignment.toTell, ...ids])];
  return toTell.length === assignment.toTell.length ? assignment : { ...assignment, toTell };
}
