import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalClock } from '../clock/local-clock';
import type { Gateway } from '../gateway/gateway';
import type { Authorization } from '../iam/authorization';
import { handleLambdaApi, isLambdaApiPath } from '../lambda/lambda-api';
import type { LambdaRuntime } from '../lambda/lambda-runtime';
import { accessKeyOf } from './access-key';
import type { AwsFront } from './aws-front';
import type { LocalFront } from './local-front';
import { LoopbackServer, readBody, writeJson } from './loopback-server';
import type { SimulatorFront } from './simulator-front';

/** The parts behind the one port. */
export interface HttpFrontParts {
  readonly clock: LocalClock;
  readonly aws: AwsFront;
  readonly gateway: Gateway;
  readonly lambda: LambdaRuntime;
  /** Whether roles of the template let their sessions call Lambda. */
  readonly authorization: Authorization;
  readonly local: LocalFront;
  readonly simulator: SimulatorFront;
  readonly report: (sentence: string) => void;
}

/** The one HTTP server of the local runtime, on loopback only. */
export class HttpFront {
  readonly #server: LoopbackServer;
  readonly #parts: HttpFrontParts;

  constructor(parts: HttpFrontParts) {
    this.#parts = parts;
    this.#server = new LoopbackServer({
      now: () => parts.clock.now(),
      serve: (request, response) => this.#serve(request, response),
      report: parts.report,
    });
  }

  /** Listens on a port (0: any free one); answers the URL. */
  listen(port: number): Promise<string> {
    return this.#server.listen(port);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { aws } = this.#parts;
    const target = request.headers['x-amz-target'];
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/' && typeof target === 'string' && aws.isDynamoDb(target)) {
      await aws.toTables(request, response, target);
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
    const { authorization, aws, gateway, lambda, local, simulator } = this.#parts;
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
      const session = authorization.sessionOfKey(accessKeyOf(headers));
      const answer = await handleLambdaApi(
        lambda,
        method,
        url,
        body.toString('utf8'),
        headers,
        (operation, input) => {
          authorization.check(session, { service: 'lambda', operation, input });
        },
      );
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
}

function outgoing(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
