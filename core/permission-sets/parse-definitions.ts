import {
  AccessFileError,
  AccessFilesError,
  type FileProblem,
  type LineOf,
  withLines,
} from '../policy/access-file-error';
import { matchesGlobIgnoringCase } from '../policy/glob';
import { reportSchemaIssues } from '../policy/schema-issues';
import { canonicalJson } from '../tickets/canonical-json';
import { collectProblems, shownValue } from '../tickets/field-problem';
import { isJsonObject, member } from '../tickets/field-reading';
import { findJsonFault } from '../tickets/json-syntax';
import {
  DEFAULT_SESSION_DURATION,
  definitionHash,
  type PermissionsBoundary,
  type PermissionSetDefinition,
  type PolicyReference,
} from './definition';
import { checkDefinition } from './definition-rules';
import { type DefinitionFile, definitionSchema } from './definition-schema';
import { managedPolicyArn } from './managed-policy-arn';
import { readSessionDuration } from './session-duration';

/** A file of `access/permission-sets/`, parsed from YAML. */
export interface DefinitionSource {
  /** As messages should show it. */
  readonly fileName: string;
  readonly document: unknown;
  readonly lineOf: LineOf;
}

/** What the files are checked against. */
export interface DefinitionContext {
  /** Of Identity Center: `aws`, `aws-us-gov`, … */
  readonly partition: string;
  /** `guardrails.protectedPermissionSets` of the policy. Patterns of ARNs are not judged here, where no set has one yet. */
  readonly protectedPermissionSets: readonly string[];
}

/** A definition, and the file that it is from. */
export interface DefinitionOfFile {
  readonly fileName: string;
  readonly definition: PermissionSetDefinition;
}

/**
 * Checks all definition files, alone and against each other, and brings them to their one form, in the order of their names.
 * @throws AccessFileError, or AccessFilesError for several files, with every problem: file, line, key path, value, remedy
 */
export function parsePermissionSetDefinitions(
  sources: readonly DefinitionSource[],
  context: DefinitionContext,
): DefinitionOfFile[] {
  const read = sources.map((source) => readDefinition(source, context));
  const errors = sources.flatMap((source, index) => {
    const problems = [...(read[index]?.problems ?? []), ...repeatedName(sources, index)];
    return problems.length === 0 ? [] : [new AccessFileError(source.fileName, problems)];
  });
  if (errors.length > 1) throw new AccessFilesError(errors);
  for (const error of errors) throw error;
  return read
    .flatMap(({ fileName, definition }) => (definition === undefined ? [] : [{ fileName, definition }]))
    .sort((left, right) => (left.definition.name < right.definition.name ? -1 : 1));
}

interface ReadDefinition {
  readonly fileName: string;
  readonly definition?: PermissionSetDefinition;
  readonly problems: readonly FileProblem[];
}

function readDefinition(source: DefinitionSource, context: DefinitionContext): ReadDefinition {
  const { fileName, lineOf } = source;
  const document = withParsedInlinePolicy(source.document);
  const { report, problems } = collectProblems();
  const result = definitionSchema.safeParse(document);
  reportSchemaIssues(report, document, result.error?.issues ?? []);
  checkDefinition(report, document, context.partition);
  if (!result.success || problems().length > 0) {
    return { fileName, problems: withLines(problems(), lineOf) };
  }
  const definition = definitionOf(result.data, document, context.partition);
  checkProtection(report, definition, context.protectedPermissionSets);
  return { fileName, definition, problems: withLines(problems(), lineOf) };
}

/** A text of JSON becomes the document that it is, so that what is wrong in it is found and named by its path. */
function withParsedInlinePolicy(document: unknown): unknown {
  if (!isJsonObject(document)) return document;
  const policy = member(document, 'inlinePolicy');
  if (typeof policy !== 'string' || findJsonFault(policy) !== undefined) return document;
  const inlinePolicy: unknown = JSON.parse(policy);
  return { ...document, inlinePolicy };
}

