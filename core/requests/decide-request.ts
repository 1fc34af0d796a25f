import type { PolicyInForce } from '../policy/access-policy';
import { decide } from '../policy/decide';
import type { Settings } from '../settings/settings';
import { type AccessRequest, type RequestDecision, isOver, withEntry } from './access-request';
import { subjectOf } from './policy-targets';
import type { RequestPorts } from './ports';
import { fail, readRequest } from './resolve';
import { announceOnce } from './results';
import { secondsUntil } from './seconds';

/** Where the workflow goes on; `seconds` is how long *Await start* may wait. */
export interface AfterDecide {
  readonly next: 'awaitStart' | 'openLeases' | 'announceEnd';
  readonly seconds: number;
}

/** The rules and facts that a decision is made by: the deployed policy and the settings. */
export interface DecisionBasis extends PolicyInForce {
  readonly settings: Pick<Settings, 'managementAccountId' | 'hostAccountId'>;
}

/**
 * *Decide*: by the policy that is deployed now, for what was pinned. A request that starts later is decided twice, when it came
 * in (so that a refusal is known at once) and when its time has come. A decision that asks for approval would be a third `next`.
 */
export async function decideRequest(
  ports: Pick<RequestPorts, 'requests' | 'clock' | 'announcer' | 'observer'>,
  basis: DecisionBasis,
  id: string,
): Promise<AfterDecide> {
  const request = await readRequest(ports, id);
  const now = ports.clock.now();
  if (isOver(request.status)) return { next: 'announceEnd', seconds: 1 };
  if (request.decision?.lease !== undefined) return { next: 'openLeases', seconds: 1 };
  if (request.revocation !== undefined) return { next: 'announceEnd', seconds: 1 };
  await announceOnce(ports, request, 'AccessRequested', []);
  // Decided in the write itself: for the accounts that are pinned then, not for those that were a moment ago.
  const decided = await ports.requests.change(id, (present) => withDecision(present, basis, now));
  if (isOver(decided.status)) return { next: 'announceEnd', seconds: 1 };
  if (decided.decision?.lease !== undefined) return { next: 'openLeases', seconds: 1 };
  return { next: 'awaitStart', seconds: secondsUntil(request.ticket.startsAt, now) };
}

function makeDecision(request: AccessRequest, basis: DecisionBasis, now: number): RequestDecision {
  const { policy, policyHash, settings } = basis;
  const { resolved, ticket } = request;
  if (resolved === undefined) throw new Error(`request ${request.id} is not resolved: decide after it is`);
  const from = Math.max(ticket.startsAt, now);
  const until = ticket.endIsGiven ? ticket.expiresAt : from + ticket.durationMs;
  const made = { policyHash, at: now };
  if (until <= now) return { ...made, effect: 'allow', rules: [], lease: { from, until } };
  const { accounts, policyTargets } = resolved;
  const verdict = decide(policy, {
    ...subjectOf(basis, request, resolved),
    accounts,
    // What was worked out for the rules of another policy says nothing about rules of the same names in this one.
    targets: policyTargets?.policyHash === policyHash ? policyTargets : undefined,
    durationMs: until - from,
    managementAccountId: settings.managementAccountId,
    hostAccountId: settings.hostAccountId,
  });
  if (verdict.effect === 'deny') {
    const rules = verdict.rule === undefined ? [] : [verdict.rule];
    return { ...made, effect: 'deny', rules, reason: verdict.reason };
  }
  const allowed = { ...made, effect: 'allow', rules: verdict.rules } as const;
  return from > now ? allowed : { ...allowed, lease: { from, until } };
}

function withDecision(request: AccessRequest, basis: DecisionBasis, now: number): AccessRequest {
  if (isOver(request.status) || request.decision?.lease !== undefined) return request;
  const decision = makeDecision(request, basis, now);
  if (decision.effect === 'deny') {
    const reason = decision.reason ?? 'no rule permits it';
    return withEntry({ ...request, decision, status: 'denied', reason }, now, `denied: ${reason}`);
  }
  if (decision.lease !== undefined && decision.lease.until <= now) {
    return fail(request, now, 'its time was over before it could be granted');
  }
  const until = decision.lease === undefined ? '' : `, until ${new Date(decision.lease.until).toISOString()}`;
  return withEntry({ ...request, decision }, now, `allowed by ${decision.rules.join(', ')}${until}`);
}
