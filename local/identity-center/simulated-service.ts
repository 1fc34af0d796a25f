import type { Random } from '../../core/ports/random';
import { AwsError, type AwsCall, type JsonService } from '../aws-api/json-service';
import type { CallerIdentity } from './caller-identity';
import { errorOf, isAsynchronous, lossOf, ReplyLost, type FaultEffect, type Faults } from './faults';
import { checkInput, type InputError, type InputOf, type Members } from './input-rules';
import type { CallEvent, CallReply, Listeners } from './listeners';
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

/** What became of a call: an answer or an error, unless it never arrived; and whether the caller hears of it. */
interface CallResult {
  readonly reply?: { readonly output: Output } | { readonly error: unknown };
  readonly lost?: ReplyLost;
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
    const result = this.#carryOut(call);
    this.#tell(call, result);
    if (result.lost !== undefined) throw result.lost;
    if (result.reply === undefined) throw new Error(`${call.operation} has neither an answer nor an error`);
    if ('error' in result.reply) throw result.reply.error;
    return result.reply.output;
  }

  #tell(call: AwsCall, { reply, lost }: CallResult): void {
    const { operation, requestId, input, accessKeyId } = call;
    const told = reply === undefined ? undefined : toldReply(reply);
    const outcome = told !== undefined && 'errorCode' in told ? told.errorCode : 'ok';
    this.#environment.calls.tell({
      service: this.#definition.actionPrefix,
      operation,
      requestId,
      input,
      outcome: lost === undefined ? outcome : 'no reply',
      at: this.#environment.now(),
      ...(told === undefined ? {} : { reply: told }),
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
    });
  }

  #carryOut(call: AwsCall): CallResult {
    const { operation } = call;
    const row = this.#rows.get(operation);
    if (row === undefined) {
      return { reply: { error: new AwsError('UnknownOperationException', `${operation} is not simulated`) } };
    }
    const fault = this.#environment.faults.take(operation);
    const error = errorOf(fault);
    if (error !== undefined) return { reply: { error } };
    const loss = lossOf(fault);
    if (loss === undefined) return { reply: this.#reply(row, call, fault) };
    const lost = new ReplyLost(loss.connection, operation);
    if (!loss.carriedOut) return { lost };
    const reply = this.#reply(row, call, fault);
    // A refusal is a reply like any other: it gets lost as well. A defect is none.
    const isDefect = 'error' in reply && !(reply.error instanceof AwsError);
    return isDefect ? { reply } : { reply, lost };
  }

  #reply(row: Row, call: AwsCall, fault: FaultEffect | undefined): NonNullable<CallResult['reply']> {
    try {
      return { output: this.#serve(row, call, fault) };
    } catch (error) {
      return { error };
    }
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

/** A reply for those who hear of calls: of a defect inside they hear what the caller does. */
function toldReply(reply: NonNullable<CallResult['reply']>): CallReply {
  if ('output' in reply) return reply;
  const { error } = reply;
  if (error instanceof AwsError) return { errorCode: error.code, errorMessage: error.message };
  return { errorCode: 'InternalServerException', errorMessage: 'an internal error' };
}
