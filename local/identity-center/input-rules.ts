import { AwsError } from '../aws-api/json-service';

/**
 * What an operation's input may be, as data, and the check of it. The types of the inputs are derived from the rules, so that
 * an operation can only read what was checked.
 */

interface Presence {
  readonly required?: true;
}
interface TextRule extends Presence {
  readonly type: 'text';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly values?: readonly string[];
}
interface IntegerRule extends Presence {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
}
interface BooleanRule extends Presence {
  readonly type: 'boolean';
}
/** Any JSON value: a document of the service model. */
interface DocumentRule extends Presence {
  readonly type: 'document';
}
interface StructureRule extends Presence {
  readonly type: 'structure';
  readonly members: Members;
}
interface ListRule extends Presence {
  readonly type: 'list';
  readonly of: Rule;
  readonly min?: number;
  readonly max?: number;
}
/** Keys that the client chooses. */
interface MapRule extends Presence {
  readonly type: 'map';
  readonly keys: TextRule;
  readonly of: DocumentRule;
  readonly min?: number;
  readonly max?: number;
}
export type Rule = TextRule | IntegerRule | BooleanRule | DocumentRule | StructureRule | ListRule | MapRule;
export type Members = Readonly<Record<string, Rule>>;

type ValueOf<R> = R extends { readonly type: 'text'; readonly values: readonly (infer V)[] }
  ? V
  : R extends { readonly type: 'text' }
    ? string
    : R extends { readonly type: 'integer' }
      ? number
      : R extends { readonly type: 'boolean' }
        ? boolean
        : R extends { readonly type: 'document' }
          ? unknown
          : R extends { readonly type: 'structure'; readonly members: infer M }
            ? InputOf<M>
            : R extends { readonly type: 'list'; readonly of: infer E }
              ? readonly ValueOf<E>[]
              : R extends { readonly type: 'map' }
                ? Readonly<Record<string, unknown>>
                : never;

/** The type of an input that has passed its rules. */
export type InputOf<M> = {
  readonly [K in keyof M as M[K] extends { readonly required: true } ? K : never]: ValueOf<M[K]>;
} & {
  readonly [K in keyof M as M[K] extends { readonly required: true } ? never : K]?: ValueOf<M[K]> | undefined;
};

/** The same rule for a member that must be there. */
export function required<const R extends Rule>(rule: R): R & { readonly required: true } {
  return { ...rule, required: true };
}

/** How a service words what is wrong with an input. */
export type InputError = (violations: readonly string[]) => AwsError;

/** The wording of Identity Center and the Identity Store: all violations in one message. */
const constraintError: InputError = (violations) => {
  const errors = violations.length === 1 ? 'error' : 'errors';
  return new AwsError(
    'ValidationException',
    `${violations.length} validation ${errors} detected: ${violations.join('; ')}`,
  );
};

/**
 * Checks an input against its rules; members without a rule are passed over, as the service does.
 * @throws AwsError `SerializationException` for a value of a wrong type, else what `inputError` makes of the violations
 */
export function checkInput<const M extends Members>(
  members: M,
  input: Readonly<Record<string, unknown>>,
  inputError: InputError = constraintError,
): InputOf<M> {
  if (isDeeperThan(MOST_LEVELS, input))
    throw new AwsError('SerializationException', `the input is nested more than ${MOST_LEVELS} levels deep`);
  const violations: string[] = [];
  checkMembers(members, input, '', violations);
  if (violations.length > 0) throw inputError(violations);
  return withoutNulls(input) as InputOf<M>;
}

/** The input itself is the first level. No operation has a member below the tenth, but documents may; JSON itself has no limit. */
const MOST_LEVELS = 100;

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeperThan(levels - 1, one));
}

/** A null is a member that is not there; in a list it keeps its place. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

function checkMembers(
  members: Members,
  value: Readonly<Record<string, unknown>>,
  at: string,
  violations: string[],
): void {
  for (const [name, rule] of Object.entries(members)) {
    const path = `${at}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && member !== null) checkValue(rule, member, path, violations);
    else if (rule.required) violations.push(violation('null', path, 'Member must not be null'));
  }
}

function checkValue(rule: Rule, value: unknown, path: string, violations: string[]): void {
  switch (rule.type) {
    case 'text':
      if (typeof value !== 'string') throw wrongType(value, 'String');
      violations.push(...textViolations(rule, value, path));
      return;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, 'Integer');
      violations.push(
        ...limitViolations(value, rule, 'value').map((limit) => violation(`'${value}'`, path, limit)),
      );
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
      return;
    case 'document':
      return;
    case 'structure':
      checkMembers(rule.members, objectOf(value, 'Structure'), `${path}.`, violations);
      return;
    case 'map':
      checkMap(rule, objectOf(value, 'Map'), path, violations);
      return;
    case 'list':
      if (!Array.isArray(value)) throw wrongType(value, 'List');
      violations.push(
        ...limitViolations(value.length, rule, 'length').map((limit) =>
          violation(`'${JSON.stringify(value)}'`, path, limit),
        ),
      );
      // The service counts members from 1.
      value.forEach((element: unknown, index) => {
        checkValue(rule.of, element, `${path}.${index + 1}.member`, violations);
      });
  }
}

function checkMap(
  rule: MapRule,
  value: Readonly<Record<string, unknown>>,
  path: string,
  violations: string[],
): void {
  violations.push(
    ...limitViolations(Object.keys(value).length, rule, 'length').map((limit) =>
      violation(`'${JSON.stringify(value)}'`, path, limit),
    ),
  );
  for (const [key, one] of Object.entries(value)) {
    checkValue(rule.keys, key, `${path}.${key}.key`, violations);
    checkValue(rule.of, one, `${path}.${key}.value`, violations);
  }
}

function textViolations(rule: TextRule, value: string, path: string): string[] {
  const constraints = limitViolations(value.length, rule, 'length');
  // The longest value that any pattern here must see is 2,048 characters: a longer one is refused for its length alone.
  const tooLong = rule.max !== undefined && value.length > rule.max;
  if (rule.pattern !== undefined && !tooLong && !whole(rule.pattern).test(value)) {
    constraints.push(`Member must satisfy regular expression pattern: ${rule.pattern}`);
  }
  if (rule.values?.includes(value) === false) {
    constraints.push(`Member must satisfy enum value set: [${rule.values.join(', ')}]`);
  }
  return constraints.map((constraint) => violation(`'${value}'`, path, constraint));
}

function limitViolations(
  size: number,
  { min, max }: { min?: number; max?: number },
  what: 'length' | 'value',
): string[] {
  if (min !== undefined && size < min) return [`Member must have ${what} greater than or equal to ${min}`];
  if (max !== undefined && size > max) return [`Member must have ${what} less than or equal to ${max}`];
  return [];
}

function violation(value: string, path: string, constraint: string): string {
  return `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;
}

const compiled = new Map<string, RegExp>();

/** A pattern constrains the whole value. */
function whole(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(`^(?:${pattern})$`, 'u');
  compiled.set(pattern, made);
  return made;
}

function objectOf(value: unknown, wanted: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(value, wanted);
  return value as Record<string, unknown>;
}

function wrongType(value: unknown, wanted: string): AwsError {
  const actual = Array.isArray(value)
    ? 'LIST_VALUE'
    : `${value === null ? 'NULL' : typeof value}_VALUE`.toUpperCase();
  return new AwsError('SerializationException', `${actual} can not be converted to ${wanted}`);
}
