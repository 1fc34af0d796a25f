import { readTarget, type Target } from '../targets/grammar';
import { readDuration } from '../tickets/durations';
import { collectProblems } from '../tickets/field-problem';
import { AccessFileError, type LineOf, withLines } from './access-file-error';
import {
  type AccessPolicy,
  LONGEST_LEASE_EVER_MS,
  type PolicyCaller,
  type PolicyRule,
} from './access-policy';
import { type AccessPolicyFile, accessPolicySchema } from './access-policy-schema';
import { callerIdentity } from './callers';
import { checkReferences } from './policy-references';
import { reportSchemaIssues } from './schema-issues';

/** One star, which every name matches. */
const EVERYTHING: readonly string[] = ['*'];

/**
 * Reads an access policy that was parsed from YAML.
 * @param fileName as messages should show it, such as `access/policy.yaml`
 * @param lineOf where keys stand in the file, if that is known
 * @throws AccessFileError with every problem of the file, each with line, key path, value and remedy
 */
export function parseAccessPolicy(document: unknown, fileName: string, lineOf?: LineOf): AccessPolicy {
  const { report, problems } = collectProblems();
  const result = accessPolicySchema.safeParse(document);
  reportSchemaIssues(report, document, result.error?.issues ?? []);
  checkReferences(report, document);
  const found = problems();
  if (!result.success || found.length > 0) throw new AccessFileError(fileName, withLines(found, lineOf));
  return policyOf(result.data);
}

function policyOf(file: AccessPolicyFile): AccessPolicy {
  const { protectedPermissionSets = [], longest } = file.guardrails ?? {};
  return {
    callers: file.callers.map(callerOf),
    rules: file.rules.map(ruleOf),
    guardrails: {
      protectedPermissionSets,
      longestMs: longest === undefined ? LONGEST_LEASE_EVER_MS : millisecondsOf(longest),
    },
  };
}

function callerOf(entry: AccessPolicyFile['callers'][number]): PolicyCaller {
  const { name, role, account = '', may, trustedForRequester } = entry;
  return {
    name,
    identity:
      role === undefined
        ? { kind: 'account', accountId: account }
        : { kind: 'role', roleArn: callerIdentity(role)?.arn ?? role },
    mayAsk: may.ask,
    mayRead: may.read,
    mayRevoke: may.revoke,
    mayPermissionSets: may.permissionSets,
    mayReconciliations: may.reconciliations,
    trustedForRequester,
  };
}

function ruleOf(entry: AccessPolicyFile['rules'][number]): PolicyRule {
  const { name, callers } = entry;
  if (entry.effect === 'allow') {
    const { users = [], groups = [] } = entry.principals;
    const { permissionSets } = entry;
    const longestMs = millisecondsOf(entry.longest);
    return {
      name,
      effect: 'allow',
      callers,
      principals: { users, groups },
      permissionSets,
      ...placesOf(entry, []),
      longestMs,
    };
  }
  // A deny rule that leaves something out forbids all of it, groups too; one that names principals means only those.
  const { principals, permissionSets = EVERYTHING } = entry;
  const { users, groups } = principals ?? { users: EVERYTHING, groups: EVERYTHING };
  const named = { users: users ?? [], groups: groups ?? [] };
  return {
    name,
    effect: 'deny',
    callers,
    principals: named,
    permissionSets,
    ...placesOf(entry, EVERYTHING),
  };
}

/** Where a rule holds: its accounts or its target, which `checkReferences` has accepted. */
function placesOf(
  { accounts, target }: { readonly accounts?: readonly string[] | undefined; readonly target?: unknown },
  otherwise: readonly string[],
): { readonly accounts: readonly string[] } | { readonly target: Target } {
  if (target === undefined) return { accounts: accounts ?? otherwise };
  const { report, problems } = collectProblems();
  const read = readTarget(report, 'target', target);
  if (read === undefined) throw new TypeError(`target: ${problems()[0]?.problem ?? 'is not one'}`);
  return { target: read };
}

/** The length of a duration that the schema has accepted. */
function millisecondsOf(duration: string): number {
  const reading = readDuration(duration);
  if (!reading.ok) throw new TypeError(`duration "${duration}" ${reading.problem}; ${reading.remedy}`);
  return reading.milliseconds;
}
