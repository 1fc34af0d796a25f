import type { Clock } from '../ports/clock';

/** Calls that may go at once after a quiet moment; the service's own bucket holds more, and others use it too. */
const BURST = 5;

/**
 * Spreads calls over time (a leaky bucket): `perSecond` on the average, a few at once after a quiet moment. Nothing is refused, a
 * call waits for its turn.
 */
export class Pace {
  /** When the bucket is empty again. */
  #emptyAt = 0;
  #perSecond: number;
  /** Calls that have had their turn, or wait for it. */
  sent = 0;

  constructor(
    private readonly clock: Clock,
    perSecond: number,
  ) {
    this.#perSecond = perSecond;
  }

  set perSecond(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Calls that may be sent at this instant. */
  free(): number {
    const now = this.clock.now();
    const full = Math.max(this.#emptyAt, now);
    return Math.max(0, Math.floor((now + this.#tolerance - full) / this.#interval + 1e-6) + 1);
  }

  /** The instant from which one more call may be sent. */
  get freeAt(): number {
    return this.#emptyAt - this.#tolerance;
  }

  /** Resolves when the next call may be sent. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    const wait = this.charge() - this.#tolerance - now;
    if (wait > 0) await this.clock.sleep(wait);
  }

  /** Counts a call that has been sent without a turn. Answers how full the bucket was: the instant at which it would have been empty. */
  charge(): number {
    const full = Math.max(this.#emptyAt, this.clock.now());
    this.#emptyAt = full + this.#interval;
    this.sent += 1;
    return full;
  }

  get #interval(): number {
    return 1000 / this.#perSecond;
  }

  get #tolerance(): number {
    return (BURST - 1) * this.#interval;
  }
}
