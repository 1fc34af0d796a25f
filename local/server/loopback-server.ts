import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a {@link LoopbackServer} answers. */
export interface LoopbackServerOptions {
  /** Epoch milliseconds for the `date` of answers. */
  readonly now: () => number;
  /** Answers one request; what it throws is answered 500 and reported. */
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Takes what went wrong inside, for the terminal. */
  readonly report: (sentence: string) => void;
}

/** The largest body that any API here takes. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES: ReadonlySet<string> = new Set([LOOPBACK, 'localhost', '::1', '[::1]']);

/** Whether only programs of this machine reach what listens at this address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host.toLowerCase());
}

/** A request that is answered with this status and a message. */
class Refusal extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * An HTTP server for the programs of this machine. Pages in a browser of this machine are kept out: they cannot leave `Origin`
 * away, and a name that was pointed at the loopback address shows in `Host`.
 */
export class LoopbackServer {
  readonly #server: Server;
  readonly #report: LoopbackServerOptions['report'];
  #host = LOOPBACK;

  constructor({ now, serve, report }: LoopbackServerOptions) {
    this.#report = report;
    this.#server = createServer((request, response) => {
      // In virtual time, which is what functions see: the SDK takes a difference for a wrong clock, corrects it, and sends
      // what was refused once more.
      response.sendDate = false;
      response.setHeader('date', new Date(now()).toUTCString());
      const refusal = this.#refusal(request);
      if (refusal !== undefined) {
        writeJson(response, refusal.statusCode, { message: refusal.message });
        return;
      }
      serve(request, response).catch((error: unknown) => {
        this.#failed(request, response, error);
      });
    });
    // A silent reply of a simulated fault may last as long as the client waits.
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
    // A connection that is closed at the moment of its next use costs the client a retry, and a pause before it: in a manual
    // clock a function would pause until somebody moves time.
    this.#server.keepAliveTimeout = 0;
  }

  /**
   * Listens on a port (0: any free one); answers the URL.
   * @param host another address than loopback lets other machines in
   * @throws Error in one sentence for a port that is in use
   */
  async listen(port: number, host = LOOPBACK): Promise<string> {
    this.#host = host;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(
          cause.code === 'EADDRINUSE'
            ? new Error(`port ${port} is in use: stop what listens there, or choose another with --port`, {
                cause,
              })
            : cause,
        );
      });
      this.#server.listen(port, host, () => {
        this.#server.removeAllListeners('error');
        resolve();
      });
    });
    const { port: given } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${given}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  #refusal({ headers }: IncomingMessage): Refusal | undefined {
    const { origin, host = '' } = headers;
    if (origin !== undefined) return new Refusal(403, `requests of web pages (${origin}) are not answered`);
    const name = host.replace(/:\d+$/, '').toLowerCase();
    if (!isLoopback(this.#host) || name === '' || isLoopback(name)) return undefined;
    return new Refusal(403, `the host is "${name}": call it ${LOOPBACK} or localhost`);
  }

  #failed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof Refusal) {
      if (!response.headersSent) writeJson(response, error.statusCode, { message: error.message });
      return;
    }
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#report(`${request.method ?? ''} ${request.url ?? ''} failed inside the local runtime: ${cause}`);
    if (!response.headersSent)
      writeJson(response, 500, { message: 'the local runtime failed; its terminal says why' });
  }
}

/** The whole body of a request; one that is too large is answered 413. Listens itself: an iterator costs a call twice the time. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and dropped, so that the client gets to read the answer.
      if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
      else reject(new Refusal(413, `the body is larger than ${LARGEST_BODY_BYTES} bytes`));
    });
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

/** Answers JSON. */
export function writeJson(response: ServerResponse, statusCode: number, body: object): void {
  response.writeHead(statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
