import type { Destination } from './destinations';

/** Takes what has to be sent somewhere without an answer: dead letters, records of invocations. */
export interface Outlet {
  /**
   * @param body - a JSON value, which a queue gets as text
   * @param attributes - message attributes of the type String, where the destination has them
   */
  send(destination: Destination, body: unknown, attributes?: Readonly<Record<string, string>>): void;
}

/** How many entries of one kind are remembered; older ones are forgotten. */
const MOST_REMEMBERED = 1000;

/** What was sent to each of several places, the last {@link MOST_REMEMBERED} of each, oldest first. */
export class Remembered<T> {
  readonly #entries = new Map<string, T[]>();

  public add(place: string, entry: T): void {
    const entries = this.#entries.get(place) ?? [];
    entries.push(entry);
    if (entries.length > MOST_REMEMBERED) entries.shift();
    this.#entries.set(place, entries);
  }

  /** A copy, which later entries do not change. */
  public at(place: string): readonly T[] {
    return [...(this.#entries.get(place) ?? [])];
  }
}
