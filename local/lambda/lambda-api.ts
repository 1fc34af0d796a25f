import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-api/json-service';
import type { LambdaFunctionDefinition } from './lambda-function';
import type { LambdaRuntime } from './lambda-runtime';

/** An HTTP answer of the Lambda API; header names are lower-case, as Node writes them. */
export interface LambdaApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Throws `AwsError` `AccessDeniedException` for a call that its caller may not make. */
export type AllowCall = (operation: string, input: Readonly<Record<string, unknown>>) => void;

const API_ROOT = '/2015-03-31/functions';
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/;

/** Request headers that would change what an invocation does, and are not supported here. */
const UNSUPPORTED_HEADERS: Readonly<Record<string, (value: string) => boolean>> = {
  'x-amz-client-context': () => true,
  'x-amz-durable-execution-name': () => true,
  'x-amz-log-type': (value) => value !== 'None',
  'x-amz-tenant-id': () => true,
};

/** Whether a request is one for {@link handleLambdaApi}: all of Lambda's calls used here have this date in their path. */
export function isLambdaApiPath(path: string): boolean {
  return path === API_ROOT || path.startsWith(`${API_ROOT}/`);
}

/**
 * Answers Lambda's REST API: `Invoke` (as a request, an event, or a dry run), `ListFunctions`, `GetFunctionConfiguration`.
 * Errors, also for whatever else is asked for, are answered as the service does: `x-amzn-errortype` and a JSON message.
 *
 * @param path with or without a query
 * @param headers names in lower case
 * @param allow asked before a call is carried out; every call is allowed unless it is given
 */
export async function handleLambdaApi(
  runtime: LambdaRuntime,
  method: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  allow: AllowCall = () => undefined,
): Promise<LambdaApiResponse> {
  try {
    return await route(runtime, method, new URL(path, 'http://localhost'), body, headers, allow);
  } catch (error) {
    if (error instanceof AwsError) return errorResponse(error);
    throw error;
  }
}

async function route(
  runtime: LambdaRuntime,
  method: string,
  { pathname, searchParams }: URL,
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  allow: AllowCall,
): Promise<LambdaApiResponse> {
  const invoked = INVOCATIONS.exec(pathname)?.[1];
  if (method === 'POST' && invoked !== undefined) {
    const qualifier = searchParams.get('Qualifier');
    const name = decodeURIComponent(invoked) + (qualifier === null ? '' : `:${qualifier}`);
    allow('Invoke', { FunctionName: name });
    return await invoke(runtime, name, body, headers);
  }
  if (method === 'GET' && pathname.replace(/\/$/, '') === API_ROOT) {
    allow('ListFunctions', {});
    return json(200, { Functions: runtime.functions().map(configurationOf) });
  }
  const configured = CONFIGURATION.exec(pathname)?.[1];
  if (method === 'GET' && configured !== undefined) {
    const name = decodeURIComponent(configured);
    allow('GetFunctionConfiguration', { FunctionName: name });
    return json(200, configurationOf(runtime.definitionOf(name)));
  }
  const message = `${method} ${pathname} is not supported by the local Lambda; use Invoke, ListFunctions or GetFunctionConfiguration`;
  throw new AwsError('UnknownOperationException', message, 404);
}

async function invoke(
  runtime: LambdaRuntime,
  name: string,
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<LambdaApiResponse> {
  for (const [header, refuses] of Object.entries(UNSUPPORTED_HEADERS)) {
    const value = headerOf(headers, header);
    if (value === undefined || !refuses(value)) continue;
    throw invalidParameter(
      `the header ${header}: ${value} is not supported by the local Lambda; leave it out`,
    );
  }
  const payload = body === '' ? {} : parsePayload(body);
  const type = headerOf(headers, 'x-amz-invocation-type') ?? 'RequestResponse';
  switch (type) {
    case 'RequestResponse':
      return await invokeAndAnswer(runtime, name, payload);
    case 'Event': {
      runtime.definitionOf(name);
      // Whatever becomes of it, the caller only learns that it was taken, as from the service; the log knows more.
      void runtime.invokeAsEventUnheard(name, payload);
      return { statusCode: 202, headers: requestIdHeader(randomUUID()), body: '' };
    }
    case 'DryRun':
      runtime.definitionOf(name);
      return { statusCode: 204, headers: requestIdHeader(randomUUID()), body: '' };
    default:
      throw invalidParameter(
        `InvocationType must be one of RequestResponse, Event and DryRun, got ${JSON.stringify(type)}`,
      );
  }
}

async function invokeAndAnswer(
  runtime: LambdaRuntime,
  name: string,
  payload: unknown,
): Promise<LambdaApiResponse> {
  const invocation = await runtime.invoke(name, payload);
  const { executedVersion, functionError, requestId } = invocation;
  return {
    statusCode: invocation.statusCode,
    headers: {
      'content-type': 'application/json',
      ...requestIdHeader(requestId),
      'x-amz-executed-version': executedVersion,
      ...(functionError === undefined ? {} : { 'x-amz-function-error': functionError }),
    },
    body: JSON.stringify(invocation.payload),
  };
}

function parsePayload(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Could not parse request body into json: ${reason}`;
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
}

function configurationOf(definition: LambdaFunctionDefinition): Record<string, unknown> {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Handler: definition.handler,
    MemorySize: definition.memorySize,
    PackageType: 'Zip',
    State: 'Active',
    Timeout: definition.timeoutSeconds,
    Version: '$LATEST',
    Environment: { Variables: definition.environment },
  };
}

function headerOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

function requestIdHeader(requestId: string): Record<string, string> {
  return { 'x-amzn-requestid': requestId };
}

function json(statusCode: number, body: unknown): LambdaApiResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...requestIdHeader(randomUUID()) },
    body: JSON.stringify(body),
  };
}

function errorResponse(error: AwsError): LambdaApiResponse {
  const response = json(error.statusCode, { ...error.members, Message: error.message });
  return { ...response, headers: { ...response.headers, 'x-amzn-errortype': error.code } };
}
