import { type World, takeTickets, withWorkers } from './design';
import { stateRetries } from './sdk-retries';
import { grantByWaitLoop } from './wait-loop';

/** `MaxConcurrency` of the Map: below the 15 slots, as everybody sets it after the first throttles. */
const CONCURRENCY = 10;

/** Six retries after 2, 4, 8 … 64 s: what the CDK gives a task by itself. */
const RETRIES = stateRetries(6, 2, 2);

/**
 * A Step Functions Map over the assignments, each with a wait loop. History and payload limits are left aside: an inline Map of 1,200
 * would not fit. A ticket is an execution of its own, which starts at once.
 */
export async function stepFunctionsMap(world: World): Promise<void> {
  await Promise.all([
    withWorkers(world.bulk, CONCURRENCY, ({ key }) => grantByWaitLoop(world, key, RETRIES)),
    takeTickets(world, (key) => grantByWaitLoop(world, key, RETRIES)),
  ]);
}
