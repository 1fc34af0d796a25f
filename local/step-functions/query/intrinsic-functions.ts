import { type Json, isArray, isObject, member, parseJson, sameJson } from '../json';
import { EvaluationError, STATES } from '../state-error';
import { HASH_ALGORITHMS, digest } from './hashing';
import { fillTemplate } from './java-format';
import type { QueryTools } from './query';
import { seededFraction } from './seeded-fraction';

/** An intrinsic function, with how many arguments it takes. */
export interface IntrinsicFunction {
  readonly least: number;
  readonly most: number;
  readonly run: (given: readonly Json[], tools: QueryTools) => Json;
}

/** Elements that `States.ArrayRange` may make, a limit of the service. */
const MAX_RANGE = 1000;
/** Characters that `States.Hash` and the Base64 functions take, a limit of the service. */
const MAX_TEXT = 10_000;

/** What an intrinsic function fails with. */
export function intrinsicFailure(problem: string): EvaluationError {
  return new EvaluationError(STATES.intrinsicFailure, problem);
}

/** For the table below: the least and the most arguments, and what the function does with them. */
const takes = (least: number, most: number, run: IntrinsicFunction['run']): IntrinsicFunction => ({
  least,
  most,
  run,
});

/** All intrinsic functions of the JSONPath language, by name. */
export const INTRINSIC_FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map([
  ['States.Format', takes(1, Infinity, ([template, ...values]) => format(template, values))],
  ['States.StringToJson', takes(1, 1, ([text]) => stringToJson(asText(text)))],
  ['States.JsonToString', takes(1, 1, ([value]) => JSON.stringify(value))],
  ['States.Array', takes(0, Infinity, (values) => values)],
  ['States.ArrayPartition', takes(2, 2, ([list, size]) => partition(asList(list), asWhole(size)))],
  [
    'States.ArrayContains',
    takes(2, 2, ([list, value]) => asList(list).some((item) => sameJson(item, value ?? null))),
  ],
  [
    'States.ArrayRange',
    takes(3, 3, ([first, last, step]) => range(asWhole(first), asWhole(last), asWhole(step))),
  ],
  ['States.ArrayGetItem', takes(2, 2, ([list, index]) => itemOf(asList(list), asWhole(index)))],
  ['States.ArrayLength', takes(1, 1, ([list]) => asList(list).length)],
  ['States.ArrayUnique', takes(1, 1, ([list]) => unique(asList(list)))],
  ['States.Base64Encode', takes(1, 1, ([text]) => Buffer.from(asShort(text)).toString('base64'))],
  ['States.Base64Decode', takes(1, 1, ([text]) => Buffer.from(asShort(text), 'base64').toString('utf8'))],
  ['States.Hash', takes(2, 2, ([data, algorithm]) => hash(data ?? null, asText(algorithm)))],
  ['States.JsonMerge', takes(3, 3, ([left, right, deep]) => merge(left, right, deep))],
  ['States.MathRandom', takes(2, 3, mathRandom)],
  ['States.MathAdd', takes(2, 2, ([a, b]) => asWhole(a) + asWhole(b))],
  ['States.StringSplit', takes(2, 2, ([text, splitter]) => split(asText(text), asText(splitter)))],
  ['States.UUID', takes(0, 0, (_given, tools) => tools.uuid())],
]);

function asText(value: Json | undefined): string {
  if (typeof value !== 'string') throw intrinsicFailure(`expected a string, got ${JSON.stringify(value)}`);
  return value;
}

function asShort(value: Json | undefined): string {
  const text = asText(value);
  if (text.length > MAX_TEXT) throw intrinsicFailure(`at most ${MAX_TEXT} characters, got ${text.length}`);
  return text;
}

function asList(value: Json | undefined): readonly Json[] {
  if (!isArray(value)) throw intrinsicFailure(`expected an array, got ${JSON.stringify(value)}`);
  return value;
}

/** Every number of an intrinsic function is rounded to an integer first. */
function asWhole(value: Json | undefined): number {
  if (typeof value !== 'number') throw intrinsicFailure(`expected a number, got ${JSON.stringify(value)}`);
  return Math.round(value);
}

/** Each `{}` takes one value, and every value must have its place. */
function format(template: Json | undefined, values: readonly Json[]): string {
  const text = fillTemplate(asText(template), values);
  if (text === undefined)
    throw intrinsicFailure(`the places in '${asText(template)}' are not ${values.length}`);
  return text;
}

function stringToJson(text: string): Json {
  // Recorded: an empty string is null, not an error.
  if (text === '') return null;
  try {
    return parseJson(text);
  } catch {
    throw intrinsicFailure(`'${text}' is not JSON`);
  }
}

/** The last chunk takes what is left. */
function partition(list: readonly Json[], size: number): Json {
  if (size < 1) throw intrinsicFailure(`a chunk must have at least 1 element, got ${size}`);
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

/** Both ends included, if the step meets the last one. */
function range(first: number, last: number, step: number): Json {
  if (step === 0) throw intrinsicFailure('the step of a range must not be 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > MAX_RANGE) throw intrinsicFailure(`a range has at most ${MAX_RANGE} elements, got ${count}`);
  return Array.from({ length: count }, (_, at) => first + at * step);
}

/** No negative indices, unlike in a path. */
function itemOf(list: readonly Json[], index: number): Json {
  const item = index < 0 ? undefined : list[index];
  if (item === undefined) throw intrinsicFailure(`no item ${index} in an array of ${list.length}`);
  return item;
}

/** The first of equals stays; objects are equal whatever the order of their members. */
function unique(list: readonly Json[]): Json {
  return list.filter((item, at) => list.findIndex((other) => sameJson(other, item)) === at);
}

/** What is no string is hashed as its JSON text. */
function hash(data: Json, algorithm: string): string {
  const text = asShort(typeof data === 'string' ? data : JSON.stringify(data));
  const result = digest(text, algorithm);
  if (result === undefined) throw intrinsicFailure(`'${algorithm}' is none of ${HASH_ALGORITHMS}`);
  return result;
}

/** The right side wins, member by member, and only at the top. */
function merge(left: Json | undefined, right: Json | undefined, deep: Json | undefined): Json {
  if (deep !== false)
    throw intrinsicFailure('the third argument must be false: the service merges shallowly only');
  if (!isObject(left) || !isObject(right)) throw intrinsicFailure('only two objects can be merged');
  return Object.fromEntries([
    ...Object.entries(left),
    ...Object.keys(right).map((key) => [key, member(right, key) ?? null] as const),
  ]);
}

/** From `first` (included) to `last` (excluded); a seed always gives the same number. */
function mathRandom([first, last, seed]: readonly Json[], tools: QueryTools): number {
  const from = asWhole(first);
  const to = asWhole(last);
  if (from >= to) throw intrinsicFailure(`no number is at least ${from} and below ${to}`);
  const fraction = seed === undefined ? tools.random.next() : seededFraction(asWhole(seed));
  return from + Math.floor(fraction * (to - from));
}

/** Each character of the splitter splits; empty parts are left out. */
function split(text: string, splitter: string): Json {
  const marks = new Set(splitter);
  const parts: string[] = [''];
  for (const char of text) {
    if (marks.has(char)) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  return parts.filter((part) => part !== '');
}
