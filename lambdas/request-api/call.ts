import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AccessPolicy, PolicyCaller } from '../../core/policy/access-policy';
import { callerIdentity, findCaller } from '../../core/policy/callers';
import { type HttpAnswer, invalidCall, tooLarge } from '../../core/http/problem-details';
import { type FieldProblem, shownValue } from '../../core/tickets/field-problem';
import type { JsonObject } from '../../core/tickets/field-reading';
import { LARGEST_BODY_BYTES, parseTicketText } from '../../core/tickets/ticket-text';

/** Who calls: from the signature that the gateway verified, never from the body. */
export interface Caller {
  /** Role (or user) ARN without path and session name. */
  readonly arn: string;
  readonly rights: PolicyCaller;
}

/** The caller, or undefined for one that the policy does not know: then nothing is permitted. */
export function callerOf(event: APIGatewayProxyEvent, policy: AccessPolicy): Caller | undefined {
  const identity = callerIdentity(event.requestContext.identity.userArn ?? '');
  const rights = identity && findCaller(policy, identity.arn);
  return identity && rights && { arn: identity.arn, rights };
}

/** The body as text; undefined where its bytes are not UTF-8. */
export function bodyText({ body, isBase64Encoded }: APIGatewayProxyEvent): string | undefined {
  if (body === null) return '';
  if (!isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    return undefined;
  }
}

/** A header, whatever the case of its name. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(event.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** A problem with a parameter or header of a call. */
export function callProblem(field: string, value: unknown, problem: string, remedy: string): FieldProblem {
  return { field, value: shownValue(value), problem, remedy };
}

/** Parameters that nobody reads, and those of which only one could be read. */
export function parameterProblems(
  { queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent,
  known: readonly string[],
): FieldProblem[] {
  const unknown = Object.entries(queryStringParameters ?? {})
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => callProblem(name, value, 'is not a parameter', `use ${known.join(', ')}`));
  const repeated = Object.entries(multiValueQueryStringParameters ?? {})
    .filter(([name, values = []]) => known.includes(name) && values.length > 1)
    .map(([name, values]) => callProblem(name, values, 'is given more than once', 'give it once'));
  return [...unknown, ...repeated];
}

/** The JSON object of a call that may come without one: an empty body is an empty object. */
export function optionalBody(event: APIGatewayProxyEvent): { readonly body: JsonObject } | HttpAnswer {
  const text = bodyText(event);
  if (text === undefined)
    return invalidCall([callProblem('(body)', '(bytes)', 'is not UTF-8', 'send JSON in UTF-8')]);
  if (text.trim() === '') return { body: {} };
  const reading = parseTicketText(text);
  if (reading.ok) return { body: reading.body };
  return reading.reason === 'too-large' ? tooLarge(LARGEST_BODY_BYTES) : invalidCall(reading.problems);
}
