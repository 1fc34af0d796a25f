import { validationError } from './exceptions';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { checkInput, type InputOf, type Members, type Rule } from './input-rules';
import { USER_ATTRIBUTES, type UserAttributes } from './user-attributes';

type Operations = InputOf<(typeof IDENTITY_STORE_INPUTS)['UpdateUser']>['Operations'];

/**
 * Carries out the operations of an update, one after the other. A path names an attribute, or a member of one that has
 * members by name (`name.givenName`), in any case; a value of null, or none, takes it away.
 * @throws AwsError `ValidationException` for a path that names nothing that can be changed, or a value that it cannot have
 */
export function updatedUser(before: UserAttributes, operations: Operations): UserAttributes {
  let attributes: Readonly<Record<string, unknown>> = before;
  for (const { AttributePath: path, AttributeValue: value } of operations) {
    attributes = path.includes(':')
      ? withExtension(attributes, path, value)
      : updated(attributes, USER_ATTRIBUTES, path.split('.'), value, path);
  }
  // A value is checked where it stands in the end: parts of an attribute can be right that are wrong together.
  // What the organization file says, such as a second address, may be more than the API takes.
  const isChanged = ([name, value]: [string, unknown]): boolean =>
    value !== (before as Readonly<Record<string, unknown>>)[name];
  checkInput(USER_ATTRIBUTES, Object.fromEntries(Object.entries(attributes).filter(isChanged)));
  return attributes;
}

/**
 * The same for attributes that have no parts.
 * @param members what can be changed
 */
export function updatedAttributes<const M extends Members>(
  members: M,
  before: Readonly<Record<string, unknown>>,
  operations: Operations,
): InputOf<M> {
  let attributes = before;
  for (const { AttributePath: path, AttributeValue: value } of operations) {
    attributes = updated(attributes, members, path.split('.'), value, path);
  }
  return checkInput(members, attributes);
}

function updated(
  before: Readonly<Record<string, unknown>>,
  members: Members,
  [first = '', ...rest]: readonly string[],
  value: unknown,
  path: string,
): Readonly<Record<string, unknown>> {
  const name = spelled(first, members);
  const rule = name === undefined ? undefined : members[name];
  if (name === undefined || rule === undefined) throw notUpdatable(path);
  const { [name]: present, ...others } = before;
  const next = rest.length === 0 ? withNames(value, rule) : inside(present, rule, rest, value, path);
  return next === undefined || next === null ? others : { ...others, [name]: next };
}

function inside(
  present: unknown,
  rule: Rule,
  rest: readonly string[],
  value: unknown,
  path: string,
): unknown {
  if (rule.type !== 'structure') throw notUpdatable(path);
  const before = (present ?? {}) as Readonly<Record<string, unknown>>;
  const next = updated(before, rule.members, rest, value, path);
  return Object.keys(next).length === 0 ? undefined : next;
}

function withExtension(
  before: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  // The parts of an extension's document are not known: it is written as a whole.
  if (path.includes('.')) throw notUpdatable(path);
  const { Extensions: present, ...others } = before;
  const { [path]: _replaced, ...rest } = (present ?? {}) as Readonly<Record<string, unknown>>;
  const next = value === undefined || value === null ? rest : { ...rest, [path]: value };
  return Object.keys(next).length === 0 ? others : { ...others, Extensions: next };
}

/** Members of a document under the names that the model has for them, whatever their case. */
function withNames(value: unknown, rule: Rule): unknown {
  if (rule.type === 'list' && Array.isArray(value)) return value.map((one) => withNames(one, rule.of));
  if (rule.type !== 'structure' || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const named = Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const name = spelled(key, rule.members);
    const member = name === undefined ? undefined : rule.members[name];
    return name === undefined || member === undefined || one === null ? [] : [[name, withNames(one, member)]];
  });
  return Object.fromEntries(named) as Readonly<Record<string, unknown>>;
}

function spelled(name: string, members: Members): string | undefined {
  return Object.keys(members).find((member) => member.toLowerCase() === name.toLowerCase());
}

function notUpdatable(path: string): Error {
  return validationError(`The attribute ${path} cannot be updated`);
}
