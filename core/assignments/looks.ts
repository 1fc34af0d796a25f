import { type Assignment, type Claim, type EffectLook } from './assignment';
import { STANDING_CLAIM, changeClaims, counts, tell } from './claims';

/** For this long after an own operation a list may still show the world before it. */
export const SETTLING_MS = 10 * 60_000;

/** Two looks that are to confirm each other are at least this far apart. */
export const SECOND_LOOK_MS = 30_000;

/**
 * Takes in a look at `ListAccountAssignments` that no operation of Latchkey explains.
 *
 * A look is *proved* unless it contradicts the last proved one within {@link SETTLING_MS} of an own operation, or would end
 * granted claims; then a second look, {@link SECOND_LOOK_MS} later, has to agree. What is proved to be there, and was proved absent (or never looked at)
 * before, was made by somebody else: it becomes a standing claim. What is proved gone was taken by somebody else: the standing
 * claim ends, and leases and claims of rules that had been granted end with it, since nobody's removal is silently undone.
 */
export function recordLook(assignment: Assignment, look: EffectLook): Assignment {
  if (contradicts(assignment, look) && !confirmed(assignment, look)) {
    const since = assignment.doubt?.exists === look.exists ? assignment.doubt : look;
    return { ...assignment, doubt: since };
  }
  const { doubt: _settled, ...proved } = { ...assignment, seen: look };
  return look.exists ? foundPresent(assignment, proved, look.at) : foundAbsent(assignment, proved, look.at);
}

/** Takes in a look that shows what an own operation did: proof, without any conclusion about others. */
export function recordOwnEffect(assignment: Assignment, look: EffectLook): Assignment {
  const { doubt: _settled, mayExist: _proved, ...rest } = assignment;
  const proved: Assignment = { ...rest, seen: look, ownOperationAt: look.at };
  return look.exists ? markGranted(proved, look.at) : proved;
}

function contradicts(assignment: Assignment, look: EffectLook): boolean {
  const { seen, ownOperationAt, claims } = assignment;
  if (seen === undefined || seen.exists === look.exists) return false;
  // A list that lags or leaves a row out must not end claims: what they were granted is missed twice before it is lost.
  const wouldEndClaims = Object.values(claims).some((claim) => isGranted(claim, look.at));
  const isSettling = ownOperationAt !== undefined && look.at - ownOperationAt < SETTLING_MS;
  return isSettling || (!look.exists && wouldEndClaims);
}

/** Whether a lease or a rule has what it wants; one that waits for its grant is not ended by what is not there yet. */
function isGranted(claim: Claim, now: number): boolean {
  return claim.kind !== 'standing' && claim.grantedAt !== undefined && counts(claim, now);
}

function confirmed(assignment: Assignment, look: EffectLook): boolean {
  const { doubt } = assignment;
  return doubt?.exists === look.exists && look.at - doubt.at >= SECOND_LOOK_MS;
}

function foundPresent(before: Assignment, proved: Assignment, now: number): Assignment {
  // Until its absence has been proved at the end of that time or later: the last look itself comes at the end, or after it.
  const isStray =
    before.strayUntil !== undefined && (before.seen === undefined || before.seen.at < before.strayUntil);
  const isOurs = before.seen?.exists === true || before.mayExist === true || isStray;
  if (isOurs) return markGranted(isStray ? { ...proved, mayExist: true } : proved, now);
  const standing = { id: STANDING_CLAIM, kind: 'standing', from: now, until: null, openedAt: now } as const;
  return markGranted({ ...proved, claims: { ...proved.claims, [STANDING_CLAIM]: standing } }, now);
}

function foundAbsent(before: Assignment, proved: Assignment, now: number): Assignment {
  const { mayExist: _gone, ...rest } = proved;
  if (before.seen?.exists !== true) return rest;
  const lost = Object.values(rest.claims).filter(
    (claim) => (claim.kind === 'standing' && counts(claim, now)) || isGranted(claim, now),
  );
  const closed = changeClaims(rest, (claim) =>
    lost.includes(claim)
      ? { ...claim, closedAt: now, closedBecause: 'somebody else removed the assignment', lostBy: 'removal' }
      : claim,
  );
  return tell(closed, lost);
}

/** Notes on every claim that counts that the assignment is there, and whom to tell. */
function markGranted(assignment: Assignment, now: number): Assignment {
  const granted = Object.values(assignment.claims).filter(
    (claim) => claim.grantedAt === undefined && counts(claim, now),
  );
  const marked = changeClaims(assignment, (claim) =>
    granted.includes(claim) ? { ...claim, grantedAt: now } : claim,
  );
  return tell(marked, granted);
}
