import { durationInWords } from '../tickets/durations';
import type { AccessPolicy, AllowRule, DenyRule } from './access-policy';
import type { Decision, DecisionRequest } from './decision';
import { guardrailDenial } from './guardrails';
import { matchesRule, matchesRuleButPrincipals } from './rule-matching';

/**
 * Decides by the policy alone. Guardrails come first; then every account must be permitted by a rule and forbidden by
 * none, or the whole request is denied. Of all rules that permit an account the shortest `longest` is the limit, so a
 * narrow rule cannot be got round by a wide one.
 */
export function decide(policy: AccessPolicy, request: DecisionRequest): Decision {
  const caller = policy.callers.find(({ name }) => name === request.caller);
  if (caller?.mayAsk !== true) {
    return { effect: 'deny', reason: `caller ${request.caller} may not ask for access` };
  }
  const denial = guardrailDenial(policy.guardrails, request);
  if (denial !== undefined) return denial;
  // What an untrusted caller says about the requester is as if it were not said.
  const believed = caller.trustedForRequester ? request : { ...request, requestedBy: undefined };
  return forbidden(policy, believed) ?? permitted(policy, believed);
}

/** The first account, in the order of the request, that a deny rule is for, or may be for. */
function forbidden(policy: AccessPolicy, request: DecisionRequest): Decision | undefined {
  const denyRules = policy.rules.filter((rule): rule is DenyRule => rule.effect === 'deny');
  for (const account of request.accounts) {
    for (const rule of denyRules) {
      const match = matchesRule(rule, request, account);
      if (match.meant === 'no') continue;
      const doubt =
        match.meant === 'unknown' ? `: it is not known which accounts the rule means (${match.why})` : '';
      const reason = `rule ${rule.name} forbids ${described(request, account)}${doubt}`;
      return { effect: 'deny', reason, rule: rule.name, account };
    }
  }
  return undefined;
}

/**
 * Looks at every account by itself, and keeps the shortest limit. A limit is never summed up over rules: of two rules
 * for eight hours each, neither permits sixteen. A rule of which nobody knows whether it means an account permits nothing there, but
 * limits what others permit.
 */
function permitted(policy: AccessPolicy, request: DecisionRequest): Decision {
  const allowRules = policy.rules.filter((rule): rule is AllowRule => rule.effect === 'allow');
  const used = new Set<AllowRule>();
  let limitMs = policy.guardrails.longestMs;
  for (const account of request.accounts) {
    const matches = allowRules
      .map((rule) => ({ rule, match: matchesRule(rule, request, account) }))
      .filter(({ match }) => match.meant !== 'no');
    const permitting = matches.filter(({ match }) => match.meant === 'yes').map(({ rule }) => rule);
    const [first] = permitting;
    if (first === undefined) return unpermitted(allowRules, request, account);
    const shortest = matches.reduce(
      (least, { rule }) => (rule.longestMs < least.longestMs ? rule : least),
      first,
    );
    if (request.durationMs > shortest.longestMs) return tooLong(shortest, request, account);
    permitting.forEach((rule) => used.add(rule));
    limitMs = Math.min(limitMs, shortest.longestMs);
  }
  const rules = allowRules.filter((rule) => used.has(rule)).map(({ name }) => name);
  return { effect: 'allow', rules, longestMs: limitMs };
}

function unpermitted(allowRules: readonly AllowRule[], request: DecisionRequest, account: string): Decision {
  const hint = unknownHint(allowRules, request, account) ?? requesterHint(allowRules, request, account) ?? '';
  const reason = `no rule permits caller ${request.caller} ${described(request, account)}${hint}`;
  return { effect: 'deny', reason, account };
}

/** A rule that would permit it, perhaps. */
function unknownHint(
  allowRules: readonly AllowRule[],
  request: DecisionRequest,
  account: string,
): string | undefined {
  for (const rule of allowRules) {
    const match = matchesRule(rule, request, account);
    if (match.meant !== 'unknown') continue;
    return ` (of rule ${rule.name} it is not known which accounts it means: ${match.why})`;
  }
  return undefined;
}

/** The commonest surprise: a rule for oneself, and a requester who is another person, not named or not believed. */
function requesterHint(
  allowRules: readonly AllowRule[],
  request: DecisionRequest,
  account: string,
): string | undefined {
  const forOneself = allowRules.find(
    (rule) =>
      request.principal.type === 'USER' &&
      rule.principals.users === 'requester' &&
      matchesRuleButPrincipals(rule, request, account),
  );
  if (forOneself === undefined) return undefined;
  return ` (rule ${forOneself.name} permits it only to the person whom a trusted caller names in requestedBy)`;
}

function tooLong(rule: AllowRule, request: DecisionRequest, account: string): Decision {
  const limit = durationInWords(rule.longestMs);
  const asked = durationInWords(request.durationMs);
  const match = matchesRule(rule, request, account);
  const doubt =
    match.meant === 'unknown' ? ` (it is not known which accounts the rule means: ${match.why})` : '';
  const reason = `rule ${rule.name} permits ${described(request, account)} for at most ${limit}, not for ${asked}${doubt}`;
  return { effect: 'deny', reason, rule: rule.name, account };
}

/** Names everything that rules are about, so that a denial can be understood without the ticket beside it. */
function described({ permissionSet, principal }: DecisionRequest, account: string): string {
  const kind = principal.type === 'USER' ? 'user' : 'group';
  return `${permissionSet.name} for ${kind} ${principal.name} in account ${account}`;
}
