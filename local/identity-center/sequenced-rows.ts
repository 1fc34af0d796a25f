/** A row of a list; lists are in the order of `sequence`, which also makes their page tokens. */
export interface Sequenced {
  readonly sequence: number;
}

/** Rows in the order of their sequence numbers. Finding a place in them costs O(log n); what is added has the highest number. */
export class SequencedRows<T extends Sequenced> {
  readonly #rows: T[] = [];

  public get size(): number {
    return this.#rows.length;
  }

  /** @throws RangeError for a row whose number is not above all that are there */
  public append(row: T): void {
    const last = this.#rows.at(-1)?.sequence ?? -Infinity;
    if (row.sequence <= last) throw new RangeError(`sequence ${row.sequence} does not follow ${last}`);
    this.#rows.push(row);
  }

  /** Puts a row at its place, wherever that is; the number must be new. Costs a move of the rows above it. */
  public insert(row: T): void {
    this.#rows.splice(this.#indexFrom(row.sequence), 0, row);
  }

  /** Puts another row into the place of the one with the same number; nothing happens where there is none. */
  public replace(row: T): void {
    const index = this.#indexFrom(row.sequence);
    if (this.#rows[index]?.sequence === row.sequence) this.#rows[index] = row;
  }

  /** Takes out the row with this number, if there is one. */
  public remove(sequence: number): void {
    const index = this.#indexFrom(sequence);
    if (this.#rows[index]?.sequence === sequence) this.#rows.splice(index, 1);
  }

  /** The rows whose number is above `sequence`, one after the other. What is changed while they are read may show or not. */
  public *after(sequence: number): Generator<T, void> {
    for (let index = this.#indexFrom(sequence + 1); ; index += 1) {
      const row = this.#rows[index];
      if (row === undefined) return;
      yield row;
    }
  }

  /** The rows whose number is below `sequence`, the highest first. What is changed while they are read may show or not. */
  public *before(sequence: number): Generator<T, void> {
    for (let index = this.#indexFrom(sequence) - 1; ; index -= 1) {
      const row = this.#rows[index];
      if (row === undefined) return;
      yield row;
    }
  }

  /** The first index whose number is `sequence` or above. */
  #indexFrom(sequence: number): number {
    let from = 0;
    let to = this.#rows.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#rows[middle]?.sequence ?? Infinity) < sequence) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** The rows of several lists in one order. Each step costs a look at every list's next row; numbers do not repeat across lists. */
export function* inOneOrder<T extends Sequenced>(lists: readonly Iterable<T>[]): Generator<T, void> {
  const readers = lists.map((list) => list[Symbol.iterator]());
  try {
    const heads = readers.map((reader) => reader.next());
    for (;;) {
      let first: T | undefined;
      let at = -1;
      heads.forEach((head, index) => {
        if (head.done === true || head.value.sequence >= (first?.sequence ?? Infinity)) return;
        first = head.value;
        at = index;
      });
      const reader = readers[at];
      if (first === undefined || reader === undefined) return;
      yield first;
      heads[at] = reader.next();
    }
  } finally {
    for (const reader of readers) reader.return?.();
  }
}
