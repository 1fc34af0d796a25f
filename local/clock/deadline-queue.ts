/** A callback that waits for its instant. `sequence` numbers deadlines and schedules in order of creation. */
export interface Deadline {
  readonly instant: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** Orders what is due: the earlier instant first, at the same instant what was created first. */
export function isBefore(
  a: Pick<Deadline, 'instant' | 'sequence'>,
  b: Pick<Deadline, 'instant' | 'sequence'>,
): boolean {
  return a.instant < b.instant || (a.instant === b.instant && a.sequence < b.sequence);
}

/**
 * Deadlines in the order in which they are due. A sorted array: some thousands of them wait at most, and nearly all are
 * added near one of the two ends, so that moving its tail is cheaper than keeping a heap from which one can cancel.
 */
export class DeadlineQueue {
  readonly #sorted: Deadline[] = [];

  get first(): Deadline | undefined {
    return this.#sorted[0];
  }

  get size(): number {
    return this.#sorted.length;
  }

  add(deadline: Deadline): void {
    this.#sorted.splice(this.#placeOf(deadline), 0, deadline);
  }

  /** Takes a deadline out; one that is not there (it ran already) is no error. */
  remove(deadline: Deadline): void {
    const place = this.#placeOf(deadline);
    if (this.#sorted[place] === deadline) this.#sorted.splice(place, 1);
  }

  clear(): void {
    this.#sorted.length = 0;
  }

  /** The number of deadlines that come before this one. */
  #placeOf(deadline: Deadline): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#sorted[middle];
      if (candidate !== undefined && isBefore(candidate, deadline)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
