import type { ClockMode } from './local-clock';

/** How a local clock is made. */
export interface LocalClockOptions {
  readonly mode: ClockMode;
  /**
   * The instant at which it starts, in epoch milliseconds.
   * @default - the machine's present
   */
  readonly startAt?: number;
  /**
   * Whether schedules tick at every regular instant, or once per 15 minutes, while time is moved and nothing else is due.
   * @default 'thinned'
   */
  readonly ticks?: 'thinned' | 'all';
  /**
   * Turns of the event loop without work after which it counts as quiet.
   * @default 6
   */
  readonly settleTurns?: number;
  /**
   * How long, in real milliseconds, `advance` waits for quiet after each deadline before it fails.
   * @default 60000
   */
  readonly patienceMs?: number;
  /**
   * Takes what a callback throws; the other callbacks run all the same.
   * @default - thrown again in a turn of its own, as an uncaught exception
   */
  readonly onError?: (error: unknown) => void;
}
