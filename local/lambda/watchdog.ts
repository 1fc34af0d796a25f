/**
 * Bites once the machine's time that it was awake adds up to its length. Virtual time does not pass while a clock stands
 * still, nor does a function that never yields hear of it: this is the one place that counts real time.
 */
export class Watchdog {
  #leftMs: number;
  readonly #bite: () => void;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;

  constructor(lengthMs: number, bite: () => void) {
    this.#leftMs = lengthMs;
    this.#bite = bite;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#bite, this.#leftMs);
    this.#timer.unref();
  }

  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#since));
  }
}
