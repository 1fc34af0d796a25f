import { BlockList, isIPv4 } from 'node:net';
import { asObject, asText } from '../assembly/json-values';

/** What the conditions of a resource policy may look at. A key that the request does not have is `undefined`. */
interface ConditionContext {
  readonly 'aws:PrincipalArn': string | undefined;
  readonly 'aws:PrincipalAccount': string | undefined;
  readonly 'aws:PrincipalOrgID': string | undefined;
  readonly 'aws:SourceIp': string | undefined;
}

/** A compiled condition block: whether all of it holds. */
export type Condition = (context: ConditionContext) => boolean;

/** Condition keys are the same in any case. */
const KEYS: ReadonlyMap<string, keyof ConditionContext> = new Map(
  (['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:SourceIp'] as const).map((key) => [
    key.toLowerCase(),
    key,
  ]),
);

/** A pattern with `*` (any number of characters, slashes too) and `?` (one), matched against the whole text. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern
    .split('')
    .map((character) =>
      character === '*'
        ? '[^]*'
        : character === '?'
          ? '[^]'
          : character.replace(/[\\^$.|+()[\]{}/]/g, '\\$&'),
    )
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

/** ARNs are compared part by part, so that a `*` in one part does not reach into the next; the sixth part is the rest. */
function arnPattern(pattern: string): (text: string) => boolean {
  const parts = arnParts(pattern).map(wildcard);
  if (parts.length < 6) return () => false;
  return (text) => {
    const values = arnParts(text);
    return values.length === 6 && parts.every((matches, index) => matches(values[index] ?? ''));
  };
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function ipRange(pattern: string, where: string): (text: string) => boolean {
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

type Comparison = (pattern: string, where: string) => (text: string) => boolean;

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
function compileOne(operatorName: string, keyName: string, values: unknown, where: string): Condition {
  const ifExists = operatorName.endsWith('IfExists');
  const operator = OPERATORS.get(ifExists ? operatorName.slice(0, -'IfExists'.length) : operatorName);
  if (operator === undefined) {
    throw new Error(
      `${where} uses the condition operator "${operatorName}", which the local gateway does not support; ` +
        `it knows ${[...OPERATORS.keys()].join(', ')}`,
    );
  }
  const key = KEYS.get(keyName.toLowerCase());
  if (key === undefined) {
    throw new Error(
      `${where} uses the condition key "${keyName}", which the local gateway does not support; ` +
        'it knows aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalOrgID and aws:SourceIp',
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
 * @throws Error naming an operator or key that is not supported
 */
export function compileCondition(block: unknown, where: string): Condition {
  const conditions = Object.entries(asObject(block, where)).flatMap(([operator, keys]) =>
    Object.entries(asObject(keys, `${where}.${operator}`)).map(([key, values]) =>
      compileOne(operator, key, values, where),
    ),
  );
  return (context) => conditions.every((condition) => condition(context));
}
