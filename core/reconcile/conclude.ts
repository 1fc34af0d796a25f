import { type Finding, type FindingCounts, type FindingKind, NO_FINDINGS } from './finding';
import type { Walk } from './walk';

/** A page is read, and what it shows is closed or counted, between two looks at the time. */
const FINDINGS_A_PAGE = 500;

/** What is told of new findings by name. */
const MOST_EXAMPLES = 10;

/** Closes the findings that a whole walk did not see again, and counts the others. Without a walk, counts those at the places. */
export async function closeFindings(walk: Walk, after: string): Promise<void> {
  const { scope } = walk.run;
  if (scope.walk === undefined) {
    walk.run = { ...walk.run, found: NO_FINDINGS, news: NO_FINDINGS, examples: [] };
    for (const place of scope.places ?? [])
      for (const finding of await walk.ports.drift.openAt(place)) countFinding(walk, finding);
    walk.move({ phase: 'report' });
    return;
  }
  let from: string | undefined = after === '' ? undefined : after;
  do {
    const page = await walk.ports.drift.open(FINDINGS_A_PAGE, from);
    for (const finding of page.findings) await closeOrCount(walk, finding);
    from = page.next;
    if (from !== undefined) walk.move({ phase: 'close', after: from });
  } while (from !== undefined && !walk.isOver);
  if (from !== undefined) return;
  const isWhole = scope.walk === 'complete';
  walk.move(isWhole ? { phase: 'reserve', after: '', count: 0 } : { phase: 'report' });
}

async function closeOrCount(walk: Walk, finding: Finding): Promise<void> {
  const { drift, clock } = walk.ports;
  if (finding.walk === walk.run.walk || !(await wasCovered(walk, finding))) countFinding(walk, finding);
  else await drift.write({ ...finding, closedAt: clock.now() });
}

/** Whether the walk would have seen it. */
async function wasCovered(walk: Walk, { kind, key }: Finding): Promise<boolean> {
  if (kind === 'stale') return (await walk.standingOf(key.accountId)) !== 'unclear';
  if (walk.run.scope.walk === 'complete') return true;
  // Where somebody is assigned who is gone cannot be asked by principal.
  return !(await walk.wasFoundGone(key));
}

function countFinding(walk: Walk, { kind, key, foundBy }: Finding): void {
  const { found, news, examples } = walk.run;
  const isNew = foundBy === walk.run.walk;
  walk.run = {
    ...walk.run,
    found: withOne(found, kind),
    ...(isNew
      ? { news: withOne(news, kind), examples: [...examples, { kind, ...key }].slice(0, MOST_EXAMPLES) }
      : {}),
  };
}

function withOne(counts: FindingCounts, kind: FindingKind): FindingCounts {
  return { ...counts, [kind]: counts[kind] + 1 };
}
