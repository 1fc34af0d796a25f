import type { AllowRule, PolicyRule } from './access-policy';
import type { DecisionRequest } from './decision';
import { matchesGlob, matchesGlobIgnoringCase } from './glob';

type Dimension = 'callers' | 'principals' | 'permissionSets' | 'accounts';

type Test = (rule: PolicyRule, request: DecisionRequest, account: string) => boolean;

/** A rule is for a request in one account if all four say so. */
const TESTS: Readonly<Record<Dimension, Test>> = {
  callers: (rule, request) => rule.callers === undefined || rule.callers.includes(request.caller),
  principals: (rule, request) => matchesPrincipal(rule, request),
  // Sets are told apart by case in Identity Center, so a rule does the same.
  permissionSets: (rule, { permissionSet: { name, arn } }) =>
    rule.permissionSets.some((glob) => matchesGlob(glob, glob.startsWith('arn:') ? arn : name)),
  accounts: (rule, _request, account) => rule.accounts.some((entry) => entry === '*' || entry === account),
};

/** Whether a rule is for this request in this account. The length is not looked at: it limits what matches. */
export function matchesRule(rule: PolicyRule, request: DecisionRequest, account: string): boolean {
  return Object.values(TESTS).every((test) => test(rule, request, account));
}

/** As {@link matchesRule}, with one of the four left out: for telling what a rule would have needed. */
export function matchesRuleBut(
  leftOut: Dimension,
  rule: AllowRule,
  request: DecisionRequest,
  account: string,
): boolean {
  const dimensions = (Object.keys(TESTS) as Dimension[]).filter((dimension) => dimension !== leftOut);
  return dimensions.every((dimension) => TESTS[dimension](rule, request, account));
}

function matchesPrincipal(rule: PolicyRule, { principal, requestedBy }: DecisionRequest): boolean {
  const { users, groups } = rule.principals;
  if (principal.type === 'GROUP') return matchesAny(groups, [principal.name, principal.id]);
  // Compared by id: names can be given to another person, ids cannot.
  if (users === 'requester') return requestedBy?.userId === principal.id;
  return matchesAny(users, [principal.name, principal.id, ...(principal.email ? [principal.email] : [])]);
}

function matchesAny(globs: readonly string[], names: readonly string[]): boolean {
  return globs.some((glob) => names.some((name) => matchesGlobIgnoringCase(glob, name)));
}
