import { LedgerContentionError } from '../ports/ledger';
import { type RunPorts, changeAndStart, changeRun, underRunLease } from '../runs/run';
import type { AskPorts, StepPorts } from './ports';
import { type PermissionSetRecord, unknownPermissionSet } from './record';
import { type RolloutRecord, type RolloutScope, asked, restarted } from './rollout';

const WHAT = 'the rollout';

/** Where the state machine goes after a step; `seconds` (≥ 1) is how long *Wait* waits before the next look. */
export interface NextStep {
  readonly next: 'plan' | 'apply' | 'wait' | 'report' | 'look' | 'done';
  readonly seconds: number;
}

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
 * whose function died: it is waited for.
 */
export async function underLease(
  ports: StepPorts,
  number: number,
  work: (step: Step) => Promise<NextStep>,
): Promise<NextStep> {
  const found = await underRunLease(
    runPorts(ports),
    number,
    ({ deadline, record }) => work({ number, deadline, rollout: record }),
    ({ next, seconds }) => (next === 'wait' ? seconds : 1),
  );
  if (found.outcome === 'worked') return found.answer;
  return found.outcome === 'wait' ? { next: 'wait', seconds: found.seconds } : { next: 'done', seconds: 1 };
}

/** Applies `change` to the present record until a write wins; undefined: nothing is written. */
export function changeRollout(
  { rollouts }: Pick<StepPorts, 'rollouts'>,
  change: (present: RolloutRecord) => RolloutRecord | undefined,
): Promise<RolloutRecord> {
  return changeRun({ run: rollouts, what: WHAT }, change);
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
  const { joins, record } = await changeAndStart(runPorts(ports), change, (number) =>
    ports.workflows.startRollout(number),
  );
  return { joins, number: record.number };
}

/** The rollout as a run among others. */
export function runPorts({ rollouts, clock }: Pick<AskPorts, 'rollouts' | 'clock'>): RunPorts<RolloutRecord> {
  return { run: rollouts, clock, what: WHAT };
}
