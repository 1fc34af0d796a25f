import { isJsonObject, type JsonObject, member } from '../tickets/field-reading';
import { fieldPath, type Report } from '../tickets/field-problem';
import { canonicalJson } from '../tickets/canonical-json';
import { OWNER_TAG } from './definition';
import { MOST_POLICIES } from './differences';
import { AWS_MANAGED_POLICY, managedPolicyArn, managedPolicyPrefix } from './managed-policy-arn';

/** Paths of the API stand where a name would, and those with dots are the folder and the one above it. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['plan', 'rollout', '.', '..']);

/** The service's limit is 50; one is Latchkey's own. */
const MOST_TAGS = 49;

const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;

/** The service counts what is no white space. */
const MOST_POLICY_CHARACTERS = 10_240;

const MOST_POLICY_BYTES = 32_768;

/** The service takes no others; in a text they cannot be escaped, for the hash is taken over what is written. */
const NOT_IN_POLICY = /[^\t\n\r\x20-\xFF]/u;

/**
 * Reports what no single value of a definition shows. It looks at the raw document and passes over what has another shape than it
 * expects (the schema reports that), so that all problems of a file come out at once.
 */
export function checkDefinition(report: Report, document: unknown, partition: string): void {
  if (!isJsonObject(document)) return;
  checkName(report, member(document, 'name'));
  checkDescription(report, member(document, 'description'));
  checkTags(report, member(document, 'tags'));
  checkPolicies(report, document, partition);
  checkBoundary(report, member(document, 'permissionsBoundary'), partition);
  checkInlinePolicy(report, member(document, 'inlinePolicy'));
}

function checkName(report: Report, name: unknown): void {
  if (typeof name !== 'string' || !RESERVED_NAMES.has(name)) return;
  report('name', name, 'is a path of the request API', 'write another name');
}

function checkDescription(report: Report, description: unknown): void {
  if (typeof description !== 'string' || description === '' || description.trim() !== '') return;
  report('description', description, 'is blank', 'write what the set is for, or leave it out');
}

function checkTags(report: Report, tags: unknown): void {
  if (!isJsonObject(tags)) return;
  const keys = Object.keys(tags);
  const [ours = ''] = OWNER_TAG.key.split(':');
  for (const key of keys) {
    const path = fieldPath('tags', key);
    if (!TAG_KEY.test(key)) {
      const allowed = '1 to 128 letters, digits, blanks and _.:/=+-@';
      report(path, key, 'is not the key of a tag', `write ${allowed}`);
    } else if (/^aws:/i.test(key)) {
      report(path, key, 'begins with aws:, which AWS keeps for itself', 'write another key');
    } else if (key.startsWith(`${ours}:`)) {
      report(path, key, `begins with ${ours}:, which Latchkey keeps for itself`, 'remove it');
    }
  }
  if (keys.length <= MOST_TAGS) return;
  report(
    'tags',
    keys.length,
    'is more tags than a set can have',
    `write at most ${MOST_TAGS}; one is Latchkey's`,
  );
}

function checkPolicies(report: Report, document: JsonObject, partition: string): void {
  const aws = itemsAt(document, 'awsManagedPolicies');
  const customer = itemsAt(document, 'customerManagedPolicies');
  checkRepeats(report, 'awsManagedPolicies', aws, (policy) =>
    typeof policy === 'string' ? managedPolicyArn(policy, partition) : undefined,
  );
  checkRepeats(report, 'customerManagedPolicies', customer, referenceKey);
  aws.forEach((policy, index) => {
    checkPartition(report, `awsManagedPolicies[${index}]`, policy, partition);
  });
  const count = aws.length + customer.length;
  // One list alone is the schema's to count.
  if (count <= MOST_POLICIES || aws.length > MOST_POLICIES || customer.length > MOST_POLICIES) return;
  report(
    'customerManagedPolicies',
    count,
    `is the number of policies with awsManagedPolicies, more than ${MOST_POLICIES}`,
    'join policies, or use the inline policy',
  );
}

function referenceKey(reference: unknown): string | undefined {
  if (!isJsonObject(reference)) return undefined;
  const [name, path = '/'] = [member(reference, 'name'), member(reference, 'path')];
  return typeof name === 'string' && typeof path === 'string' ? path + name : undefined;
}

