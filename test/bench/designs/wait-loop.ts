import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { World } from './design';
import { type RetryPolicy, withRetries } from './sdk-retries';

/** Entering a state of a Standard workflow. */
export const TRANSITION_MS = 50;

const WAIT_MS = 5_000;

/**
 * A grant as a first draft of a state machine has it: create, then wait for 5 s, ask for the status and choose, until it has ended.
 * 2 + 3 transitions for each look, and one for each retry.
 */
export async function grantByWaitLoop(world: World, key: AssignmentKey, retries: RetryPolicy): Promise<void> {
  const { time, service, outcomes, costs } = world;
  const enter = async (): Promise<void> => {
    costs.transitions += 1;
    await time.sleep(TRANSITION_MS);
  };
  const retried = (): void => {
    costs.transitions += 1;
  };
  try {
    await enter();
    const id = await withRetries(world, retries, () => service.createAssignment(key), retried);
    for (;;) {
      await enter();
      await time.sleep(WAIT_MS);
      await enter();
      const { status } = await withRetries(world, retries, () => service.describe('create', id), retried);
      await enter();
      if (status === 'IN_PROGRESS') continue;
      if (status === 'SUCCEEDED') outcomes.done(key);
      else outcomes.failed(key);
      break;
    }
  } catch {
    // The execution fails; what was accepted goes on without anybody who looks.
    outcomes.failed(key);
  }
  costs.transitions += 1;
}
