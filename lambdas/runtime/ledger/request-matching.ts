import type { RequestQuery } from '../../../core/ports/ledger';
import type { AccessRequest } from '../../../core/requests/access-request';
import { sha256 } from '../ids';

/** A key may have 1,024 bytes, and the identity store has group names of 1,024 characters: longer ones are hashed. */
const LONGEST_NAME_BYTES = 512;

/**
 * Whether a request is what a query asks for. Indexes lag, and the small items by which requests are found are written before
 * the request itself (an idempotency key that is used twice leaves one of a name that the request has not): what an index names
 * is read again and has to fit.
 */
export function matchesQuery(request: AccessRequest, query: RequestQuery): boolean {
  const { ticket } = request.ticket;
  switch (query.by) {
    case 'ticket':
      return (
        ticket?.id.toLowerCase() === query.id.toLowerCase() &&
        (query.system === undefined || ticket.system === query.system)
      );
    case 'principal':
      return principalNames(request).some((name) => name.toLowerCase() === query.name.toLowerCase());
    case 'status':
      return request.status === query.status;
  }
}

/** Every name that a request's principal is known by: as the ticket has it, and what that was found to mean. */
export function principalNames({ ticket, resolved }: AccessRequest): string[] {
  const { id, name, email } = resolved?.principal ?? {};
  return [ticket.principal.value, id, name, email].filter((each) => each !== undefined);
}

/** A name as part of a key: in one case, and never longer than a key may be. */
export function keyText(name: string): string {
  const folded = name.toLowerCase();
  return Buffer.byteLength(folded) <= LONGEST_NAME_BYTES ? folded : `sha256:${sha256(folded)}`;
}
