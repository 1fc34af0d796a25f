import { BlockList, isIPv4 } from 'node:net';
import { asObject, asText } from '../assembly/json-values';
import { arnPattern, wildcard, type TextPattern } from './text-patterns';

/** What the conditions of a policy may look at, by key. A key that the request does not have is `undefined`. */
export type ConditionContext<Key extends string> = Readonly<Record<Key, string | undefined>>;

/** A compiled condition block: whether all of it holds. */
export type Condition<Key extends string> = (context: ConditionContext<Key>) => boolean;

function ipRange(pattern: string, where: string): TextPattern {
  const [address = '', bits] = pattern.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  try {
    range.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  } catch (cause) {
    throw new Error(`${where} has ${JSON.stringify(pattern)}, which is not an address range`, { cause });
  }
  return (text) => range.check(text, isIPv4(text) ? 'ipv4' : 'ipv6');
}

type Comparison = (pattern: string, where: string) => TextPattern;

const exactly: Comparison = (pattern) => (text) => text === pattern;
const inAnyCase: Comparison = (pattern) => (text) => text.toLowerCase() === pattern.toLowerCase();

/** Operators by name; `negated` ones hold when no value matches, and when the key is absent. */
const OPERATORS: ReadonlyMap<string, { readonly compare: Comparison; readonly negated: boolean }> = new Map([
  ['StringEquals', { compare: exactly, negated: false }],
  ['StringNotEquals', { compare: exactly, negated: true }],
  ['StringEqualsIgnoreCase', { compare: inAnyCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { compare: inAnyCase, negated: true }],
  ['StringLike', { compare: wildcard, negated: false }],
  ['StringNotLike', { compare: wildcard, negated: true }],
  // For ARNs, "equals" and "like" are the same operator on AWS.
  ['ArnEquals', { compare: arnPattern, negated: false }],
  ['ArnNotEquals', { compare: arnPattern, negated: true }],
  ['ArnLike', { compare: arnPattern, negated: false }],
  ['ArnNotLike', { compare: arnPattern, negated: true }],
  ['IpAddress', { compare: ipRange, negated: false }],
  ['NotIpAddress', { compare: ipRange, negated: true }],
]);

/** One operator on one key: its values are alternatives. */
function compileOne<Key extends string>(
  operatorName: string,
  keyName: string,
  values: unknown,
  keys: readonly Key[],
  where: string,
): Condition<Key> {
  const ifExists = operatorName.endsWith('IfExists');
  const operator = OPERATORS.get(ifExists ? operatorName.slice(0, -'IfExists'.length) : operatorName);
  if (operator === undefined) {
    throw new Error(
      `${where} uses the condition operator "${operatorName}", which the local runtime does not support; ` +
        `it knows ${[...OPERATORS.keys()].join(', ')}`,
    );
  }
  // Condition keys are the same in any case.
  const key = keys.find((known) => known.toLowerCase() === keyName.toLowerCase());
  if (key === undefined) {
    throw new Error(
      `${where} uses the condition key "${keyName}", which the local runtime does not support; ` +
        `it knows ${keys.join(', ')}`,
    );
  }
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  const matchers = list.map((value) =>
    operator.compare(asText(value, `${where}.${operatorName}.${keyName}`), where),
  );
  return (context) => {
    const text = context[key];
    if (text === undefined) return ifExists || operator.negated;
    return matchers.some((matches) => matches(text)) !== operator.negated;
  };
}

/**
 * Compiles the `Condition` of a policy statement: every operator and key in it has to hold.
 *
 * @param keys - the condition keys that requests have a value for
 * @throws Error naming an operator or key that is not supported
 */
export function compileCondition<Key extends string>(
  block: unknown,
  keys: readonly Key[],
  where: string,
): Condition<Key> {
  const conditions = Object.entries(asObject(block, where)).flatMap(([operator, values]) =>
    Object.entries(asObject(values, `${where}.${operator}`)).map(([key, value]) =>
      compileOne(operator, key, value, keys, where),
    ),
  );
  return (context) => conditions.every((condition) => condition(context));
}
