import type { AssignmentKey, Claim } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { TooManyClaimsError, buryClaim, closeClaim, openClaim, tell } from '../assignments/claims';
import { type AccountReport, reportOf } from '../assignments/report';
import { wakeDispatcher } from '../dispatcher/control';
import { type AccessRequest, type ResolvedRequest, isOver, leaseIsOver, withEntry } from './access-request';
import type { RequestPorts } from './ports';
import { LOOK_AGAIN_MS } from './progress';
import { readRequest } from './resolve';
import { secondsUntil } from './seconds';

type LeasePorts = Pick<RequestPorts, 'requests' | 'assignments' | 'dispatcher' | 'workflows' | 'clock'>;

/** Where the workflow goes on; `seconds` is how long the *Await* that follows may wait. */
export interface AfterLeases {
  readonly next: 'awaitGrant' | 'awaitRevoke' | 'closeLeases' | 'announceEnd';
  readonly seconds: number;
}

/** The assignment that a request wants in one of its accounts. */
export function assignmentOf(resolved: ResolvedRequest, accountId: string): AssignmentKey {
  return {
    accountId,
    permissionSetArn: resolved.permissionSet.arn,
    principalType: resolved.principal.type,
    principalId: resolved.principal.id,
  };
}

/**
 * *Open leases*: one claim per account, then the report, then the call for the dispatcher. From here on the ledger alone takes
 * the access away in time. One read and two writes per account.
 */
export async function openLeases(ports: LeasePorts, id: string): Promise<AfterLeases> {
  const { requests, clock } = ports;
  const request = await readRequest(ports, id);
  const lease = request.decision?.lease;
  if (isOver(request.status) || lease === undefined) return { next: 'announceEnd', seconds: 1 };
  if (leaseIsOver(request, clock.now())) return { next: 'closeLeases', seconds: 1 };
  // Durable before the first claim: whoever ends the request from here on knows that there may be leases to close.
  const granting = await requests.change(id, (present) => startGranting(present, clock.now()));
  if (isOver(granting.status)) return { next: 'announceEnd', seconds: 1 };
  if (leaseIsOver(granting, clock.now()) || granting.status === 'ending')
    return { next: 'closeLeases', seconds: 1 };
  for (const accountId of granting.resolved?.accounts ?? []) await openLease(ports, granting, accountId);
  await wakeDispatcher(ports, clock.now());
  const lookAgainAt = Math.min(clock.now() + LOOK_AGAIN_MS, lease.until);
  return { next: 'awaitGrant', seconds: secondsUntil(lookAgainAt, clock.now()) };
}

/**
 * *Close leases*: closes what time has not closed yet, and calls for the dispatcher to take away what nothing holds up any more.
 */
export async function closeLeases(ports: LeasePorts, id: string): Promise<AfterLeases> {
  const { requests, clock } = ports;
  const reports = await requests.reports(id);
  const request = await requests.change(id, (present) => startEnding(present, reports, clock.now()));
  if (isOver(request.status)) return { next: 'announceEnd', seconds: 1 };
  if (request.grantingSince === undefined) return { next: 'announceEnd', seconds: 1 };
  const because = whyItEnds(request, reports, clock.now());
  const failures = new Map(
    reports.flatMap(({ accountId, status, reason }) =>
      status === 'failed' ? [[accountId, reason ?? 'no reason given'] as const] : [],
    ),
  );
  for (const accountId of request.resolved?.accounts ?? [])
    await closeLease(ports, request, accountId, because, failures.get(accountId));
  await wakeDispatcher(ports, clock.now());
  return { next: 'awaitRevoke', seconds: secondsUntil(clock.now() + LOOK_AGAIN_MS, clock.now()) };
}

function startGranting(request: AccessRequest, now: number): AccessRequest {
  const isLate = request.revocation !== undefined || request.status === 'ending' || isOver(request.status);
  if (request.grantingSince !== undefined || isLate) return request;
  const granting: AccessRequest = { ...request, status: 'granting', grantingSince: now };
  return withEntry(granting, now, 'granting: asked Identity Center for the assignments');
}

function startEnding(request: AccessRequest, reports: readonly AccountReport[], now: number): AccessRequest {
  if (isOver(request.status) || request.status === 'ending') return request;
  return withEntry(
    { ...request, status: 'ending', endingSince: now },
    now,
    `ending: ${whyItEnds(request, reports, now)}`,
  );
}

/** In words that go for the request and for each of its accounts. */
function whyItEnds(request: AccessRequest, reports: readonly AccountReport[], now: number): string {
  if (request.revocation !== undefined) return 'it was ended early';
  if (leaseIsOver(request, now)) return 'its time was over';
  // Taken away by Latchkey before its time, everywhere for the same reason: no more can be said than that.
  const tried = reports.filter(({ status }) => status !== 'skipped');
  const reasons = new Set(
    tried.map(({ status, reason }) => (status === 'ending' || status === 'ended' ? reason : undefined)),
  );
  const [reason] = reasons;
  if (reasons.size === 1 && reason !== undefined) return reason;
  return 'no account has the access, and none will get it';
}

async function openLease(ports: LeasePorts, request: AccessRequest, accountId: string): Promise<void> {
  const { resolved, decision, id } = request;
  const lease = decision?.lease;
  if (resolved === undefined || lease === undefined) throw new Error(`request ${id} has no lease to open`);
  try {
    const opened = await changeAssignment(ports, assignmentOf(resolved, accountId), (present, now) => {
      if (present.claims[id] !== undefined) return undefined;
      return openClaim(present, {
        id,
        kind: 'lease',
        ...lease,
        openedAt: now,
        accounts: resolved.accounts.length,
      });
    });
    const report = reportOf(opened, id, ports.clock.now());
    if (report !== undefined) await ports.requests.report(id, report);
  } catch (error) {
    if (!(error instanceof TooManyClaimsError)) throw error;
    await ports.requests.report(id, {
      accountId,
      status: 'failed',
      reason: error.message,
      endedAt: ports.clock.now(),
      endedAs: 'never granted',
      assignmentVersion: 0,
    });
  }
}

/** A lease that was not opened yet gets its tombstone all the same: a step that comes late must not open it any more. */
async function closeLease(
  ports: LeasePorts,
  request: AccessRequest,
  accountId: string,
  because: string,
  failure: string | undefined,
): Promise<void> {
  const { resolved, decision, id } = request;
  const lease = decision?.lease;
  if (resolved === undefined || lease === undefined) return;
  const closed = await changeAssignment(ports, assignmentOf(resolved, accountId), (present, now) => {
    // After its time it was told and forgotten, or never counted.
    if (present.claims[id] === undefined && lease.until <= now) return undefined;
    const tombstone: Claim = {
      id,
      kind: 'lease',
      ...lease,
      openedAt: now,
      closedAt: now,
      closedBecause: failure ?? because,
      ...(failure === undefined ? {} : { lostBy: 'failure' as const }),
    };
    const closed = closeClaim(buryClaim(present, tombstone), id, now, because);
    return tell(closed, [tombstone]);
  });
  const report =
    reportOf(closed, id, ports.clock.now()) ?? neverOpened(accountId, because, ports.clock.now());
  await ports.requests.report(id, report);
}

/** Of the lowest version: it stands only where there is no other report. */
function neverOpened(accountId: string, reason: string, now: number): AccountReport {
  return { accountId, status: 'ended', endedAs: 'never granted', endedAt: now, reason, assignmentVersion: 0 };
}
