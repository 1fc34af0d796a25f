import { AwsError } from '../../aws-api/json-service';
import type { LocalClock } from '../../clock/local-clock';
import { compileMachine } from '../definition/compile-machine';
import type { ResourceCheck } from '../definition/compilation';
import { DefinitionError } from '../definition/definition-error';
import type { Machine } from '../definition/machine';
import { checkBySchema } from '../definition/schema-gate';
import type { QueryTools } from '../query/query';
import type { RegisteredMachine } from '../registered-machine';
import { checkArn, checkName, checkRoleArn } from './names';

/** What a state machine is made of. */
export interface NewMachine {
  readonly name: string;
  /** Amazon States Language, JSON text. */
  readonly definition: string;
  readonly roleArn: string;
  /** @default - logging is off */
  readonly loggingConfiguration?: Readonly<Record<string, unknown>>;
  /** @default - tracing is off */
  readonly tracingConfiguration?: Readonly<Record<string, unknown>>;
  /** @default - none */
  readonly tags?: readonly unknown[];
}

/** The state machines of a runtime. */
export class Machines {
  readonly #byArn = new Map<string, RegisteredMachine>();
  readonly #arnPrefix: string;
  readonly #clock: LocalClock;
  readonly #tools: QueryTools;
  readonly #checkResource: ResourceCheck;

  constructor(arnPrefix: string, clock: LocalClock, tools: QueryTools, checkResource: ResourceCheck) {
    this.#arnPrefix = arnPrefix;
    this.#clock = clock;
    this.#tools = tools;
    this.#checkResource = checkResource;
  }

  /**
   * Makes a machine; the same again answers the one that is there. Throws `AwsError`: `InvalidName`, `InvalidArn`,
   * `InvalidDefinition`, `StateMachineAlreadyExists`, `StateMachineDeleting`.
   *
   * @param bySchema whether the published schemas have their say too, for a definition that nobody deployed before
   */
  create(wanted: NewMachine, bySchema: boolean): RegisteredMachine {
    const arn = `${this.#arnPrefix}:stateMachine:${checkName(wanted.name)}`;
    checkRoleArn(wanted.roleArn);
    const compiled = this.#compile(wanted.definition, bySchema);
    const present = this.#byArn.get(arn);
    if (present !== undefined) return sameOrThrow(present, wanted);
    const machine: RegisteredMachine = {
      arn,
      name: wanted.name,
      definition: wanted.definition,
      compiled,
      roleArn: wanted.roleArn,
      creationDate: this.#clock.now(),
      loggingConfiguration: wanted.loggingConfiguration ?? { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: wanted.tracingConfiguration ?? { enabled: false },
      tags: wanted.tags ?? [],
      deleting: false,
    };
    this.#byArn.set(arn, machine);
    return machine;
  }

  /** Throws `InvalidArn` or `StateMachineDoesNotExist`. */
  find(arn: string): RegisteredMachine {
    const machine = this.#byArn.get(checkArn(arn, 'stateMachine'));
    if (machine === undefined) {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    }
    return machine;
  }

  /** All machines, by name. */
  list(): readonly RegisteredMachine[] {
    return [...this.#byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Nothing starts any more; what runs ends at its next transition. One that does not exist is deleted already. */
  delete(arn: string): RegisteredMachine | undefined {
    const machine = this.#byArn.get(checkArn(arn, 'stateMachine'));
    if (machine !== undefined) machine.deleting = true;
    return machine;
  }

  /** Forgets a machine that was deleted, once none of its executions runs. */
  forget(machine: RegisteredMachine): void {
    this.#byArn.delete(machine.arn);
  }

  /** Every refusal becomes the API's `InvalidDefinition`, with the problem and its place. */
  #compile(definition: string, bySchema: boolean): Machine {
    try {
      const compiled = compileMachine(definition, this.#tools, this.#checkResource);
      // After the compiler, whose messages say more.
      if (bySchema) checkBySchema(definition);
      return compiled;
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      throw new AwsError(
        'InvalidDefinition',
        `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${error.message}'`,
      );
    }
  }
}

function sameOrThrow(present: RegisteredMachine, wanted: NewMachine): RegisteredMachine {
  if (present.deleting) {
    throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${present.arn}'`);
  }
  if (present.definition === wanted.definition && present.roleArn === wanted.roleArn) return present;
  throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${present.arn}'`);
}
