import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, invalidCall, notFound } from '../../core/http/problem-details';
import type { RequestQuery } from '../../core/ports/ledger';
import { type AccessRequest, REQUEST_STATUSES, type RequestStatus } from '../../core/requests/access-request';
import { summarize, viewRequest } from '../../core/requests/view';
import { BadPageTokenError } from '../runtime/ledger/page-token';
import { answer } from './answer';
import { type Caller, callProblem } from './call';
import type { ApiPorts } from './ports';

/** Requests in one answer of a list. */
const REQUESTS_PER_PAGE = 25;

/** Parameters of a list that choose, and those that page. */
const FILTERS = ['ticket', 'principal', 'status'] as const;
const PARAMETERS: readonly string[] = [...FILTERS, 'next'];

/**
 * Reads a request for a caller with this scope. A caller who may see only their own gets the same 403 for another's request as
 * for one that does not exist; one who may see all gets 404 for what does not exist.
 */
export async function readFor(
  { requests }: ApiPorts,
  caller: Caller,
  scope: 'own' | 'all' | 'none',
  id: string,
): Promise<AccessRequest | HttpAnswer> {
  if (scope === 'none') return forbidden('this caller may not do this with requests');
  const request = await requests.read(id);
  if (scope === 'all') return request ?? notFound('request');
  return request?.caller === caller.arn ? request : forbidden('this caller has no such request of its own');
}

/** `GET /requests/{id}`. */
export async function lookAtOne(
  ports: ApiPorts,
  caller: Caller,
  id: string,
  { queryStringParameters: query }: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const request = await readFor(ports, caller, caller.rights.mayRead, id);
  if ('statusCode' in request) return request;
  const after = query?.accountsAfter;
  if (after !== undefined && !/^\d{12}$/.test(after)) {
    return invalidCall([
      callProblem('accountsAfter', after, 'is not an account id', 'give accounts.next of the page before'),
    ]);
  }
  return answer(200, viewRequest(request, await ports.requests.reports(id), after));
}

/** `GET /requests?ticket=&principal=&status=`: newest first, paged. One filter finds, the others narrow the page down. */
export async function list(
  ports: ApiPorts,
  caller: Caller,
  { queryStringParameters: given }: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const { mayRead } = caller.rights;
  if (mayRead === 'none') return forbidden('this caller may not read requests');
  const query = given ?? {};
  const problems = problemsOf(query);
  const main = queryOf(query);
  if (problems.length > 0 || main === undefined) return invalidCall(problems);
  try {
    const page = await ports.requests.find(main, REQUESTS_PER_PAGE, query.next);
    const visible = page.requests
      .filter((request) => mayRead === 'all' || request.caller === caller.arn)
      .filter((request) => isMatch(request, query));
    return answer(200, {
      requests: visible.map(summarize),
      ...(page.next === undefined ? {} : { next: page.next }),
    });
  } catch (error) {
    if (!(error instanceof BadPageTokenError)) throw error;
    return invalidCall([
      callProblem('next', query.next, 'is not a token of this query', 'give next of the page before'),
    ]);
  }
}

type Query = Readonly<Partial<Record<string, string>>>;

function problemsOf(query: Query) {
  const unknown = Object.keys(query)
    .filter((name) => !PARAMETERS.includes(name))
    .map((name) => callProblem(name, query[name], 'is not a parameter', `use ${PARAMETERS.join(', ')}`));
  const empty = FILTERS.filter((name) => query[name]?.trim() === '').map((name) =>
    callProblem(name, query[name], 'is empty', 'give a value, or leave it out'),
  );
  const { status } = query;
  const wrongStatus =
    status === undefined || isStatus(status)
      ? []
      : [callProblem('status', status, 'is not a status', `use one of ${REQUEST_STATUSES.join(', ')}`)];
  const hasFilter = FILTERS.some((name) => query[name] !== undefined);
  const none = hasFilter
    ? []
    : [callProblem('(query)', query, 'has no filter', `give one of ${FILTERS.join(', ')}`)];
  return [...unknown, ...empty, ...wrongStatus, ...none];
}

/** A ticket finds fewest, a principal fewer than a status. `ticket` is an id, or `system:id`. */
function queryOf({ ticket, principal, status }: Query): RequestQuery | undefined {
  if (ticket !== undefined) return ticketQuery(ticket);
  if (principal !== undefined) return { by: 'principal', name: principal.normalize('NFC') };
  return status !== undefined && isStatus(status) ? { by: 'status', status } : undefined;
}

function ticketQuery(ticket: string): RequestQuery {
  const [, system, id] = /^([a-z][\w-]*):(.+)$/i.exec(ticket) ?? [];
  if (system === undefined || id === undefined) return { by: 'ticket', id: ticket };
  return { by: 'ticket', system: system.toLowerCase(), id };
}

function isMatch(request: AccessRequest, { ticket, principal, status }: Query): boolean {
  if (status !== undefined && request.status !== status) return false;
  // The first filter has been applied by the index; a principal beside a ticket narrows down here.
  if (ticket === undefined || principal === undefined) return true;
  const { id, name, email } = request.resolved?.principal ?? {};
  const names = [request.ticket.principal.value, id, name, email].map((each) => each?.toLowerCase());
  return names.includes(principal.toLowerCase());
}

function isStatus(text: string): text is RequestStatus {
  return (REQUEST_STATUSES as readonly string[]).includes(text);
}
