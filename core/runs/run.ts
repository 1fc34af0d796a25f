import type { Clock } from '../ports/clock';
import { LedgerContentionError } from '../ports/ledger';
import { secondsUntil } from '../requests/seconds';

/**
 * One item of the ledger by which executions of one kind exclude each other, in the manner of the dispatcher's: an execution works only
 * while it has the number, and a step only while it has the lease. Instants are epoch milliseconds.
 */
export interface RunRecord {
  readonly version: number;
  /** Number of the execution that may work. */
  readonly number: number;
  readonly running: boolean;
  /** No step begins before this instant. */
  readonly leaseUntil: number;
  /** The execution promised its next step by then; later it counts as dead. */
  readonly nextStepBy: number;
}

/** Before the first one. */
export const NO_RUN: RunRecord = { version: 0, number: 0, running: false, leaseUntil: 0, nextStepBy: 0 };

/** Where a record is kept; reads are strongly consistent. */
export interface RunStore<Run extends RunRecord> {
  read(): Promise<Run>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  write(next: Run): Promise<Run | undefined>;
}

/** What a step touches besides its work. `what` names the record in errors. */
export interface RunPorts<Run extends RunRecord> {
  readonly run: RunStore<Run>;
  readonly clock: Clock;
  readonly what: string;
}

/** A cold start and two transitions: a promise is believed for this long after it was due. */
export const STEP_GRACE_MS = 30_000;

/**
 * Times of a step, in milliseconds: a function is ended after 120 s, no other step begins before the lease is over, and a step
 * begins nothing new after its budget: the longest call (three tries of 3 s, a conflict's pause) fits into the rest.
 */
export const STEP_TIMES = { leaseMs: 130_000, budgetMs: 75_000 } as const;

/** Many write one item: each loses a few times at most. */
const MAX_CHANGES = 20;

/** Whether the execution broke its promise, and no step of it can be at work. */
export function isDead({ leaseUntil, nextStepBy }: RunRecord, now: number): boolean {
  return now > Math.max(leaseUntil, nextStepBy);
}

/** Gives the next execution its number, where none works or the one that did is dead; else the record as it is. */
export function withNextNumber<Run extends RunRecord>(record: Run, now: number): Run {
  if (record.running && !isDead(record, now)) return record;
  return { ...record, number: record.number + 1, running: true, nextStepBy: now + STEP_GRACE_MS };
}

/** Applies `change` to the present record until a write wins; undefined: nothing is written. */
export async function changeRun<Run extends RunRecord>(
  { run, what }: Pick<RunPorts<Run>, 'run' | 'what'>,
  change: (present: Run) => Run | undefined,
): Promise<Run> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const present = await run.read();
    const next = change(present);
    if (next === undefined) return present;
    const written = await run.write(next);
    if (written !== undefined) return written;
  }
  throw new LedgerContentionError(what, MAX_CHANGES);
}

/**
 * Applies `change`, and starts the execution whose number it gave, if any. A start that is lost is made up for by whoever replaces dead
 * executions.
 */
export async function changeAndStart<Run extends RunRecord>(
  ports: RunPorts<Run>,
  change: (present: Run, now: number) => Run,
  start: (number: number) => Promise<void>,
): Promise<{ readonly joins: boolean; readonly record: Run }> {
  let before = 0;
  const record = await changeRun(ports, (present) => {
    before = present.number;
    const next = change(present, ports.clock.now());
    return next === present ? undefined : next;
  });
  if (record.number !== before) await start(record.number);
  return { joins: record.number === before, record };
}

/** What a step may use: the record as it was when the step began, and when it has to come to its end. */
export interface RunStep<Run extends RunRecord> {
  readonly deadline: number;
  readonly record: Run;
}

/** How a step found its run. */
export type UnderLease<Answer> =
  | { readonly outcome: 'worked'; readonly answer: Answer }
  /** Another execution has taken over: this one is done. */
  | { readonly outcome: 'replaced' }
  /** Somebody else's step is not over, such as one whose function died: come again after so many seconds. */
  | { readonly outcome: 'wait'; readonly seconds: number };

/**
 * Runs one step under the lease, and gives the lease back whatever happens.
 * @param secondsOf how long the execution waits before its next step, by the answer
 */
export async function underRunLease<Run extends RunRecord, Answer>(
  ports: RunPorts<Run>,
  number: number,
  work: (step: RunStep<Run>) => Promise<Answer>,
  secondsOf: (answer: Answer) => number,
): Promise<UnderLease<Answer>> {
  const startedAt = ports.clock.now();
  const leaseUntil = startedAt + STEP_TIMES.leaseMs;
  let isTaken = false as boolean;
  const record = await changeRun(ports, (present) => {
    isTaken = present.number === number && present.running && present.leaseUntil <= startedAt;
    return isTaken ? { ...present, leaseUntil, nextStepBy: leaseUntil + STEP_GRACE_MS } : undefined;
  });
  if (!isTaken) {
    if (record.number !== number || !record.running) return { outcome: 'replaced' };
    return { outcome: 'wait', seconds: secondsUntil(record.leaseUntil, startedAt) };
  }
  let seconds = 1;
  try {
    const answer = await work({ deadline: startedAt + STEP_TIMES.budgetMs, record });
    seconds = secondsOf(answer);
    return { outcome: 'worked', answer };
  } finally {
    const now = ports.clock.now();
    // Given back also where the run is over, and the next one has its number already.
    await changeRun(ports, (present) => {
      if (present.leaseUntil !== leaseUntil) return undefined;
      const promise =
        present.number === number ? { nextStepBy: now + seconds * 1000 + STEP_GRACE_MS } : undefined;
      return { ...present, leaseUntil: now, ...promise };
    });
  }
}

/** Goes on in a fresh execution, before the history grows too long. */
export async function handOverRun<Run extends RunRecord>(
  ports: RunPorts<Run>,
  number: number,
  start: (number: number) => Promise<void>,
): Promise<void> {
  let isOurs = false as boolean;
  const next = await changeRun(ports, (present) => {
    isOurs = present.number === number && present.running;
    return isOurs
      ? { ...present, number: number + 1, nextStepBy: ports.clock.now() + STEP_GRACE_MS }
      : undefined;
  });
  if (isOurs) await start(next.number);
}
