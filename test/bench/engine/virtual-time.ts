import type { Clock } from '../../../core/ports/clock';
import { EventHeap } from './event-heap';

/** Where every simulated run begins; any instant would do, a fixed one makes logs comparable. */
const BEGIN = Date.parse('2026-12-01T08:00:00Z');

/** More events than the longest run has by a factor of ten: a loop that never ends is found instead of waited for. */
const MOST_EVENTS = 100_000_000;

/**
 * Time that jumps from event to event. Between two events every promise that can go on does: the next event runs when no
 * microtask is left, so the order of everything depends on the instants and the order of planning alone.
 */
export class VirtualTime implements Clock {
  readonly #heap = new EventHeap();
  #now = BEGIN;
  #planned = 0;
  #ran = 0;

  now(): number {
    return this.#now;
  }

  /** Milliseconds since the run began. */
  elapsed(): number {
    return this.#now - BEGIN;
  }

  /** Events so far. */
  get events(): number {
    return this.#ran;
  }

  /** Resolves `ms` later; whole milliseconds, rounded up, so that nobody wakes before the instant that was asked for. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Plans `ring` for `ms` from now; what is answered takes the plan back. */
  after(ms: number, ring: () => void): () => void {
    if (!Number.isFinite(ms)) throw new Error(`a pause is ${ms} ms: give a finite number`);
    const event = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#planned, run: ring, off: false };
    this.#heap.add(event);
    this.#planned += 1;
    return () => {
      event.off = true;
    };
  }

  /** Runs events in order until none is left, or `isOver` says so between two of them. */
  async run(isOver: () => boolean = () => false): Promise<void> {
    await microtasksDone();
    while (!isOver()) {
      const event = this.#heap.take();
      if (event === undefined) return;
      if (event.off) continue;
      this.#now = event.at;
      this.#ran += 1;
      if (this.#ran > MOST_EVENTS)
        throw new Error(`${MOST_EVENTS} events ran and there are more: a loop does not end`);
      event.run();
      await microtasksDone();
    }
  }
}

/**
 * Resolves when no microtask is left. Node runs its next-tick queue only then, which costs a third of a microsecond; a turn of
 * the event loop (`setImmediate`) would cost several.
 */
function microtasksDone(): Promise<void> {
  return new Promise((resolve) => {
    queueMicrotask(() => {
      process.nextTick(resolve);
    });
  });
}
