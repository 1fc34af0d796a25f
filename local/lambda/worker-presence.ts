import type { LocalClock, Timer } from '../clock/local-clock';

/**
 * How the clock sees one worker thread: under way while its function works, not there while it only waits for time.
 * While it sleeps, a deadline stands for it; the worker is under way again before that deadline is over, so that there is
 * no gap in which time could jump.
 */
export class WorkerPresence {
  readonly #clock: LocalClock;
  readonly #what: string;
  #leave: (() => void) | undefined;
  #alarm: Timer | undefined;

  constructor(clock: LocalClock, what: string) {
    this.#clock = clock;
    this.#what = what;
  }

  /** Whether it counts as work under way. */
  get awake(): boolean {
    return this.#leave !== undefined;
  }

  /** It works, or went on by itself. */
  wake(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#leave ??= this.#clock.enter(this.#what);
  }

  /** It waits until `until`; `wakeUp` is called then, when it counts as under way already. */
  sleep(until: number, wakeUp: () => void): void {
    this.#alarm?.cancel();
    this.#alarm = this.#clock.at(until, () => {
      this.wake();
      wakeUp();
    });
    this.#leave?.();
    this.#leave = undefined;
  }

  /** It has nothing more to do, and what it answered was handed over: whoever waited for it runs before this takes effect. */
  finish(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    const leave = this.#leave;
    this.#leave = undefined;
    if (leave !== undefined) setImmediate(leave);
  }
}
