import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, conflict, invalidCall, tooLarge } from '../../core/http/problem-details';
import { revokeRequest } from '../../core/requests/receive';
import { summarize } from '../../core/requests/view';
import { collectProblems } from '../../core/tickets/field-problem';
import { checkKeys, checkStructure, member } from '../../core/tickets/field-reading';
import { type TextRule, readText } from '../../core/tickets/safe-text';
import { LARGEST_BODY_BYTES, parseTicketText } from '../../core/tickets/ticket-text';
import { answer } from './answer';
import { type Caller, bodyText, callProblem } from './call';
import { readFor } from './look';
import type { ApiPorts } from './ports';

const REASON: TextRule = { kind: 'prose', longest: 500, what: 'why it is ended, in a sentence' };

/**
 * `POST /requests/{id}/revocation`: ends a request early. The body may be empty or `{"reason": "…"}`. Repeating it is harmless;
 * what was denied or failed has nothing to end.
 */
export async function revoke(
  ports: ApiPorts,
  caller: Caller,
  id: string,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const request = await readFor(ports, caller, caller.rights.mayRevoke, id);
  if ('statusCode' in request) return request;
  const reading = readReason(event);
  if (reading !== undefined && 'statusCode' in reading) return reading;
  if (request.status === 'denied' || request.status === 'failed') {
    return conflict(`the request is ${request.status}, there is no access to end`);
  }
  return answer(202, summarize(await revokeRequest(ports, id, caller.arn, reading?.reason)));
}

function readReason(event: APIGatewayProxyEvent): HttpAnswer | { readonly reason: string } | undefined {
  const text = bodyText(event);
  if (text === undefined) {
    return invalidCall([callProblem('(body)', '(bytes)', 'is not UTF-8', 'send JSON in UTF-8')]);
  }
  if (text.trim() === '') return undefined;
  const reading = parseTicketText(text);
  if (!reading.ok)
    return reading.reason === 'too-large' ? tooLarge(LARGEST_BODY_BYTES) : invalidCall(reading.problems);
  const { report, problems } = collectProblems();
  checkStructure(report, '', reading.body);
  checkKeys(report, '', reading.body, ['reason']);
  const reason = readText(report, 'reason', member(reading.body, 'reason'), REASON);
  return reason === undefined || problems().length > 0 ? invalidCall(problems()) : { reason };
}
