import { asObject, asOptionalText, asText, refuseUnknown } from '../assembly/json-values';
import type { LocalResource } from '../assembly/local-assembly';
import { RESPONSE_TYPES, type GatewayFault, type ResponseType } from './gateway-fault';
import type { GatewayAnswer } from './gateway-request';

/** Values of `$context.…` for one request, by what stands after `$context.`; those of the error are added from the fault. */
export type ContextVariables = Readonly<Record<string, string>>;

/** Words a fault as the template wants it, else as the service does by itself. */
export type FaultRenderer = (
  fault: GatewayFault,
  context: ContextVariables,
  accept: string | undefined,
) => GatewayAnswer;

type Fill = (context: ContextVariables) => string;

interface GatewayResponse {
  readonly statusCode: number | undefined;
  readonly headers: readonly (readonly [string, Fill])[];
  /** Bodies by content type, in the template's order. */
  readonly templates: ReadonlyMap<string, Fill>;
}

/** The context variables that a gateway response may use. */
const VARIABLES: ReadonlySet<string> = new Set([
  'accountId',
  'apiId',
  'deploymentId',
  'domainName',
  'domainPrefix',
  'error.message',
  'error.messageString',
  'error.responseType',
  'error.validationErrorString',
  'extendedRequestId',
  'httpMethod',
  'identity.sourceIp',
  'identity.userAgent',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'resourceId',
  'resourcePath',
  'stage',
]);

function variable(name: string, where: string): string {
  if (VARIABLES.has(name)) return name;
  throw new Error(
    `${where} uses $context.${name}, which the local gateway does not support; it knows ${[...VARIABLES].join(', ')}`,
  );
}

/**
 * Gateway responses have no template language, only variables. A `$` before anything but `context.` stops the load, since
 * the service would answer it unfilled.
 */
function compileTemplate(template: string, where: string): Fill {
  const pieces = template.split(/\$(?:context\.([A-Za-z]+(?:\.[A-Za-z]+)*))?/g);
  const fills = pieces.map((piece, index): Fill => {
    if (index % 2 === 0) return () => piece;
    if ((piece as string | undefined) === undefined) {
      throw new Error(
        `${where} uses a variable other than $context.…, which the local gateway does not support`,
      );
    }
    const name = variable(piece, where);
    // A variable that the request does not have is empty, such as the resource's path where no route was found.
    return (context) => context[name] ?? '';
  });
  return (context) => fills.map((fill) => fill(context)).join('');
}

/** `'text'` or `context.name`. */
function compileParameter(value: string, where: string): Fill {
  const literal = /^'(.*)'$/s.exec(value)?.[1];
  if (literal !== undefined) return () => literal;
  const name = /^context\.(.+)$/.exec(value)?.[1];
  if (name === undefined) {
    throw new Error(
      `${where} is ${value}, which the local gateway does not support; write 'text' or context.<name>`,
    );
  }
  const known = variable(name, where);
  return (context) => context[known] ?? '';
}

function isResponseType(type: string): type is ResponseType {
  return Object.hasOwn(RESPONSE_TYPES, type);
}

function compileResponse({ logicalId, properties }: LocalResource): readonly [ResponseType, GatewayResponse] {
  refuseUnknown(
    properties,
    ['ResponseType', 'RestApiId', 'StatusCode', 'ResponseParameters', 'ResponseTemplates'],
    logicalId,
  );
  const type = asText(properties.ResponseType, `${logicalId}.ResponseType`);
  if (!isResponseType(type)) {
    throw new Error(`${logicalId}.ResponseType is ${type}, which the local gateway does not support`);
  }
  const statusCode = asOptionalText(properties.StatusCode, `${logicalId}.StatusCode`);
  const headers = Object.entries(
    asObject(properties.ResponseParameters, `${logicalId}.ResponseParameters`),
  ).map(([name, value]) => {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    if (header === undefined) {
      throw new Error(
        `${logicalId} sets ${name}, which the local gateway does not support; it sets headers only`,
      );
    }
    const where = `${logicalId}.${name}`;
    return [header.toLowerCase(), compileParameter(asText(value, where), where)] as const;
  });
  const templates = Object.entries(
    asObject(properties.ResponseTemplates, `${logicalId}.ResponseTemplates`),
  ).map(([contentType, template]) => {
    const where = `${logicalId}.ResponseTemplates.${contentType}`;
    return [contentType, compileTemplate(asText(template, where), where)] as const;
  });
  return [
    type,
    {
      statusCode: statusCode === undefined ? undefined : Number(statusCode),
      headers,
      templates: new Map(templates),
    },
  ];
}

/** The template for the type that the caller accepts, else the JSON one, else the first. */
function chooseTemplate(
  templates: ReadonlyMap<string, Fill>,
  accept: string | undefined,
): readonly [string, Fill] | undefined {
  const accepted = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  const contentType = [...accepted, 'application/json'].find((type) => templates.has(type));
  return [...templates].find(([type]) => contentType === undefined || type === contentType);
}

/** JSON's escapes for a text, without the quotes around it. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

function errorVariables(fault: GatewayFault): ContextVariables {
  return {
    'error.message': fault.message,
    'error.messageString': JSON.stringify(fault.message),
    'error.responseType': fault.responseType,
    // Comes escaped, because templates put it between quotes although it holds quotes itself.
    'error.validationErrorString': escaped(fault.validationErrors ?? ''),
  };
}

/** A refusal by policy is the one body that writes `Message` with a capital. */
const plainBody = (fault: GatewayFault) =>
  JSON.stringify(
    fault.responseType === 'ACCESS_DENIED' ? { Message: fault.message } : { message: fault.message },
  );

/**
 * Compiles the gateway responses of one API. A fault is answered by the response of its type, else by `DEFAULT_4XX` or
 * `DEFAULT_5XX`, else in the service's own words; without a `StatusCode` a response keeps the fault's.
 *
 * @throws Error naming a response type, variable or parameter that is not supported
 */
export function compileGatewayResponses(resources: readonly LocalResource[]): FaultRenderer {
  const responses = new Map(resources.map(compileResponse));
  return (fault, context, accept) => {
    const fallback = fault.statusCode < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
    const response = responses.get(fault.responseType) ?? responses.get(fallback);
    const all = { ...context, ...errorVariables(fault) };
    const chosen = response === undefined ? undefined : chooseTemplate(response.templates, accept);
    const headers = (response?.headers ?? []).map(([name, fill]) => [name, fill(all)] as const);
    return {
      statusCode: response?.statusCode ?? fault.statusCode,
      headers: {
        'content-type': chosen?.[0] ?? 'application/json',
        'x-amzn-errortype': fault.errorType,
        ...Object.fromEntries(headers),
      },
      body: Buffer.from(chosen === undefined ? plainBody(fault) : chosen[1](all)),
    };
  };
}
