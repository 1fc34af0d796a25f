import type { Random } from '../../core/ports/random';
import { type AwsCall, AwsError, type JsonService } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { LambdaInvoker } from '../lambda/lambda-invoker';
import { executionOperations } from './api/execution-operations';
import { Executions, type TransitionEvent } from './api/executions';
import { machineOperations } from './api/machine-operations';
import { Machines, type NewMachine } from './api/machines';
import type { Operation } from './api/operation';
import { withOwnApi } from './api/own-api';
import { taskOperations } from './api/task-operations';
import type { AwsCaller } from './aws-caller';
import type { MachinePermissions } from './run/ports';
import { resourceProblem } from './tasks/integrations';
import { TaskTokens } from './tasks/task-tokens';

/** What the service is made with. */
export interface StepFunctionsOptions {
  readonly clock: LocalClock;
  /** Draws retry jitter and the random functions of both query languages. */
  readonly random: Random;
  /** Makes UUIDs: names of executions, request ids, task tokens, `$uuid()`. */
  readonly uuid: () => string;
  readonly region: string;
  readonly accountId: string;
  readonly lambda: LambdaInvoker;
  /** The other AWS APIs of this process. */
  readonly aws: AwsCaller;
  /**
   * Whether the roles of machines let them call.
   * @default - every call is allowed
   */
  readonly permissions?: MachinePermissions;
  /**
   * Is told every event of every execution, while it is written. It must not throw.
   * @default - nobody is told
   */
  readonly onTransition?: (event: TransitionEvent) => void;
}

/** What `StartExecution` takes, in process. */
export interface StartExecutionRequest {
  readonly stateMachineArn: string;
  /** JSON text. @default '{}' */
  readonly input?: string;
  /** @default - a UUID */
  readonly name?: string;
}

/**
 * AWS Step Functions, Standard workflows: the API, and an interpreter of the Amazon States Language behind it. Everything is
 * kept in memory.
 */
export class StepFunctionsService implements JsonService {
  readonly name = 'states';
  readonly targetPrefix = 'AWSStepFunctions';
  readonly jsonVersion = '1.0';
  readonly #machines: Machines;
  readonly #executions: Executions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #tokens: TaskTokens;

  constructor(options: StepFunctionsOptions) {
    const { clock, random, uuid, region, lambda } = options;
    const operations = new Map<string, Operation>();
    const aws = withOwnApi(options.aws, operations);
    const tokens = new TaskTokens(uuid);
    this.#tokens = tokens;
    const tools = { random, uuid, now: () => clock.now() };
    const arnPrefix = `arn:aws:states:${region}:${options.accountId}`;
    this.#machines = new Machines(arnPrefix, clock, tools, (service, api) =>
      resourceProblem(service, api, aws),
    );
    const permissions = options.permissions ?? { check: () => undefined };
    const ports = { clock, random, uuid, region, lambda, aws, permissions, tokens };
    this.#executions = new Executions(this.#machines, ports, options.onTransition ?? (() => undefined));
    const all = {
      ...machineOperations(this.#machines, this.#executions),
      ...executionOperations(this.#machines, this.#executions),
      ...taskOperations(tokens),
    };
    for (const [name, operation] of Object.entries(all)) operations.set(name, operation);
    this.#operations = operations;
  }

  /** Answers a call of the API. Throws `AwsError`; `UnknownOperationException` for an operation that is not there. */
  call(call: AwsCall): Promise<Readonly<Record<string, unknown>>> {
    // An operation that throws must reject, as every other answer comes in a promise.
    return Promise.resolve().then(() => this.#operation(call.operation)(call.input));
  }

  /**
   * Makes a state machine of the template; answers its ARN. Throws `AwsError`, as `CreateStateMachine` does, but asks only
   * this interpreter's own checks, which are the stricter ones: the published schemas take half a second a machine.
   */
  create(machine: NewMachine): { readonly stateMachineArn: string } {
    return { stateMachineArn: this.#machines.create(machine, false).arn };
  }

  /** Starts an execution in process, as a target of a rule does. Throws `AwsError`, as `StartExecution` does. */
  startExecution(request: StartExecutionRequest): { readonly executionArn: string } {
    const { arn } = this.#executions.start({ ...request, input: request.input ?? '{}' });
    return { executionArn: arn };
  }

  /** The machine whose task gave a token, whether it is still open; undefined for one that this runtime never gave. */
  machineOfToken(token: string): string | undefined {
    return this.#tokens.machineOf(token);
  }

  /** State transitions of all executions since the start, counted as states that were entered. */
  get transitions(): number {
    return this.#executions.transitions;
  }

  /** Drops all executions that run, without an event. */
  stop(): void {
    this.#executions.stop();
  }

  /** Nothing is guessed: an operation of the service that is not here is named. */
  #operation(name: string): Operation {
    const operation = this.#operations.get(name);
    if (operation === undefined) {
      throw new AwsError('UnknownOperationException', `the local Step Functions has no operation '${name}'`);
    }
    return operation;
  }
}
