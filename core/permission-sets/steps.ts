import { LedgerContentionError } from '../ports/ledger';
import type { AskPorts, StepPorts } from './ports';
import { type PermissionSetRecord, unknownPermissionSet } from './record';
import { type RolloutRecord, type RolloutScope, STEP_GRACE_MS, asked, restarted } from './rollout';

/** Where the state machine goes after a step; `seconds` (≥ 1) is how long *Wait* waits before the next look. */
export interface NextStep {
  readonly next: 'plan' | 'apply' | 'wait' | 'report' | 'look' | 'done';
  readonly seconds: number;
}

/**
 * Times of a step, in milliseconds: a function is ended after 120 s, no other step begins before the lease is over, and a step
 * begins nothing new after its budget: the longest call (three tries of 3 s, a conflict's pause) fits into the rest.
 */
export const STEP_TIMES = { leaseMs: 130_000, budgetMs: 75_000 } as const;

/** Which execution asks, and when it has to come to its end. */
export interface Step {
  readonly number: number;
  readonly deadline: number;
  /** The rollout as it was when the step began. */
  readonly rollout: RolloutRecord;
}

/** Many write one item: each loses a few times at most. */
const MAX_CHANGES = 20;

/**
 * Runs one step under the lease. Another execution has taken over: this one is done. Somebody else's step is not over, such as one
 * whose function died: it is waited for. The lease is given back whatever happens.
 */
export async function underLease(
  ports: StepPorts,
  number: number,
  work: (step: Step) => Promise<NextStep>,
): Promise<NextStep> {
  const startedAt = ports.clock.now();
  const leaseUntil = startedAt + STEP_TIMES.leaseMs;
  let isTaken = false as boolean;
  const rollout = await changeRollout(ports, (present) => {
    isTaken = present.number === number && present.running && present.leaseUntil <= startedAt;
    return isTaken ? { ...present, leaseUntil, nextStepBy: leaseUntil + STEP_GRACE_MS } : undefined;
  });
  if (!isTaken) {
    if (rollout.number !== number || !rollout.running) return { next: 'done', seconds: 1 };
    return { next: 'wait', seconds: secondsUntil(rollout.leaseUntil, startedAt) };
  }
  let seconds = 1;
  try {
    const next = await work({ number, deadline: startedAt + STEP_TIMES.budgetMs, rollout });
    seconds = next.next === 'wait' ? next.seconds : 1;
    return next;
  } finally {
    const now = ports.clock.now();
    // Given back also where the rollout is over, and the next one has its number already.
    await changeRollout(ports, (present) => {
      if (present.leaseUntil !== leaseUntil) return undefined;
      const promise =
        present.number === number ? { nextStepBy: now + seconds * 1000 + STEP_GRACE_MS } : undefined;
      return { ...present, leaseUntil: now, ...promise };
    });
  }
}

/** Applies `change` to the present record until a write wins; undefined: nothing is written. */
export async function changeRollout(
  { rollouts }: Pick<StepPorts, 'rollouts'>,
  change: (present: RolloutRecord) => RolloutRecord | undefined,
): Promise<RolloutRecord> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const present = await rollouts.read();
    const next = change(present);
    if (next === undefined) return present;
    const written = await rollouts.write(next);
    if (written !== undefined) return written;
  }
  throw new LedgerContentionError('the rollout', MAX_CHANGES);
}

/** As {@link changeRollout}, for the record of one set. */
export async function changeRecord(
  { records }: Pick<StepPorts, 'records'>,
  name: string,
  change: (present: PermissionSetRecord) => PermissionSetRecord | undefined,
): Promise<PermissionSetRecord> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const present = (await records.read(name)) ?? unknownPermissionSet(name);
    const next = change(present);
    if (next === undefined) return present;
    const written = await records.write(next);
    if (written !== undefined) return written;
  }
  throw new LedgerContentionError(`permission set ${name}`, MAX_CHANGES);
}

/** Whether an asking starts a rollout of its own, or joins one. */
export interface Asked {
  readonly joins: boolean;
  /** Number of the execution that will do it. */
  readonly number: number;
}

/** Asks for a rollout: a read, a write, and a start where none runs. */
export async function askForRollout(ports: AskPorts, scope: RolloutScope): Promise<Asked> {
  return startIfNew(ports, (present, now) => asked(present, scope, now));
}

/** Puts a fresh execution in the place of one that died with work left. */
export async function replaceDeadRollout(ports: AskPorts): Promise<Asked> {
  return startIfNew(ports, restarted);
}

async function startIfNew(
  ports: AskPorts,
  change: (present: RolloutRecord, now: number) => RolloutRecord,
): Promise<Asked> {
  let before = 0;
  const { number } = await changeRollout(ports, (present) => {
    before = present.number;
    const next = change(present, ports.clock.now());
    return next === present ? undefined : next;
  });
  if (number !== before) await ports.workflows.startRollout(number);
  return { joins: number === before, number };
}

/** Whole seconds, at least one. */
export function secondsUntil(instant: number, now: number): number {
  return Math.max(1, Math.ceil((instant - now) / 1000));
}
