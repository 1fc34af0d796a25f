import { type Json, type JsonObject, isArray, isObject, member } from '../json';
import type { Place } from './definition-error';

/** The members of one object of a definition, read with their types. Every read throws `DefinitionError`. */
export class Fields {
  constructor(
    readonly object: JsonObject,
    readonly place: Place,
  ) {}

  /** Reads the object that should stand at a place. */
  static of(value: Json | undefined, place: Place): Fields {
    if (!isObject(value)) return place.refuse(`expected an object, got ${JSON.stringify(value)}`);
    return new Fields(value, place);
  }

  get(key: string): Json | undefined {
    return member(this.object, key);
  }

  /** Whether the member is there, null or not. */
  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  /** The place of a member, for refusals. */
  at(key: string): Place {
    return this.place.at(key);
  }

  /** A required string. */
  string(key: string): string {
    return this.optionalString(key) ?? this.place.refuse(`the field '${key}' is missing`);
  }

  optionalString(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === 'string') return value;
    return this.at(key).refuse(`expected a string, got ${JSON.stringify(value)}`);
  }

  /** A path: a string, or null, which stands for "nothing". */
  optionalPath(key: string): string | null | undefined {
    return this.get(key) === null ? null : this.optionalString(key);
  }

  /** A number within bounds, by default a whole one. The default itself may lie outside of the bounds (`Infinity`). */
  number(key: string, least: number, most: number, otherwise: number, whole = true): number {
    const value = this.get(key) ?? otherwise;
    const fits =
      typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (fits || (value === otherwise && !this.has(key))) return value;
    return this.at(key).refuse(
      `expected a ${whole ? 'whole ' : ''}number from ${least} to ${most}, got ${JSON.stringify(value)}`,
    );
  }

  /** An array; absent is empty. */
  list(key: string): readonly Json[] {
    const value = this.get(key);
    if (value === undefined) return [];
    return isArray(value) ? value : this.at(key).refuse(`expected an array, got ${JSON.stringify(value)}`);
  }

  /** An array of strings. */
  strings(key: string): readonly string[] {
    return this.list(key).map((item, at) =>
      typeof item === 'string'
        ? item
        : this.at(key)
            .item(at)
            .refuse(`expected a string, got ${JSON.stringify(item)}`),
    );
  }

  /** An array of objects, each at its own place. */
  objects(key: string): readonly Fields[] {
    return this.list(key).map((item, at) => Fields.of(item, this.at(key).item(at)));
  }

  /** Refuses every member that is not in the list. */
  allow(names: Iterable<string>, where: string): void {
    const known = new Set(names);
    for (const key of Object.keys(this.object)) {
      if (!known.has(key)) this.place.refuse(`the field '${key}' is not supported in ${where},`);
    }
  }

  /** Refuses more than one, or less than `least`, of these members. */
  oneOf(names: readonly string[], least: 0 | 1): string | undefined {
    const found = names.filter((name) => this.has(name));
    if (found.length > 1) this.place.refuse(`only one of ${found.join(', ')} may be given`);
    if (found.length < least) this.place.refuse(`one of ${names.join(', ')} is missing`);
    return found[0];
  }
}
