import { type Assignment, type Claim, type Operation } from './assignment';
import { changeClaims, counts, isOver, isSpent, tell, unproved, wanted } from './claims';

/** An operation that is under way is looked at again after this long, should the dispatcher have died. */
const STUCK_AFTER_MS = 2 * 60_000;

/**
 * Brings an assignment's plan into line with its claims as they are at `now`: every write of an assignment goes through here.
 *
 * 1. Claims that no longer hold the assignment up are marked as ended, and their requests are to be told.
 * 2. An intent that the claims do not want is dropped; a difference between claims and what is known becomes the next intent.
 * 3. `lookAt` is set to the earliest instant at which something is due.
 *
 * Level, not edge: the result depends on the item and the time alone, so that it may run at any time, any number of times.
 */
export function reconcile(assignment: Assignment, now: number): Assignment {
  const planned = plan(assignment, now);
  const ended = markEnds(planned, now);
  return withLookAt(prune(ended, now), now);
}

/** Whether the claims want what the operation does. */
export function isWanted(assignment: Assignment, operation: Operation, now: number): boolean {
  const next = nextKind(assignment, now);
  // A look stands in nobody's way: a create looks for itself, and comes before what only wants to know.
  return next === operation.kind || (operation.kind === 'look' && next === undefined);
}

function plan(assignment: Assignment, now: number): Assignment {
  const { operation } = assignment;
  if (operation !== undefined && (operation.state !== 'INTENT' || isWanted(assignment, operation, now)))
    return assignment;
  const { operation: _dropped, ...rest } = assignment;
  const kind = nextKind(rest, now);
  if (kind === undefined) return rest;
  const next: Operation = {
    kind,
    state: 'INTENT',
    generation: assignment.generation + 1,
    plannedAt: now,
    notBefore: now,
    attempts: 0,
  };
  return { ...rest, operation: next, generation: next.generation };
}

/** The work that closes the difference between what the claims want and what is known. */
function nextKind(assignment: Assignment, now: number): Operation['kind'] | undefined {
  const mayBeThere = assignment.seen?.exists === true || assignment.mayExist === true;
  switch (wanted(assignment, now)) {
    case 'present':
      return assignment.seen?.exists !== true || unproved(assignment, now).length > 0 ? 'create' : undefined;
    case 'absent':
      return mayBeThere ? 'delete' : strayLookDue(assignment, now);
    case 'keep':
      return undefined;
  }
}

/** A create whose reply was lost may still appear: it is looked for until it cannot any more. */
function strayLookDue(assignment: Assignment, now: number): 'look' | undefined {
  const next = nextStrayLook(assignment);
  return next !== undefined && next <= now ? 'look' : undefined;
}

/** Stray looks: 5, 10, 20 … minutes after the last one, the last at `strayUntil`. */
function nextStrayLook(assignment: Assignment): number | undefined {
  const { strayUntil, seen, ownOperationAt } = assignment;
  if (strayUntil === undefined || seen === undefined || seen.exists || seen.at >= strayUntil)
    return undefined;
  const waited = Math.max(seen.at - (ownOperationAt ?? seen.at), 5 * 60_000);
  return Math.min(seen.at + waited, strayUntil);
}

function markEnds(assignment: Assignment, now: number): Assignment {
  const holdsOn = wanted(assignment, now) !== 'absent';
  const gone = assignment.seen?.exists !== true && assignment.mayExist !== true;
  if (!holdsOn && !(gone && (assignment.operation === undefined || assignment.operation.kind === 'look')))
    return assignment;
  const ending = Object.values(assignment.claims).filter(
    (claim) => claim.kind !== 'standing' && claim.endedAt === undefined && isOver(claim, now),
  );
  if (ending.length === 0) return assignment;
  const keeper = holdsOn ? strongest(assignment, now) : undefined;
  const marked = changeClaims(assignment, (claim) =>
    ending.includes(claim) ? ended(claim, keeper, now) : claim,
  );
  return tell(marked, ending);
}

function ended(claim: Claim, keeper: Claim['kind'] | undefined, now: number): Claim {
  if (claim.grantedAt === undefined) return { ...claim, endedAt: now, endedAs: 'never granted' };
  if (keeper === undefined || claim.lostBy !== undefined)
    return { ...claim, endedAt: now, endedAs: 'revoked' };
  return { ...claim, endedAt: now, endedAs: 'kept', keptBy: keeper };
}

/** What a requester should read as the reason why an assignment stays: what was there before explains more than another lease. */
function strongest(assignment: Assignment, now: number): Claim['kind'] | undefined {
  const kinds = Object.values(assignment.claims)
    .filter((claim) => counts(claim, now))
    .map(({ kind }) => kind);
  return (['standing', 'baseline', 'lease'] as const).find((kind) => kinds.includes(kind));
}

function prune(assignment: Assignment, now: number): Assignment {
  const kept = Object.entries(assignment.claims).filter(([, claim]) => !isSpent(assignment, claim, now));
  if (kept.length === Object.keys(assignment.claims).length) return assignment;
  return { ...assignment, claims: Object.fromEntries(kept) };
}

function withLookAt(assignment: Assignment, now: number): Assignment {
  const due = [
    ...Object.values(assignment.claims).flatMap((claim) => claimInstants(claim, now)),
    ...operationInstants(assignment.operation, now),
    ...(assignment.toTell.length > 0 ? [now] : []),
    ...(assignment.operation === undefined && wanted(assignment, now) === 'absent'
      ? [nextStrayLook(assignment)]
      : []),
  ].filter((instant) => instant !== undefined);
  const { lookAt: _before, ...rest } = assignment;
  return due.length === 0 ? rest : { ...rest, lookAt: Math.min(...due) };
}

function claimInstants(claim: Claim, now: number): number[] {
  if (counts(claim, now)) return claim.until === null ? [] : [claim.until];
  return claim.closedAt === undefined && claim.from > now ? [claim.from] : [];
}

/** None for one that waits: the work index shows it, and a long backlog must not hide what has to be looked at. */
function operationInstants(operation: Operation | undefined, now: number): number[] {
  return operation === undefined || operation.state === 'INTENT' ? [] : [now + STUCK_AFTER_MS];
}
