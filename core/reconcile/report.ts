import { FINDING_KINDS, type FindingCounts } from './finding';
import type { Walk } from './walk';

/** Tells what is new and measures what there is. An event holds 256 KB: counts, and ten examples. */
export async function reportFindings(walk: Walk): Promise<void> {
  const { observer, announcer } = walk.ports;
  const { scope, found, news, done, examples, walk: number } = walk.run;
  if (scope.walk !== undefined)
    for (const kind of FINDING_KINDS) observer.measure('AssignmentDrift', found[kind], { kind });
  if (total(news) + done.adopted + done.removed + done.restored + done.held === 0) return;
  const { adopted, removed, restored, held } = done;
  const detail = {
    reconciliation: number,
    scope: scope.walk ?? 'places',
    new: news,
    open: found,
    adopted,
    removed,
    restored,
    held,
    examples,
  };
  try {
    await announcer.publish({ type: 'AssignmentDriftFound', detail });
  } catch (cause) {
    // The findings stay in the ledger, and in the metric: an announcement that fails stops nothing.
    observer.warn('announcement failed', { reconciliation: number, event: 'AssignmentDriftFound' }, cause);
  }
}

function total(counts: FindingCounts): number {
  return FINDING_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}
