import { describeKey } from '../../core/assignments/assignment';
import { runPass } from '../../core/dispatcher/pass';
import { sweep } from '../../core/sweep/sweep';
import { DispatcherWorld, keyOf } from '../support/dispatcher-world';
import { BEGIN, type Moment, ORDER_LIMITS, type Scenario, wayTo } from './order-moments';

const MINUTE = 60_000;

/** Not a whole minute: what is due after one or two of them is just not due yet, which is the worst that can happen. */
const FIRST_SWEEP_MS = MINUTE - 1_000;

/** Lease or wait, grace and the sweep's minute together: after this many sweeps a dispatcher works again. */
const MINUTES_UNTIL_REPLACED = 2;

/** An operation of three quarters of a minute whose call was lost: a minute and a half of looks, and the call again. */
const MINUTES_UNTIL_DONE = 8;

/** More passes than any execution needs here. */
const MOST_PASSES = 200;

/**
 * What is wrong if everybody dies at this moment, executions too, and only the sweep is left: a sentence each. A dispatcher has to
 * work within two minutes wherever work is open, and has to carry it out, once.
 */
export async function afterEveryDeath(moment: Moment, scenario: Scenario): Promise<string[]> {
  if (!hasOpenWork(moment)) return [];
  const world = worldOf(moment, scenario);
  let replacedAfter = Infinity;
  for (let minute = 1; minute <= MINUTES_UNTIL_DONE; minute += 1) {
    world.clock.advance(minute === 1 ? FIRST_SWEEP_MS : MINUTE);
    await sweep(world);
    const started = world.workflows.started.splice(0);
    if (started.length > 0) replacedAfter = Math.min(replacedAfter, minute);
    for (const name of started) await runExecution(world, Number(name.replace('dispatcher-', '')));
  }
  return [
    ...(replacedAfter <= MINUTES_UNTIL_REPLACED
      ? []
      : [`no dispatcher in two minutes, the first in ${replacedAfter}: ${wayTo(moment)}`]),
    ...notCarriedOut(world, moment),
  ];
}

/**
 * What is wrong if every function dies at this moment and the executions live on, without any sweep. Who has called for the
 * dispatcher and come to its end must be served by those alone.
 */
export async function livingOn(moment: Moment, scenario: Scenario): Promise<string[]> {
  const { shared, actors, over } = moment;
  const others = actors.filter(({ epoch }) => epoch === undefined);
  const isCalledFor = others.every(({ fate }) => fate === 'ended') && !scenario.others.includes('write');
  const isStarted = shared.started.includes(shared.record.epoch);
  if (!isCalledFor || !isStarted || !hasOpenWork(moment)) return [];
  const world = worldOf(moment, scenario);
  for (const epoch of shared.started) if (!over.includes(epoch)) await runExecution(world, epoch);
  return notCarriedOut(world, moment);
}

function hasOpenWork({ shared }: Moment): boolean {
  return shared.versions.at(-1)?.item.operation !== undefined;
}

function notCarriedOut(world: DispatcherWorld, moment: Moment): string[] {
  const item = world.assignments.items.get(describeKey(keyOf()));
  const isDone =
    world.exists() && item?.operation === undefined && item?.claims.rule?.grantedAt !== undefined;
  const sent = world.identityCenter.accepted().length;
  return [
    ...(isDone ? [] : [`the work was not carried out: ${wayTo(moment)}`]),
    ...(sent === 1 ? [] : [`${sent} operations were accepted: ${wayTo(moment)}`]),
  ];
}

/** The moment as a world in which nothing falls between anything any more. */
function worldOf({ now, shared }: Moment, { latencyMs }: Scenario): DispatcherWorld {
  const world = new DispatcherWorld();
  world.clock.advance(now - BEGIN);
  world.dispatcher.record = shared.record;
  for (const { item } of shared.versions) world.assignments.items.set(describeKey(item.key), item);
  for (const row of shared.rows) world.identityCenter.rows.add(row);
  world.identityCenter.operations.push(...shared.operations.map((each) => ({ ...each })));
  world.identityCenter.latencyMs = latencyMs;
  return world;
}

/** An execution as its state machine makes it go: pass, wait, pass, until nothing is left. */
async function runExecution(world: DispatcherWorld, epoch: number): Promise<void> {
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { left, seconds } = await runPass(world, { epoch, pass }, ORDER_LIMITS);
    if (!left) return;
    world.clock.advance(seconds * 1000);
  }
  throw new Error(`epoch ${epoch} did not end in ${MOST_PASSES} passes`);
}
