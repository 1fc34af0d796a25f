import type { Clock } from '../../core/ports/clock';

/**
 * How virtual time moves:
 * - `real`: with the machine's clock; `advance` moves it ahead by hand.
 * - `skips`: as `real` while work is under way; when everything only waits, it jumps to the next deadline.
 * - `manual`: it stands still; only `advance` moves it.
 */
export type ClockMode = 'real' | 'skips' | 'manual';

/** A pending callback; cancelling one that already ran does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The one clock of the local runtime: state machine waits, retries, timeouts and heartbeats, simulator latencies, Lambda
 * timeouts, schedules and, through {@link LocalClock.shared}, what the functions see.
 */
export interface LocalClock extends Clock {
  readonly mode: ClockMode;

  /** Runs `callback` once virtual time has reached `instant` (epoch milliseconds). A deadline: `skips` jumps to it. */
  at(instant: number, callback: () => void): Timer;

  /**
   * Runs `callback` at every instant that `nextAfter` names (given an instant, it answers the first later one). A schedule
   * alone never makes time jump, and while nothing else is due its ticks are thinned to one per 15 virtual minutes, unless
   * the clock was made with `ticks: 'all'`.
   */
  schedule(nextAfter: (instant: number) => number, callback: () => void): Timer;

  /** Says that work is under way (a request, a running function, a state being executed): time does not jump until `leave` is called. */
  enter(what: string): () => void;

  /** Says that a person has to answer something: time does not jump, however quiet it is, until `release` is called. */
  hold(why: string): () => void;

  /** Moves time ahead by `ms`, runs every deadline on the way in order, each to quiet; resolves when all is quiet. */
  advance(ms: number): Promise<void>;

  /** Resolves when no work is under way. */
  quiet(): Promise<void>;

  /**
   * What a worker thread needs to see the same time: `Float64Array [offset, frozenAt]`. Virtual now is
   * `frozenAt` unless that is NaN, else the machine's `Date.now() + offset`.
   */
  readonly shared: SharedArrayBuffer;

  /** Stops all timers; nothing runs afterwards. */
  stop(): void;
}
