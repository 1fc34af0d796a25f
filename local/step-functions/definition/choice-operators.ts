import { type Json, isArray } from '../json';

/** An RFC 3339 instant as the States language takes it: upper-case T, and a zone. Epoch milliseconds, or undefined. */
export function parseTimestamp(value: Json | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/u.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Compares what a rule's `Variable` found with the rule's value. Values of other types than the operator's never match. */
export type Comparison = (found: Json, value: Json) => boolean;

type Order<T> = (a: T, b: T) => boolean;

/** How two values of one type may stand to each other. Strings compare by UTF-16 units, timestamps as instants. */
const ORDERS: readonly (readonly [string, Order<number | string>])[] = [
  ['Equals', (a, b) => a === b],
  ['LessThan', (a, b) => a < b],
  ['GreaterThan', (a, b) => a > b],
  ['LessThanEquals', (a, b) => a <= b],
  ['GreaterThanEquals', (a, b) => a >= b],
];

/** A comparison that holds only if both sides can be read as the type: `2` is not equal to `"2"`, and neither is less. */
function ordered(
  read: (value: Json) => number | string | undefined,
  order: Order<number | string>,
): Comparison {
  return (found, value) => {
    const [a, b] = [read(found), read(value)];
    return a !== undefined && b !== undefined && order(a, b);
  };
}

/** What an operator of strings can read. */
const asString = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined);
/** What an operator of numbers can read. */
const asNumber = (value: Json): number | undefined => (typeof value === 'number' ? value : undefined);

/** Operators with a value, or with a path to one when `Path` is put behind their name. */
export const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ...ORDERS.flatMap(([name, order]): [string, Comparison][] => [
    [`String${name}`, ordered(asString, order)],
    [`Numeric${name}`, ordered(asNumber, order)],
    [`Timestamp${name}`, ordered(parseTimestamp, order)],
  ]),
  ['BooleanEquals', (found, value) => typeof found === 'boolean' && found === value],
]);

/** Whether a comparison's literal value has the operator's type. */
export function fitsOperator(name: string, value: Json): boolean {
  if (name.startsWith('String')) return typeof value === 'string';
  if (name.startsWith('Numeric')) return typeof value === 'number';
  if (name.startsWith('Timestamp')) return parseTimestamp(value) !== undefined;
  return typeof value === 'boolean';
}

/** Operators that ask for the kind of a value; undefined is "not there". */
export const TYPE_TESTS: ReadonlyMap<string, (found: Json | undefined) => boolean> = new Map<
  string,
  (found: Json | undefined) => boolean
>([
  ['IsPresent', (found) => found !== undefined],
  ['IsNull', (found) => found === null],
  ['IsString', (found) => typeof found === 'string'],
  ['IsNumeric', (found) => typeof found === 'number'],
  ['IsBoolean', (found) => typeof found === 'boolean'],
  ['IsTimestamp', (found) => parseTimestamp(found) !== undefined],
]);

/** `StringMatches`: `*` stands for any text, `\*` and `\\` for themselves. */
export function wildcard(pattern: string): (found: Json) => boolean {
  const source = pattern.replaceAll(
    /\\([*\\])|(\*)|([^\w\s])/gsu,
    (_all, escaped?: string, star?: string, other?: string) => {
      if (star !== undefined) return '[\\s\\S]*';
      return `\\u{${(escaped ?? other ?? '').codePointAt(0)?.toString(16) ?? ''}}`;
    },
  );
  const expression = new RegExp(`^${source}$`, 'u');
  return (found) => typeof found === 'string' && expression.test(found);
}

/** Whether a value is a list; here so that a rule's operands are read in one place. */
export function isRuleList(value: Json | undefined): value is readonly Json[] {
  return isArray(value) && value.length > 0;
}
