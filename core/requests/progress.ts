import { type AccountReport, isFinal } from '../assignments/report';
import { type AccessRequest, type Waiting, leaseIsOver } from './access-request';

/** A request with some accounts granted and others still waiting is called active after this long. */
export const PARTLY_GRANTED_MS = 15 * 60_000;

/** How often an *Await* that nobody answered looks by itself: what a lost answer can cost at most. */
export const LOOK_AGAIN_MS = 15 * 60_000;

/**
 * How the granting of a request stands: `waiting`; `granted` (at least one account, the others settled or late); `nothing` (no
 * account is granted and none will be).
 */
export type GrantProgress = 'waiting' | 'granted' | 'nothing';

/** See {@link GrantProgress}. An account without a report counts as waiting. */
export function grantProgress(
  request: AccessRequest,
  reports: readonly AccountReport[],
  now: number,
): GrantProgress {
  const accounts = request.resolved?.accounts ?? [];
  const byAccount = new Map(reports.map((report) => [report.accountId, report]));
  const statuses = accounts.map((account) => byAccount.get(account)?.status ?? 'waiting');
  const granted = statuses.filter((status) => status === 'granted').length;
  const waiting = statuses.filter((status) => status === 'waiting').length;
  if (waiting === 0) return granted > 0 ? 'granted' : 'nothing';
  const isLate = now - (request.grantingSince ?? now) >= PARTLY_GRANTED_MS;
  return granted > 0 && isLate ? 'granted' : 'waiting';
}

/** Whether nothing more will happen to any account of the request. */
export function allEnded(request: AccessRequest, reports: readonly AccountReport[]): boolean {
  const ended = new Set(reports.filter(isFinal).map((report) => report.accountId));
  return (request.resolved?.accounts ?? []).every((account) => ended.has(account));
}

/** Whether what an *Await* state waits for is there. Waiter and dispatcher both ask this, after they have written. */
export function isAnswered(
  signal: Waiting['signal'],
  request: AccessRequest,
  reports: readonly AccountReport[],
  now: number,
): boolean {
  switch (signal) {
    case 'start':
      return request.revocation !== undefined || now >= request.ticket.startsAt;
    case 'grant':
      return leaseIsOver(request, now) || grantProgress(request, reports, now) !== 'waiting';
    case 'end':
      return leaseIsOver(request, now) || allEnded(request, reports);
    case 'revoke':
      return allEnded(request, reports);
  }
}
