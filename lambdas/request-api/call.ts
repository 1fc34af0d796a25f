import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AccessPolicy, PolicyCaller } from '../../core/policy/access-policy';
import { callerIdentity, findCaller } from '../../core/policy/callers';
import { type FieldProblem, shownValue } from '../../core/tickets/field-problem';

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
