import jsonata from 'jsonata';
import { type Json, isArray } from '../json';
import { HASH_ALGORITHMS, digest } from './hashing';
import type { QueryTools } from './query';
import { seededFraction } from './seeded-fraction';

/** JSONata's own functions, but for `$eval`, which Step Functions does not have. */
const BUILT_IN = [
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad',
  'match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs',
  'sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each',
  'error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent',
  'decodeUrl toMillis fromMillis clone now millis',
].flatMap((line) => line.split(' '));

/** What Step Functions adds. */
const ADDED = ['partition', 'range', 'hash', 'uuid', 'parse'];

/** Every function that a `{% … %}` expression may call. */
export const JSONATA_FUNCTIONS: ReadonlySet<string> = new Set([...BUILT_IN, ...ADDED]);

/** The most elements of a `$range`, as for `States.ArrayRange`. */
const MAX_RANGE = 1000;

/**
 * Gives an expression Step Functions' functions, and takes time and chance of JSONata's own from the given tools. Function
 * signatures are JSONata's notation; what they do not allow is an error of the evaluation.
 */
export function addFunctions(expression: jsonata.Expression, tools: QueryTools): void {
  const add = (name: string, run: (...given: never[]) => unknown, signature: string): void => {
    expression.registerFunction(
      name,
      run as (this: jsonata.Focus, ...given: unknown[]) => unknown,
      signature,
    );
  };
  add('partition', partition, '<an:a>');
  add('range', range, '<nnn:a>');
  add('hash', hash, '<ss:s>');
  add('uuid', () => tools.uuid(), '<:s>');
  add('parse', (text: string) => JSON.parse(text) as unknown, '<s:x>');
  add(
    'random',
    (seed?: number) => (seed === undefined ? tools.random.next() : seededFraction(seed)),
    '<n?:n>',
  );
  add('shuffle', (list: readonly Json[]) => shuffle(list, tools), '<a:a>');
  add('millis', () => tools.now(), '<:n>');
  // Virtual time; JSONata would read the machine's clock.
  add('now', (picture?: string, zone?: string) => formatNow(tools.now(), picture, zone), '<s?s?:s>');
}

/** As `States.ArrayPartition`, the size rounded. */
function partition(list: readonly Json[], size: number): unknown {
  const step = Math.round(size);
  if (step < 1) throw new Error(`a chunk must have at least 1 element, got ${size}`);
  return asSequence(
    Array.from({ length: Math.ceil(list.length / step) }, (_, at) => list.slice(at * step, (at + 1) * step)),
  );
}

/** As `States.ArrayRange`, with fractions allowed. */
function range(first: number, last: number, step: number): unknown {
  if (step === 0) throw new Error('the step of a range must not be 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > MAX_RANGE) throw new Error(`a range has at most ${MAX_RANGE} elements, got ${count}`);
  return asSequence(Array.from({ length: count }, (_, at) => first + at * step));
}

/** Marks a list as a JSONata sequence: one of one element is that element, as recorded of `$range(1,9,9)`. */
function asSequence(list: Json[]): Json[] {
  return Object.defineProperty(list, 'sequence', { value: true, enumerable: false });
}

/** The hexadecimal digest of a text. */
function hash(text: string, algorithm: string): string {
  const result = digest(text, algorithm);
  if (result === undefined) throw new Error(`'${algorithm}' is none of ${HASH_ALGORITHMS}`);
  return result;
}

/** JSONata's own draws from `Math.random`, which would make runs differ. */
function shuffle(list: readonly Json[], tools: QueryTools): Json {
  const left = isArray(list) ? [...list] : [list];
  const shuffled: Json[] = [];
  while (left.length > 0) shuffled.push(...left.splice(Math.floor(tools.random.next() * left.length), 1));
  return shuffled;
}

/** JSONata's `$now` reads the machine's clock; its formatting is reached through `$fromMillis`. */
async function formatNow(now: number, picture?: string, zone?: string): Promise<unknown> {
  if (picture === undefined) return new Date(now).toISOString();
  const call = zone === undefined ? '$fromMillis($at, $picture)' : '$fromMillis($at, $picture, $zone)';
  const formatted: unknown = await jsonata(call).evaluate(undefined, { at: now, picture, zone });
  return formatted;
}
