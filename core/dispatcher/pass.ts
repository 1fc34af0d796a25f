import { type AssignmentKey, describeKey } from '../assignments/assignment';
import { WORK_CLASSES } from '../ports/ledger';
import { PROMISE_GRACE_MS, handOver } from './control';
import { follow } from './follow';
import { Pace, paced } from './pacing';
import type { DispatcherPorts } from './ports';
import { submit } from './submit';
import { tellRequests } from './tell';

/** Times and limits of a pass, in milliseconds. */
export interface PassLimits {
  /** What a pass leases: longer than its function can live. */
  readonly leaseMs: number;
  /** How long a pass stays while operations are about to end. */
  readonly stayMs: number;
  /** An execution hands over after this many passes. */
  readonly passes: number;
  /** Outstanding asynchronous assignment operations that the service allows. */
  readonly slots: number;
}

/** The dispatcher ends only if nobody has called for it for this long: indexes may lag behind a call. */
const QUIET_MS = 5_000;

/** Between two looks that find nothing: what somebody calls for at the end of a pass waits for no longer. */
const EMPTY_PAUSE_MS = QUIET_MS / 2;

/** A waiting operation keeps the dispatcher up for this long; for a later one the sweep calls it again. */
const KEEP_UP_MS = 60_000;

/** The longest that an execution waits between two passes, in seconds; see PROMISE_GRACE_MS. */
const LONGEST_WAIT_S = 30;

/** Between two rounds of one pass. */
const LONGEST_ROUND_PAUSE_MS = 2_000;

/**
 * Past its stay a pass begins no more calls after this long: 10 s + 5 s, then at most two calls of two tries and 3 s each, stay
 * below the function's 30 s. A pass that is killed all the same loses nothing, but its operations have to be recovered.
 */
const LAST_CALL_MS = 5_000;

/** What the state machine is told: whether to come back, and after how many whole seconds. */
export interface PassResult {
  readonly left: boolean;
  readonly seconds: number;
}

/** What is left after a round: the instant at which the earliest of it is due. */
interface Round {
  readonly nextAt: number | undefined;
}

/**
 * One pass of the dispatcher: takes the lease, then in rounds looks at what is under way, tells who waits, and sends what is
 * waiting, until nothing is due soon.
 */
export async function runPass(
  ports: DispatcherPorts,
  { epoch, pass }: { readonly epoch: number; readonly pass: number },
  limits: PassLimits,
): Promise<PassResult> {
  const { clock, dispatcher } = ports;
  const takenAt = clock.now();
  if (pass >= limits.passes) {
    await handOver(ports, epoch, takenAt);
    return { left: false, seconds: 1 };
  }
  const leaseUntil = takenAt + limits.leaseMs;
  const lease = await dispatcher.takeLease(epoch, takenAt, leaseUntil, leaseUntil + PROMISE_GRACE_MS);
  if (lease === undefined) return waitForLease(ports, epoch, takenAt);
  const pacedPorts = { ...ports, identityCenter: paced(ports.identityCenter, new Pace(clock)) };
  const { nextAt } = await rounds(pacedPorts, takenAt, limits);
  const now = clock.now();
  const seconds = secondsLeft(lease, nextAt, now);
  // Given back before the end is written: whoever is called right after it need not wait for a lease that nobody uses.
  await dispatcher.releaseLease(epoch, leaseUntil, now, now + (seconds ?? 1) * 1000 + PROMISE_GRACE_MS);
  if (seconds !== undefined) return { left: true, seconds };
  const stopped = await dispatcher.stop(epoch, lease.wanted);
  return { left: stopped === undefined, seconds: 1 };
}

/** Somebody else has the lease: a pass whose function died, or another epoch. */
async function waitForLease(
  { dispatcher }: DispatcherPorts,
  epoch: number,
  now: number,
): Promise<PassResult> {
  const record = await dispatcher.read();
  if (record.epoch !== epoch || !record.running) return { left: false, seconds: 1 };
  return { left: true, seconds: Math.max(1, Math.ceil((record.leaseUntil - now) / 1000)) };
}

