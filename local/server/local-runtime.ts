import { loadAssembly, loadPlacedAssembly } from '../assembly/cloud-assembly';
import type { LocalAssembly } from '../assembly/local-assembly';
import type { JsonService } from '../aws-api/json-service';
import type { ClockMode, LocalClock } from '../clock/local-clock';
import { createSeededRandom, uuidFrom } from '../clock/seeded-random';
import { createLocalClock } from '../clock/virtual-clock';
import type { LocalEvents } from '../events/create-events';
import { type EventPlaces, createEventPlaces } from '../events/event-places';
import { createGateway } from '../gateway/gateway';
import type { GatewayCredential } from '../gateway/gateway-request';
import { Authorization, type DecidedCall } from '../iam/authorization';
import { roleSessions, type RoleSession } from '../iam/role-session';
import { ControlApi } from '../identity-center/control-api';
import type { Caller, Organization } from '../identity-center/organization';
import type { SimulatorSettings } from '../identity-center/settings';
import { type Simulator, createSimulator } from '../identity-center/simulator';
import { tagsOf } from '../identity-center/tags';
import { functionsOf } from '../lambda/lambda-function';
import { LambdaRuntime, type LogLine } from '../lambda/lambda-runtime';
import type { TransitionEvent } from '../step-functions/api/executions';
import { StepFunctionsService } from '../step-functions/step-functions-service';
import { AwsFront } from './aws-front';
import { AwsRegistry } from './aws-registry';
import { createTables } from './dynamo-tables';
import { HttpFront } from './http-front';
import { LocalFront } from './local-front';
import { SimulatorFront } from './simulator-front';
import { StackDeploys, type StackUpdate } from './stack-deploys';

/** What a local runtime is started with. */
export interface LocalRuntimeOptions {
  /** A synthesized cloud assembly, and the stack in it. */
  readonly assembly: {
    readonly directory: string;
    readonly stackName: string;
    /** Stacks of other accounts or Regions, whose rules send events on to the main one. @default - none */
    readonly furtherStacks?: readonly string[];
  };
  readonly organization: Organization;
  readonly clock: ClockMode;
  /** Epoch milliseconds. @default - the machine's present */
  readonly startAt?: number;
  /** @default 'thinned' */
  readonly ticks?: 'thinned' | 'all';
  /** Of everything that is left to chance. @default 1 */
  readonly seed?: number;
  /** @default 0, any free port */
  readonly port?: number;
  readonly simulator?: Partial<SimulatorSettings>;
  /** A folder in the place of the stack's one layer. @default - as it was synthesized */
  readonly layerFolder?: string;
  /** Whether CloudFormation's event tells at the start that the stack was created. @default true */
  readonly announceDeploy?: boolean;
  /** Takes what functions print. @default - it is dropped */
  readonly onLog?: (line: LogLine) => void;
  /** Hears of every event of every execution. @default - nobody does */
  readonly onTransition?: (event: TransitionEvent) => void;
  /** Hears of every action that a role of the template was asked for. @default - nobody does */
  readonly onDecision?: (decided: DecidedCall) => void;
  /** Takes one sentence about anything that went wrong inside. @default - standard error */
  readonly report?: (sentence: string) => void;
}

/** A running local runtime: the synthesized app, and the AWS that it needs. */
export interface LocalRuntime {
  /** `http://127.0.0.1:<port>`; the AWS APIs are at its root, the request API at `/v1`. */
  readonly endpoint: string;
  readonly clock: LocalClock;
  readonly assembly: LocalAssembly;
  readonly simulator: Simulator;
  readonly states: StepFunctionsService;
  readonly lambda: LambdaRuntime;
  /** The main stack's. */
  readonly events: LocalEvents;
  /** Those of every stack. */
  readonly eventPlaces: EventPlaces;
  readonly authorization: Authorization;
  /** Deploys the stack anew with other content of its one layer, and tells so as CloudFormation does. */
  deploy(update: StackUpdate): void;
  stop(): Promise<void>;
}

/**
 * Starts the synthesized app on this machine: its state machines, its bundled functions, its table, rules and API, on one
 * loopback port, in one process, in the time of one clock.
 *
 * @throws Error in one sentence for what in the template is not supported, or a port that is in use
 */
export async function startRuntime(options: LocalRuntimeOptions): Promise<LocalRuntime> {
  const { organization, report = toStandardError } = options;
  const assembly = loadAssembly({
    ...options.assembly,
    region: organization.instance.region,
    accountId: organization.delegatedAdminAccountId,
  });
  const clock = createLocalClock({
    mode: options.clock,
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    ...(options.ticks === undefined ? {} : { ticks: options.ticks }),
  });
  // Nothing may fall due before everything is there.
  const leave = clock.enter('start of the runtime');
  let parts: Parts | undefined;
  try {
    parts = await compose(options, assembly, clock, report);
    const running = parts;
    const endpoint = await running.front.listen(options.port ?? 0);
    running.setEndpoint(endpoint);
    if (options.announceDeploy ?? true) running.deploys.created();
    return {
      ...running.runtime,
      endpoint,
      deploy: (update) => {
        running.deploys.updated(update);
      },
      stop: () => stop(running),
    };
  } catch (error) {
    // What has begun would keep the process alive.
    if (parts === undefined) clock.stop();
    else await stop(parts);
    throw error;
  } finally {
    leave();
  }
}

interface Parts {
  readonly front: HttpFront;
  readonly runtime: Omit<LocalRuntime, 'endpoint' | 'deploy' | 'stop'>;
  readonly tables: Awaited<ReturnType<typeof createTables>>;
  readonly deploys: StackDeploys;
  setEndpoint(endpoint: string): void;
}

