import type { Random } from '../../core/ports/random';
import { AwsError, type AwsCall, type JsonService } from '../aws-api/json-service';
import type { CallerIdentity } from './caller-identity';
import { errorOf, isAsynchronous, lossOf, ReplyLost, type FaultEffect, type Faults } from './faults';
import { checkInput, type InputError, type InputOf, type Members } from './input-rules';
import type { CallEvent, Listeners } from './listeners';
import { withPageSize } from './page-sizes';
import type { SimulatorSettings } from './settings';
import type { World } from './world';

/** An operation's answer. Members whose value is undefined are not sent. */
export type Output = Readonly<Record<string, unknown>>;

/** What a handler knows of the call besides its input. */
export interface CallContext {
  readonly requestId: string;
  readonly caller: CallerIdentity;
  /** A fault that concerns the asynchronous operation that the call starts. */
  readonly fault: FaultEffect | undefined;
}

/** A function per row of an input table. */
export type Handlers<Inputs> = {
  readonly [K in keyof Inputs]: (input: InputOf<Inputs[K]>, context: CallContext) => Output;
};

/** What every simulated service has in common with the others. */
export interface ServiceEnvironment {
  readonly world: World;
  readonly settings: SimulatorSettings;
  readonly random: Random;
  readonly faults: Faults;
  readonly calls: Listeners<CallEvent>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What makes one service out of the common part. */
export interface ServiceDefinition<Inputs extends Readonly<Record<string, Members>>> {
  readonly name: string;
  /** As IAM names the service's actions: `sso`. */
  readonly actionPrefix: string;
  readonly targetPrefix: string;
  readonly inputs: Inputs;
  readonly handlers: Handlers<Inputs>;
  /** The wording of a refused input; Identity Center's own unless given. */
  readonly inputError?: InputError;
  /** Called for each call before its input is looked at; throws when the rate is exceeded. */
  readonly admit?: (operation: string, caller: CallerIdentity) => void;
  /** Called after the input was checked and before anything is looked up; throws for callers that may not do this at all. */
  readonly authorize?: (caller: CallerIdentity, operation: string) => void;
}

interface Row {
  readonly members: Members;
  readonly handle: (input: Output, context: CallContext) => Output;
}

/**
 * The way of a call through a simulated service, the same for every operation: fault on demand, rate, input, authorization,
 * then the operation's own handler (existence, quota, locks, effect).
 */
export class SimulatedService<Inputs extends Readonly<Record<string, Members>>> implements JsonService {
  public readonly name: string;
  public readonly targetPrefix: string;
  public readonly jsonVersion = '1.1';
  readonly #definition: ServiceDefinition<Inputs>;
  readonly #environment: ServiceEnvironment;
  readonly #rows: ReadonlyMap<string, Row>;

  public constructor(definition: ServiceDefinition<Inputs>, environment: ServiceEnvironment) {
    this.name = definition.name;
    this.targetPrefix = definition.targetPrefix;
    this.#definition = definition;
    this.#environment = environment;
    this.#rows = new Map(
      Object.entries(definition.inputs).map(([operation, members]) => {
        // The table's type pairs each row with its handler; a map of all rows cannot carry that pairing.
        const handle = definition.handlers[operation] as Row['handle'];
        return [operation, { members, handle }];
      }),
    );
  }

  /** As {@link JsonService.call}; throws {@link ReplyLost} besides, where a fault wants the call to have no answer. */
  public call(call: AwsCall): Promise<Output> {
    return new Promise((resolve) => {
      resolve(this.#answer(call));
    });
  }

  #answer(call: AwsCall): Output {
    let outcome = 'ok';
    try {
      return this.#carryOut(call);
    } catch (error) {
      if (error instanceof ReplyLost) outcome = 'no reply';
      else outcome = error instanceof AwsError ? error.code : 'InternalServerException';
      throw error;
    } finally {
      const { operation, requestId, input, accessKeyId } = call;
      this.#environment.calls.tell({
        service: this.#definition.actionPrefix,
        operation,
        requestId,
        input,
        outcome,
        at: this.#environment.now(),
        ...(accessKeyId === undefined ? {} : { accessKeyId }),
      });
    }
  }

  #carryOut(call: AwsCall): Output {
    const { operation } = call;
    const row = this.#rows.get(operation);
    if (row === undefined) throw new AwsError('UnknownOperationException', `${operation} is not simulated`);
    const fault = this.#environment.faults.take(operation);
    const error = errorOf(fault);
    if (error !== undefined) throw error;
    const loss = lossOf(fault);
    if (loss === undefined) return this.#serve(row, call, fault);
    if (loss.carriedOut) {
      try {
        this.#serve(row, call, fault);
      } catch (refusal) {
        // A refusal is a reply like any other: it gets lost as well.
        if (!(refusal instanceof AwsError)) throw refusal;
      }
    }
    throw new ReplyLost(loss.connection, operation);
  }

  #serve(
    row: Row,
    { operation, input, requestId, accessKeyId }: AwsCall,
    fault: FaultEffect | undefined,
  ): Output {
    const caller = this.#environment.world.caller(accessKeyId);
    this.#definition.admit?.(operation, caller);
    const checked = checkInput(row.members, input, this.#definition.inputError);
    this.#definition.authorize?.(caller, operation);
    const asynchronous = fault !== undefined && isAsynchronous(fault) ? fault : undefined;
    const sized = withPageSize(row.members, checked, this.#environment.settings, this.#environment.random);
    return row.handle(sized, { requestId, caller, fault: asynchronous });
  }
}
