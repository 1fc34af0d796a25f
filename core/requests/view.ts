import type { OperationTrace } from '../assignments/assignment';
import type { AccountReport } from '../assignments/report';
import { ticketBody } from '../tickets/ticket';
import type { AccessRequest, OrganizationLook, RequestDecision, TimelineEntry } from './access-request';
import { countByStatus } from './results';

/** Accounts in one answer of `GET /requests/{id}`. */
export const ACCOUNTS_PER_PAGE = 100;

/** JSON of one request, as `GET /requests/{id}` answers it; instants in RFC 3339. */
export type RequestView = Readonly<Record<string, unknown>>;

/** What a list shows of a request. */
export function summarize(request: AccessRequest): RequestView {
  const { resolved, decision, ticket } = request;
  const lease = decision?.lease;
  return {
    id: request.id,
    status: request.status,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    createdAt: iso(request.createdAt),
    ...(ticket.ticket === undefined ? {} : { ticket: ticket.ticket }),
    principal: resolved === undefined ? ticketBody(ticket).principal : resolved.principal,
    permissionSet:
      resolved === undefined
        ? { [ticket.permissionSet.by]: ticket.permissionSet.value }
        : { name: resolved.permissionSet.name, arn: resolved.permissionSet.arn },
    ...(lease === undefined
      ? { startsAt: iso(ticket.startsAt) }
      : { from: iso(lease.from), until: iso(lease.until) }),
    ...(lease === undefined || resolved === undefined
      ? {}
      : {
          sessionsMayLastUntil: iso(lastSessionEnd(request, lease.until, resolved.permissionSet.sessionMs)),
        }),
    ...(request.overdueSince === undefined ? {} : { overdueSince: iso(request.overdueSince) }),
  };
}

/**
 * Everything about a request: its story, and one page of its accounts in the order of their ids. `after` is the last account of
 * the page before.
 */
export function viewRequest(
  request: AccessRequest,
  reports: readonly AccountReport[],
  after?: string,
): RequestView {
  const sorted = [...reports].sort((a, b) => a.accountId.localeCompare(b.accountId));
  const rest = after === undefined ? sorted : sorted.filter(({ accountId }) => accountId > after);
  const page = rest.slice(0, ACCOUNTS_PER_PAGE);
  const next = rest.length > page.length ? page.at(-1)?.accountId : undefined;
  const { decision, ticket } = request;
  return {
    ...summarize(request),
    caller: request.caller,
    justification: ticket.justification,
    ...(ticket.target === undefined ? {} : { target: ticket.target }),
    ...(request.resolved?.organization === undefined
      ? {}
      : { organization: viewLook(request.resolved.organization) }),
    ...(decision === undefined ? {} : { decision: viewDecision(decision) }),
    ...(request.revocation === undefined
      ? {}
      : { revocation: { ...request.revocation, at: iso(request.revocation.at) } }),
    accounts: {
      total: reports.length,
      byStatus: countByStatus(reports),
      items: page.map(viewAccount),
      ...(next === undefined ? {} : { next }),
    },
    timeline: story(request, page).map(({ at, text }) => ({ at: iso(at), text })),
  };
}

/** Taking an assignment away does not end sessions that were opened with it before. */
function lastSessionEnd(request: AccessRequest, until: number, sessionMs: number): number {
  const end = request.revocation === undefined ? until : Math.min(until, request.revocation.at);
  return end + sessionMs;
}

function viewDecision({ effect, rules, policyHash, at }: RequestDecision): RequestView {
  return { effect, rules, policyHash, at: iso(at) };
}

/** As of when the target was looked up. */
function viewLook({ at, isStale }: OrganizationLook): RequestView {
  return { asOf: iso(at), stale: isStale === true };
}

function viewAccount(report: AccountReport): RequestView {
  const { accountId, status, reason, openedAt, grantedAt, endedAt, endedAs, creation, deletion } = report;
  return {
    account: accountId,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(openedAt === undefined ? {} : { openedAt: iso(openedAt) }),
    ...(grantedAt === undefined ? {} : { grantedAt: iso(grantedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
    ...(endedAs === undefined ? {} : { endedAs }),
    ...(report.keptBy === undefined ? {} : { keptBy: report.keptBy }),
    ...(creation === undefined ? {} : { creation: viewTrace(creation) }),
    ...(deletion === undefined ? {} : { deletion: viewTrace(deletion) }),
  };
}

function viewTrace(trace: OperationTrace): RequestView {
  return { ...trace, at: iso(trace.at) };
}

/** The request's own lines and those of its accounts, by time. */
function story(request: AccessRequest, reports: readonly AccountReport[]): TimelineEntry[] {
  // Of what has the same instant, what happened to accounts comes before the request's own lines, which follow from it.
  const [received, ...later] = request.timeline;
  const lines = [...(received === undefined ? [] : [received]), ...reports.flatMap(accountLines), ...later];
  return lines.sort((a, b) => a.at - b.at);
}

function accountLines(report: AccountReport): TimelineEntry[] {
  const { accountId, status, reason, grantedAt, endedAt, endedAs, creation, deletion } = report;
  const lines: TimelineEntry[] = [];
  const say = (at: number | undefined, text: string): void => {
    if (at !== undefined) lines.push({ at, text: `account ${accountId}: ${text}` });
  };
  say(
    grantedAt,
    creation === undefined ? 'access was there already' : `access granted${traceWords('create', creation)}`,
  );
  if (status === 'failed') say(creation?.at ?? endedAt, `not granted: ${reason ?? 'no reason given'}`);
  if (status === 'removed') say(endedAt, reason ?? 'somebody else removed the assignment');
  if (status === 'ended' && endedAs === 'revoked') {
    say(
      endedAt,
      deletion === undefined
        ? 'access was gone already'
        : `access taken away${traceWords('delete', deletion)}`,
    );
  }
  if (status === 'ended' && endedAs === 'kept')
    say(endedAt, `the assignment stays: ${keeperWords(report.keptBy)}`);
  if (status === 'skipped') say(endedAt, `not asked for: ${reason ?? 'it cannot be granted'}`);
  return lines;
}

/** Why an assignment outlives a request, in words for its owner. */
export function keeperWords(keptBy: AccountReport['keptBy']): string {
  switch (keptBy) {
    case 'standing':
      return 'it was there before the request';
    case 'baseline':
      return 'a baseline rule asks for it';
    case 'lease':
    case undefined:
      return 'another request needs it for longer';
  }
}

function traceWords(kind: 'create' | 'delete', { requestId, status }: OperationTrace): string {
  if (status === 'ADOPTED') return ` (the reply to the ${kind} was lost; its effect was seen)`;
  return ` (Identity Center ${kind} ${requestId ?? ''} ${status === 'UNCHANGED' ? 'had nothing to do' : status})`;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
