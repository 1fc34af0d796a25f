import { fieldPath, type Report } from './field-problem';
import { checkKeys, member, readObject } from './field-reading';
import { readText, type TextRule } from './safe-text';
import type { PermissionSetReference, PersonReference, PrincipalReference, TicketReference } from './ticket';

/** Lengths and patterns from the Identity Store API: `UserName` (128; an e-mail address may have 254), `ResourceId`. */
export const STORE_ID = /^(?:[0-9a-f]{10}-)?[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}$/;
const USER: TextRule = {
  kind: 'name',
  longest: 254,
  pattern: /^\S+$/,
  what: 'a user name or e-mail address (without blanks)',
};
const USER_ID: TextRule = {
  kind: 'name',
  longest: 47,
  pattern: STORE_ID,
  what: 'a user id of the identity store',
};
/** `GroupDisplayName` may have 1,024 characters. */
const GROUP: TextRule = { kind: 'name', longest: 1_024, what: "a group's display name" };
const GROUP_ID: TextRule = { ...USER_ID, what: 'a group id of the identity store' };

const PERSON_RULES = { user: USER, userId: USER_ID } as const;
const PRINCIPAL_RULES = { ...PERSON_RULES, group: GROUP, groupId: GROUP_ID } as const;

/** `PermissionSetName` and `PermissionSetArn` of the sso-admin API. */
const SET_NAME: TextRule = {
  kind: 'name',
  longest: 32,
  pattern: /^[\w+=,.@-]+$/,
  what: "a permission set's name (letters, digits and +=,.@-_) or ARN",
};
export const PERMISSION_SET_ARN =
  /^arn:aws(?:-[a-z]{1,5}){0,3}:sso:::permissionSet\/(?:sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/;
const SET_ARN: TextRule = {
  kind: 'name',
  longest: 1_224,
  pattern: PERMISSION_SET_ARN,
  what: "a permission set's ARN (arn:aws:sso:::permissionSet/ssoins-…/ps-…) or name",
};

/** A slug: it stands in keys and in events, before the ticket's id. */
const SYSTEM: TextRule = {
  kind: 'name',
  longest: 64,
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  what: "the ticket system's name, such as servicenow (letters, digits and ._-)",
};
const TICKET_ID: TextRule = {
  kind: 'name',
  longest: 128,
  pattern: /^[\x21-\x7E]+$/,
  what: "the ticket's id, such as RITM0012345 (ASCII without blanks)",
};

/**
 * Reads an object with exactly one of `user`, `userId`, `group`, `groupId`.
 * @param field where it stands, for the problems
 */
export function readPrincipal(
  report: Report,
  value: unknown,
  field = 'principal',
): PrincipalReference | undefined {
  return readOneOf(report, field, value, PRINCIPAL_RULES);
}

/** Reads `requestedBy`, where given: an object with exactly one of `user`, `userId`. */
export function readRequester(report: Report, value: unknown): PersonReference | undefined {
  return value === undefined ? undefined : readOneOf(report, 'requestedBy', value, PERSON_RULES);
}

/** Reads `permissionSet`: a name or an ARN, told apart by the `arn:` in front. */
export function readPermissionSet(report: Report, value: unknown): PermissionSetReference | undefined {
  const isArn = typeof value === 'string' && value.startsWith('arn:');
  const text = readText(report, 'permissionSet', value, isArn ? SET_ARN : SET_NAME);
  return text === undefined ? undefined : { by: isArn ? 'arn' : 'name', value: text };
}

/** Reads `ticket`, where given: the system in lower case, the id as it stands. */
export function readTicketReference(report: Report, value: unknown): TicketReference | undefined {
  if (value === undefined) return undefined;
  const object = readObject(report, 'ticket', value, '{"system": "servicenow", "id": "RITM0012345"}');
  if (object === undefined) return undefined;
  checkKeys(report, 'ticket', object, ['system', 'id']);
  const system = readText(report, 'ticket.system', member(object, 'system'), SYSTEM);
  const id = readText(report, 'ticket.id', member(object, 'id'), TICKET_ID);
  return system === undefined || id === undefined ? undefined : { system: system.toLowerCase(), id };
}

/** An object with exactly one of the keys of `rules`; more than one would leave open which of them counts. */
function readOneOf<Key extends string>(
  report: Report,
  field: string,
  value: unknown,
  rules: Readonly<Record<Key, TextRule>>,
): { readonly by: Key; readonly value: string } | undefined {
  const known = Object.keys(rules) as Key[];
  const object = readObject(report, field, value, '{"user": "alice@example.com"}');
  if (object === undefined) return undefined;
  checkKeys(report, field, object, known);
  const given = known.filter((key) => member(object, key) !== undefined);
  const [by] = given;
  if (by === undefined || given.length > 1) {
    const problem = by === undefined ? 'names nobody' : `has ${given.join(' and ')}`;
    report(field, value, problem, `give exactly one of ${known.join(', ')}`);
  }
  // Read all of them, so that a wrong second one is told too.
  const texts = given.map((key) => readText(report, fieldPath(field, key), member(object, key), rules[key]));
  const [text] = texts;
  return by === undefined || text === undefined ? undefined : { by, value: text };
}
