import type { AssignmentKey } from '../../../core/assignments/assignment';
import { type World, withWorkers } from './design';
import { type RetryPolicy, isTransient, sdkRetries, withRetries } from './sdk-retries';

const CREATE_THREADS = 10;

/** The one tracking thread asks for each operation in its turn, every half second. */
const TRACK_EVERY_MS = 500;

const BOTO = sdkRetries(5);

/** Around boto's own five tries: five more rounds, after 1, 2, 4 and 8 s. A conflict is worth another round too. */
const ROUNDS: RetryPolicy = {
  attempts: 5,
  pauseMs: (repetition) => 1000 * 2 ** repetition,
  repeats: (name) => isTransient(name) || name === 'ConflictException',
};

/**
 * aws-samples/aws-identitycenter-codepipeline-auto-assignment (version 3): ten threads send creates as fast as they are taken, one thread
 * follows them in order. A create whose retries are exhausted is logged and left out. A ticket is a commit: the pipeline takes it up
 * when the run before is over.
 */
export async function codepipelineAutoAssignment(world: World): Promise<void> {
  const { time, bulk, tickets } = world;
  await pipelineRun(
    world,
    bulk.map(({ key }) => key),
  );
  let taken = 0;
  while (taken < tickets.length) {
    await time.sleep((tickets[taken]?.afterMs ?? 0) - time.elapsed());
    const waiting = tickets.slice(taken).filter(({ afterMs }) => afterMs <= time.elapsed());
    await pipelineRun(
      world,
      waiting.map(({ key }) => key),
    );
    taken += waiting.length;
  }
}

async function pipelineRun(world: World, keys: readonly AssignmentKey[]): Promise<void> {
  const { outcomes, service } = world;
  const accepted = new Hopper<{ readonly key: AssignmentKey; readonly id: string }>();
  const create = async (key: AssignmentKey): Promise<void> => {
    try {
      const id = await withRetries(world, ROUNDS, () =>
        withRetries(world, BOTO, () => service.createAssignment(key)),
      );
      accepted.put({ key, id });
    } catch {
      outcomes.failed(key);
    }
  };
  const tracking = track(world, accepted);
  await withWorkers(keys, CREATE_THREADS, create);
  accepted.close();
  await tracking;
}

async function track(
  world: World,
  accepted: Hopper<{ readonly key: AssignmentKey; readonly id: string }>,
): Promise<void> {
  const { time, service, outcomes } = world;
  for (let next = await accepted.take(); next !== undefined; next = await accepted.take()) {
    const { key, id } = next;
    try {
      let { status } = await withRetries(world, BOTO, () => service.describe('create', id));
      while (status === 'IN_PROGRESS') {
        await time.sleep(TRACK_EVERY_MS);
        ({ status } = await withRetries(world, BOTO, () => service.describe('create', id)));
      }
      if (status === 'SUCCEEDED') outcomes.done(key);
      else outcomes.failed(key);
    } catch {
      outcomes.failed(key);
    }
  }
}

/** What some put in and one takes out, in order; undefined once it is closed and empty. */
class Hopper<T> {
  readonly #items: T[] = [];
  #next = 0;
  #isClosed = false;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async take(): Promise<T | undefined> {
    while (this.#next >= this.#items.length && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const item = this.#items[this.#next];
    this.#next += 1;
    return item;
  }
}
