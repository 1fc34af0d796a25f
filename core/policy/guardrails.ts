import { durationInWords } from '../tickets/durations';
import { type Guardrails, LONGEST_LEASE_EVER_MS } from './access-policy';
import type { Decision, DecisionRequest } from './decision';
import { matchesGlobIgnoringCase } from './glob';

/**
 * What no rule can lift: the denial by a guardrail, or undefined. It does not trust the policy to be one that was
 * checked: 14 days are the limit even if the policy says more.
 */
export function guardrailDenial(guardrails: Guardrails, request: DecisionRequest): Decision | undefined {
  const { permissionSet, accounts, durationMs, managementAccountId, hostAccountId } = request;
  // No account at all would be permitted everywhere, and a length that is no number would pass every comparison.
  if (accounts.length === 0) return denied('the request names no account');
  if (!(durationMs > 0)) return denied('the request has no length');
  if (accounts.includes(managementAccountId)) {
    return denied('no rule can permit access to the management account', managementAccountId);
  }
  if (accounts.includes(hostAccountId)) {
    return denied('no rule can permit access to the account that Latchkey runs in', hostAccountId);
  }
  const { name, arn } = permissionSet;
  if (guardrails.protectedPermissionSets.some((glob) => matchesPermissionSetIgnoringCase(glob, name, arn))) {
    return denied(`permission set ${name} is protected, and no rule can permit it`);
  }
  const longestMs = Math.min(guardrails.longestMs, LONGEST_LEASE_EVER_MS);
  if (durationMs > longestMs) {
    const [limit, asked] = [durationInWords(longestMs), durationInWords(durationMs)];
    return denied(`no rule can permit access for more than ${limit}; the request is for ${asked}`);
  }
  return undefined;
}

/** Protection errs on the safe side: `breakglassadmin` is protected by `BreakGlassAdmin`, whether or not they are one. */
export function matchesPermissionSetIgnoringCase(glob: string, name: string, arn: string): boolean {
  return matchesGlobIgnoringCase(glob, name) || matchesGlobIgnoringCase(glob, arn);
}

function denied(reason: string, account?: string): Decision {
  return { effect: 'deny', reason, ...(account !== undefined && { account }) };
}