function definitionOf(file: DefinitionFile, document: unknown, partition: string): PermissionSetDefinition {
  const { name, description, sessionDuration, relayState, tags = {}, approveHash } = file;
  const { awsManagedPolicies = [], customerManagedPolicies = [], permissionsBoundary } = file;
  return {
    name,
    ...(description !== undefined && { description }),
    sessionDuration: sessionDuration === undefined ? DEFAULT_SESSION_DURATION : oneForm(sessionDuration),
    ...(relayState !== undefined && { relayState }),
    tags,
    awsManagedPolicies: awsManagedPolicies.map((policy) => managedPolicyArn(policy, partition)).sort(),
    customerManagedPolicies: [...customerManagedPolicies].sort(byPlace),
    // From the document, not from what the schema made of it: nothing of a policy may get lost on the way.
    ...(file.inlinePolicy !== undefined && {
      inlinePolicy: canonicalJson((document as DefinitionFile).inlinePolicy),
    }),
    ...boundaryOf(permissionsBoundary, partition),
    adopt: file.adopt,
    protected: file.protected,
    ...(approveHash !== undefined && { approveHash }),
  };
}

function boundaryOf(
  boundary: DefinitionFile['permissionsBoundary'],
  partition: string,
): { readonly permissionsBoundary?: PermissionsBoundary } {
  const { awsManagedPolicy, customerManagedPolicy } = boundary ?? {};
  if (awsManagedPolicy !== undefined) {
    return { permissionsBoundary: { awsManagedPolicy: managedPolicyArn(awsManagedPolicy, partition) } };
  }
  return customerManagedPolicy === undefined ? {} : { permissionsBoundary: { customerManagedPolicy } };
}

function oneForm(sessionDuration: string): string {
  const reading = readSessionDuration(sessionDuration);
  if (!reading.ok) throw new TypeError(`session duration "${sessionDuration}" ${reading.problem}`);
  return reading.duration;
}

function byPlace(left: PolicyReference, right: PolicyReference): number {
  return left.path + left.name < right.path + right.name ? -1 : 1;
}

/** A change of a protected set takes a second look: whoever wants it has to write down the hash of what it leads to. */
function checkProtection(
  report: ReturnType<typeof collectProblems>['report'],
  definition: PermissionSetDefinition,
  protectedPermissionSets: readonly string[],
): void {
  const glob = protectedPermissionSets.find((each) => matchesGlobIgnoringCase(each, definition.name));
  const hash = definitionHash({ ...definition, protected: true });
  if (!definition.protected) {
    if (glob !== undefined) {
      report(
        'protected',
        definition.protected,
        `has to be true: guardrails.protectedPermissionSets of the policy has ${shownValue(glob)}`,
        `write protected: true and approveHash: "${hash}"`,
      );
    } else if (
      definition.approveHash !== undefined &&
      definition.approveHash !== definitionHash(definition)
    ) {
      const lifting = `approveHash: "${definitionHash(definition)}" lifts the protection that a set was rolled out with`;
      const remedy = `write protected: true beside it, or remove it; ${lifting}`;
      report('approveHash', definition.approveHash, 'is of no use: the set is not protected', remedy);
    }
    return;
  }
  if (definition.approveHash === hash) return;
  const problem =
    definition.approveHash === undefined
      ? 'is missing, and the set is protected'
      : 'is not the hash of what the file says';
  report('approveHash', definition.approveHash, problem, `after a review, write approveHash: "${hash}"`);
}

/** Reports a name that an earlier file has. Names that differ only in upper and lower case would be told apart by nobody. */
function repeatedName(sources: readonly DefinitionSource[], index: number): FileProblem[] {
  const names = sources.slice(0, index + 1).map(({ document }) => nameIn(document));
  const name = names[index];
  const first = names.findIndex((each) => each?.toLowerCase() === name?.toLowerCase());
  const other = sources[first];
  const source = sources[index];
  if (name === undefined || first === index || other === undefined || source === undefined) return [];
  const { report, problems } = collectProblems();
  const line = other.lineOf('name');
  const place = line === undefined ? other.fileName : `${other.fileName}, line ${line}`;
  report(
    'name',
    name,
    names[first] === name ? `is the name in ${place}, too` : `differs only in case from the name in ${place}`,
    'give one of the two another name, or remove its file',
  );
  return withLines(problems(), source.lineOf);
}

function nameIn(document: unknown): string | undefined {
  const name = isJsonObject(document) ? member(document, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}
