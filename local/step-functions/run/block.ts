import type { Block, Outcome, State } from '../definition/machine';
import { type Json, isTooLarge } from '../json';
import { RunEnded, STATES, StateError } from '../state-error';
import type { Visit } from './context';
import { payload } from './history';
import { runMap } from './map';
import { runParallel } from './parallel';
import { stateFailure } from './recovery';
import { runChoice, runFail, runPass, runSucceed, runWait } from './simple-states';
import type { Strand } from './strand';
import { runTask } from './task';

/** What a state answers: its outcome, and where to go. */
export interface Step extends Outcome {
  /** Undefined: the block ends. */
  readonly next: string | undefined;
}

/** States that history tells of when they are called off. */
const ABORTABLE = new Set<State['type']>(['Task', 'Wait', 'Map', 'Parallel']);

/** Runs a block from its first state to its end; answers its output. Throws `StateError` where a failure is not caught. */
export async function runBlock(strand: Strand, block: Block, input: Json): Promise<Json> {
  let name: string | undefined = block.startAt;
  let value = input;
  while (name !== undefined) {
    const state = block.states.get(name);
    if (state === undefined) throw new StateError(STATES.runtime, `there is no state '${name}'`);
    stopIfDeleted(strand);
    const step = await runState(strand, state, value);
    name = step.next;
    value = step.output;
  }
  return value;
}

/** An execution of a machine that was deleted ends at its next transition. */
function stopIfDeleted(strand: Strand): void {
  if (!strand.execution.machine.deleting) return;
  strand.execution.abort(undefined, 'the state machine was deleted');
  throw new RunEnded('ABORTED', undefined);
}

/**
 * Between its two events a state does all its work. The variables change just before the second, so that nobody sees them
 * earlier. One that fails has no second event.
 */
async function runState(strand: Strand, state: State, input: Json): Promise<Step> {
  const enteredId = strand.record(`${state.type}StateEntered`, {
    stateEnteredEventDetails: { name: state.name, ...payload('input', input) },
  });
  const enteredAt = strand.execution.ports.clock.now();
  const visit = { stateName: state.name, enteredId, enteredAt, input };
  const noAbort = ABORTABLE.has(state.type)
    ? strand.scope.onCancel(() => strand.recordAnyway(`${state.type}StateAborted`))
    : undefined;
  try {
    const step = await dispatch(strand, state, visit);
    strand.variables.assign(step.assigned);
    strand.record(`${state.type}StateExited`, {
      stateExitedEventDetails: { name: state.name, ...payload('output', step.output), ...assignments(step) },
    });
    return step;
  } finally {
    noAbort?.();
  }
}

/** States with `Retry` and `Catch` look after their own failures. */
async function dispatch(strand: Strand, state: State, visit: Visit): Promise<Step> {
  switch (state.type) {
    case 'Task':
      return await runTask(strand, state, visit);
    case 'Map':
      return await runMap(strand, state, visit);
    case 'Parallel':
      return await runParallel(strand, state, visit);
    default:
      return await withoutRecovery(strand, state, visit);
  }
}

/** States without `Retry` and `Catch`: what fails in them fails the block. */
async function withoutRecovery(
  strand: Strand,
  state: Exclude<State, { type: 'Task' | 'Map' | 'Parallel' }>,
  visit: Visit,
): Promise<Step> {
  try {
    const step = await simple(strand, state, visit);
    return checked(step, state.name);
  } catch (error) {
    throw stateFailure(strand, visit, error);
  }
}

async function simple(
  strand: Strand,
  state: Exclude<State, { type: 'Task' | 'Map' | 'Parallel' }>,
  visit: Visit,
): Promise<Step> {
  switch (state.type) {
    case 'Pass':
      return await runPass(strand, state, visit);
    case 'Wait':
      return await runWait(strand, state, visit);
    case 'Choice':
      return await runChoice(strand, state, visit);
    case 'Succeed':
      return await runSucceed(strand, state, visit);
    case 'Fail':
      return await runFail(strand, state, visit);
  }
}

/** Refuses an outcome that is larger than a payload may be. */
export function checked<T extends Outcome>(outcome: T, name: string): T {
  const large = [outcome.output, ...Object.values(outcome.assigned)].some(isTooLarge);
  if (large) throw tooLarge(name);
  return outcome;
}

/** The failure of a payload above 256 KiB. `name` is the state's, or the task's resource. */
export function tooLarge(name: string): StateError {
  return new StateError(
    STATES.dataLimitExceeded,
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** Variables as the exit event carries them: each one's JSON text. */
function assignments(outcome: Outcome): Record<string, unknown> {
  const entries = Object.entries(outcome.assigned);
  if (entries.length === 0) return {};
  return {
    assignedVariables: Object.fromEntries(entries.map(([name, value]) => [name, JSON.stringify(value)])),
    assignedVariablesDetails: { truncated: false },
  };
}
