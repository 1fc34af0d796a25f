import type { MapState } from '../definition/machine';
import { type Json, isArray, isObject } from '../json';
import type { View } from '../query/query';
import { EvaluationError, STATES, StateError } from '../state-error';
import { type Step, runBlock } from './block';
import type { Visit } from './context';
import { type Job, type Verdict, fanOut } from './fan-out';
import { withRecovery } from './recovery';
import type { Strand } from './strand';

/** How many iterations of an inline Map run at once when nothing limits them: the service runs up to 40. */
const INLINE_CONCURRENCY = 40;

/** Runs an inline Map. */
export async function runMap(strand: Strand, state: MapState, visit: Visit): Promise<Step> {
  return await withRecovery(strand, state, visit, async (view) => {
    const effective = await state.flow.effectiveInput(view.input, view);
    const items = asItems(await state.items(effective, view));
    const limit = (await state.maxConcurrency?.(effective, view)) ?? 0;
    const judge = await toleranceOf(state, effective, view, items.length);
    strand.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
    const jobs = items.map((item, index) => iteration(state, view, effective, item, index));
    const result = await fanOut(
      strand,
      jobs,
      Math.min(limit || INLINE_CONCURRENCY, INLINE_CONCURRENCY),
      judge,
    );
    strand.record('MapStateSucceeded');
    return await state.flow.finish(result, { ...view, result });
  });
}

/** A list as it is; an object as the list of its members, `{Key, Value}`. */
function asItems(items: Json): readonly Json[] {
  if (isArray(items)) return items;
  if (isObject(items)) return Object.entries(items).map(([key, value]) => ({ Key: key, Value: value }));
  throw new EvaluationError(
    STATES.runtime,
    `The items of a Map must be an array or an object, but were: ${JSON.stringify(items)}`,
  );
}

/** One item: its input is what `ItemSelector` selects, else the item itself. Its events carry the Map's name and its index. */
function iteration(state: MapState, view: View, effective: Json, item: Json, index: number): Job {
  const mapContext = { Item: { Index: index, Value: item } };
  const details = { name: state.name, index };
  return {
    mapContext,
    run: async (strand) => {
      strand.record('MapIterationStarted', { mapIterationStartedEventDetails: details });
      const noAbort = strand.scope.onCancel(() => {
        strand.recordAnyway('MapIterationAborted', { mapIterationAbortedEventDetails: details });
      });
      try {
        const context = { ...view.context, Map: mapContext };
        const input = (await state.itemSelector?.(effective, { ...view, context })) ?? item;
        const output = await runBlock(strand, state.processor, input);
        strand.record('MapIterationSucceeded', { mapIterationSucceededEventDetails: details });
        return output;
      } catch (error) {
        if (error instanceof StateError) {
          strand.record('MapIterationFailed', { mapIterationFailedEventDetails: details });
        }
        throw error;
      } finally {
        noAbort();
      }
    },
  };
}

/** How many failures are put up with. Without a tolerance the first one fails the Map with its own error. */
async function toleranceOf(state: MapState, effective: Json, view: View, total: number): Promise<Verdict> {
  const { toleratedCount, toleratedPercentage } = state;
  if (toleratedCount === undefined && toleratedPercentage === undefined) return (failure) => failure;
  const count = (await toleratedCount?.(effective, view)) ?? Infinity;
  const percentage = (await toleratedPercentage?.(effective, view)) ?? Infinity;
  return (_failure, failures) =>
    failures > count || (failures / total) * 100 > percentage
      ? new StateError(STATES.toleranceExceeded, 'The specified tolerated failure threshold was exceeded')
      : undefined;
}
