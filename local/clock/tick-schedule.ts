/**
 * How far apart the ticks of a schedule are, at least, while time is moved past them and nothing else is due: 15 minutes.
 * 14 days of a schedule of every minute are then 1,344 ticks instead of 20,160 (20 ms each: 27 s instead of 7 minutes).
 */
export const THINNED_TICKS_MS = 15 * 60_000;

/**
 * The ticks of one schedule. It knows two instants: `next`, the regular one, at which it ticks when time passes by itself,
 * and `stop`, the one at which time stops while it is being moved. `stop` is `next` or later, and always a regular instant.
 */
export class TickSchedule {
  next: number;
  stop: number;

  constructor(
    readonly sequence: number,
    readonly nextAfter: (instant: number) => number,
    readonly callback: () => void,
    now: number,
    readonly apartMs: number,
  ) {
    this.next = this.#after(now);
    this.stop = this.next;
  }

  /** The tick of `instant` ran at `now`; instants between the two (the machine slept) are left out, not caught up with. */
  ticked(instant: number, now: number): void {
    this.next = this.#after(Math.max(instant, now));
    this.stop = this.apartMs === 0 ? this.next : Math.max(this.next, this.#after(instant + this.apartMs - 1));
  }

  /** A deadline ran at `instant`: the next regular tick after it is no longer left out. */
  deadlineRan(instant: number): void {
    this.stop = Math.min(this.stop, this.next > instant ? this.next : this.#after(instant));
  }

  /** Time was moved to `instant`: the regular ticks on the way are past, but for one that is due right there. */
  movedTo(instant: number): void {
    if (this.next > instant) return;
    this.next = this.stop <= instant ? this.stop : this.#after(instant);
  }

  #after(instant: number): number {
    const next = Math.ceil(this.nextAfter(instant));
    // A schedule that names the present or the past would tick for ever without time going on.
    if (!(next > instant)) {
      throw new Error(`a schedule's next tick after ${instant} must be later than that, got ${next}`);
    }
    return next;
  }
}
