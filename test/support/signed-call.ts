import { signRequest } from '../../local/gateway/sigv4';
import type { TestApp } from './test-app';

/** A call of the request API with every part of it open to change, for calls that no honest client makes. */
export interface SignedCall {
  /** @default POST */
  readonly method?: string;
  /** Begins after the stage. @default /requests */
  readonly path?: string;
  readonly body?: string | Buffer;
  /** Besides those of the signature. @default content-type: application/json, where there is a body */
  readonly headers?: Readonly<Record<string, string>>;
  /** Access key id. @default test */
  readonly caller?: string;
  /** @default - the caller's own */
  readonly secret?: string;
  /** Instant of the signature, in epoch milliseconds. @default - the present of the app */
  readonly at?: number;
  /** What is done to the signed headers before they are sent. */
  readonly tamper?: (headers: Readonly<Record<string, string>>) => Record<string, string>;
}

/** An answer with everything that a test may look at. */
export interface HttpReply {
  readonly status: number;
  /** Media type. */
  readonly type: string;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** A problem with one field, as an answer carries it. */
export interface SeenProblem {
  readonly field: string;
  readonly value: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Sends one call over HTTP. */
export async function sendCall(app: TestApp, call: SignedCall): Promise<HttpReply> {
  const { method = 'POST', path = '/requests', body, caller = 'test' } = call;
  const url = `${app.runtime.endpoint}/v1${path}`;
  const own = call.headers ?? (body === undefined ? {} : { 'content-type': 'application/json' });
  const signed = signRequest({
    method,
    url,
    headers: own,
    ...(body === undefined ? {} : { body }),
    accessKeyId: caller,
    secretAccessKey: call.secret ?? caller,
    region: app.organization.instance.region,
    service: 'execute-api',
    at: call.at ?? app.runtime.clock.now(),
  });
  const response = await fetch(url, {
    method,
    headers: call.tamper === undefined ? signed : call.tamper(signed),
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: parsed(await response.text()),
    headers: response.headers,
  };
}

/** The problems of an answer; none where it is no problem of fields. */
export function problemsOf({ body }: { readonly body: unknown }): readonly SeenProblem[] {
  return (body as { problems?: readonly SeenProblem[] }).problems ?? [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
