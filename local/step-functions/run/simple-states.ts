import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from '../definition/machine';
import type { Json } from '../json';
import type { Query, View } from '../query/query';
import { EvaluationError, STATES, StateError } from '../state-error';
import type { Step } from './block';
import { type Visit, viewOf } from './context';
import type { Strand } from './strand';

/** Runs a Pass. */
export async function runPass(strand: Strand, state: PassState, visit: Visit): Promise<Step> {
  const view = viewOf(strand, visit);
  const effective = await state.flow.effectiveInput(view.input, view);
  // `Result` stands in for the result even beside `Parameters`, as the service has it.
  const result = state.result ?? (await state.flow.arguments(effective, view));
  return { next: state.next, ...(await state.flow.finish(result, view)) };
}

/** Runs a Wait. An instant that has passed is waited for no longer. */
export async function runWait(strand: Strand, state: WaitState, visit: Visit): Promise<Step> {
  const view = viewOf(strand, visit);
  const effective = await state.flow.effectiveInput(view.input, view);
  const value = await state.until.query(effective, view);
  // Counted from the entry, so that evaluating the field takes nothing from the wait.
  await strand.sleepUntil(state.until.kind === 'seconds' ? visit.enteredAt + value * 1000 : value);
  return { next: state.next, ...(await state.flow.finish(effective, view)) };
}

/** Runs a Choice: the first rule that holds decides. */
export async function runChoice(strand: Strand, state: ChoiceState, visit: Visit): Promise<Step> {
  const view = viewOf(strand, visit);
  const effective = await state.flow.effectiveInput(view.input, view);
  for (const rule of state.rules) {
    if (await rule.test(effective, view)) return { next: rule.next, ...(await rule.finish(effective, view)) };
  }
  if (state.otherwise === undefined) {
    throw new EvaluationError(
      STATES.noChoiceMatched,
      'Failed to transition out of the state. The state does not point to a next state.',
    );
  }
  return { next: state.otherwise, ...(await state.flow.finish(effective, view)) };
}

/** Runs a Succeed. */
export async function runSucceed(strand: Strand, state: SucceedState, visit: Visit): Promise<Step> {
  const view = viewOf(strand, visit);
  const effective = await state.flow.effectiveInput(view.input, view);
  return { next: undefined, ...(await state.flow.finish(effective, view)) };
}

/** Runs a Fail, which always throws. */
export async function runFail(strand: Strand, state: FailState, visit: Visit): Promise<never> {
  const view = viewOf(strand, visit);
  throw new StateError(await textOf(state.error, 'Error', view), await textOf(state.cause, 'Cause', view));
}

/** A text that is none is a slip of the definition, not the failure that it meant to tell of. */
async function textOf(
  query: Query | undefined,
  field: 'Error' | 'Cause',
  view: View,
): Promise<string | undefined> {
  if (query === undefined) return undefined;
  const value: Json = await query(view.input, view);
  if (typeof value === 'string') return value;
  throw new EvaluationError(
    STATES.runtime,
    `The field '${field}' must be a string, but was: ${JSON.stringify(value)}`,
  );
}
