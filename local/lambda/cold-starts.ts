/**
 * Lets only so many workers of all functions start at once: each start keeps a core busy for some 200 ms, and twenty of
 * them at once took three seconds on two cores.
 */
export class ColdStarts {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Takes a place and answers true; without a free one `onFree` is called when there is, in order of asking. */
  take(onFree: () => void): boolean {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    this.#waiting.add(onFree);
    return false;
  }

  /** Gives a place back. Those that waited are asked one after the other, as the first may not need it any more. */
  give(): void {
    this.#free += 1;
    for (const onFree of this.#waiting) {
      if (this.#free === 0) break;
      this.#waiting.delete(onFree);
      onFree();
    }
  }
}
