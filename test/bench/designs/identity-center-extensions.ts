import type { AssignmentKey } from '../../../core/assignments/assignment';
import { type World, takeTickets } from './design';
import { sdkRetries, withRetries } from './sdk-retries';

/** Messages of accounts with one last digit form a lane of the FIFO queue, in which one is handled at a time. */
const LANES = 10;

/** The handler sleeps for so long before it looks for the first time … */
const FIRST_LOOK_MS = 15_000;
/** … and then waits for a minute, a random time up to two, and two each. */
const NEXT_LOOKS_MS = { least: 60_000, most: 120_000 };

/** Reading and writing its table, each; and what a warm invocation takes beside. Together with the calls 0.45 s, as published. */
const TABLE_MS = 50;

/** The fan-out over an organizational unit: 9 state transitions for a page of 5 accounts, and 2 s between pages. */
const PAGE = { accounts: 5, transitions: 9, pauseMs: 2_000 };

const RETRIES = sdkRetries(5);

/**
 * aws-samples/aws-iam-identity-center-extensions: a FIFO queue with ten lanes, hashed by account, and a Lambda function that handles one message
 * at a time: list the instances, read the link, create, sleep for 15 s, look, write. An exception is published and swallowed: the
 * message is gone, the operation is lost. A ticket goes to the end of its lane.
 */
export async function identityCenterExtensions(world: World): Promise<void> {
  const { time, bulk, costs } = world;
  const lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  const enqueue = (key: AssignmentKey): Promise<void> => {
    const lane = Number(key.accountId.at(-1));
    // Sent, received and deleted.
    costs.queueRequests += 3;
    const handled = (lanes[lane] ?? Promise.resolve()).then(() => handle(world, key));
    lanes[lane] = handled;
    return handled;
  };
  const fannedOut = [...bulk].sort((a, b) => pageOf(a.accountIndex) - pageOf(b.accountIndex));
  costs.transitions += (fannedOut.length / PAGE.accounts) * PAGE.transitions;
  const fanOut = async (): Promise<void> => {
    for (const { key, accountIndex } of fannedOut) {
      await time.sleep(pageOf(accountIndex) * PAGE.pauseMs - time.elapsed());
      void enqueue(key);
    }
  };
  await Promise.all([fanOut(), takeTickets(world, enqueue)]);
  await Promise.all(lanes);
}

function pageOf(accountIndex: number): number {
  return Math.floor(accountIndex / PAGE.accounts);
}

async function handle(world: World, key: AssignmentKey): Promise<void> {
  const { time, costs, outcomes } = world;
  const startedAt = time.now();
  try {
    const isDone = await createAndWait(world, key);
    if (isDone) outcomes.done(key);
    else outcomes.failed(key);
  } catch {
    outcomes.failed(key);
  }
  costs.lambdaStarts += 1;
  costs.lambdaMs += time.now() - startedAt;
}

async function createAndWait(world: World, key: AssignmentKey): Promise<boolean> {
  const { time, service, random, costs } = world;
  await time.sleep(TABLE_MS);
  await withRetries(world, RETRIES, () => service.listInstances());
  await time.sleep(TABLE_MS);
  costs.ledgerReads += 1;
  const id = await withRetries(world, RETRIES, () => service.createAssignment(key));
  await time.sleep(FIRST_LOOK_MS);
  for (let look = 0; ; look += 1) {
    const { status } = await withRetries(world, RETRIES, () => service.describe('create', id));
    if (status !== 'IN_PROGRESS') {
      await time.sleep(TABLE_MS);
      costs.ledgerWrites += 1;
      return status === 'SUCCEEDED';
    }
    const { least, most } = NEXT_LOOKS_MS;
    const ceiling = Math.min(least * 2 ** look, most);
    await time.sleep(look > 1 ? most : least + (ceiling - least) * random.next());
  }
}
