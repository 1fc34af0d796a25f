import { describeKey } from '../../core/assignments/assignment';
import { isAnswered } from '../../core/requests/progress';
import { sweep } from '../../core/sweep/sweep';
import { DispatcherWorld } from '../support/dispatcher-world';
import { EveryWaking, type ExploredWaking } from './every-waking';
import {
  type Moment,
  REQUEST_ID,
  WAKING_BEGINS,
  type WakingScenario,
  waitsOn,
  wayTo,
} from './waking-moments';
import { type MachineCall, runExecution } from './waking-programs';

const MINUTE = 60_000;

/** Two for an execution that is gone and the *Await* of the next one: a sweep each. */
const MOST_SWEEPS = 2;

/** Thrown where the execution is left waiting. */
class LostWakeError extends Error {}

/**
 * What is wrong if everybody but the execution dies at a moment at which it waits: a sentence, or undefined. One sweep, with the
 * dispatcher that it calls for, has to bring the outcomes that are missing, and to wake whoever waits for what is there.
 */
async function afterEveryWakersDeath(moment: Moment): Promise<string | undefined> {
  const world = worldOf(moment);
  await nextMinute(world);
  const waiting = moment.actors.map((actor) => waitsOn(moment, actor)).filter((token) => token !== undefined);
  const isThere = await isAllThere(world);
  const { signal } = (await world.requests.read(REQUEST_ID))?.waiting ?? {};
  // An end comes with a person or with time, every other outcome with the dispatcher.
  if (!isThere && signal !== 'end') return `outcomes are missing after a sweep: ${wayTo(moment)}`;
  const answered = world.workflows.answers.map(({ token }) => token);
  const lost = waiting.filter((token) => isThere && !answered.includes(token));
  return lost.length === 0 ? undefined : `lost wake of ${lost.join()}: ${wayTo(moment)}`;
}

/**
 * What is wrong if the execution was stopped and everybody else dies: the sweep starts another one, unless one has by then, and that
 * one has to come to its end.
 */
async function afterTheStop(moment: Moment): Promise<string | undefined> {
  if (moment.shared.started.includes(`${REQUEST_ID}-2`)) return undefined;
  const world = worldOf(moment);
  await nextMinute(world);
  const started = world.workflows.started.filter((name) => name.startsWith(REQUEST_ID));
  const isOver = ['ended', 'failed'].includes((await world.requests.read(REQUEST_ID))?.status ?? '');
  if (started.length === 0) return isOver ? undefined : `no execution was started: ${wayTo(moment)}`;
  try {
    const ports = { waiting: world, others: world };
    await runExecution(ports, machineOf(world), {
      begins: 'openLeases',
      attempt: 2,
      endsBefore: ['awaitEnd', 'done'],
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof LostWakeError)) throw error;
    return `the next execution is left waiting: ${wayTo(moment)}`;
  }
}

/** A state machine in a world in which nothing falls between anything any more. */
function machineOf(world: DispatcherWorld): MachineCall {
  return async (method, token) => {
    if (method !== 'waits') return undefined;
    for (let sweeps = 0; ; sweeps += 1) {
      if (world.workflows.answers.some((answer) => answer.token === token)) return 'answered';
      if (sweeps === MOST_SWEEPS) throw new LostWakeError();
      await nextMinute(world);
    }
  };
}

/** Explores a scenario, and whatever follows where everybody dies: what is wrong then, a sentence each. */
export async function exploreWaking(
  scenario: WakingScenario,
): Promise<{ readonly explored: ExploredWaking; readonly lost: readonly string[] }> {
  const explored = await new EveryWaking(scenario).explore();
  const lost: (string | undefined)[] = [];
  for (const moment of explored.waits) lost.push(await afterEveryWakersDeath(moment));
  for (const moment of explored.stops) lost.push(await afterTheStop(moment));
  return { explored, lost: lost.filter((problem) => problem !== undefined) };
}

async function nextMinute(world: DispatcherWorld): Promise<void> {
  world.clock.advance(MINUTE);
  await sweep(world);
  if (world.dispatcher.record.running) await world.drain();
}

async function isAllThere(world: DispatcherWorld): Promise<boolean> {
  const request = await world.requests.read(REQUEST_ID);
  const reports = await world.requests.reports(REQUEST_ID);
  const signal = request?.waiting?.signal;
  return (
    request !== undefined && signal !== undefined && isAnswered(signal, request, reports, world.clock.now())
  );
}

function worldOf({ now, shared }: Moment): DispatcherWorld {
  const { assignments, request, reports, record, running, started } = shared;
  const world = new DispatcherWorld();
  world.clock.advance(now - WAKING_BEGINS);
  world.dispatcher.record = record;
  world.requests.items.set(REQUEST_ID, request);
  world.requests.accounts.set(REQUEST_ID, new Map(reports.map((report) => [report.accountId, report])));
  for (const item of assignments) {
    world.assignments.items.set(describeKey(item.key), item);
    if (item.seen?.exists === true) world.identityCenter.rows.add(describeKey(item.key));
  }
  for (const name of started)
    (running.includes(name) ? world.workflows.running : world.workflows.over).add(name);
  return world;
}
