import type { Ticket } from '../tickets/ticket';
import { type AccessRequest, withEntry } from './access-request';
import type { RequestPorts } from './ports';
import { wakeRequest } from './wake';

/** A ticket as the API received it. */
export interface ReceivedTicket {
  readonly id: string;
  readonly caller: string;
  readonly bodyHash: string;
  readonly ticket: Ticket;
}

/** `conflict`: the idempotency key was used before, with another body. */
export type Receipt =
  | { readonly outcome: 'accepted' | 'repeated'; readonly request: AccessRequest }
  | { readonly outcome: 'conflict' };

/**
 * Takes a ticket in: stored first, started then. Once it is stored it is not lost: if the start fails, the sweep starts it.
 */
export async function receiveTicket(
  ports: Pick<RequestPorts, 'requests' | 'workflows' | 'clock' | 'observer'>,
  { id, caller, bodyHash, ticket }: ReceivedTicket,
): Promise<Receipt> {
  const now = ports.clock.now();
  const source = ticket.ticket === undefined ? '' : ` from ${ticket.ticket.system} ${ticket.ticket.id}`;
  const { created, request } = await ports.requests.create({
    id,
    version: 0,
    attempt: 1,
    caller,
    bodyHash,
    ticket,
    createdAt: now,
    status: 'pending',
    announced: [],
    timeline: [{ at: now, text: `received${source}` }],
  });
  if (!created) {
    const isSame = request.caller === caller && request.bodyHash === bodyHash;
    return isSame ? { outcome: 'repeated', request } : { outcome: 'conflict' };
  }
  try {
    await ports.workflows.startAccessRequest(id, request.attempt);
  } catch (cause) {
    ports.observer.warn('execution did not start, the sweep will start it', { requestId: id }, cause);
  }
  return { outcome: 'accepted', request };
}

/**
 * Ends a request early: written first, then whoever waits is woken; without anybody waiting, the next step of the workflow sees
 * it. Repeating it, or revoking what is over, changes nothing.
 */
export async function revokeRequest(
  ports: Pick<RequestPorts, 'requests' | 'workflows' | 'clock' | 'observer'>,
  id: string,
  by: string,
  reason: string | undefined,
): Promise<AccessRequest> {
  const now = ports.clock.now();
  const request = await ports.requests.change(id, (present) => {
    const isLate =
      present.revocation !== undefined || ['ending', 'ended', 'denied', 'failed'].includes(present.status);
    if (isLate) return present;
    const revocation = { at: now, by, ...(reason === undefined ? {} : { reason }) };
    const words = reason === undefined ? '' : `: ${reason}`;
    return withEntry({ ...present, revocation }, now, `to be ended early${words}`);
  });
  try {
    await wakeRequest(ports, id);
  } catch (cause) {
    ports.observer.warn(
      'waking failed, the sweep or the next look ends the request',
      { requestId: id },
      cause,
    );
  }
  return request;
}
