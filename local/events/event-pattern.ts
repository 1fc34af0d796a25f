import { isJsonObject, type JsonObject } from '../assembly/json-values';
import { compileFilter, PatternError, type Filter, type Leaf } from './pattern-filters';

export { PatternError } from './pattern-filters';

/** Whether an event fits a compiled pattern. */
export type EventPattern = (event: JsonObject) => boolean;

/** All filters on the values at one path; they are alternatives. */
interface Field {
  readonly path: string;
  readonly filters: readonly Filter[];
}

/** Fields that must all fit. */
type Conjunction = readonly Field[];

/** A value of the event, and which element of which list it is in. */
interface Place {
  readonly leaf: Leaf;
  readonly elements: ReadonlyMap<number, number>;
}

/** How many combinations the `$or`s of one pattern may make, so that a pattern's cost has an end; EventBridge has the same. */
const MOST_COMBINATIONS = 1000;

const joined = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** Every way to fit `pattern`, `$or`s multiplied out. */
function expand(pattern: unknown, path: string): readonly Conjunction[] {
  const where = path === '' ? 'the top' : path;
  if (!isJsonObject(pattern)) {
    throw new PatternError(`${where} must be an object or a list, but is ${JSON.stringify(pattern)}`);
  }
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternError(`the object at ${where} must not be empty`);
  return entries.reduce<readonly Conjunction[]>(
    (sofar, [key, value]) => {
      const ways = key === '$or' ? alternatives(value, path) : ofKey(value, joined(path, key));
      if (sofar.length * ways.length > MOST_COMBINATIONS) {
        throw new PatternError(
          `the pattern is too complex: its $or make more than ${MOST_COMBINATIONS} combinations`,
        );
      }
      return sofar.flatMap((conjunction) => ways.map((way) => [...conjunction, ...way]));
    },
    [[]],
  );
}

function alternatives(value: unknown, path: string): readonly Conjunction[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isJsonObject)) {
    throw new PatternError(`$or must be a list of two or more objects, but is ${JSON.stringify(value)}`);
  }
  return value.flatMap((alternative) => expand(alternative, path));
}

function ofKey(value: unknown, path: string): readonly Conjunction[] {
  if (!Array.isArray(value)) return expand(value, path);
  if (value.length === 0) throw new PatternError(`the list at ${path} must not be empty`);
  return [[{ path, filters: value.map((element: unknown) => compileFilter(element, path)) }]];
}

/** The event's values by path. Lists do not count in a path: their elements are many values of it. */
function flatten(event: JsonObject): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  // Every list gets a number of its own: two lists at the same path (in two rows) are two lists.
  let lists = 0;
  const visit = (value: unknown, path: string, elements: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const list = (lists += 1);
      value.forEach((element: unknown, index) => {
        visit(element, path, new Map([...elements, [list, index]]));
      });
    } else if (isJsonObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, joined(path, key), elements);
    } else {
      const place = { leaf: value as Leaf, elements };
      places.set(path, [...(places.get(path) ?? []), place]);
    }
  };
  visit(event, '', new Map());
  return places;
}

/** Whether two values can be seen together: they are not in different elements of the same list. */
function together(left: ReadonlyMap<number, number>, right: ReadonlyMap<number, number>): boolean {
  return [...left].every(([list, index]) => (right.get(list) ?? index) === index);
}

/** Finds a value for each field so that all of them can be seen together. */
function fits(
  fields: Conjunction,
  places: ReadonlyMap<string, readonly Place[]>,
  elements: ReadonlyMap<number, number> = new Map(),
): boolean {
  const [field, ...rest] = fields;
  if (field === undefined) return true;
  const here = places.get(field.path) ?? [];
  if (here.length === 0) {
    // Nothing is seen of an absent field, so it takes no part in what can be seen together.
    return field.filters.some(({ kind }) => kind === 'absent') && fits(rest, places, elements);
  }
  return here.some(
    (place) =>
      together(place.elements, elements) &&
      field.filters.some((filter) => filter.kind === 'leaf' && filter.fits(place.leaf)) &&
      fits(rest, places, new Map([...elements, ...place.elements])),
  );
}

/**
 * Compiles an event pattern.
 *
 * Pattern and event are compared by paths with dots, so that `{"detail.state": […]}` and `{"detail": {"state": […]}}` are
 * the same pattern. Of a list, one element has to fit; fields inside of a list's objects have to fit in the same element.
 * `exists` looks at values, not at objects, and an empty list has no value: `exists: true` does not fit it.
 *
 * @throws PatternError saying where the pattern is not valid and why
 */
export function compilePattern(pattern: unknown): EventPattern {
  const ways = expand(pattern, '');
  return (event) => {
    const places = flatten(event);
    return ways.some((fields) => fits(fields, places));
  };
}
