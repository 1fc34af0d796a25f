import { ruleOf } from '../baselines/change-claims';
import type { Assignment, Claim, Operation } from './assignment';
import { counts } from './claims';
import { type AccountStatus, reportOf } from './report';

/** Names of what the ledger knows by its id only. */
export interface KnownNames {
  /** By ARN. */
  readonly permissionSets: ReadonlyMap<string, string>;
  /** By id: a user's name or a group's. */
  readonly principals: ReadonlyMap<string, string>;
}

/** JSON of an assignment, as `GET /assignments` answers it; instants in RFC 3339. */
export type AssignmentView = Readonly<Record<string, unknown>>;

/** Who has what, whether it is there, and why. */
export function viewAssignment(assignment: Assignment, names: KnownNames, now: number): AssignmentView {
  const { key, seen, claims, operation } = assignment;
  const setName = names.permissionSets.get(key.permissionSetArn);
  const principalName = names.principals.get(key.principalId);
  const sorted = Object.values(claims).sort((one, other) => one.openedAt - other.openedAt);
  return {
    account: key.accountId,
    permissionSet: { arn: key.permissionSetArn, ...(setName === undefined ? {} : { name: setName }) },
    principal: {
      type: key.principalType,
      id: key.principalId,
      ...(principalName === undefined ? {} : { name: principalName }),
    },
    // As of the last proved look: what others did since is found by the next one.
    exists: seen?.exists === true,
    ...(seen === undefined ? {} : { seenAt: iso(seen.at) }),
    claims: sorted.map((claim) => viewClaim(assignment, claim, now)),
    ...(operation === undefined ? {} : { operation: viewOperation(operation) }),
  };
}

function viewClaim(assignment: Assignment, claim: Claim, now: number): AssignmentView {
  const { id, kind, from, until, openedAt, grantedAt, endedAt, endedAs, keptBy } = claim;
  const reason = reportOf(assignment, id, now)?.reason;
  return {
    kind,
    id,
    ...(kind === 'lease' ? { request: id } : {}),
    ...(kind === 'baseline' ? { rule: ruleOf(claim) } : {}),
    state: claimState(assignment, claim, now),
    since: iso(openedAt),
    from: iso(from),
    ...(until === null ? {} : { until: iso(until) }),
    ...(grantedAt === undefined ? {} : { grantedAt: iso(grantedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
    ...(endedAs === undefined ? {} : { endedAs }),
    ...(keptBy === undefined ? {} : { keptBy }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** In the words of a request's accounts. What was there before Latchkey was never asked for: it has been granted all along. */
export function claimState(assignment: Assignment, claim: Claim, now: number): AccountStatus {
  if (claim.kind === 'standing' && counts(claim, now)) return 'granted';
  return reportOf(assignment, claim.id, now)?.status ?? 'ended';
}

function viewOperation({ kind, state, plannedAt, notBefore, reason, requestId }: Operation): AssignmentView {
  return {
    kind,
    state: state === 'INTENT' ? 'waiting' : 'under way',
    plannedAt: iso(plannedAt),
    ...(state === 'INTENT' ? { notBefore: iso(notBefore) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
