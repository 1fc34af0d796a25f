import type { Random } from '../ports/random';
import {
  type Assignment,
  type Claim,
  type EffectLook,
  type Operation,
  type OperationTrace,
  KEPT_REQUEST_IDS,
} from './assignment';
import { changeClaims, isOver, tell, unproved } from './claims';
import { recordOwnEffect } from './looks';

/**
 * The transitions of protocol R, each a pure step from one item to the next. The ledger writes each of them conditionally on
 * the version that was read, so that two passes, a person and a sweep can meet on one assignment and exactly one wins.
 */

/** A lost reply is resolved by looks that agree over at least this long … */
export const RECOVERY_MS = 90_000;
/** … and are at least this many. */
export const RECOVERY_LOOKS = 3;

/** How long a create or delete whose reply was lost may still surprise after it looked as if it had had no effect. */
export const STRAY_MS = 60 * 60_000;

/** How long a change that Identity Center reports as done may take to show in a list before it counts as not done. */
export const READ_BACK_PATIENCE_MS = 5 * 60_000;

/** Step 2: durable before the call. From here on a create may exist, whatever becomes of the reply. */
export function submitting(assignment: Assignment, operation: Operation, now: number): Assignment {
  return {
    ...assignment,
    ...(operation.kind === 'create' ? { mayExist: true } : {}),
    ownOperationAt: now,
    operation: { ...operation, state: 'SUBMITTING', submittedAt: now },
  };
}

/** Step 3, accepted: Identity Center gave a request id. */
export function accepted(
  assignment: Assignment,
  operation: Operation,
  requestId: string,
  acceptedAt = operation.submittedAt ?? operation.plannedAt,
): Assignment {
  const { reason: _waitedFor, looks: _searched, ...open } = operation;
  const before = (assignment.requestIds ?? []).filter((id) => id !== requestId);
  const requestIds = [...before, requestId].slice(-KEPT_REQUEST_IDS);
  return { ...assignment, requestIds, operation: { ...open, state: 'FOLLOWING', requestId, acceptedAt } };
}

/** Step 4, found: the lost reply was an acceptance. From here on it is followed like any other, and its effect is read back. */
export function adopted(assignment: Assignment, operation: Operation, requestId: string): Assignment {
  return accepted(assignment, { ...operation, isAdopted: true }, requestId);
}

/**
 * Whether the effect has to be seen before the operation counts as done: for every revoke, for what a person waits for, and
 * wherever the status may be that of another operation. Creates of rules are believed: the next reconciliation reads them all.
 */
export function needsReadBack(assignment: Assignment, operation: Operation): boolean {
  if (operation.kind !== 'create' || operation.isAdopted === true || operation.reason !== undefined)
    return true;
  return Object.values(assignment.claims).some(
    (claim) => claim.kind === 'lease' && claim.grantedAt === undefined && claim.endedAt === undefined,
  );
}

/** Step 3, refused: nothing was started, so the same generation waits and is sent again. */
export function refused(
  assignment: Assignment,
  operation: Operation,
  reason: string,
  notBefore: number,
): Assignment {
  const { mayExist: _notAccepted, ...rest } = assignment;
  const base = operation.kind === 'create' ? rest : assignment;
  return { ...base, operation: backToWaiting(operation, operation.generation, reason, notBefore) };
}

/** Step 3, unknown: the reply was lost, or the function died before it could save it. */
export function recovering(assignment: Assignment, operation: Operation): Assignment {
  const { isAdopted: _notThis, ...open } = operation;
  return { ...assignment, operation: { ...open, state: 'RECOVERING', looks: [] } };
}

/**
 * Step 5: Identity Center says that it is done; the effect is to be read back. `reason`: it said so by a failure that means
 * that there was nothing to do.
 */
