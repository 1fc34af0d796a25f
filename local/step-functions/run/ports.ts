import type { Random } from '../../../core/ports/random';
import type { LocalClock } from '../../clock/local-clock';
import type { LambdaInvoker } from '../../lambda/lambda-invoker';
import type { AwsCaller } from '../aws-caller';
import type { TaskTokens } from '../tasks/task-tokens';
import type { Execution } from './execution';

/** What `states:startExecution` asks for. */
export interface ChildRequest {
  readonly stateMachineArn: string;
  /** JSON text. */
  readonly input: string;
  readonly name?: string;
  readonly traceHeader?: string;
}

/** Starts executions, for the API as for tasks. Throws `AwsError` as `StartExecution` answers it. */
export interface ExecutionStarter {
  /** Answers an execution that already runs; it may be one that was started before under the same name. */
  start(request: ChildRequest): Execution;
}

/** Whether the role of a machine lets its executions make a call. */
export interface MachinePermissions {
  /**
   * Asked before each call, with the machine's ARN. `service` is the one in the resource of the task, such as `dynamodb`.
   * Throws `AwsError` `AccessDeniedException` for a call that the role does not allow.
   */
  check(
    machineArn: string,
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): void;
}

/** What executions need of the world. */
export interface RunPorts {
  /** The only source of time: waits, retries, timeouts and heartbeats are its deadlines. */
  readonly clock: LocalClock;
  /** For retry jitter. */
  readonly random: Random;
  readonly uuid: () => string;
  /** As `TaskScheduled` names it. */
  readonly region: string;
  readonly lambda: LambdaInvoker;
  readonly aws: AwsCaller;
  readonly permissions: MachinePermissions;
  /** Shared by all executions, as a token alone finds its task. */
  readonly tokens: TaskTokens;
  readonly executions: ExecutionStarter;
}
