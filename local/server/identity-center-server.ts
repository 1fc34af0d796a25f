import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type JsonService } from '../aws-api/json-service';
import type { ClockMode, LocalClock } from '../clock/local-clock';
import { createSeededRandom, uuidFrom } from '../clock/seeded-random';
import { createLocalClock } from '../clock/virtual-clock';
import { authenticate } from '../gateway/caller-authentication';
import { GatewayFault } from '../gateway/gateway-fault';
import { readRequest, type GatewayCredential } from '../gateway/gateway-request';
import { ControlApi } from '../identity-center/control-api';
import type { Organization } from '../identity-center/organization';
import type { SimulatorSettings } from '../identity-center/settings';
import { createSimulator, type Simulator } from '../identity-center/simulator';
import { AwsFront } from './aws-front';
import { ClockFront } from './clock-front';
import { LoopbackServer, isLoopback, readBody, writeJson } from './loopback-server';
import { SimulatorFront } from './simulator-front';

/** What a simulated Identity Center is started with. */
export interface IdentityCenterServerOptions {
  readonly organization: Organization;
  /** @default 'real' */
  readonly clock?: ClockMode;
  /** Epoch milliseconds. @default - the machine's present */
  readonly startAt?: number;
  /** Of everything that is left to chance. @default 1 */
  readonly seed?: number;
  /** @default 0, any free port */
  readonly port?: number;
  /** @default 127.0.0.1; an address that is not loopback lets other machines in, and needs `credentials` */
  readonly host?: string;
  /** Secret access keys by access key id: signatures are verified. @default - any credential is accepted */
  readonly credentials?: ReadonlyMap<string, string>;
  readonly settings?: Partial<SimulatorSettings>;
  /** Takes one sentence about anything that went wrong inside. */
  readonly report: (sentence: string) => void;
}

/** A running one. */
export interface IdentityCenterServer {
  /** `http://127.0.0.1:<port>`: the AWS APIs at `POST /`, the control API at `/_simulator/…`. */
  readonly endpoint: string;
  readonly clock: LocalClock;
  readonly simulator: Simulator;
  stop(): Promise<void>;
}

/** By target prefix: the service that a signature names. Organizations has one endpoint, which is in us-east-1. */
const SIGNED_AS: Readonly<Record<string, { readonly service: string; readonly region?: string }>> = {
  SWBExternalService: { service: 'sso' },
  AWSIdentityStore: { service: 'identitystore' },
  AWSOrganizationsV20161128: { service: 'organizations', region: 'us-east-1' },
};

/**
 * Starts Identity Center, the Identity Store and Organizations by themselves, without Latchkey, for any client.
 *
 * @throws Error in one sentence for a port that is in use, or an open address without credentials
 */
export async function startIdentityCenter(
  options: IdentityCenterServerOptions,
): Promise<IdentityCenterServer> {
  const { organization, seed = 1, credentials, host = '127.0.0.1' } = options;
  if (!isLoopback(host) && credentials === undefined) {
    throw new Error(
      `host is "${host}", which lets other machines in: say with --credentials who may call, or leave --host away`,
    );
  }
  const clock = createLocalClock({
    mode: options.clock ?? 'real',
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
  });
  const simulator = createSimulator({
    organization,
    clock,
    random: createSeededRandom(seed),
    eventRandom: createSeededRandom(seed + 2),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
  const ids = createSeededRandom(seed + 1);
  const front = new Front({
    clock,
    control: new SimulatorFront(new ControlApi(simulator)),
    aws: new AwsFront({
      clock,
      services: simulator.services,
      uuid: () => uuidFrom(ids),
      report: options.report,
      ...(credentials === undefined ? {} : { verify: verifier(organization, clock, credentials) }),
    }),
  });
  const server = new LoopbackServer({
    now: () => clock.now(),
    serve: (request, response) => front.serve(request, response),
    report: options.report,
  });
  try {
    const endpoint = await server.listen(options.port ?? 0, host);
    return {
      endpoint,
      clock,
      simulator,
      stop: async () => {
        clock.stop();
        await server.stop();
      },
    };
  } catch (error) {
    clock.stop();
    throw error;
  }
}

interface FrontParts {
  readonly clock: LocalClock;
  readonly aws: AwsFront;
  readonly control: SimulatorFront;
}

/** Where a request goes. */
class Front {
  readonly #clockFront: ClockFront;

  constructor(private readonly parts: FrontParts) {
    this.#clockFront = new ClockFront(parts.clock);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, aws, control } = this.parts;
    const { method = 'GET', headers } = request;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const leave = clock.enter(`body of ${path}`);
    const body = await readBody(request).finally(leave);
    const target = headers['x-amz-target'];
    if (path === '/' && method === 'POST' && typeof target === 'string') {
      await aws.handle(request, response, target, body);
      return;
    }
    if (path === '/_simulator/clock' && (method === 'GET' || method === 'POST')) {
      const answer = method === 'GET' ? this.#clockFront.look() : await this.#clockFront.advance(body);
      writeJson(response, answer.statusCode, answer.body);
      return;
    }
    if (path.startsWith('/_simulator/')) {
      const answer = control.handle(method, path, body);
      writeJson(response, answer.statusCode, answer.body);
      return;
    }
    writeJson(response, 404, {
      message: `nothing answers ${method} ${path}: AWS APIs are at POST / with x-amz-target, control calls at /_simulator/…`,
    });
  }
}

/** Checks signatures as the services do: the right key, Region, service and time. */
function verifier(
  organization: Organization,
  clock: LocalClock,
  secrets: ReadonlyMap<string, string>,
): (request: IncomingMessage, body: Buffer, service: JsonService) => void {
  const credentials = new Map(
    [...secrets].map(([accessKeyId, secretAccessKey]): [string, GatewayCredential] => [
      accessKeyId,
      // Who it is, the simulator finds by the key itself.
      { secretAccessKey, roleArn: '', sessionName: '', accountId: '' },
    ]),
  );
  return ({ method = 'POST', url = '/', headers }, body, { targetPrefix }) => {
    const { service = '', region = organization.instance.region } = SIGNED_AS[targetPrefix] ?? {};
    try {
      authenticate(readRequest({ method, rawPath: url, headers, body }), {
        region,
        service,
        credentials,
        nows: () => [clock.now(), Date.now()],
      });
    } catch (error) {
      if (!(error instanceof GatewayFault)) throw error;
      throw new AwsError(error.errorType, error.message, error.statusCode);
    }
  };
}
