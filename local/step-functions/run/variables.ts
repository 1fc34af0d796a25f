import { type Json, type JsonObject, objectOf } from '../json';

/** The variables of a block. Those of the blocks around it can be read, not assigned. */
export class Variables {
  readonly #outer: Variables | undefined;
  readonly #own = new Map<string, Json>();

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  /** All variables in reach. */
  all(): JsonObject {
    return objectOf([...Object.entries(this.#outer?.all() ?? {}), ...this.#own]);
  }

  /** Adds or replaces; the block ends with them. */
  assign(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }
}
