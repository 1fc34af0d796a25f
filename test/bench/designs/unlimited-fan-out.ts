import { type World, takeTickets } from './design';
import { stateRetries } from './sdk-retries';
import { grantByWaitLoop } from './wait-loop';

/** Five retries after 3, 6, 12, 24 and 48 s, 93 s together, as iam-identity-center-team has them. */
const RETRIES = stateRetries(5, 3, 2);

/** One execution for each assignment, all at once, as tools for single requests behave when many come. */
export async function unlimitedFanOut(world: World): Promise<void> {
  await Promise.all([
    ...world.bulk.map(({ key }) => grantByWaitLoop(world, key, RETRIES)),
    takeTickets(world, (key) => grantByWaitLoop(world, key, RETRIES)),
  ]);
}
