import type { ApiMethod } from './api-method';
import { GatewayFault } from './gateway-fault';
import { lastValue, type ReadRequest } from './gateway-request';
import { readQuery } from './proxy-event';

/** Throws if a parameter that the method wants is missing or blank. */
function validateParameters(request: ReadRequest, method: ApiMethod): void {
  const query = readQuery(request.query);
  const missing = method.requiredParameters
    .map((parameter) => {
      const [place, name] = [
        parameter.slice(0, parameter.indexOf('.')),
        parameter.slice(parameter.indexOf('.') + 1),
      ];
      const value = place === 'header' ? lastValue(request, name.toLowerCase()) : query[name]?.at(-1);
      return value === undefined || value.trim() === '' ? name : undefined;
    })
    .filter((name) => name !== undefined);
  if (missing.length === 0) return;
  throw new GatewayFault(
    'BAD_REQUEST_PARAMETERS',
    400,
    'BadRequestException',
    `Missing required request parameters: [${missing.join(', ')}]`,
  );
}

const badBody = (complaints: readonly string[]) =>
  new GatewayFault(
    'BAD_REQUEST_BODY',
    400,
    'BadRequestException',
    'Invalid request body',
    `[${complaints.join(', ')}]`,
  );

/** A body of a content type that no model names is not looked at; one without a content type counts as JSON. */
function validateBody(request: ReadRequest, method: ApiMethod): void {
  const contentType = lastValue(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  const check = method.bodyChecks.get(contentType ?? 'application/json') ?? method.bodyChecks.get('$default');
  if (check === undefined) return;
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw badBody(['Invalid JSON']);
  }
  const complaints = check(body);
  if (complaints.length > 0) throw badBody(complaints);
}

/**
 * What a request validator does: required parameters first, then the body against the model of its content type.
 *
 * @throws GatewayFault `BAD_REQUEST_PARAMETERS` or `BAD_REQUEST_BODY`
 */
export function validateRequest(request: ReadRequest, method: ApiMethod): void {
  if (method.requiredParameters.length > 0) validateParameters(request, method);
  validateBody(request, method);
}
