import { fieldPath, type Report } from '../tickets/field-problem';
import { durationInWords, isoDuration, readDuration } from '../tickets/durations';
import { isJsonObject, type JsonObject, member } from '../tickets/field-reading';
import { unknownKeyRemedy } from '../tickets/nearest-name';
import { readTarget } from '../targets/grammar';
import { LONGEST_LEASE_EVER_MS } from './access-policy';
import { callerIdentity } from './callers';

/**
 * Reports what no single value of a policy file shows: names that stand twice, rules for callers that are not there,
 * limits beyond the guardrail, targets that cannot be read. It looks at the raw document and passes over what has another shape than it expects
 * (the schema reports that), so that all problems of a file come out at once.
 */
export function checkReferences(report: Report, document: unknown): void {
  const callers = objectsAt(document, 'callers');
  const rules = objectsAt(document, 'rules');
  checkIdentities(report, callers);
  checkUnique(report, 'name', callers, (caller) => member(caller.entry, 'name'));
  checkUnique(report, 'role', callers, (caller) => {
    const role = member(caller.entry, 'role');
    return typeof role === 'string' ? callerIdentity(role)?.arn : undefined;
  });
  checkUnique(report, 'account', callers, (caller) => member(caller.entry, 'account'));
  checkUnique(report, 'name', rules, (rule) => member(rule.entry, 'name'));
  const longest = checkGuardrail(report, document);
  for (const rule of rules) {
    checkRuleCallers(report, rule, callers);
    checkRulePrincipals(report, rule);
    checkRuleAccounts(report, rule);
    checkRuleLength(report, rule, longest);
  }
}

interface Entry {
  readonly path: string;
  readonly entry: JsonObject;
}

/** The objects in a list of the document, each with its path; nothing where there is no list. */
function objectsAt(document: unknown, key: string): readonly Entry[] {
  const value = isJsonObject(document) ? member(document, key) : undefined;
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown, index) =>
    isJsonObject(entry) ? [{ path: fieldPath(key, index), entry }] : [],
  );
}

/** Two identities in one entry would leave open whether both are meant or one is left over. */
function checkIdentities(report: Report, callers: readonly Entry[]): void {
  for (const { path, entry } of callers) {
    const given = ['role', 'account'].filter((key) => member(entry, key) !== undefined);
    if (given.length === 1) continue;
    const problem =
      given.length === 0 ? 'has neither a role nor an account' : 'has both a role and an account';
    report(path, member(entry, 'name'), problem, 'give exactly one of them');
  }
}

/** Reports the second and later entries with the same value, naming where the first stands. */
function checkUnique(
  report: Report,
  key: string,
  entries: readonly Entry[],
  valueOf: (entry: Entry) => unknown,
): void {
  const first = new Map<string, string>();
  for (const entry of entries) {
    const value = valueOf(entry);
    if (typeof value !== 'string') continue;
    const before = first.get(value);
    if (before === undefined) first.set(value, entry.path);
    else report(fieldPath(entry.path, key), value, `is also at ${before}`, 'make it unique');
  }
}

/** A rule for a caller that is not there, or may not ask, would never match: a typing error, not a wish. */
function checkRuleCallers(report: Report, { path, entry }: Entry, callers: readonly Entry[]): void {
  const named = member(entry, 'callers');
  if (!Array.isArray(named)) return;
  named.forEach((name: unknown, index) => {
    if (typeof name !== 'string') return;
    const field = fieldPath(fieldPath(path, 'callers'), index);
    const caller = callers.find((candidate) => member(candidate.entry, 'name') === name);
    if (caller === undefined) {
      const known = callers.map((candidate) => member(candidate.entry, 'name'));
      const names = known.filter((candidate) => typeof candidate === 'string');
      report(field, name, 'is not a caller of this file', unknownKeyRemedy(name, names));
      return;
    }
    const may = member(caller.entry, 'may');
    if (isJsonObject(may) && member(may, 'ask') !== true) {
      report(
        field,
        name,
        'is a caller that may not ask',
        `set ${caller.path}.may.ask to true, or remove it here`,
      );
    }
  });
}

function checkRulePrincipals(report: Report, { path, entry }: Entry): void {
  const principals = member(entry, 'principals');
  if (!isJsonObject(principals)) return;
  if (['users', 'groups'].some((key) => member(principals, key) !== undefined)) return;
  report(fieldPath(path, 'principals'), principals, 'names nobody', 'give users, groups or both');
}

/** Exactly one way to say where; a deny rule without any is for all accounts. */
function checkRuleAccounts(report: Report, { path, entry }: Entry): void {
  const target = member(entry, 'target');
  const hasAccounts = member(entry, 'accounts') !== undefined;
  if (target !== undefined) readTarget(report, fieldPath(path, 'target'), target);
  if (target !== undefined && hasAccounts) {
    const remedy = 'keep one of them: a target can list ids, too, as [{ account: "111122223333" }]';
    report(fieldPath(path, 'target'), target, 'stands beside accounts', remedy);
  }
  if (target !== undefined || hasAccounts || member(entry, 'effect') !== 'allow') return;
  const remedy =
    'list account ids or "*" in accounts, or write a target such as { ou: Workloads/Dev } instead';
  report(fieldPath(path, 'accounts'), undefined, 'is missing', remedy);
}

/** The guardrail's length in milliseconds; that of the absolute limit where it is not given or not readable. */
function checkGuardrail(report: Report, document: unknown): number {
  const guardrails = isJsonObject(document) ? member(document, 'guardrails') : undefined;
  const longest = isJsonObject(guardrails) ? member(guardrails, 'longest') : undefined;
  const milliseconds = lengthOf(longest) ?? LONGEST_LEASE_EVER_MS;
  if (milliseconds <= LONGEST_LEASE_EVER_MS) return milliseconds;
  report(
    'guardrails.longest',
    longest,
    'is more than 14 days',
    'write P14D or less: longer access is a baseline, not a lease',
  );
  return LONGEST_LEASE_EVER_MS;
}

/** A limit that the guardrail would cut is refused, so that the file says what holds. */
function checkRuleLength(report: Report, { path, entry }: Entry, guardrailMs: number): void {
  const longest = member(entry, 'longest');
  const milliseconds = lengthOf(longest);
  if (milliseconds === undefined || milliseconds <= guardrailMs) return;
  const problem = `is longer than the guardrail of ${durationInWords(guardrailMs)}`;
  report(fieldPath(path, 'longest'), longest, problem, `write ${isoDuration(guardrailMs)} or less`);
}

function lengthOf(value: unknown): number | undefined {
  const reading = typeof value === 'string' ? readDuration(value) : undefined;
  return reading?.ok === true ? reading.milliseconds : undefined;
}
