import { AwsError } from '../aws-api/json-service';
import type { LocalAssembly } from '../assembly/local-assembly';
import type { LocalClock, Timer } from '../clock/local-clock';
import type { Invocation, LambdaInvoker } from '../lambda/lambda-invoker';
import { readApis, type ApiDefinition, type Stage } from './api-definition';
import { authenticate } from './caller-authentication';
import { readFunctionAnswer } from './function-answer';
import {
  GatewayFault,
  integrationTimeout,
  internalServerError,
  missingAuthenticationToken,
} from './gateway-fault';
import {
  lastValue,
  readRequest,
  type Caller,
  type GatewayAnswer,
  type GatewayCredential,
  type GatewayRequest,
  type ReadRequest,
} from './gateway-request';
import { contextVariables, proxyEvent, type Passage } from './proxy-event';
import { validateRequest } from './request-validation';
import { decide } from './resource-policy';
import { findRoute, type Destination } from './routes';

/** The largest body that API Gateway takes: 10 MB. */
const LARGEST_BODY = 10 * 1024 * 1024;

/** What the gateway is made of. */
export interface GatewayParts {
  readonly assembly: LocalAssembly;
  readonly lambda: LambdaInvoker;
  readonly clock: LocalClock;
  /** Callers by access key id. */
  readonly credentials: ReadonlyMap<string, GatewayCredential>;
  /** The machine's own time, epoch milliseconds: what `curl` signs with, wherever the virtual clock is. */
  readonly machineNow: () => number;
  /** Makes the request ids: a new UUID every time. */
  readonly uuid: () => string;
}

/** The API Gateway of the local runtime. */
export interface Gateway {
  /** The stages that it serves: the first segments of its paths. */
  readonly stageNames: readonly string[];
  /**
   * Serves one request, `/<stage>/<path>`; rejects only for a defect of the runtime. It says `clock.enter` around its own work and lets go of it while
   * the function runs, which the invoker holds the clock for (a function that only sleeps must not keep time from
   * skipping): whoever calls this must not hold the clock for the request as well.
   */
  handle(request: GatewayRequest): Promise<GatewayAnswer>;
}

/**
 * Where a request is in the gateway, for the fault that may come of it: `$context.resourcePath` is empty until a route is
 * found.
 */
interface Progress {
  destination?: Destination;
}

class LocalGateway implements Gateway {
  public readonly stageNames: readonly string[];
  readonly #parts: GatewayParts;
  readonly #served = new Map<string, { api: ApiDefinition; stage: Stage }>();

  public constructor(parts: GatewayParts) {
    this.#parts = parts;
    for (const api of readApis(parts.assembly)) {
      for (const stage of api.stages) this.#served.set(stage.name, { api, stage });
    }
    this.stageNames = [...this.#served.keys()];
  }

  public async handle(raw: GatewayRequest): Promise<GatewayAnswer> {
    const { clock, uuid } = this.#parts;
    const work = new Work(clock, `${raw.method} ${raw.rawPath}`);
    try {
      const request = readRequest(raw);
      const requestId = uuid();
      const served = this.#served.get(request.stageName);
      const answer =
        served === undefined
          ? unknownStage()
          : await this.#serve({ ...served, request, requestId, at: clock.now() }, work);
      return {
        ...answer,
        headers: { ...answer.headers, 'x-amzn-requestid': requestId, 'x-amz-apigw-id': requestId },
      };
    } finally {
      work.leave();
    }
  }

  /** The order is the service's: size, route, signature, policy, validation, integration. */
  async #serve(passage: Passage, work: Work): Promise<GatewayAnswer> {
    const { request, api } = passage;
    const progress: Progress = {};
    try {
      if (request.body.length > LARGEST_BODY) {
        throw new GatewayFault('REQUEST_TOO_LARGE', 413, 'RequestTooLargeException', 'Request Too Long');
      }
      const destination = findRoute(api.routes, request.method, request.resourcePath);
      if (destination === undefined) throw missingAuthenticationToken();
      progress.destination = destination;
      const caller = destination.method.signed ? this.#authenticate(request) : undefined;
      authorize(passage, caller);
      validateRequest(request, destination.method);
      const event = proxyEvent(passage, destination, caller);
      return readFunctionAnswer(await this.#invoke(destination, event, work), passage);
    } catch (error) {
      const fault = asFault(error);
      const context = contextVariables(passage, progress.destination);
      return api.renderFault(fault, context, lastValue(request, 'accept'));
    }
  }

  #authenticate(request: ReadRequest): Caller {
    const { assembly, credentials, clock, machineNow } = this.#parts;
    return authenticate(request, {
      region: assembly.region,
      service: 'execute-api',
      credentials,
      nows: () => [clock.now(), machineNow()],
    });
  }

