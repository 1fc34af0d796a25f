import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { Random } from '../../../core/ports/random';
import type { VirtualTime } from '../engine/virtual-time';
import type { ServiceModel } from '../service/service-model';
import type { Ticket, WorkItem } from '../workload/layout';
import type { Costs } from './costs';
import type { Outcomes } from './outcomes';

/** What a design is given: time, the service, the work, and where it says what became of it. */
export interface World {
  readonly time: VirtualTime;
  readonly service: ServiceModel;
  /** Chance of the design itself, for its jitters. */
  readonly random: Random;
  /** Given at the beginning. */
  readonly bulk: readonly WorkItem[];
  /** Each is known from its instant on. */
  readonly tickets: readonly Ticket[];
  readonly outcomes: Outcomes;
  readonly costs: Costs;
}

/** A way to do the work: resolves when it has nothing more to do. */
export type Design = (world: World) => Promise<void>;

/** Calls `take` for each ticket at its instant. */
export async function takeTickets(
  { time, tickets }: World,
  take: (key: AssignmentKey) => Promise<void>,
): Promise<void> {
  const begun: Promise<void>[] = [];
  for (const { key, afterMs } of tickets) {
    await time.sleep(afterMs - time.elapsed());
    begun.push(take(key));
  }
  await Promise.all(begun);
}

/** Works on a list with a number of workers, each taking the next item when it is through with one. */
export async function withWorkers<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const one = async (): Promise<void> => {
    // One iterator for all: each takes what nobody has taken yet.
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, one));
}
