import type { FieldProblem } from '../tickets/field-problem';

/**
 * An error of the request API, as RFC 9457 has it. Nothing in it comes from settings, credentials or the inside of an
 * exception; values of the caller's own body are in `problems` only, shortened and escaped.
 */
export interface ProblemDetails {
  /** Identifies the kind of problem: `urn:latchkey:problem:<kind>`. Programs branch on this, people read the rest. */
  readonly type: string;
  /** The kind in words, the same every time. */
  readonly title: string;
  readonly status: number;
  /** This occurrence in words: lowercase, no final period. */
  readonly detail: string;
  /** Extension member: what is wrong with each field. */
  readonly problems?: readonly FieldProblem[];
  /** Extension member: what an operator can look the occurrence up by. */
  readonly requestId?: string;
}

/** An answer in the form that API Gateway's Lambda proxy integration takes. Header names are in lower case. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** RFC 9457, section 3. */
const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Answers `details` as problem+json, with the headers that the status needs. */
function problemAnswer(details: ProblemDetails, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    statusCode: details.status,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE, ...headers },
    body: JSON.stringify(details),
  };
}

/** 400: the body of a request is not a ticket. */
export function invalidTicket(problems: readonly FieldProblem[]): HttpAnswer {
  return problemAnswer({
    ...kind(400, 'invalid-ticket', 'The ticket is not valid'),
    detail: counted(problems.length, 'to correct in the ticket'),
    problems,
  });
}

/** 400: something else of the call is wrong, a query parameter or a header; `field` of a problem names which. */
export function invalidCall(problems: readonly FieldProblem[]): HttpAnswer {
  return problemAnswer({
    ...kind(400, 'invalid-call', 'The call is not valid'),
    detail: counted(problems.length, 'to correct in the call'),
    problems,
  });
}

/** 403: the caller has not got the right. `detail` says which right, never anything about a record that exists. */
export function forbidden(detail: string): HttpAnswer {
  return problemAnswer({ ...kind(403, 'forbidden', 'The caller may not do this'), detail });
}

/** 404: the same words whether a record does not exist or is not the caller's to see. `what` is such as `request`. */
export function notFound(what: string): HttpAnswer {
  return problemAnswer({
    ...kind(404, 'not-found', 'There is no such thing'),
    detail: `there is no such ${what}, or this caller may not see it`,
  });
}

/** 405: the path is there, the method is not. */
export function methodNotAllowed(allowed: readonly string[]): HttpAnswer {
  const details = {
    ...kind(405, 'method-not-allowed', 'The method is not allowed here'),
    detail: `use ${allowed.join(' or ')}`,
  };
  // RFC 9110, section 15.5.6: the answer must name the methods.
  return problemAnswer(details, { allow: allowed.join(', ') });
}

/** 409: the call contradicts the present state, such as an idempotency key that was used with another body. */
export function conflict(detail: string): HttpAnswer {
  return problemAnswer({ ...kind(409, 'conflict', 'The call contradicts the present state'), detail });
}

/** 413: the body has more than `limitBytes`. */
export function tooLarge(limitBytes: number): HttpAnswer {
  return problemAnswer({
    ...kind(413, 'too-large', 'The body is too large'),
    detail: `send at most ${limitBytes} bytes`,
  });
}

/** 415: the body is not declared as JSON. What was declared is not repeated. */
export function unsupportedMediaType(): HttpAnswer {
  const details = {
    ...kind(415, 'unsupported-media-type', 'The media type is not supported'),
    detail: 'send the body with content-type: application/json',
  };
  // RFC 9110, section 15.5.16: `accept` tells which types would have been taken.
  return problemAnswer(details, { accept: 'application/json' });
}

/** 500: an error inside. Its message and stack belong to the log; `requestId` finds them there. */
export function internalError(requestId: string): HttpAnswer {
  return problemAnswer({
    ...kind(500, 'internal', 'Something went wrong inside'),
    detail: 'send the call again; if it fails again, tell the operators the request id',
    requestId,
  });
}

/** 503: something that is needed cannot be reached now; the same call is worth another try after `retryAfterSeconds`. */
export function unavailable(requestId: string, retryAfterSeconds: number): HttpAnswer {
  const details = {
    ...kind(503, 'unavailable', 'The service cannot answer now'),
    detail: `send the same call again in ${retryAfterSeconds} s`,
    requestId,
  };
  return problemAnswer(details, { 'retry-after': String(retryAfterSeconds) });
}

/** The members that all occurrences of a kind share. The kind is a contract with programs; it is never renamed. */
function kind(
  status: number,
  name: string,
  title: string,
): { readonly type: string; readonly title: string; readonly status: number } {
  return { type: `urn:latchkey:problem:${name}`, title, status };
}

function counted(count: number, what: string): string {
  return `there ${count === 1 ? 'is 1 thing' : `are ${count} things`} ${what}`;
}