  /** Waits for the function, at most as long as the integration does in virtual time; a late answer is thrown away. */
  async #invoke({ method }: Destination, event: unknown, work: Work): Promise<Invocation> {
    const { clock, lambda } = this.#parts;
    // The invoker takes hold of the clock before it first waits, so there is no instant at which nobody holds it.
    const invocation = lambda.invoke(method.functionArn, event);
    let timer: Timer | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = clock.at(clock.now() + method.timeoutMs, () => {
        reject(integrationTimeout());
      });
    });
    work.leave();
    try {
      return await Promise.race([invocation, late]);
    } finally {
      work.enter();
      timer?.cancel();
    }
  }
}

/** The gateway's own hold on the clock, which it lets go of while a function runs. */
class Work {
  readonly #clock: LocalClock;
  readonly #what: string;
  #leave: (() => void) | undefined;

  public constructor(clock: LocalClock, what: string) {
    this.#clock = clock;
    this.#what = what;
    this.enter();
  }

  public enter(): void {
    this.#leave ??= this.#clock.enter(this.#what);
  }

  public leave(): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}

/** The resource policy's say, in the words of IAM. The API's account number is masked but for its last four digits. */
function authorize({ api, stage, request }: Passage, caller: Caller | undefined): void {
  const arn = (accountId: string) =>
    `arn:aws:execute-api:${api.region}:${accountId}:${api.apiId}/${stage.name}/${request.method}${request.resourcePath}`;
  const decision = decide(
    api.policy,
    { resource: arn(api.accountId), caller, sourceIp: request.sourceIp },
    api.accountId,
  );
  if (decision === 'allowed') return;
  throw new GatewayFault(
    'ACCESS_DENIED',
    403,
    'AccessDeniedException',
    `User: ${caller?.userArn ?? 'anonymous'} is not authorized to perform: execute-api:Invoke on resource: ` +
      arn(`********${api.accountId.slice(-4)}`) +
      (decision === 'denied explicitly' ? ' with an explicit deny' : ''),
  );
}

/** Whatever went wrong, as a fault. An API Gateway answers 500 for a function that it cannot reach or that is throttled. */
function asFault(error: unknown): GatewayFault {
  if (error instanceof GatewayFault) return error;
  if (error instanceof URIError) {
    return new GatewayFault('DEFAULT_4XX', 400, 'BadRequestException', 'Bad Request');
  }
  if (error instanceof AwsError) return internalServerError(500);
  throw error;
}

/** A path whose stage nobody deployed belongs to no API, so no template has a say in the answer. */
function unknownStage(): GatewayAnswer {
  return {
    statusCode: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException' },
    body: Buffer.from(JSON.stringify({ message: 'Forbidden' })),
  };
}

/**
 * Makes the gateway from the REST APIs of an assembly (`AWS::ApiGateway::RestApi` and what belongs to it).
 *
 * Throttling, caching, usage plans, firewalls and access logs are the cloud's alone; of the identity policies of callers it
 * is taken that they allow the call.
 *
 * @throws Error naming the resource and what about it is not supported
 */
export function createGateway(parts: GatewayParts): Gateway {
  return new LocalGateway(parts);
}
