import type { AccessRequest } from '../../core/requests/access-request';
import { parseTicket } from '../../core/tickets/parse-ticket';
import { ticket, type TicketBody } from './test-app';

/** The present of these requests: 2026-12-01T08:00:00Z. */
const NOW = Date.UTC(2026, 11, 1, 8);

/** A request of the service desk as the ledger has it, with a ticket that a test changes, and what happened to it since. */
export function requestOf(change: TicketBody = {}, since: Partial<AccessRequest> = {}): AccessRequest {
  const reading = parseTicket(ticket(change), NOW);
  if (!reading.ok) throw new Error(`the ticket is wrong: ${JSON.stringify(reading.problems)}`);
  return {
    id: 'req-00000000000000000000000001',
    version: 1,
    attempt: 1,
    caller: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk',
    bodyHash: 'hash',
    ticket: reading.ticket,
    createdAt: NOW,
    status: 'pending',
    announced: [],
    timeline: [],
    ...since,
  };
}
