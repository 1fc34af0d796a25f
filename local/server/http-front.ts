import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalClock } from '../clock/local-clock';
import type { Gateway } from '../gateway/gateway';
import { handleLambdaApi, isLambdaApiPath } from '../lambda/lambda-api';
import type { LambdaRuntime } from '../lambda/lambda-runtime';
import type { AwsFront } from './aws-front';
import type { LocalFront } from './local-front';
import type { SimulatorFront } from './simulator-front';

/** The parts behind the one port. */
export interface HttpFrontParts {
  readonly clock: LocalClock;
  readonly aws: AwsFront;
  readonly gateway: Gateway;
  readonly lambda: LambdaRuntime;
  readonly local: LocalFront;
  readonly simulator: SimulatorFront;
  readonly report: (sentence: string) => void;
}

/** The largest body that any API here takes. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

/** A body that is too large, or broke off. */
class BodyError extends Error {}

/** The one HTTP server of the local runtime, on loopback only. */
export class HttpFront {
  readonly #server: Server;
  readonly #parts: HttpFrontParts;

  constructor(parts: HttpFrontParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => {
      // In virtual time, which is what functions see: the SDK takes a difference for a wrong clock, corrects it, and sends
      // what was refused once more.
      response.sendDate = false;
      response.setHeader('date', new Date(parts.clock.now()).toUTCString());
      this.#serve(request, response).catch((error: unknown) => {
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

  /** Listens on a port (0: any free one); answers the URL. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { aws } = this.#parts;
    const target = request.headers['x-amz-target'];
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/' && typeof target === 'string' && aws.isDynamoDb(target)) {
      aws.toTables(request, response);
      return;
    }
    const leave = this.#parts.clock.enter(`body of ${path}`);
    const body = await readBody(request).finally(leave);
    await this.#route(request, response, path, body);
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Buffer,
  ): Promise<void> {
    const { aws, gateway, lambda, local, simulator } = this.#parts;
    const { method = 'GET', url = '/', headers } = request;
    const target = headers['x-amz-target'];
    if (path === '/' && method === 'POST' && typeof target === 'string') {
      await aws.handle(request, response, target, body);
    } else if (path.startsWith('/_local/')) {
      const { statusCode, body: answer } = await local.handle(method, path, body);
      writeJson(response, statusCode, answer);
    } else if (path.startsWith('/_simulator/')) {
      const { statusCode, body: answer } = simulator.handle(method, path, body);
      writeJson(response, statusCode, answer);
    } else if (isLambdaApiPath(path)) {
      const answer = await handleLambdaApi(lambda, method, url, body.toString('utf8'), headers);
      response.writeHead(answer.statusCode, answer.headers).end(answer.body);
    } else if (gateway.stageNames.includes(path.split('/')[1] ?? '')) {
      const answer = await gateway.handle({ method, rawPath: url, headers, body });
      response.writeHead(answer.statusCode, outgoing(answer.headers)).end(answer.body);
    } else {
      const stages = gateway.stageNames.map((stage) => `/${stage}/…`).join(', ');
      writeJson(response, 404, {
        message: `nothing answers ${method} ${path}: the request API is at ${stages}, AWS APIs at POST / with x-amz-target, local calls at /_local/… and /_simulator/…`,
      });
    }
  }

  #failed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof BodyError) {
      if (!response.headersSent) writeJson(response, 413, { message: error.message });
      return;
    }
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.report(
      `${request.method ?? ''} ${request.url ?? ''} failed inside the local runtime: ${cause}`,
    );
    if (!response.headersSent)
      writeJson(response, 500, { message: 'the local runtime failed; its terminal says why' });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw new BodyError(`the body is larger than ${LARGEST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function writeJson(response: ServerResponse, statusCode: number, body: object): void {
  response.writeHead(statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function outgoing(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
