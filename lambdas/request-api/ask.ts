import type { APIGatewayProxyEvent } from 'aws-lambda';
import {
  type HttpAnswer,
  conflict,
  forbidden,
  invalidCall,
  invalidTicket,
  tooLarge,
  unsupportedMediaType,
} from '../../core/http/problem-details';
import { isJsonMediaType } from '../../core/http/media-type';
import { revokeTakesSeconds } from '../../core/plans/estimate';
import { receiveTicket } from '../../core/requests/receive';
import { summarize } from '../../core/requests/view';
import { canonicalJson } from '../../core/tickets/canonical-json';
import type { JsonObject } from '../../core/tickets/field-reading';
import { parseTicket } from '../../core/tickets/parse-ticket';
import { LARGEST_BODY_BYTES, parseTicketText } from '../../core/tickets/ticket-text';
import type { Ticket } from '../../core/tickets/ticket';
import { derivedId, sha256 } from '../runtime/ids';
import { answer } from './answer';
import { type Caller, bodyText, callProblem, header } from './call';
import type { ApiPorts } from './ports';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** What `curl -d` declares unless told otherwise; the body is parsed as JSON all the same, strictly. */
const UNDECLARED = 'application/x-www-form-urlencoded';

/** `POST /requests`: takes a ticket, answers 202 and its id. Nothing is written before every check has passed. */
export async function ask(ports: ApiPorts, caller: Caller, event: APIGatewayProxyEvent): Promise<HttpAnswer> {
  if (!caller.rights.mayAsk) return forbidden('this caller may not ask for access');
  const key = header(event, 'idempotency-key');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) return badKey(key);
  const reading = readTicket(ports, caller, event);
  if ('statusCode' in reading) return reading;
  const { ticket, bodyHash } = reading;
  const id = `req-${key === undefined ? ports.ids.next() : derivedId([caller.arn, key])}`;
  const receipt = await receiveTicket(ports, { id, caller: caller.arn, bodyHash, ticket });
  if (receipt.outcome === 'conflict') {
    return conflict('the idempotency key was used with another body, use a new key for a new ticket');
  }
  const { request } = receipt;
  const body = {
    ...summarize(request),
    // How many accounts a target means is not known yet.
    ...(ticket.target === undefined
      ? { revokeTakesSeconds: revokeTakesSeconds(ticket.accounts.length) }
      : {}),
  };
  return answer(202, body, { location: `${event.requestContext.path.replace(/\/$/, '')}/${request.id}` });
}

function badKey(key: string): HttpAnswer {
  const problem = 'is not 1 to 255 visible ASCII characters';
  return invalidCall([callProblem('Idempotency-Key', key, problem, 'send a UUID, or leave it out')]);
}

function readTicket(
  ports: Pick<ApiPorts, 'clock' | 'mostAccounts'>,
  caller: Caller,
  event: APIGatewayProxyEvent,
): HttpAnswer | { readonly ticket: Ticket; readonly bodyHash: string } {
  const body = readJson(event);
  if ('statusCode' in body) return body;
  const ticket = ticketOf(ports, caller, body.body);
  return 'statusCode' in ticket ? ticket : { ticket, bodyHash: sha256(canonicalJson(body.body)) };
}

/** The JSON object of a call that must have one. */
export function readJson(event: APIGatewayProxyEvent): HttpAnswer | { readonly body: JsonObject } {
  const declared = header(event, 'content-type');
  if (declared !== undefined && !declared.startsWith(UNDECLARED) && !isJsonMediaType(declared)) {
    return unsupportedMediaType();
  }
  const text = bodyText(event);
  if (text === undefined) {
    return invalidTicket([callProblem('(body)', '(bytes)', 'is not UTF-8', 'send JSON in UTF-8')]);
  }
  const reading = parseTicketText(text);
  if (reading.ok) return { body: reading.body };
  return reading.reason === 'too-large' ? tooLarge(LARGEST_BODY_BYTES) : invalidTicket(reading.problems);
}

/** The ticket of a caller, or what is wrong with it. */
export function ticketOf(
  { clock, mostAccounts }: Pick<ApiPorts, 'clock' | 'mostAccounts'>,
  caller: Caller,
  body: JsonObject,
): HttpAnswer | Ticket {
  const parsed = parseTicket(body, clock.now(), mostAccounts);
  if (!parsed.ok) return invalidTicket(parsed.problems);
  if (parsed.ticket.requestedBy !== undefined && !caller.rights.trustedForRequester) {
    const problem = 'comes from a caller that is not trusted to name the person who asks';
    return invalidTicket([callProblem('requestedBy', body.requestedBy, problem, 'leave it out')]);
  }
  return parsed.ticket;
}
