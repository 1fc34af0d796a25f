import { matchesGlobIgnoringCase } from '../policy/glob';
import { fieldPath, type Report, shownValue } from '../tickets/field-problem';
import { isJsonObject, type JsonObject, member } from '../tickets/field-reading';
import { isControlTowerGroup, isControlTowerPermissionSet } from './control-tower';

/** What the rules are checked against. */
export interface BaselineContext {
  /** `guardrails.protectedPermissionSets` of the policy. Patterns of ARNs are judged when the sets are looked up. */
  readonly protectedPermissionSets: readonly string[];
}

/**
 * Reports what no single value of a baselines file shows: names and sets that stand twice, sets and groups that no rule may have. It
 * looks at the raw document and passes over what has another shape than it expects (the schema reports that), so that all problems of a
 * file come out at once.
 */
export function checkRules(report: Report, document: unknown, context: BaselineContext): void {
  const names = new Map<string, string>();
  for (const { path, rule } of rulesIn(document)) {
    checkRepeat(report, fieldPath(path, 'name'), member(rule, 'name'), names);
    checkPrincipal(report, path, rule);
    checkPermissionSets(report, fieldPath(path, 'permissionSets'), member(rule, 'permissionSets'), context);
  }
}

/** The objects in the list of rules, each with its path; nothing where there is no list. */
export function rulesIn(document: unknown): readonly { readonly path: string; readonly rule: JsonObject }[] {
  const rules = isJsonObject(document) ? member(document, 'baselines') : undefined;
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown, index) =>
    isJsonObject(rule) ? [{ path: fieldPath('baselines', index), rule }] : [],
  );
}

function checkRepeat(report: Report, field: string, value: unknown, before: Map<string, string>): void {
  if (typeof value !== 'string') return;
  const first = before.get(value);
  if (first === undefined) before.set(value, field);
  else report(field, value, `is also at ${first}`, 'make it unique, or remove one of the two');
}

function checkPrincipal(report: Report, path: string, rule: JsonObject): void {
  const principal = member(rule, 'principal');
  if (!isJsonObject(principal)) return;
  const group = member(principal, 'group');
  if (typeof group === 'string' && isControlTowerGroup(group)) {
    report(
      fieldPath(fieldPath(path, 'principal'), 'group'),
      group,
      'is a group of AWS Control Tower, which looks after it itself',
      'name a group of your own',
    );
  }
  const isNamed = ['group', 'user'].some((key) => member(principal, key) !== undefined);
  const isById = ['groupId', 'userId'].some((key) => member(principal, key) !== undefined);
  if (member(rule, 'followsName') !== true || isNamed || !isById) return;
  report(
    fieldPath(path, 'followsName'),
    true,
    'stands beside an id, which is always the same',
    'leave it out, or name the user or group instead',
  );
}

function checkPermissionSets(
  report: Report,
  field: string,
  permissionSets: unknown,
  { protectedPermissionSets }: BaselineContext,
): void {
  if (!Array.isArray(permissionSets)) return;
  const before = new Map<string, string>();
  permissionSets.forEach((name: unknown, index) => {
    if (typeof name !== 'string') return;
    const at = fieldPath(field, index);
    checkRepeat(report, at, name, before);
    if (isControlTowerPermissionSet(name)) {
      const problem = 'is a permission set of AWS Control Tower, which assigns it itself';
      report(at, name, problem, 'write a permission set of your own with the same policies');
    }
    const glob = protectedPermissionSets.find((each) => matchesGlobIgnoringCase(each, name));
    if (glob !== undefined) {
      const problem = `is protected: guardrails.protectedPermissionSets of the policy has ${shownValue(glob)}`;
      report(at, name, problem, 'leave it out: Latchkey gives it to nobody');
    }
  });
}
