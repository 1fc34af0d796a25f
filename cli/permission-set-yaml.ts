import { stringify } from 'yaml';
import { isJsonObject } from '../core/tickets/field-reading';
import { definitionHash, OWNER_TAG, type PermissionSetContents } from '../core/permission-sets/definition';

/** What a file says beside the contents of its set. */
export interface DefinitionFlags {
  readonly adopt: boolean;
  readonly protected: boolean;
}

/** AWS keeps these to itself; nobody else can set them. */
const RESERVED_TAG = /^aws:/i;

const SCHEMA_COMMENT = '# yaml-language-server: $schema=../schemas/permission-set.schema.json';

/**
 * The text of a definition file for a set as the service has it: all that it is made of, nothing that is empty, and neither the
 * owner's tag nor those of AWS. A protected one gets its hash.
 */
export function definitionYaml(
  name: string,
  contents: PermissionSetContents,
  flags: DefinitionFlags,
): string {
  const tags = Object.fromEntries(
    Object.entries(contents.tags).filter(([key]) => key !== OWNER_TAG.key && !RESERVED_TAG.test(key)),
  );
  const { description, sessionDuration, relayState, inlinePolicy, permissionsBoundary } = contents;
  const { awsManagedPolicies, customerManagedPolicies } = contents;
  const definition = { name, ...contents, tags, ...flags };
  const document = {
    name,
    description,
    sessionDuration,
    relayState,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
    awsManagedPolicies: awsManagedPolicies.length === 0 ? undefined : awsManagedPolicies,
    customerManagedPolicies: customerManagedPolicies.length === 0 ? undefined : customerManagedPolicies,
    inlinePolicy: inlinePolicy === undefined ? undefined : documentOf(inlinePolicy),
    permissionsBoundary,
    adopt: flags.adopt || undefined,
    protected: flags.protected || undefined,
    approveHash: flags.protected ? definitionHash(definition) : undefined,
  };
  const yaml = stringify(document, {
    // Nothing is folded or abbreviated by an alias: people compare these files.
    lineWidth: 0,
    aliasDuplicateObjects: false,
    singleQuote: true,
    // As a block, a text such as a blank and a line end would lose its blank.
    blockQuote: false,
  });
  return `${SCHEMA_COMMENT}\n${yaml}`;
}

/** As a document; a text that is none stays one, for the check to find fault with it. */
function documentOf(inlinePolicy: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(inlinePolicy);
  } catch {
    return inlinePolicy;
  }
  if (!isJsonObject(document)) return inlinePolicy;
  const { Statement: statements } = document;
  const ordered = Array.isArray(statements)
    ? statements.map((each: unknown) => inOrder(each, STATEMENT_ORDER))
    : inOrder(statements, STATEMENT_ORDER);
  return inOrder({ ...document, ...(statements !== undefined && { Statement: ordered }) }, DOCUMENT_ORDER);
}

/** As policies are usually written; canonical JSON is sorted by letters. */
const DOCUMENT_ORDER: readonly string[] = ['Version', 'Id', 'Statement'];
const STATEMENT_ORDER: readonly string[] = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function inOrder(value: unknown, order: readonly string[]): unknown {
  if (!isJsonObject(value)) return value;
  const known = order.filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !order.includes(key));
  return Object.fromEntries([...known, ...others].map((key) => [key, value[key]]));
}
