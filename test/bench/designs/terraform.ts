import type { AssignmentKey } from '../../../core/assignments/assignment';
import { type World, withWorkers } from './design';
import { sdkRetries, withRetries } from './sdk-retries';

const PARALLELISM = 10;

/** The provider waits for so long before it asks for the status, then 5 s, then 10 s each; after 5 minutes it gives up. */
const POLLS = { delayMs: 10_000, firstMs: 5_000, mostMs: 10_000, timeoutMs: 300_000 };

/** The provider's `max_retries`. */
const RETRIES = sdkRetries(25);

/**
 * The Terraform provider's `aws_ssoadmin_account_assignment`: list, create, wait, list; ten resources at a time. The list at the end is
 * taken as it comes: the provider fails when it does not show the assignment yet, but how far lists lag is our assumption. A ticket
 * needs the state lock: it is applied when the run before is over.
 */
export async function terraform(world: World): Promise<void> {
  const { time, bulk, tickets } = world;
  await withWorkers(bulk, PARALLELISM, ({ key }) => createResource(world, key));
  let applied = 0;
  while (applied < tickets.length) {
    await time.sleep((tickets[applied]?.afterMs ?? 0) - time.elapsed());
    const waiting = tickets.slice(applied).filter(({ afterMs }) => afterMs <= time.elapsed());
    await withWorkers(waiting, PARALLELISM, ({ key }) => createResource(world, key));
    applied += waiting.length;
  }
}

async function createResource(world: World, key: AssignmentKey): Promise<void> {
  const { service, outcomes } = world;
  try {
    outcomes.looked(key);
    await withRetries(world, RETRIES, () => service.assignees(key));
    const id = await withRetries(world, RETRIES, () => service.createAssignment(key));
    if (!(await waitFor(world, id))) {
      outcomes.failed(key);
      return;
    }
    await withRetries(world, RETRIES, () => service.assignees(key));
    outcomes.done(key);
  } catch {
    outcomes.failed(key);
  }
}

async function waitFor(world: World, id: string): Promise<boolean> {
  const { time, service } = world;
  const startedAt = time.now();
  let pause = POLLS.firstMs;
  await time.sleep(POLLS.delayMs);
  while (time.now() - startedAt < POLLS.timeoutMs) {
    const { status } = await withRetries(world, RETRIES, () => service.describe('create', id));
    if (status === 'SUCCEEDED') return true;
    if (status === 'FAILED') return false;
    await time.sleep(pause);
    pause = Math.min(pause * 2, POLLS.mostMs);
  }
  return false;
}