async function compose(
  options: LocalRuntimeOptions,
  assembly: LocalAssembly,
  clock: LocalClock,
  report: (sentence: string) => void,
): Promise<Parts> {
  const { organization, seed = 1 } = options;
  const random = createSeededRandom(seed);
  const ids = createSeededRandom(seed + 1);
  const uuid = (): string => uuidFrom(ids);
  let endpoint = '';
  const { region, accountId } = assembly;
  const sessions = roleSessions(assembly);
  const authorization = new Authorization({
    sessions,
    place: {
      region,
      accountId,
      managementAccountId: organization.managementAccountId,
      organizationId: organization.id,
      machineOfToken: (token) => states.machineOfToken(token),
    },
    tagsOf: (arn) => tagsOf(simulator.world, arn),
    ...(options.onDecision === undefined ? {} : { onDecision: options.onDecision }),
  });
  const lambda = new LambdaRuntime({
    clock,
    endpoint: () => endpoint,
    functions: functionsOf(assembly),
    region,
    accountId,
    credentialsOf: (functionArn) => sessions.get(functionArn)?.credentials,
    ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
  });
  const simulator = createSimulator({
    organization,
    callers: [...sessions.values()].map(callerOf),
    clock,
    random,
    eventRandom: createSeededRandom(seed + 2),
    ...(options.simulator === undefined ? {} : { settings: options.simulator }),
  });
  const services: JsonService[] = [...simulator.services];
  const aws = new AwsRegistry(services, () => endpoint, uuid, authorization);
  const states: StepFunctionsService = new StepFunctionsService({
    clock,
    random,
    uuid,
    region,
    accountId,
    lambda,
    aws,
    permissions: aws,
    ...(options.onTransition === undefined ? {} : { onTransition: options.onTransition }),
  });
  const furtherIds = createSeededRandom(seed + 4);
  const { directory, furtherStacks = [] } = options.assembly;
  const eventPlaces = createEventPlaces({
    assembly,
    further: furtherStacks.map((stackName) => loadPlacedAssembly({ directory, stackName })),
    furtherRandom: createSeededRandom(seed + 5),
    furtherUuid: () => uuidFrom(furtherIds),
    organizationId: organization.id,
    managementAccountId: organization.managementAccountId,
    clock,
    random,
    uuid,
    lambda,
    startExecution: (start) => Promise.resolve().then(() => states.startExecution(start)),
    permissions: {
      check: (functionArn, call) => {
        authorization.check(authorization.sessionOf(functionArn), call);
      },
    },
    report,
  });
  const events = eventPlaces.home;
  const deployIds = createSeededRandom(seed + 3);
  const deploys = new StackDeploys({
    assembly,
    clock,
    events: events.events,
    lambda,
    uuid: () => uuidFrom(deployIds),
  });
  if (options.layerFolder !== undefined) deploys.replaceLayer({ layerFolder: options.layerFolder });
  simulator.onCloudEvent((event) => {
    eventPlaces.emit(event);
  });
  services.push(states, events.events, events.queues);
  createMachines(assembly, states);
  const tables = await createTables(assembly);
  const gateway = createGateway({
    assembly,
    lambda,
    clock,
    credentials: credentialsOf(organization),
    machineNow: () => Date.now(),
    uuid,
  });
  const front = new HttpFront({
    clock,
    aws: new AwsFront({ clock, services, tables, authorization, uuid, report }),
    gateway,
    lambda,
    authorization,
    local: new LocalFront({ clock, events: eventPlaces, simulator }),
    simulator: new SimulatorFront(new ControlApi(simulator)),
    report,
  });
  return {
    front,
    tables,
    deploys,
    runtime: { clock, assembly, simulator, states, lambda, events, eventPlaces, authorization },
    setEndpoint: (url) => {
      endpoint = url;
    },
  };
}

async function stop({ front, runtime, tables }: Parts): Promise<void> {
  runtime.eventPlaces.stop();
  runtime.states.stop();
  runtime.clock.stop();
  await runtime.lambda.stop();
  await front.stop();
  await tables.stop();
}

function createMachines(assembly: LocalAssembly, states: StepFunctionsService): void {
  for (const { logicalId, properties } of assembly.ofType('AWS::StepFunctions::StateMachine')) {
    const { StateMachineName: name, DefinitionString: definition, RoleArn: roleArn } = properties;
    if (typeof name !== 'string' || typeof definition !== 'string' || typeof roleArn !== 'string') {
      throw new Error(
        `state machine ${logicalId} needs StateMachineName, DefinitionString and RoleArn as text`,
      );
    }
    try {
      states.create({ name, definition, roleArn });
    } catch (cause) {
      throw new Error(
        `state machine ${name} cannot be run here: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
        },
      );
    }
  }
}

/** As Identity Center knows the sessions of roles: by their keys, without a place in the organization file. */
function callerOf({ role, sessionName, credentials }: RoleSession): Caller {
  const { accessKeyId, secretAccessKey } = credentials;
  return { accessKeyId, secretAccessKey, roleArn: role.arn, sessionName };
}

function credentialsOf({
  callers,
  id: organizationId,
}: Organization): ReadonlyMap<string, GatewayCredential> {
  return new Map(
    callers.map(({ accessKeyId, secretAccessKey, roleArn, sessionName }) => {
      const accountId = roleArn.split(':')[4] ?? '';
      return [accessKeyId, { secretAccessKey, roleArn, sessionName, accountId, organizationId }] as const;
    }),
  );
}

function toStandardError(sentence: string): void {
  console.error(sentence);
}
