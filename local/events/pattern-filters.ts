import { BlockList, isIP, isIPv4 } from 'node:net';
import { isJsonObject, type JsonObject } from '../assembly/json-values';

/** A value at the end of a path of an event. */
export type Leaf = string | number | boolean | null;

/** One element of a pattern's list: fits a leaf, or is about the absence of any. */
export type Filter =
  { readonly kind: 'leaf'; readonly fits: (leaf: Leaf) => boolean } | { readonly kind: 'absent' };

/** A pattern that is not valid; the message says where and why, without the service's preamble. */
export class PatternError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'PatternError';
  }
}

type Test = (leaf: Leaf) => boolean;

const onText =
  (test: (text: string) => boolean): Test =>
  (leaf) =>
    typeof leaf === 'string' && test(leaf);

const lower = (text: string) => text.toLowerCase();

function asString(value: unknown, operator: string, where: string): string {
  if (typeof value === 'string') return value;
  throw new PatternError(`"${operator}" at ${where} must be a string, but is ${JSON.stringify(value)}`);
}

/** The single member of an operator's object. */
function only(object: JsonObject, where: string): readonly [string, unknown] {
  const [entry, ...others] = Object.entries(object);
  if (entry === undefined || others.length > 0) {
    throw new PatternError(
      `only one operator may stand in the object at ${where}, but it is ${JSON.stringify(object)}`,
    );
  }
  return entry;
}

/** `prefix` and `suffix`, with a text or `{"equals-ignore-case": text}`. */
function edge(operator: 'prefix' | 'suffix', argument: unknown, where: string): Test {
  const at = (text: string, part: string) =>
    operator === 'prefix' ? text.startsWith(part) : text.endsWith(part);
  if (isJsonObject(argument)) {
    const [inner, value] = only(argument, where);
    if (inner !== 'equals-ignore-case') {
      throw new PatternError(`"${operator}" at ${where} may hold equals-ignore-case, but holds "${inner}"`);
    }
    const part = lower(asString(value, inner, where));
    return onText((text) => at(lower(text), part));
  }
  const part = asString(argument, operator, where);
  return onText((text) => at(text, part));
}

function ignoreCase(argument: unknown, where: string): Test {
  const wanted = lower(asString(argument, 'equals-ignore-case', where));
  return onText((text) => lower(text) === wanted);
}

/** `*` stands for any characters, `\*` and `\\` for themselves; two stars in a row are refused, as they say no more than one. */
function wildcard(argument: unknown, where: string): Test {
  const pattern = asString(argument, 'wildcard', where);
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    const next = pattern.charAt(index + 1);
    if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new PatternError(
          `the wildcard at ${where} escapes ${JSON.stringify(next)}; only * and \\ can be escaped`,
        );
      }
      source += `\\${next}`;
      index += 1;
    } else if (character === '*') {
      if (next === '*') throw new PatternError(`the wildcard at ${where} has two * in a row: ${pattern}`);
      source += '[^]*';
    } else {
      source += character.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
    }
  }
  const expression = new RegExp(`^${source}$`, 'u');
  return onText((text) => expression.test(text));
}

/** Numbers that EventBridge compares: ±5 × 10⁹. */
const LARGEST_NUMBER = 5e9;

const COMPARISONS: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left, right) => left === right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

/** `["=", n]`, one bound, or a lower and then an upper bound. */
function numeric(argument: unknown, where: string): Test {
  const wrong = (why: string) =>
    new PatternError(`"numeric" at ${where} ${why}: ${JSON.stringify(argument)}`);
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw wrong('must be a list of one or two comparisons');
  }
  const list = argument as readonly unknown[];
  const pairs = [list.slice(0, 2), list.slice(2)].filter((pair) => pair.length > 0);
  const tests = pairs.map(([operator, bound]) => {
    const compare = COMPARISONS.get(operator);
    if (compare === undefined) throw wrong('has an operator that is none of =, <, <=, >, >=');
    if (typeof bound !== 'number' || Math.abs(bound) > LARGEST_NUMBER) {
      throw wrong(`must compare with numbers from -${LARGEST_NUMBER} to ${LARGEST_NUMBER}`);
    }
    return { operator: String(operator), bound, compare };
  });
  const [first, second] = tests;
  if (first !== undefined && second !== undefined) {
    if (!first.operator.startsWith('>') || !second.operator.startsWith('<')) {
      throw wrong('must give the lower bound and then the upper one');
    }
    if (first.bound >= second.bound) throw wrong('has a bottom that is not below its top');
  }
  return (leaf) => typeof leaf === 'number' && tests.every(({ compare, bound }) => compare(leaf, bound));
}

