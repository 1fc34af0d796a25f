import { SECOND_LOOK_MS } from '../assignments/looks';
import { wakeDispatcher } from '../dispatcher/control';
import { REGISTERED_PER_SECOND } from '../dispatcher/registered-rate';
import type { Place } from '../ports/identity-center';
import { OrganizationUnknownError, StillReadingError } from '../ports/organization-picture';
import { AdminCallError } from '../ports/permission-sets';
import { secondsUntil } from '../requests/seconds';
import { type RunStep, changeRun, handOverRun, underRunLease } from '../runs/run';
import { reconcileRun } from './ask';
import { closeFindings } from './conclude';
import { enforce, reserveRemovals } from './enforce';
import { gather } from './gather';
import type { ReconcilePorts } from './ports';
import {
  type LastReconciliation,
  type ReconcileRecord,
  type ReconcileRun,
  begun,
  ended,
  withUrgentPlaces,
} from './record';
import { reportFindings } from './report';
import { lookAtPlace } from './take-in';
import { Walk } from './walk';
import { walkPairs } from './walk-pairs';
import { walkPrincipals } from './walk-principals';

/** An execution hands over after so many steps: at 9 history events a step and its wait, below 3,000 of them. */
export const STEPS_PER_EXECUTION = 300;

/** A service that cannot be asked is asked again after 30 s, then after twice as long each time up to 5 minutes, for an hour. */
const TROUBLE_WAIT_MS = 30_000;
const LONGEST_TROUBLE_WAIT_MS = 5 * 60_000;
const TROUBLE_PATIENCE_MS = 60 * 60_000;

/** Where the state machine goes after a step; `seconds` (≥ 1) is how long it waits before the next one. */
export interface NextReconcileStep {
  readonly next: 'step' | 'wait' | 'done';
  readonly seconds: number;
}

const AGAIN: NextReconcileStep = { next: 'step', seconds: 1 };
const DONE: NextReconcileStep = { next: 'done', seconds: 1 };

/**
 * One step of a reconciliation: works for up to 75 s from where the record says, and writes there how far it came. May be repeated, and
 * may die at any call. Nothing is concluded from a listing that broke off: the step ends before it, and goes on with it later.
 *
 * @param steps - how many this execution has made before
 */
export async function advanceReconciliation(
  ports: ReconcilePorts,
  number: number,
  steps: number,
): Promise<NextReconcileStep> {
  const run = reconcileRun(ports);
  if (steps >= STEPS_PER_EXECUTION) {
    await handOverRun(run, number, (next) => ports.workflows.startReconciliation(next));
    return DONE;
  }
  const found = await underRunLease(
    run,
    number,
    (step) => work(ports, number, step),
    ({ next, seconds }) => (next === 'wait' ? seconds : 1),
  );
  if (found.outcome === 'worked') return found.answer;
  return found.outcome === 'wait' ? { next: 'wait', seconds: found.seconds } : DONE;
}

async function work(
  ports: ReconcilePorts,
  number: number,
  { deadline }: RunStep<ReconcileRecord>,
): Promise<NextReconcileStep> {
  const record = await changeRun(reconcileRun(ports), (present) => {
    if (present.number !== number) return undefined;
    if (present.run !== undefined) {
      const next = withUrgentPlaces(present);
      return next === present ? undefined : next;
    }
    return present.pending === undefined ? { ...present, running: false } : begun(present, ports.clock.now());
  });
  if (record.number !== number || record.run === undefined) return DONE;
  const walk = new Walk(ports, record.run, deadline);
  const before = ports.pace.turns;
  ports.pace.perSecond = REGISTERED_PER_SECOND;
  let answer: NextReconcileStep | 'over';
  try {
    await urgentPlaces(walk);
    answer = await proceed(walk);
    const { trouble: _past, ...rest } = walk.run;
    walk.run = rest;
  } catch (error) {
    // What was done before the call that failed is kept either way.
    if (!isTrouble(error)) await keep(walk, number, before);
    if (!isTrouble(error)) throw error;
    return failed(walk, number, before, error);
  }
  if (answer !== 'over') {
    await keep(walk, number, before);
    return answer;
  }
  const { held } = walk.run.done;
  return finish(walk, number, before, { outcome: held > 0 ? 'held' : 'done' });
}

/** Goes from phase to phase until the time, or all of it, is over. */
async function proceed(walk: Walk): Promise<NextReconcileStep | 'over'> {
  let isFirst = true;
  while (isFirst || !walk.isOver) {
    isFirst = false;
    const { cursor } = walk.run;
    switch (cursor.phase) {
      case 'claims':
        await claims(walk, cursor.position);
        break;
      case 'places':
        await places(walk, cursor.done);
        break;
      case 'gather':
        await gather(walk, cursor.after);
        break;
      case 'principals':
        await walkPrincipals(walk, cursor.after);
        break;
      case 'pairs':
        await walkPairs(walk);
        break;
      case 'second looks': {
        const at = walk.run.doubtedAt + SECOND_LOOK_MS;
        const now = walk.ports.clock.now();
        if (walk.run.doubts.length > 0 && now < at) return { next: 'wait', seconds: secondsUntil(at, now) };
        await secondLooks(walk, cursor.done);
        break;
      }
      case 'close':
        await closeFindings(walk, cursor.after);
        break;
      case 'reserve':
        await reserveRemovals(walk, cursor.after, cursor.count);
        break;
      case 'enforce':
        await enforce(walk, cursor.after, cursor.left);
        break;
      case 'report':
        await reportFindings(walk);
        return 'over';
    }
    // Written before anything is done about what was found: what comes after a death begins there, and does not look again.
    const next = walk.run.cursor.phase;
    if (next !== cursor.phase && (next === 'reserve' || next === 'enforce')) return AGAIN;
  }
  return AGAIN;
}

