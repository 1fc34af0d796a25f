import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { FieldProblem } from '../../core/tickets/field-problem';

/** An answer that API Gateway gives by itself, before or instead of the function. */
interface ProblemResponse {
  readonly type: apigateway.ResponseType;
  /** Left out for the two defaults, which stand for several. */
  readonly status?: number;
  /** `urn:latchkey:problem:<kind>`: the same kinds as the function's own. */
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  /** As the function's own answers name what is wrong, where it can be known. */
  readonly problems?: readonly FieldProblem[];
}

const FORBIDDEN = { status: 403, kind: 'forbidden', title: 'The caller may not do this' };

/**
 * The answers. They say what to do, in the same form as the function's, and nothing about who else may call or what exists:
 * with signed calls a path that is not there answers as a missing signature does.
 */
const RESPONSES: readonly ProblemResponse[] = [
  {
    type: apigateway.ResponseType.BAD_REQUEST_BODY,
    status: 400,
    kind: 'invalid-ticket',
    title: 'The ticket is not valid',
    detail: 'the body must be a JSON object',
    problems: [
      {
        field: '(body)',
        value: '(not a JSON object)',
        problem: 'is not one JSON object',
        remedy: 'send one JSON object: check quotes, commas and brackets',
      },
    ],
  },
  {
    type: apigateway.ResponseType.BAD_REQUEST_PARAMETERS,
    status: 400,
    kind: 'invalid-call',
    title: 'The call is not valid',
    detail: 'a parameter of the path or the query is missing',
  },
  {
    type: apigateway.ResponseType.MISSING_AUTHENTICATION_TOKEN,
    ...FORBIDDEN,
    detail: 'sign the call with AWS Signature Version 4 (service execute-api), and check method and path',
  },
  {
    type: apigateway.ResponseType.INVALID_SIGNATURE,
    ...FORBIDDEN,
    detail:
      'the signature does not match: check key and secret, the Region and that the body is sent as it was signed',
  },
  {
    type: apigateway.ResponseType.EXPIRED_TOKEN,
    ...FORBIDDEN,
    detail: 'the credentials have expired: fetch new ones and sign again',
  },
  {
    type: apigateway.ResponseType.ACCESS_DENIED,
    ...FORBIDDEN,
    detail: 'this caller is not among the callers of the access policy',
  },
  {
    type: apigateway.ResponseType.UNAUTHORIZED,
    status: 401,
    kind: 'unauthorized',
    title: 'The caller is not known',
    detail: 'sign the call with AWS Signature Version 4 (service execute-api)',
  },
  {
    type: apigateway.ResponseType.WAF_FILTERED,
    ...FORBIDDEN,
    detail: 'the firewall refused the call: look at its size and its rate',
  },
  {
    type: apigateway.ResponseType.RESOURCE_NOT_FOUND,
    status: 404,
    kind: 'not-found',
    title: 'There is no such thing',
    detail: 'there is no such path',
  },
  {
    type: apigateway.ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    kind: 'too-large',
    title: 'The body is too large',
    detail: 'send at most 16384 bytes',
  },
  {
    type: apigateway.ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    kind: 'unsupported-media-type',
    title: 'The media type is not supported',
    detail: 'send the body with content-type: application/json',
  },
  {
    type: apigateway.ResponseType.THROTTLED,
    status: 429,
    kind: 'too-many-calls',
    title: 'Too many calls',
    detail: 'send the same call again in a few seconds',
  },
  {
    type: apigateway.ResponseType.QUOTA_EXCEEDED,
    status: 429,
    kind: 'too-many-calls',
    title: 'Too many calls',
    detail: 'send the same call again later',
  },
  {
    type: apigateway.ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    kind: 'unavailable',
    title: 'The service cannot answer now',
    detail: 'send the same call again, with the same Idempotency-Key',
  },
  {
    type: apigateway.ResponseType.DEFAULT_4XX,
    kind: 'invalid-call',
    title: 'The call is not valid',
    detail: 'the call was refused before it reached the service',
  },
  {
    type: apigateway.ResponseType.DEFAULT_5XX,
    kind: 'internal',
    title: 'Something went wrong inside',
    detail: 'send the call again; if it fails again, tell the operators the request id',
  },
];

/** Words the gateway's own answers as RFC 9457 problems. */
export function addProblemResponses(api: apigateway.RestApi): void {
  for (const { type, status, kind, title, detail, problems } of RESPONSES) {
    const problem = {
      type: `urn:latchkey:problem:${kind}`,
      title,
      ...(status === undefined ? {} : { status }),
      detail,
      ...(problems === undefined ? {} : { problems }),
    };
    api.addGatewayResponse(`Problem${type.responseType}`, {
      type,
      ...(status === undefined ? {} : { statusCode: String(status) }),
      responseHeaders: { 'Content-Type': "'application/problem+json'" },
      // Only `$context` is put in: no part of the call comes back, so nothing has to be escaped.
      templates: { 'application/json': JSON.stringify({ ...problem, requestId: '$context.requestId' }) },
    });
  }
}