function checkRepeats(
  report: Report,
  list: string,
  items: readonly unknown[],
  keyOf: (item: unknown) => string | undefined,
): void {
  const keys = items.map(keyOf);
  keys.forEach((key, index) => {
    const first = keys.indexOf(key);
    if (key === undefined || first === index) return;
    report(fieldPath(list, index), key, `is the same policy as ${list}[${first}]`, 'remove one of them');
  });
}

function checkPartition(report: Report, field: string, policy: unknown, partition: string): void {
  if (typeof policy !== 'string' || !policy.startsWith('arn:') || !AWS_MANAGED_POLICY.test(policy)) return;
  const prefix = managedPolicyPrefix(partition);
  if (policy.startsWith(prefix)) return;
  report(field, policy, 'is of another partition than Identity Center', `begin it with ${prefix}`);
}

function checkBoundary(report: Report, boundary: unknown, partition: string): void {
  if (!isJsonObject(boundary)) return;
  const kinds = ['awsManagedPolicy', 'customerManagedPolicy'].filter((kind) => Object.hasOwn(boundary, kind));
  if (kinds.length !== 1) {
    const problem = kinds.length === 0 ? 'names no policy' : 'names two policies';
    const remedy = 'write awsManagedPolicy or customerManagedPolicy, one of the two';
    report('permissionsBoundary', Object.keys(boundary), problem, remedy);
  }
  const field = 'permissionsBoundary.awsManagedPolicy';
  checkPartition(report, field, member(boundary, 'awsManagedPolicy'), partition);
}

function checkInlinePolicy(report: Report, policy: unknown): void {
  if (!isJsonObject(policy)) return;
  checkStatements(report, member(policy, 'Statement'));
  const text = canonicalText(policy);
  if (text === undefined) return;
  const strange = NOT_IN_POLICY.exec(text);
  if (strange !== null) {
    report('inlinePolicy', strange[0], 'is a character that a policy cannot have', 'use Latin-1 characters');
  }
  const characters = text.replace(/\s/g, '').length;
  if (characters > MOST_POLICY_CHARACTERS) {
    const remedy = `write at most ${MOST_POLICY_CHARACTERS.toLocaleString('en')}, or use managed policies`;
    report('inlinePolicy', characters, 'is the number of its characters, white space aside', remedy);
  }
  // Each Latin-1 character above U+007F takes two bytes in UTF-8.
  const bytes = text.length + text.replace(/[^\x80-\u07FF]/g, '').length;
  if (bytes > MOST_POLICY_BYTES) {
    const remedy = `write at most ${MOST_POLICY_BYTES.toLocaleString('en')}, or use managed policies`;
    report('inlinePolicy', bytes, 'is the number of its bytes', remedy);
  }
}

/** Undefined for what no JSON can be, which the schema reports. */
function canonicalText(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}

function checkStatements(report: Report, value: unknown): void {
  const statements = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const sids = statements.map((each) => (isJsonObject(each) ? member(each, 'Sid') : undefined));
  statements.forEach((statement, index) => {
    if (!isJsonObject(statement)) return;
    const field = Array.isArray(value) ? `inlinePolicy.Statement[${index}]` : 'inlinePolicy.Statement';
    checkEither(report, field, statement, 'Action', 'NotAction');
    checkEither(report, field, statement, 'Resource', 'NotResource');
    const sid = sids[index];
    const first = sids.indexOf(sid);
    if (typeof sid !== 'string' || sid === '' || first === index) return;
    report(`${field}.Sid`, sid, `is the Sid of statement ${first + 1}, too`, 'write another, or none');
  });
}

/** One of two keys that exclude each other. */
function checkEither(report: Report, field: string, statement: JsonObject, one: string, other: string): void {
  const has = [one, other].filter((key) => Object.hasOwn(statement, key));
  if (has.length === 1) return;
  const problem = has.length === 0 ? `has neither ${one} nor ${other}` : `has both ${one} and ${other}`;
  report(field, Object.keys(statement), problem, `write ${one} or ${other}, one of the two`);
}

function itemsAt(document: JsonObject, key: string): readonly unknown[] {
  const value = member(document, key);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
