import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { World } from './design';
import { type RetryPolicy, isTransient, withRetries } from './sdk-retries';

const POLL_MS = 2_000;

/** Three retries, after 1, 4 and 9 s. */
const RETRIES: RetryPolicy = {
  attempts: 4,
  pauseMs: (repetition) => 1000 * (repetition + 1) ** 2,
  repeats: isTransient,
};

/**
 * org-formation's AssignmentGroup: one assignment after the other; create, list, then ask for the status every 2 s. A ticket is another
 * run, after the one before.
 */
export async function orgFormation(world: World): Promise<void> {
  const { time, bulk, tickets } = world;
  for (const { key } of bulk) await assign(world, key);
  for (const { key, afterMs } of tickets) {
    await time.sleep(afterMs - time.elapsed());
    await assign(world, key);
  }
}

async function assign(world: World, key: AssignmentKey): Promise<void> {
  const { time, service, outcomes } = world;
  try {
    const id = await withRetries(world, RETRIES, () => service.createAssignment(key));
    await withRetries(world, RETRIES, () => service.assignees(key));
    for (;;) {
      await time.sleep(POLL_MS);
      const { status } = await withRetries(world, RETRIES, () => service.describe('create', id));
      if (status === 'IN_PROGRESS') continue;
      if (status === 'SUCCEEDED') outcomes.done(key);
      else outcomes.failed(key);
      return;
    }
  } catch {
    outcomes.failed(key);
  }
}
