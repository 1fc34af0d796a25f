interface Entry<T> {
  readonly sort: string;
  readonly id: string;
  value: T;
}

/** A chunk is split when it has more entries: moving so many aside for a new one costs less than a microsecond. */
const MOST_IN_CHUNK = 512;

/**
 * An index as the ledger's table has it: entries by a sort key, found from the smallest on without looking at the rest. Kept in sorted
 * chunks, so that adding and taking away cost about the same with a hundred entries and a hundred thousand.
 */
export class SortedIndex<T> {
  readonly #chunks: Entry<T>[][] = [[]];

  /** Adds an entry; one that is there already gets the new value. */
  add(sort: string, id: string, value: T): void {
    const at = this.#chunkOf(sort, id);
    const chunk = this.#chunks[at] ?? [];
    const place = placeIn(chunk, sort, id);
    const present = chunk[place];
    if (present?.id === id && present.sort === sort) {
      present.value = value;
      return;
    }
    chunk.splice(place, 0, { sort, id, value });
    if (chunk.length <= MOST_IN_CHUNK) return;
    this.#chunks.splice(at + 1, 0, chunk.splice(MOST_IN_CHUNK / 2));
  }

  remove(sort: string, id: string): void {
    const at = this.#chunkOf(sort, id);
    const chunk = this.#chunks[at] ?? [];
    const place = placeIn(chunk, sort, id);
    const present = chunk[place];
    if (present?.id !== id || present.sort !== sort) return;
    chunk.splice(place, 1);
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1);
  }

  /** At most `limit` values whose sort key is not after `until`, in order. */
  first(until: string, limit: number): T[] {
    const found: T[] = [];
    for (const chunk of this.#chunks) {
      for (const { sort, value } of chunk) {
        if (found.length >= limit || sort > until) return found;
        found.push(value);
      }
    }
    return found;
  }

  /** The last chunk that does not begin after the entry. */
  #chunkOf(sort: string, id: string): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#chunks[middle]?.[0];
      if (first !== undefined && isAfter(first, sort, id)) high = middle - 1;
      else low = middle;
    }
    return low;
  }
}

/** Where an entry is in a chunk, or would be. */
function placeIn<T>(chunk: readonly Entry<T>[], sort: string, id: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = chunk[middle];
    if (entry !== undefined && (entry.sort < sort || (entry.sort === sort && entry.id < id)))
      low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAfter(entry: Entry<unknown>, sort: string, id: string): boolean {
  return entry.sort > sort || (entry.sort === sort && entry.id > id);
}