/** Whole seconds until the next pass; undefined where nothing is left and nobody has called for a while. */
function secondsLeft(
  { wantedAt }: { readonly wantedAt: number },
  nextAt: number | undefined,
  now: number,
): number | undefined {
  const quietAt = wantedAt + QUIET_MS;
  const dueAt = nextAt ?? (now < quietAt ? quietAt : undefined);
  if (dueAt === undefined) return undefined;
  return Math.min(Math.max(1, Math.ceil((dueAt - now) / 1000)), LONGEST_WAIT_S);
}

async function rounds(ports: DispatcherPorts, takenAt: number, limits: PassLimits): Promise<Round> {
  const { clock } = ports;
  let emptySince: number | undefined;
  for (;;) {
    const round = await oneRound(ports, takenAt, limits);
    const now = clock.now();
    if (round.nextAt === undefined) {
      // The index may not show yet what has just been sent or called for: nothing is nothing when it stays so for a while.
      emptySince ??= now;
      if (now - emptySince >= QUIET_MS) return round;
      if (now + EMPTY_PAUSE_MS > takenAt + limits.stayMs) return { nextAt: now + EMPTY_PAUSE_MS };
      await clock.sleep(EMPTY_PAUSE_MS);
      continue;
    }
    emptySince = undefined;
    const pause = Math.max(round.nextAt - now, 0);
    if (pause > LONGEST_ROUND_PAUSE_MS || now + pause > takenAt + limits.stayMs) return round;
    // A round that leaves something due at once must not spin: the ledger's indexes may lag by a moment.
    await clock.sleep(Math.max(pause, 250));
  }
}

async function oneRound(ports: DispatcherPorts, takenAt: number, limits: PassLimits): Promise<Round> {
  const { clock } = ports;
  const due: number[] = [];
  const underWay = await ports.assignments.underWay();
  const busy = new Set<string>();
  const lastCallAt = takenAt + limits.stayMs + LAST_CALL_MS;
  for (const key of underWay) {
    const isLate = clock.now() > lastCallAt;
    const nextAt = isLate ? clock.now() : await guarded(ports, key, () => followOne(ports, key, takenAt));
    if (nextAt === undefined) continue;
    due.push(nextAt);
    busy.add(roleOf(key));
  }
  const untold = await guarded(ports, undefined, () => tellRequests(ports, underWay));
  if (untold !== false) due.push(clock.now() + 1_000);
  due.push(...(await submitWaiting(ports, busy, limits.slots - busy.size, lastCallAt)));
  return { nextAt: due.length === 0 ? undefined : Math.min(...due) };
}

async function followOne(
  ports: DispatcherPorts,
  key: AssignmentKey,
  takenAt: number,
): Promise<number | undefined> {
  const assignment = await ports.assignments.read(key);
  return assignment === undefined ? undefined : follow(ports, assignment, takenAt);
}

/**
 * Sends waiting operations, revokes first, as far as slots allow; one per role (account and permission set) at a time, since
 * the service answers a second one with a conflict. Answers the instants at which something is due again.
 */
async function submitWaiting(
  ports: DispatcherPorts,
  busy: Set<string>,
  freeSlots: number,
  lastCallAt: number,
): Promise<number[]> {
  const { assignments, clock } = ports;
  const due: number[] = [];
  let free = freeSlots;
  for (const workClass of WORK_CLASSES) {
    const waiting = await assignments.waiting(workClass, clock.now() + KEEP_UP_MS, 100);
    for (const { key, notBefore } of waiting) {
      if (notBefore > clock.now()) {
        due.push(notBefore);
        continue;
      }
      due.push(clock.now() + 1_000);
      if (free <= 0 || busy.has(roleOf(key)) || clock.now() > lastCallAt) continue;
      busy.add(roleOf(key));
      free -= 1;
      await guarded(ports, key, () => submit(ports, key));
    }
  }
  return due;
}

function roleOf(key: AssignmentKey): string {
  return `${key.accountId} ${key.permissionSetArn}`;
}

/** One assignment's trouble must not hold up the others: it is looked at again in two seconds. */
async function guarded<T>(
  { clock, observer }: DispatcherPorts,
  key: AssignmentKey | undefined,
  work: () => Promise<T>,
): Promise<T | number> {
  try {
    return await work();
  } catch (cause) {
    observer.warn('step of a pass failed', key === undefined ? {} : { assignment: describeKey(key) }, cause);
    return clock.now() + 2_000;
  }
}
