import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, invalidCall, notFound } from '../../core/http/problem-details';
import type { RequestQuery } from '../../core/ports/ledger';
import { type AccessRequest, REQUEST_STATUSES, type RequestStatus } from '../../core/requests/access-request';
import { summarize, viewRequest } from '../../core/requests/view';
import type { FieldProblem } from '../../core/tickets/field-problem';
import { BadPageTokenError } from '../runtime/ledger/page-token';
import { matchesQuery } from '../runtime/ledger/request-matching';
import { answer } from './answer';
import { type Caller, callProblem, parameterProblems } from './call';
import type { ApiPorts } from './ports';

/** Requests in one answer of a list. */
const REQUESTS_PER_PAGE = 25;

/** Parameters of a list that choose, and those that page. */
const FILTERS = ['ticket', 'principal', 'status'] as const;
const PARAMETERS: readonly string[] = [...FILTERS, 'next'];

/** The longest name in the identity store, a group's. */
const LONGEST_FILTER = 1_024;

/** What this API makes (lambdas/runtime/ids.ts); nothing else needs to be looked up, and could be too long for a key. */
const REQUEST_ID = /^req-[0-9a-z]{26}$/;

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
  const request = REQUEST_ID.test(id) ? await requests.read(id) : undefined;
  if (scope === 'all') return request ?? notFound('request');
  return request?.caller === caller.arn ? request : forbidden('this caller has no such request of its own');
}

/** `GET /requests/{id}`. */
export async function lookAtOne(
  ports: ApiPorts,
  caller: Caller,
  id: string,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const request = await readFor(ports, caller, caller.rights.mayRead, id);
  if ('statusCode' in request) return request;
  const problems = parameterProblems(event, ['accountsAfter']);
  const after = event.queryStringParameters?.accountsAfter;
  if (after !== undefined && !/^\d{12}$/.test(after)) {
    problems.push(
      callProblem('accountsAfter', after, 'is not an account id', 'give accounts.next of the page before'),
    );
  }
  if (problems.length > 0) return invalidCall(problems);
  return answer(200, viewRequest(request, await ports.requests.reports(id), after));
}

/** `GET /requests?ticket=&principal=&status=`: newest first, paged. One filter finds, the others narrow the page down. */
export async function list(
  ports: ApiPorts,
  caller: Caller,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const { mayRead } = caller.rights;
  if (mayRead === 'none') return forbidden('this caller may not read requests');
  const query = event.queryStringParameters ?? {};
  const problems = [...parameterProblems(event, PARAMETERS), ...filterProblems(query)];
  const filters = filtersOf(query);
  const [main] = filters;
  if (problems.length > 0 || main === undefined) return invalidCall(problems);
  try {
    const page =
      mayRead === 'all'
        ? await ports.requests.find(main, REQUESTS_PER_PAGE, query.next)
        : await ports.requests.findOwn(caller.arn, main, REQUESTS_PER_PAGE, query.next);
    const visible = page.requests.filter((request) => filters.every((each) => matchesQuery(request, each)));
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

function filterProblems(query: Query): FieldProblem[] {
  const given = FILTERS.filter((name) => query[name] !== undefined);
  if (given.length === 0) {
    return [callProblem('(query)', query, 'has no filter', `give one of ${FILTERS.join(', ')}`)];
  }
  const shape = given.flatMap((name) => {
    const value = query[name] ?? '';
    if (value.trim() === '') return [callProblem(name, value, 'is empty', 'give a value, or leave it out')];
    if (value.length <= LONGEST_FILTER) return [];
    return [callProblem(name, value, `has ${value.length} characters`, `give at most ${LONGEST_FILTER}`)];
  });
  const { status } = query;
  if (status === undefined || isStatus(status)) return shape;
  const remedy = `use one of ${REQUEST_STATUSES.join(', ')}`;
  return [...shape, callProblem('status', status, 'is not a status', remedy)];
}

/** The one that finds comes first: a ticket finds fewest, a principal fewer than a status. */
function filtersOf({ ticket, principal, status }: Query): RequestQuery[] {
  const filters: RequestQuery[] = [];
  if (ticket !== undefined) filters.push(ticketQuery(ticket));
  if (principal !== undefined) filters.push({ by: 'principal', name: principal.normalize('NFC') });
  if (status !== undefined && isStatus(status)) filters.push({ by: 'status', status });
  return filters;
}

/** `ticket` is an id, or `system:id` with the system as a ticket may have it (core/tickets/references.ts). */
function ticketQuery(ticket: string): RequestQuery {
  const [, system, id] = /^([a-z0-9][a-z0-9._-]*):(.+)$/i.exec(ticket) ?? [];
  if (system === undefined || id === undefined) return { by: 'ticket', id: ticket };
  return { by: 'ticket', system: system.toLowerCase(), id };
}

function isStatus(text: string): text is RequestStatus {
  return (REQUEST_STATUSES as readonly string[]).includes(text);
}
