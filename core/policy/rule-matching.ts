import type { AllowRule, PolicyRule } from './access-policy';
import type { DecisionRequest } from './decision';
import { matchesGlob, matchesGlobIgnoringCase } from './glob';
import { type Meaning, meaningOf } from './policy-targets';

/** What a rule is held against before its accounts are. */
export type RequestSubject = Pick<DecisionRequest, 'caller' | 'requestedBy' | 'principal' | 'permissionSet'>;

type Dimension = 'callers' | 'principals' | 'permissionSets';

type Test = (rule: PolicyRule, request: RequestSubject) => boolean;

/** A rule is for a request in one account if all of these say so, and the account is meant. */
const TESTS: Readonly<Record<Dimension, Test>> = {
  callers: (rule, request) => rule.callers === undefined || rule.callers.includes(request.caller),
  principals: (rule, request) => matchesPrincipal(rule, request),
  // Sets are told apart by case in Identity Center, so a rule does the same.
  permissionSets: (rule, { permissionSet: { name, arn } }) =>
    rule.permissionSets.some((glob) => matchesGlob(glob, glob.startsWith('arn:') ? arn : name)),
};

/** Whether a rule is for this request in some accounts, whichever these are. */
export function concerns(rule: PolicyRule, request: RequestSubject): boolean {
  return Object.values(TESTS).every((test) => test(rule, request));
}

/**
 * Whether a rule is for this request in this account; not known where nobody knows what the rule's target means. The length is not
 * looked at: it limits what matches.
 */
export function matchesRule(rule: PolicyRule, request: DecisionRequest, account: string): Meaning {
  return concerns(rule, request) ? meansAccount(rule, request, account) : { meant: 'no' };
}

/** Whether a rule would match if it were for other people: for telling what a rule would have needed. */
export function matchesRuleButPrincipals(
  rule: AllowRule,
  request: DecisionRequest,
  account: string,
): boolean {
  const { callers, permissionSets } = TESTS;
  const isForOthers = callers(rule, request) && permissionSets(rule, request);
  return isForOthers && meansAccount(rule, request, account).meant === 'yes';
}

function meansAccount(rule: PolicyRule, { targets }: DecisionRequest, account: string): Meaning {
  if (rule.target !== undefined) return meaningOf(targets, rule.name, account);
  // A policy that was not checked may say neither: that permits nothing and forbids all.
  const accounts = rule.accounts ?? (rule.effect === 'deny' ? ['*'] : []);
  return { meant: accounts.some((entry) => entry === '*' || entry === account) ? 'yes' : 'no' };
}

function matchesPrincipal(rule: PolicyRule, { principal, requestedBy }: RequestSubject): boolean {
  const { users, groups } = rule.principals;
  if (principal.type === 'GROUP') return matchesAny(groups, [principal.name, principal.id]);
  // Compared by id: names can be given to another person, ids cannot.
  if (users === 'requester') return requestedBy?.userId === principal.id;
  return matchesAny(users, [principal.name, principal.id, ...(principal.email ? [principal.email] : [])]);
}

function matchesAny(globs: readonly string[], names: readonly string[]): boolean {
  return globs.some((glob) => names.some((name) => matchesGlobIgnoringCase(glob, name)));
}
