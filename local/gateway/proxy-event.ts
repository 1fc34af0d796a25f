import type { ApiDefinition, Stage } from './api-definition';
import { lastValue, type Caller, type ReadRequest } from './gateway-request';
import type { ContextVariables } from './gateway-responses';
import type { Destination } from './routes';

/** One request on its way through the gateway. */
export interface Passage {
  readonly request: ReadRequest;
  readonly api: ApiDefinition;
  readonly stage: Stage;
  /** A UUID. */
  readonly requestId: string;
  /** Virtual time of arrival, epoch milliseconds. */
  readonly at: number;
}

/** Whether a media type is one of those that the API treats as binary; those that end in `/*` are patterns. */
export function isBinary(api: ApiDefinition, mediaType: string | undefined): boolean {
  const type = mediaType?.split(';')[0]?.trim().toLowerCase();
  return api.binaryMediaTypes.some(
    (pattern) =>
      pattern === '*/*' ||
      pattern === type ||
      (pattern.endsWith('/*') && type?.startsWith(pattern.slice(0, -1)) === true),
  );
}

/** Decoded values of the query by name. Throws `URIError` for a broken percent escape. */
export function readQuery(query: string): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    const key = decodeURIComponent(name);
    values.set(key, [...(values.get(key) ?? []), decodeURIComponent(rest.join('='))]);
  }
  return Object.fromEntries(values);
}

/** An event says `null` where there is nothing, not an empty object. */
const orNull = <T extends object>(object: T): T | null => (Object.keys(object).length === 0 ? null : object);

const lastOfEach = (values: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1)]));

/** `09/Apr/2015:12:34:56 +0000`. */
function requestTime(at: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day ?? ''}/${month ?? ''}/${year ?? ''}:${time ?? ''} +0000`;
}

/** What the service adds on the way in. */
function withForwarding({ request, requestId, at }: Passage): Readonly<Record<string, readonly string[]>> {
  const epoch = Math.floor(at / 1000).toString(16);
  return {
    ...request.headers,
    'x-amzn-trace-id': [`Root=1-${epoch}-${requestId.replaceAll('-', '').slice(0, 24)}`],
    'x-forwarded-for': [request.sourceIp],
    'x-forwarded-proto': ['http'],
  };
}

function identity(request: ReadRequest, caller: Caller | undefined): Record<string, unknown> {
  // On AWS the id before the colon is the role's unique id; it is not known here, so the role's name stands in.
  const principal =
    caller === undefined ? null : `${caller.roleArn.split('/').at(-1) ?? ''}:${caller.sessionName}`;
  return {
    accessKey: caller?.accessKeyId ?? null,
    accountId: caller?.accountId ?? null,
    apiKey: null,
    apiKeyId: null,
    caller: principal,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: caller?.organizationId ?? null,
    sourceIp: request.sourceIp,
    user: principal,
    userAgent: lastValue(request, 'user-agent') ?? null,
    userArn: caller?.userArn ?? null,
  };
}

function requestContext(
  passage: Passage,
  destination: Destination,
  caller: Caller | undefined,
): Record<string, unknown> {
  const { api, stage, request, requestId, at } = passage;
  const domainName = lastValue(request, 'host') ?? '';
  return {
    accountId: api.accountId,
    apiId: api.apiId,
    authorizer: null,
    deploymentId: stage.deploymentId,
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: identity(request, caller),
    operationName: null,
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: requestTime(at),
    requestTimeEpoch: at,
    resourceId: destination.route.resourceId,
    resourcePath: destination.route.resourcePath,
    stage: stage.name,
  };
}

/**
 * The event that a Lambda proxy integration gets, version 1.0. Path parameters stay percent-encoded and the query is
 * decoded, as REST APIs do it; header names are in lower case, since that is how they arrive here.
 *
 * @throws URIError for a query with a broken percent escape
 */
export function proxyEvent(
  passage: Passage,
  destination: Destination,
  caller: Caller | undefined,
): Record<string, unknown> {
  const { request, api, stage } = passage;
  const headers = withForwarding(passage);
  const query = readQuery(request.query);
  const binary = isBinary(api, lastValue(request, 'content-type'));
  return {
    version: '1.0',
    resource: destination.route.resourcePath,
    path: request.resourcePath,
    httpMethod: request.method,
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastOfEach(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(destination.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: requestContext(passage, destination, caller),
    body: request.body.length === 0 ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

/** The variables that a gateway response may put into its body. */
export function contextVariables(passage: Passage, destination: Destination | undefined): ContextVariables {
  const { api, stage, request, requestId, at } = passage;
  const domainName = lastValue(request, 'host') ?? '';
  return {
    accountId: api.accountId,
    apiId: api.apiId,
    deploymentId: stage.deploymentId,
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    extendedRequestId: requestId,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': lastValue(request, 'user-agent') ?? '',
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: requestTime(at),
    requestTimeEpoch: String(at),
    resourceId: destination?.route.resourceId ?? '',
    resourcePath: destination?.route.resourcePath ?? '',
    stage: stage.name,
  };
}