export function confirming(operation: Operation, now: number, reason?: string): Operation {
  return {
    ...operation,
    state: 'CONFIRMING',
    confirmingSince: now,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The effect is as the operation wanted it: the operation is over. */
export function settled(
  assignment: Assignment,
  operation: Operation,
  how: OperationTrace['status'],
  now: number,
): Assignment {
  const trace: OperationTrace = {
    status: how,
    at: now,
    ...(operation.requestId === undefined ? {} : { requestId: operation.requestId }),
    ...(operation.reason === undefined ? {} : { reason: operation.reason }),
  };
  const traced = withTrace(withoutOperation(assignment), operation, trace, now);
  const proved = recordOwnEffect(traced, { at: now, exists: operation.kind === 'create' });
  if (how === 'ADOPTED' || operation.isAdopted === true) return proved;
  // Identity Center runs one operation per assignment at a time: one that it followed to its end leaves no lost one behind.
  const { strayUntil: _settled, lostDeleteUntil: _over, ...rest } = proved;
  return rest;
}

/**
 * Identity Center ended the operation as FAILED, for a reason that may pass: a new generation waits. A create that failed made
 * nothing, so what the next look shows was made by somebody else.
 */
export function failedForNow(
  assignment: Assignment,
  operation: Operation,
  reason: string,
  notBefore: number,
): Assignment {
  const generation = assignment.generation + 1;
  const { requestId: _ended, ...open } = operation;
  const { mayExist: _failed, ...rest } = assignment;
  const base = operation.kind === 'create' ? rest : assignment;
  return { ...base, generation, operation: backToWaiting(open, generation, reason, notBefore) };
}

/** A create that will never work: the leases that waited for it end here, with the reason. */
export function failedForGood(
  assignment: Assignment,
  operation: Operation,
  reason: string,
  now: number,
): Assignment {
  const waiting = unproved(assignment, now);
  const trace: OperationTrace = {
    status: 'FAILED',
    reason,
    at: now,
    ...(operation.requestId === undefined ? {} : { requestId: operation.requestId }),
  };
  const closed = changeClaims(withoutOperation(assignment), (claim) =>
    waiting.includes(claim)
      ? { ...claim, closedAt: now, closedBecause: reason, lostBy: 'failure', creation: trace }
      : claim,
  );
  const { mayExist: _failed, ...rest } = tell(closed, waiting);
  return { ...rest, ownOperationAt: now, seen: { at: now, exists: false } };
}

/**
 * A create that was reported as SUCCEEDED never showed: its leases end as failed, and since it may exist all the same, the
 * next plan is a delete, which proves absence. Should another lease come in between, looks go on until it cannot appear.
 */
export function neverShown(assignment: Assignment, operation: Operation, now: number): Assignment {
  const reason = `Identity Center reported ${operation.requestId ?? 'the operation'} as SUCCEEDED, but the assignment did not appear within ${READ_BACK_PATIENCE_MS / 60_000} minutes`;
  return {
    ...failedForGood(assignment, operation, reason, now),
    mayExist: true,
    strayUntil: now + STRAY_MS,
  };
}

/** What looks at the effect have told about an operation whose reply was lost. */
export type RecoveryVerdict = 'look again' | 'as wanted' | 'not as wanted';

/** Adds a look to a recovering operation. Looks that contradict what the last ones agreed on start the count anew. */
export function addRecoveryLook(
  operation: Operation,
  look: EffectLook,
): { readonly operation: Operation; readonly verdict: RecoveryVerdict } {
  const before = operation.looks ?? [];
  const agreeing = before.at(-1)?.exists === look.exists ? [...before, look].slice(-20) : [look];
  const first = agreeing[0] ?? look;
  const isStable = agreeing.length >= RECOVERY_LOOKS && look.at - first.at >= RECOVERY_MS;
  const verdict = !isStable
    ? 'look again'
    : look.exists === (operation.kind === 'create')
      ? 'as wanted'
      : 'not as wanted';
  return { operation: { ...operation, looks: agreeing }, verdict };
}

/** The lost call had no effect, as far as can be seen: the next generation may be sent. */
export function absenceProved(assignment: Assignment, operation: Operation, now: number): Assignment {
  const { looks: _agreed, ...open } = operation;
  const next = failedForNow(assignment, open, 'the reply was lost and no effect was seen', now);
  if (operation.kind === 'delete') return { ...next, lostDeleteUntil: now + STRAY_MS };
  return { ...next, seen: { at: now, exists: false }, ownOperationAt: now, strayUntil: now + STRAY_MS };
}

/**
 * When to try again after `attempts` failures: 2 s doubled up to a minute (creates) or 15 minutes (deletes, for ever), or,
 * where somebody has to change something first, 30 s doubled up to 15 minutes. Half of it is jitter.
 */
export function nextAttemptAt(operation: Operation, slowly: boolean, now: number, random: Random): number {
  if (slowly || operation.kind !== 'delete') return nextAttemptAfter(operation.attempts, slowly, now, random);
  return now + jitteredPause(operation.attempts, 2_000, 15 * 60_000, random);
}

/**
 * As {@link nextAttemptAt}, after a create that failed for now. What only rules wait for is tried on for hours, at a rate that falls to once
 * in 15 minutes: an account that is new, or suspended, may take that long, and nobody looks at a clock.
 */
export function nextCreateAt(
  assignment: Assignment,
  operation: Operation,
  slowly: boolean,
  now: number,
  random: Random,
): number {
  const isForRules = unproved(assignment, now).every(({ kind }) => kind === 'baseline');
  if (operation.kind !== 'create' || !isForRules) return nextAttemptAt(operation, slowly, now, random);
  return now + jitteredPause(operation.attempts, slowly ? 30_000 : 2_000, 15 * 60_000, random);
}

/** The same for what is given up on in the end: 2 s doubled up to a minute, or slowly. */
export function nextAttemptAfter(attempts: number, slowly: boolean, now: number, random: Random): number {
  return (
    now +
    (slowly
      ? jitteredPause(attempts, 30_000, 15 * 60_000, random)
      : jitteredPause(attempts, 2_000, 60_000, random))
  );
}

/**
 * When to call again after the service was too busy to take the call: 2 s doubled up to a minute, for deletes too, since such
 * a refusal says nothing against the next one, and access that is over must not wait for longer than others are busy.
 */
export function nextCallAt(operation: Operation, now: number, random: Random): number {
  return nextCallAfter(operation.attempts, now, random);
}

/** See {@link nextCallAt}. */
export function nextCallAfter(attempts: number, now: number, random: Random): number {
  return now + jitteredPause(attempts, 2_000, 60_000, random);
}

function jitteredPause(attempts: number, first: number, longest: number, random: Random): number {
  const pause = Math.min(first * 2 ** Math.min(attempts, 20), longest);
  return Math.round(pause * (0.5 + 0.5 * random.next()));
}

/** The assignment without its open operation. */
export function withoutOperation(assignment: Assignment): Assignment {
  const { operation: _over, ...rest } = assignment;
  return rest;
}

function backToWaiting(
  operation: Operation,
  generation: number,
  reason: string,
  notBefore: number,
): Operation {
  const {
    submittedAt: _sent,
    acceptedAt: _taken,
    confirmingSince: _confirmed,
    isAdopted: _found,
    ...open
  } = operation;
  return { ...open, state: 'INTENT', generation, reason, notBefore, attempts: operation.attempts + 1 };
}

/** A create serves the claims that wait for it, a delete those that are over. */
function withTrace(
  assignment: Assignment,
  operation: Operation,
  trace: OperationTrace,
  now: number,
): Assignment {
  const serves = (claim: Claim): boolean =>
    operation.kind === 'create'
      ? claim.grantedAt === undefined &&
        claim.endedAt === undefined &&
        claim.creation === undefined &&
        claim.from <= now
      : claim.endedAt === undefined && isOver(claim, now);
  return changeClaims(assignment, (claim) => {
    if (claim.kind === 'standing' || !serves(claim)) return claim;
    if (operation.kind === 'delete') return { ...claim, deletion: trace };
    // One that was closed meanwhile had the access all the same, until the delete that comes next.
    return { ...claim, creation: trace, ...(isOver(claim, now) ? { grantedAt: now } : {}) };
  });
}
