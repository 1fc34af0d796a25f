import { AwsError } from '../../aws-api/json-service';
import { type Json, MAX_PAYLOAD_BYTES, parseJson } from '../json';
import type { RegisteredMachine } from '../registered-machine';
import { Execution } from '../run/execution';
import type { HistoryEvent } from '../run/history';
import type { ChildRequest, ExecutionStarter, RunPorts } from '../run/ports';
import type { Machines } from './machines';
import { checkArn, checkName } from './names';

/** How long a closed execution is kept, and its name blocked: 90 days. */
const RETENTION_MS = 90 * 24 * 3_600_000;

/** An event of an execution, as it is told while it happens. */
export interface TransitionEvent {
  readonly executionArn: string;
  readonly executionName: string;
  /** The machine's name. */
  readonly machine: string;
  readonly event: HistoryEvent;
}

/** The executions of a runtime. */
export class Executions implements ExecutionStarter {
  readonly #machines: Machines;
  readonly #ports: RunPorts;
  readonly #tell: (event: TransitionEvent) => void;
  /** By ARN, in order of their start. */
  readonly #byArn = new Map<string, Execution>();
  #transitions = 0;

  constructor(
    machines: Machines,
    ports: Omit<RunPorts, 'executions'>,
    tell: (event: TransitionEvent) => void,
  ) {
    this.#machines = machines;
    this.#ports = { ...ports, executions: this };
    this.#tell = tell;
  }

  /** State transitions of all executions so far, counted as states that were entered. */
  get transitions(): number {
    return this.#transitions;
  }

  /**
   * Starts an execution. The same name and input answer one that is still open. Throws `AwsError`: `InvalidArn`,
   * `StateMachineDoesNotExist`, `StateMachineDeleting`, `InvalidName`, `InvalidExecutionInput`, `ExecutionAlreadyExists`.
   */
  start(request: ChildRequest): Execution {
    const machine = this.#machines.find(request.stateMachineArn);
    if (machine.deleting) {
      throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${machine.arn}'`);
    }
    const name = checkName(request.name ?? this.#ports.uuid());
    const input = parseInput(request.input);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const present = this.#kept(arn);
    if (present !== undefined) return sameOrThrow(present, request.input);
    const start = { arn, name, machine, inputText: request.input, input, traceHeader: request.traceHeader };
    const execution = new Execution(start, this.#ports, (event) => {
      this.#told(execution, event);
    });
    // The newest stands last, even under a name that was used before.
    this.#byArn.delete(arn);
    this.#byArn.set(arn, execution);
    execution.onEnd(() => {
      this.#forgetDeleted(machine);
    });
    execution.begin();
    return execution;
  }

  /** Throws `InvalidArn` or `ExecutionDoesNotExist`. */
  find(arn: string): Execution {
    const execution = this.#kept(checkArn(arn, 'execution'));
    if (execution === undefined) {
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    }
    return execution;
  }

  /** A machine's executions, the newest first. */
  of(machine: RegisteredMachine): readonly Execution[] {
    const found = [...this.#byArn.values()].filter((execution) => execution.machine === machine);
    return found.filter((execution) => !this.#isForgotten(execution)).reverse();
  }

  /** Forgets a machine that was deleted if nothing of it runs. */
  forgetDeleted(machine: RegisteredMachine): void {
    this.#forgetDeleted(machine);
  }

  /** Drops everything that runs, without an event. */
  stop(): void {
    for (const execution of this.#byArn.values()) execution.drop();
  }

  /** Counts and passes on. A state that is retried is entered once, so it counts once, as it does in a history. */
  #told(execution: Execution, event: HistoryEvent): void {
    if (event.type.endsWith('StateEntered')) this.#transitions += 1;
    const { arn, name, machine } = execution.start;
    this.#tell({ executionArn: arn, executionName: name, machine: machine.name, event });
  }

  #forgetDeleted(machine: RegisteredMachine): void {
    if (!machine.deleting) return;
    if (this.of(machine).every((execution) => execution.status !== 'RUNNING')) this.#machines.forget(machine);
  }

  /** The execution of an ARN, unless it closed so long ago that the service would have forgotten it. */
  #kept(arn: string): Execution | undefined {
    const execution = this.#byArn.get(arn);
    if (execution === undefined || !this.#isForgotten(execution)) return execution;
    this.#byArn.delete(arn);
    return undefined;
  }

  #isForgotten(execution: Execution): boolean {
    const { stopDate } = execution;
    return stopDate !== undefined && this.#ports.clock.now() - stopDate >= RETENTION_MS;
  }
}

/** The limit is of bytes, and stands before the syntax, as on AWS. */
function parseInput(text: string): Json {
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`,
    );
  }
  try {
    return parseJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  }
}

/** Idempotent while the execution is open and the input is the same; a name is blocked otherwise. */
function sameOrThrow(present: Execution, input: string): Execution {
  if (present.status === 'RUNNING' && present.start.inputText === input) return present;
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${present.arn}'`);
}
