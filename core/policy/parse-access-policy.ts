import type * as z from 'zod';
import { readDuration } from '../tickets/durations';
import { collectProblems, fieldPath, type Report } from '../tickets/field-problem';
import { unknownKeyRemedy } from '../tickets/nearest-name';
import { kindOf } from '../tickets/safe-text';
import { AccessFileError } from './access-file-error';
import {
  type AccessPolicy,
  LONGEST_LEASE_EVER_MS,
  type PolicyCaller,
  type PolicyRule,
} from './access-policy';
import { type AccessPolicyFile, accessPolicySchema } from './access-policy-schema';
import { callerIdentity } from './callers';
import { checkReferences } from './policy-references';

/** One star, which every name matches. */
const EVERYTHING: readonly string[] = ['*'];

/**
 * Reads an access policy that was parsed from YAML.
 * @param fileName as messages should show it, such as `access/policy.yaml`
 * @throws AccessFileError with every problem of the file, each with key path, value and remedy
 */
export function parseAccessPolicy(document: unknown, fileName: string): AccessPolicy {
  const { report, problems } = collectProblems();
  const result = accessPolicySchema.safeParse(document);
  for (const issue of result.error?.issues ?? []) reportIssue(report, document, issue);
  checkReferences(report, document);
  const found = problems();
  if (!result.success || found.length > 0) throw new AccessFileError(fileName, found);
  return policyOf(result.data);
}

/** Translates one finding of the schema; the messages there have a line for the problem and one for the remedy. */
function reportIssue(report: Report, document: unknown, issue: z.core.$ZodIssue): void {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const field = path.reduce<string>(fieldPath, '');
  const [problem = '', remedy = ''] = issue.message.split('\n');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      report(
        fieldPath(field, key),
        key,
        'is not a key that is known here',
        unknownKeyRemedy(key, remedy.split(',')),
      );
    }
    return;
  }
  const value = valueAt(document, path);
  // Only scalars are shown: a whole rule would fill the line without saying which part of it is wrong.
  const shown = typeof value === 'object' ? kindOf(value) : value;
  report(field === '' ? '(file)' : field, shown, value === undefined ? 'is missing' : problem, remedy);
}

/** What stands at a path, by own members only; the schema does not repeat the values that it finds wrong. */
function valueAt(document: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[key];
  }, document);
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
    trustedForRequester,
  };
}

function ruleOf(entry: AccessPolicyFile['rules'][number]): PolicyRule {
  const { name, callers } = entry;
  if (entry.effect === 'allow') {
    const { users = [], groups = [] } = entry.principals;
    const { permissionSets, accounts } = entry;
    const longestMs = millisecondsOf(entry.longest);
    return {
      name,
      effect: 'allow',
      callers,
      principals: { users, groups },
      permissionSets,
      accounts,
      longestMs,
    };
  }
  // A deny rule that leaves something out forbids all of it, groups too; one that names principals means only those.
  const { principals, permissionSets = EVERYTHING, accounts = EVERYTHING } = entry;
  const { users, groups } = principals ?? { users: EVERYTHING, groups: EVERYTHING };
  const named = { users: users ?? [], groups: groups ?? [] };
  return { name, effect: 'deny', callers, principals: named, permissionSets, accounts };
}

/** The length of a duration that the schema has accepted. */
function millisecondsOf(duration: string): number {
  const reading = readDuration(duration);
  if (!reading.ok) throw new TypeError(`duration "${duration}" ${reading.problem}; ${reading.remedy}`);
  return reading.milliseconds;
}