function cidr(argument: unknown, where: string): Test {
  const text = asString(argument, 'cidr', where);
  const [address = '', bits = ''] = text.split('/');
  const widest = isIPv4(address) ? 32 : 128;
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > widest) {
    throw new PatternError(
      `"cidr" at ${where} must be an address and a length, such as 10.0.0.0/24, but is "${text}"`,
    );
  }
  const range = new BlockList();
  range.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  return onText((leaf) => isIP(leaf) !== 0 && range.check(leaf, isIPv4(leaf) ? 'ipv4' : 'ipv6'));
}

type Compile = (argument: unknown, where: string) => Test;

/** What may stand inside `anything-but` as an operator; each takes a text or a list of texts. */
const NEGATABLE: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['prefix', (argument, where) => edge('prefix', argument, where)],
  ['suffix', (argument, where) => edge('suffix', argument, where)],
  ['equals-ignore-case', ignoreCase],
  ['wildcard', wildcard],
]);

/** One value, a list of texts or of numbers, or an operator. It fits a leaf that is there and is none of them. */
function anythingBut(argument: unknown, where: string): Test {
  const inside = `${where}.anything-but`;
  if (isJsonObject(argument)) {
    const [operator, value] = only(argument, inside);
    const compile = NEGATABLE.get(operator);
    if (compile === undefined) {
      throw new PatternError(
        `"${operator}" cannot stand in "anything-but" at ${where}; it takes ${[...NEGATABLE.keys()].join(', ')}`,
      );
    }
    const tests = listed(value, inside).map((each) => compile(each, inside));
    return (leaf) => !tests.some((test) => test(leaf));
  }
  const values = listed(argument, inside);
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size > 1 || !values.every((value) => typeof value === 'string' || typeof value === 'number')) {
    throw new PatternError(
      `"anything-but" at ${where} must be texts or numbers, not both and nothing else, but is ${JSON.stringify(argument)}`,
    );
  }
  const excluded = new Set<unknown>(values);
  return (leaf) => !excluded.has(leaf);
}

function listed(value: unknown, where: string): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PatternError(`the list at ${where} must not be empty`);
  return list;
}

const OPERATORS: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ...NEGATABLE,
  ['numeric', numeric],
  ['cidr', cidr],
  ['anything-but', anythingBut],
]);

/**
 * Compiles one element of a pattern's list.
 *
 * @param where - the path of the field, for messages
 * @throws PatternError for an unknown operator or a wrong argument
 */
export function compileFilter(element: unknown, where: string): Filter {
  if (!isJsonObject(element)) {
    if (Array.isArray(element)) throw new PatternError(`a list cannot stand in the list at ${where}`);
    return { kind: 'leaf', fits: (leaf) => leaf === element };
  }
  const [operator, argument] = only(element, where);
  if (operator === 'exists') {
    if (typeof argument !== 'boolean') {
      throw new PatternError(
        `"exists" at ${where} must be true or false, but is ${JSON.stringify(argument)}`,
      );
    }
    return argument ? { kind: 'leaf', fits: () => true } : { kind: 'absent' };
  }
  const compile = OPERATORS.get(operator);
  if (compile === undefined) {
    throw new PatternError(
      `unrecognized operator "${operator}" at ${where}; known are exists, ${[...OPERATORS.keys()].join(', ')}`,
    );
  }
  return { kind: 'leaf', fits: compile(argument, where) };
}