async function urgentPlaces(walk: Walk): Promise<void> {
  for (const place of walk.run.urgent ?? []) {
    if (walk.isOver) return;
    await urgentPlace(walk, place);
    const { urgent = [], ...run } = walk.run;
    const left = urgent.filter((each) => each !== place);
    walk.run = left.length === 0 ? run : { ...run, urgent: left };
  }
}

/** A place that the service does not know, or does not show, ends no walk of hours: nothing is concluded from it. */
async function urgentPlace(walk: Walk, place: Place): Promise<void> {
  try {
    await lookAtPlace(walk, place);
  } catch (error) {
    if (!(error instanceof AdminCallError) || (error.fault !== 'denied' && error.fault !== 'invalid'))
      throw error;
    walk.ports.observer.warn('place could not be looked at', { account: place.accountId }, error);
  }
}

async function claims(walk: Walk, position: unknown): Promise<void> {
  const next = await walk.ports.baselines.applyEverywhere(position, walk.deadline);
  walk.move(next === 'done' ? { phase: 'places', done: 0 } : { phase: 'claims', position: next.cursor });
}

async function places(walk: Walk, done: number): Promise<void> {
  const { scope } = walk.run;
  for (const [index, place] of (scope.places ?? []).entries()) {
    if (index < done) continue;
    if (walk.isOver) return;
    await lookAtPlace(walk, place);
    walk.move({ phase: 'places', done: index + 1 });
  }
  walk.move(scope.walk === undefined ? { phase: 'second looks', done: 0 } : { phase: 'gather', after: '' });
}

/** Places where a lease or rule's assignment was missed, some time after the first look. */
async function secondLooks(walk: Walk, done: number): Promise<void> {
  for (const [index, place] of walk.run.doubts.entries()) {
    if (index < done) continue;
    if (walk.isOver) return;
    await lookAtPlace(walk, place);
    walk.move({ phase: 'second looks', done: index + 1 });
  }
  walk.move({ phase: 'close', after: '' });
}

/** Whether the service, and nothing of Latchkey's, is the reason. */
function isTrouble(error: unknown): error is Error {
  return (
    error instanceof AdminCallError ||
    error instanceof OrganizationUnknownError ||
    error instanceof StillReadingError
  );
}

async function failed(walk: Walk, number: number, before: number, error: Error): Promise<NextReconcileStep> {
  const { clock, observer } = walk.ports;
  const now = clock.now();
  const { trouble: { since, tries } = { since: now, tries: 0 } } = walk.run;
  const isForGood =
    error instanceof AdminCallError && (error.fault === 'denied' || error.fault === 'invalid');
  observer.warn('reconciliation cannot go on', { reconciliation: walk.run.walk, tries }, error);
  if (isForGood || now - since >= TROUBLE_PATIENCE_MS)
    return finish(walk, number, before, { outcome: 'failed', reason: error.message });
  walk.run = { ...walk.run, trouble: { since, tries: tries + 1, reason: error.message } };
  await keep(walk, number, before);
  const waitMs = Math.min(TROUBLE_WAIT_MS * 2 ** tries, LONGEST_TROUBLE_WAIT_MS);
  return { next: 'wait', seconds: waitMs / 1000 };
}

/** Wakes the dispatcher for what was planned, and writes how far the step came. */
async function keep(walk: Walk, number: number, turnsBefore: number): Promise<void> {
  const run = await settled(walk, turnsBefore);
  await changeRun(reconcileRun(walk.ports), (present) =>
    isOurs(present, number, run) ? { ...noted(walk, present), run } : undefined,
  );
}

async function finish(
  walk: Walk,
  number: number,
  turnsBefore: number,
  outcome: Pick<LastReconciliation, 'outcome' | 'reason'>,
): Promise<NextReconcileStep> {
  const { clock, observer } = walk.ports;
  const run = await settled(walk, turnsBefore);
  const now = clock.now();
  const record = await changeRun(reconcileRun(walk.ports), (present) =>
    isOurs(present, number, run) ? ended(noted(walk, present), run, outcome, now) : undefined,
  );
  const { outcome: how } = outcome;
  observer.note('reconciliation ended', {
    reconciliation: run.walk,
    outcome: how,
    calls: run.done.calls,
    seconds: Math.round((now - run.since) / 1000),
  });
  return record.number === number && record.pending !== undefined ? AGAIN : DONE;
}

async function settled(walk: Walk, turnsBefore: number): Promise<ReconcileRun> {
  const { ports } = walk;
  if (walk.isWorkPlanned) await wakeDispatcher(ports, ports.clock.now());
  await walk.keepLookedUp();
  const { done } = walk.run;
  return { ...walk.run, done: { ...done, calls: done.calls + ports.pace.turns - turnsBefore } };
}

function isOurs(present: ReconcileRecord, number: number, run: ReconcileRun): boolean {
  return present.number === number && present.run?.walk === run.walk;
}

function noted(walk: Walk, present: ReconcileRecord): ReconcileRecord {
  return walk.wasRefused ? { ...present, refusedByPrincipalAt: walk.ports.clock.now() } : present;
}
