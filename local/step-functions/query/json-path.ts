import { JSONPath } from 'jsonpath-plus';
import type { Place } from '../definition/definition-error';
import { type Json, type JsonObject, isArray, isObject, member } from '../json';
import { EvaluationError, STATES } from '../state-error';
import { type ParsedPath, type Step, parsePath } from './path-syntax';
import type { Query, QueryScope, View } from './query';

/** How a path looks something up: undefined where there is nothing. Throws `EvaluationError` for a filter that cannot run. */
export type Lookup = (root: Json, view: View) => Json | undefined;

/** Compiles a path of the JSONPath language to something that may find nothing. Throws `DefinitionError`. */
export function compileLookup(text: string, place: Place, scope: QueryScope): Lookup {
  const path = parsePath(text, place);
  const { root, steps } = path;
  if (typeof root === 'object') {
    if (!scope.variables.has(root.variable)) {
      place.refuse(`'${text}' names the variable '${root.variable}', which no state in reach assigns`);
    }
  }
  return (input, view) => {
    const base = baseOf(root, input, view);
    if (base === undefined) return undefined;
    return steps === undefined ? selectMany(path, base) : walk(base, steps);
  };
}

/** Compiles a path that must find something: what it does not find is `States.Runtime`. */
export function compilePath(text: string, place: Place, scope: QueryScope): Query {
  const lookup = compileLookup(text, place, scope);
  return (root, view) => {
    const found = lookup(root, view);
    if (found === undefined) {
      throw new EvaluationError(
        STATES.runtime,
        `The JSONPath '${text}' specified for the field '${place.field}' could not be found in the input '${JSON.stringify(root)}'`,
      );
    }
    return found;
  };
}

/** What the path's first word stands for at this moment. */
function baseOf(root: ParsedPath['root'], input: Json, view: View): Json | undefined {
  if (root === 'input') return input;
  if (root === 'context') return view.context;
  return member(view.variables, root.variable);
}

/** Own members only. An index in an object, or a name in an array, finds nothing: no `length`, no characters of strings. */
function walk(base: Json, steps: readonly Step[]): Json | undefined {
  let value: Json | undefined = base;
  for (const step of steps) {
    if (isArray(value) && typeof step === 'number') value = value.at(step);
    else if (isObject(value) && typeof step === 'string') value = member(value, step);
    else return undefined;
  }
  return value;
}

/**
 * A path that may select many always answers a list, empty if it finds nothing. What is neither object nor array has
 * nothing below it.
 */
function selectMany(path: ParsedPath, base: Json): Json {
  if (!isObject(base) && !isArray(base)) return [];
  try {
    return JSONPath<Json[]>({ path: `$${path.rest}`, json: base as object, wrap: true, eval: 'safe' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EvaluationError(STATES.runtime, `The JSONPath '${path.text}' cannot be evaluated: ${why}`);
  }
}

/**
 * What `ResultPath` does: answers `target` with `value` put at `steps`. Members that are missing are made; an index must exist.
 * Throws `EvaluationError('States.ResultPathMatchFailure')` where the target has no such place.
 */
export function putAt(target: Json, steps: readonly Step[], value: Json): Json {
  const [step, ...deeper] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (isArray(target) && step < target.length) {
      return target.map((item, at) => (at === step ? putAt(item, deeper, value) : item));
    }
  } else if (isObject(target)) {
    const inner: Json = member(target, step) ?? ({} satisfies JsonObject);
    return Object.fromEntries([...Object.entries(target), [step, putAt(inner, deeper, value)]]);
  }
  throw new EvaluationError(
    STATES.resultPathMatch,
    `Unable to apply step "${step}" to input ${JSON.stringify(target)}`,
  );
}
