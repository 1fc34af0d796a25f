import { BlockList, isIPv4 } from 'node:net';
import { asObject, asText } from '../assembly/json-values';
import type { ConditionKeys } from './condition-keys';
import { arnPattern, wildcard, type TextPattern } from './text-patterns';

/** A compiled condition block: whether all of it holds. */
export type Condition<Context> = (context: Context) => boolean;

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

/**
 * How the values that a request has for one key are taken together. Without one of these a key has one value, and a negated
 * operator holds where there is none.
 */
const QUANTIFIERS = ['ForAnyValue', 'ForAllValues'] as const;

interface OperatorUse {
  readonly compare: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: (typeof QUANTIFIERS)[number] | undefined;
}

/** Takes `ForAnyValue:StringEqualsIfExists` apart. */
function operatorNamed(name: string, where: string): OperatorUse {
  const quantifier = QUANTIFIERS.find((each) => name.startsWith(`${each}:`));
  const rest = quantifier === undefined ? name : name.slice(quantifier.length + 1);
  const ifExists = rest.endsWith('IfExists');
  const operator = OPERATORS.get(ifExists ? rest.slice(0, -'IfExists'.length) : rest);
  if (operator !== undefined) return { ...operator, ifExists, quantifier };
  throw new Error(
    `${where} uses the condition operator "${name}", which the local runtime does not support; ` +
      `it knows ${[...OPERATORS.keys()].join(', ')}, with ${QUANTIFIERS.join(': and ')}: before them`,
  );
}

/** One operator on one key: its values are alternatives. */
function compileOne<Context>(
  operatorName: string,
  keyName: string,
  values: unknown,
  keys: ConditionKeys<Context>,
  where: string,
): Condition<Context> {
  const { compare, negated, ifExists, quantifier } = operatorNamed(operatorName, where);
  const key = keys.find(keyName);
  if (key === undefined) {
    throw new Error(
      `${where} uses the condition key "${keyName}", which the local runtime does not support; ` +
        `it knows ${keys.names.join(', ')}`,
    );
  }
  if (key.isMultivalued && quantifier === undefined) {
    throw new Error(
      `${where} compares "${keyName}", which has several values, by "${operatorName}"; ` +
        `write ForAnyValue:${operatorName} or ForAllValues:${operatorName}`,
    );
  }
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  const matchers = list.map((value) => compare(asText(value, `${where}.${operatorName}.${keyName}`), where));
  const holds = (text: string): boolean => matchers.some((matches) => matches(text)) !== negated;
  const withoutValues = ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  return (context) => {
    const found = key.values(context);
    if (found.length === 0) return withoutValues;
    return quantifier === 'ForAllValues' ? found.every(holds) : found.some(holds);
  };
}

/**
 * Compiles the `Condition` of a policy statement: every operator and key in it has to hold.
 *
 * @param keys - the condition keys that requests have a value for
 * @throws Error naming an operator or key that is not supported
 */
export function compileCondition<Context>(
  block: unknown,
  keys: ConditionKeys<Context>,
  where: string,
): Condition<Context> {
  const conditions = Object.entries(asObject(block, where)).flatMap(([operator, values]) =>
    Object.entries(asObject(values, `${where}.${operator}`)).map(([key, value]) =>
      compileOne(operator, key, value, keys, where),
    ),
  );
  return (context) => conditions.every((condition) => condition(context));
}
