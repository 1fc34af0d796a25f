import type { AccountReport, AccountStatus } from '../assignments/report';
import type { ResultEvent, ResultEventType } from '../ports/announcer';
import type { AccessRequest } from './access-request';
import type { RequestPorts } from './ports';

/** Counts of accounts by status. */
export function countByStatus(reports: readonly AccountReport[]): Partial<Record<AccountStatus, number>> {
  const counts: Partial<Record<AccountStatus, number>> = {};
  for (const { status } of reports) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What an event says of a request: ids, counts, reason; no names of people. */
export function resultEvent(
  type: ResultEventType,
  request: AccessRequest,
  reports: readonly AccountReport[],
): ResultEvent {
  const { resolved, decision, ticket } = request;
  const lease = decision?.lease;
  return {
    type,
    detail: {
      requestId: request.id,
      status: request.status,
      ...(ticket.ticket === undefined ? {} : { ticket: ticket.ticket }),
      ...(resolved === undefined
        ? {}
        : {
            principal: { type: resolved.principal.type, id: resolved.principal.id },
            permissionSetArn: resolved.permissionSet.arn,
          }),
      ...(lease === undefined ? {} : { until: new Date(lease.until).toISOString() }),
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      accounts: countByStatus(reports),
    },
  };
}

/** An announcement that fails never stops a workflow: it is logged and counted, and the request itself tells the same. */
export async function announceOnce(
  { requests, announcer, observer }: Pick<RequestPorts, 'requests' | 'announcer' | 'observer'>,
  request: AccessRequest,
  type: ResultEventType,
  reports: readonly AccountReport[],
): Promise<void> {
  if (request.announced.includes(type)) return;
  try {
    await announcer.publish(resultEvent(type, request, reports));
    await requests.change(request.id, (present) =>
      present.announced.includes(type) ? present : { ...present, announced: [...present.announced, type] },
    );
  } catch (cause) {
    observer.warn('announcement failed', { requestId: request.id, event: type }, cause);
  }
}
