/** Places in the shared `Float64Array`; worker threads read them too. */
const OFFSET = 0;
const FROZEN_AT = 1;

/**
 * The present instant, either running with the machine's clock at an offset or standing still, in memory that worker
 * threads share. It never goes back, even if the machine's clock does.
 */
export class VirtualTime {
  readonly shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  readonly #view = new Float64Array(this.shared);
  #latest = -Infinity;

  /** Starts at exactly `startAt` (epoch milliseconds), running or standing still. */
  constructor(startAt: number, frozen: boolean) {
    this.#view[FROZEN_AT] = frozen ? startAt : Number.NaN;
    this.#view[OFFSET] = startAt - Date.now();
  }

  now(): number {
    const frozenAt = this.#view[FROZEN_AT] ?? Number.NaN;
    const present = Number.isNaN(frozenAt) ? Date.now() + (this.#view[OFFSET] ?? 0) : frozenAt;
    this.#latest = Math.max(this.#latest, present);
    return this.#latest;
  }

  get frozen(): boolean {
    return !Number.isNaN(this.#view[FROZEN_AT]);
  }

  freeze(): void {
    this.#view[FROZEN_AT] = this.now();
  }

  /** Runs on from the instant at which it stood. The offset comes first, so that no reader sees an older one. */
  unfreeze(): void {
    this.#view[OFFSET] = this.now() - Date.now();
    this.#view[FROZEN_AT] = Number.NaN;
  }

  /** Moves ahead to `instant`; answers where time is now (the present, if that was later already). */
  moveTo(instant: number): number {
    const target = Math.max(instant, this.now());
    if (this.frozen) this.#view[FROZEN_AT] = target;
    else this.#view[OFFSET] = target - Date.now();
    return target;
  }
}
