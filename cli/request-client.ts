import { signRequest } from '../local/gateway/sigv4';

/** Who sends, and where to. */
export interface RequestClientOptions {
  /** Such as `http://127.0.0.1:4600`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** An answer of the request API. */
export interface RequestAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the request API over HTTP, signed as any AWS client signs. */
export class RequestClient {
  constructor(private readonly options: RequestClientOptions) {}

  /** `path` begins after the stage: `/requests`. `text` is sent as it is. */
  async send(method: 'GET' | 'POST', path: string, text?: string): Promise<RequestAnswer> {
    const { endpoint, accessKeyId, secretAccessKey, region } = this.options;
    const url = `${endpoint}/v1${path}`;
    const headers = signRequest({
      method,
      url,
      headers: text === undefined ? {} : { 'content-type': 'application/json' },
      ...(text === undefined ? {} : { body: text }),
      accessKeyId,
      secretAccessKey,
      region,
      service: 'execute-api',
      at: Date.now(),
    });
    const response = await fetch(url, { method, headers, ...(text === undefined ? {} : { body: text }) });
    return { status: response.status, body: (await response.json()) as RequestAnswer['body'] };
  }
}
