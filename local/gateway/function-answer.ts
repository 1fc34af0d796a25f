import { isJsonObject, type JsonObject } from '../assembly/json-values';
import type { Invocation } from '../lambda/lambda-invoker';
import { internalServerError } from './gateway-fault';
import { lastValue, type GatewayAnswer } from './gateway-request';
import { isBinary, type Passage } from './proxy-event';

/** The only members that an answer may have; with another one the service calls it malformed. */
const MEMBERS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** Headers that belong to the connection and not to the function: the service sends them on under another name. */
const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'server',
  'transfer-encoding',
  'www-authenticate',
]);

const isPrintable = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Header values by lower-case name; those of `multiValueHeaders` win. */
function readHeaders(answer: JsonObject): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const put = (name: string, value: string | string[]) => {
    const lower = name.toLowerCase();
    headers[REMAPPED.has(lower) ? `x-amzn-remapped-${lower}` : lower] = value;
  };
  for (const member of ['headers', 'multiValueHeaders'] as const) {
    const values = answer[member] ?? {};
    if (!isJsonObject(values)) throw internalServerError(502);
    for (const [name, value] of Object.entries(values)) {
      const list: readonly unknown[] =
        member === 'headers' ? [value] : Array.isArray(value) ? value : [undefined];
      if (!list.every(isPrintable)) throw internalServerError(502);
      put(name, member === 'headers' ? list.map(String).join(',') : list.map(String));
    }
  }
  return headers;
}

/** Statuses may be given as text; anything that is no HTTP status makes the answer malformed. */
function readStatus(value: unknown): number {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw internalServerError(502);
  }
  return status;
}

function readBody(answer: JsonObject, passage: Passage, contentType: string | undefined): Buffer {
  const { body = null, isBase64Encoded = false } = answer;
  if ((body !== null && typeof body !== 'string') || typeof isBase64Encoded !== 'boolean') {
    throw internalServerError(502);
  }
  if (body === null) return Buffer.alloc(0);
  // Decoded only for a caller that accepts a binary type; the first one named counts.
  const accepted = lastValue(passage.request, 'accept')?.split(',')[0] ?? contentType;
  return Buffer.from(body, isBase64Encoded && isBinary(passage.api, accepted) ? 'base64' : 'utf8');
}

/**
 * What a function's answer makes of the HTTP answer.
 *
 * @throws GatewayFault 502 if the function failed or its answer does not have the shape that a proxy integration wants
 */
export function readFunctionAnswer(invocation: Invocation, passage: Passage): GatewayAnswer {
  const { payload } = invocation;
  if (invocation.functionError !== undefined || !isJsonObject(payload)) throw internalServerError(502);
  if (Object.keys(payload).some((name) => !MEMBERS.includes(name))) throw internalServerError(502);
  const headers = readHeaders(payload);
  const contentType = headers['content-type'] ?? 'application/json';
  return {
    statusCode: readStatus(payload.statusCode),
    headers: { ...headers, 'content-type': contentType },
    body: readBody(payload, passage, typeof contentType === 'string' ? contentType : contentType[0]),
  };
}
