import type { Random } from '../../../core/ports/random';
import type { Catcher, MapState, Outcome, ParallelState, Retrier, TaskState } from '../definition/machine';
import type { JsonObject } from '../json';
import type { View } from '../query/query';
import { EvaluationError, RunEnded, STATES, StateError } from '../state-error';
import { type Step, checked } from './block';
import { type Visit, viewOf } from './context';
import type { Strand } from './strand';

/** Failures that `States.ALL` and `States.TaskFailed` do not stand for. */
const NOT_MATCHED_BY_ALL = new Set<string | undefined>([STATES.dataLimitExceeded, STATES.runtime]);

/**
 * What an error thrown inside a state is to `Retry` and `Catch`; writes `EvaluationFailed` where a JSONata field failed.
 * Throws what they must not see: the end of the run, and the reason why the strand was called off.
 */
export function stateFailure(strand: Strand, visit: Visit, thrown: unknown): StateError {
  strand.scope.check();
  if (thrown instanceof StateError) return thrown;
  if (thrown instanceof RunEnded) throw thrown;
  const where = `An error occurred while executing the state '${visit.stateName}' (entered at the event id #${visit.enteredId}).`;
  if (!(thrown instanceof EvaluationError)) {
    // A slip of the interpreter itself: it fails the execution with its message, and cannot be caught.
    return new StateError(
      STATES.runtime,
      `${where} ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
  const cause = `${where} ${thrown.detail}`;
  if (thrown.field !== undefined) {
    strand.record('EvaluationFailed', {
      evaluationFailedEventDetails: {
        error: thrown.error,
        cause,
        location: thrown.field,
        state: visit.stateName,
      },
    });
  }
  return new StateError(thrown.error, cause);
}

/** Runs attempts of a state until one succeeds, a catcher takes over, or the failure is final. */
export async function withRecovery(
  strand: Strand,
  state: TaskState | MapState | ParallelState,
  visit: Visit,
  attempt: (view: View) => Promise<Outcome>,
): Promise<Step> {
  const tries = new Map<Retrier, number>();
  for (let retryCount = 0; ; retryCount += 1) {
    const view = viewOf(strand, visit, retryCount);
    try {
      return { next: state.next, ...checked(await attempt(view), state.name) };
    } catch (thrown) {
      const failed = stateFailure(strand, visit, thrown);
      if (state.type !== 'Task') strand.record(`${state.type}StateFailed`);
      const delay = nextDelay(state.retry, failed, tries, strand.execution.ports.random);
      if (delay === undefined) return await caught(strand, state, visit, view, failed);
      await strand.sleepUntil(strand.execution.ports.clock.now() + delay);
    }
  }
}

/** The first retrier that stands for the failure decides; answers milliseconds, or undefined when it is used up. */
function nextDelay(
  retriers: readonly Retrier[],
  failed: StateError,
  tries: Map<Retrier, number>,
  random: Random,
): number | undefined {
  const retrier = retriers.find((candidate) => matched(candidate.errors, failed) !== undefined);
  if (retrier === undefined) return undefined;
  const done = tries.get(retrier) ?? 0;
  if (done >= retrier.maxAttempts) return undefined;
  tries.set(retrier, done + 1);
  return retryDelayMs(retrier, done, random);
}

/** The wait before retry number `done` (from 0), in milliseconds. Full jitter draws evenly from 0 to the delay. */
export function retryDelayMs(retrier: Retrier, done: number, random: Random): number {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** done, retrier.maxDelaySeconds);
  return Math.round(seconds * 1000 * (retrier.jitter === 'FULL' ? random.next() : 1));
}

/** The first catcher that stands for the failure takes it; without one the failure leaves the block. */
async function caught(
  strand: Strand,
  state: TaskState | MapState | ParallelState,
  visit: Visit,
  view: View,
  failed: StateError,
): Promise<Step> {
  for (const catcher of state.catch) {
    const error = matched(catcher.errors, failed);
    if (error === undefined) continue;
    return await runCatcher(strand, state.name, catcher, visit, view, {
      Error: error,
      Cause: failed.reason ?? '',
    });
  }
  throw failed;
}

/** What fails in a catcher is caught by nobody: it is final for the block. */
async function runCatcher(
  strand: Strand,
  stateName: string,
  catcher: Catcher,
  visit: Visit,
  view: View,
  errorOutput: JsonObject,
): Promise<Step> {
  try {
    const outcome = await catcher.finish(errorOutput, { ...view, errorOutput });
    return { next: catcher.next, ...checked(outcome, stateName) };
  } catch (thrown) {
    throw stateFailure(strand, visit, thrown);
  }
}

/** The name under which a list of `ErrorEquals` stands for a failure; undefined if it does not. */
export function matched(names: readonly string[], failed: StateError): string | undefined {
  const error = failed.error ?? '';
  // `States.Runtime` always fails the execution, even where it is named.
  if (failed.error === STATES.runtime) return undefined;
  // The precise name first: who names a missed heartbeat is told of one.
  if (failed.alias !== undefined && names.includes(failed.alias)) return failed.alias;
  if (failed.error !== undefined && names.includes(error)) return error;
  if (NOT_MATCHED_BY_ALL.has(failed.error)) return undefined;
  if (names.includes(STATES.all)) return error;
  return names.includes(STATES.taskFailed) && failed.error !== STATES.timeout ? error : undefined;
}
