import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, conflict, invalidCall, tooLarge } from '../../core/http/problem-details';
import { revokeRequest } from '../../core/requests/receive';
import { summarize } from '../../core/requests/view';
import { LARGEST_BODY_BYTES, parseTicketText } from '../../core/tickets/ticket-text';
import { answer } from './answer';
import { type Caller, bodyText, callProblem } from './call';
import { readFor } from './look';
import type { ApiPorts } from './ports';

const LONGEST_REASON = 500;

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
  if (text?.trim() === '') return undefined;
  const reading = parseTicketText(text ?? '');
  if (!reading.ok)
    return reading.reason === 'too-large' ? tooLarge(LARGEST_BODY_BYTES) : invalidCall(reading.problems);
  const unknown = Object.keys(reading.body).filter((name) => name !== 'reason');
  const { reason } = reading.body;
  const isText = typeof reason === 'string' && reason.trim() !== '' && reason.length <= LONGEST_REASON;
  if (unknown.length === 0 && isText && !/[\p{Cc}\p{Cf}]/u.test(reason))
    return { reason: reason.normalize('NFC') };
  const problems = [
    ...unknown.map((name) =>
      callProblem(name, reading.body[name], 'is not a field', 'send reason, or an empty body'),
    ),
    ...(isText
      ? []
      : [
          callProblem(
            'reason',
            reason,
            `is not text of 1 to ${LONGEST_REASON} characters`,
            'say why in a sentence',
          ),
        ]),
  ];
  const hidden = callProblem(
    'reason',
    reason,
    'has control or invisible characters',
    'write it as plain text',
  );
  return invalidCall(problems.length > 0 ? problems : [hidden]);
}
