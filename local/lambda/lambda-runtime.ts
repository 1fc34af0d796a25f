import { randomUUID } from 'node:crypto';
import type { Random } from '../../core/ports/random';
import { AwsError } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import { uuidFrom } from '../clock/seeded-random';
import type { Credentials } from '../iam/role-session';
import { ColdStarts } from './cold-starts';
import { environmentOf } from './function-environment';
import { FunctionPool } from './function-pool';
import { exited } from './invocation-error';
import type { LambdaFunctionDefinition } from './lambda-function';
import type { Invocation, LambdaInvoker } from './lambda-invoker';

/** A line that a function printed; `requestId` is absent while its bundle is loaded. */
export interface LogLine {
  readonly functionName: string;
  readonly requestId: string | undefined;
  readonly line: string;
}

/** How a local Lambda runtime is made. */
export interface LambdaRuntimeOptions {
  readonly clock: LocalClock;
  /** The URL at which the local AWS APIs answer; asked whenever a worker starts. */
  readonly endpoint: () => string;
  readonly functions: readonly LambdaFunctionDefinition[];
  readonly region: string;
  readonly accountId: string;
  /**
   * Credentials of a function, by its ARN.
   * @default - the same for all, which stand for no role
   */
  readonly credentialsOf?: (functionArn: string) => Credentials | undefined;
  /**
   * Takes what functions print.
   * @default - it is dropped
   */
  readonly onLog?: (line: LogLine) => void;
  /** @default 4 */
  readonly maxWorkersPerFunction?: number;
  /**
   * How many workers may be starting at once, over all functions.
   * @default 2
   */
  readonly maxColdStarts?: number;
  /**
   * Draws request ids.
   * @default - the platform's randomness
   */
  readonly random?: Random;
}

/** Of functions whose role nobody knows. */
const WITHOUT_ROLE: Credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'test' };

const MAX_WORKERS_PER_FUNCTION = 4;
const MAX_COLD_STARTS = 2;

/** Lambda's limits for the payload of a synchronous and of an asynchronous invocation. */
const LARGEST_PAYLOAD_BYTES = 6_291_456;
const LARGEST_EVENT_BYTES = 1_048_576;

/** After a failed asynchronous invocation Lambda waits one minute, after the second two, and then gives up. */
const EVENT_RETRY_DELAYS_MS = [60_000, 120_000];

/** A throttled event is offered again after 1 s, then at doubled distances of up to 5 minutes, for 6 hours. */
const FIRST_THROTTLE_DELAY_MS = 1000;
const LONGEST_THROTTLE_DELAY_MS = 300_000;
const EVENT_AGE_LIMIT_MS = 6 * 3_600_000;

/** `[[arn:aws:lambda:<region>:]<account>:function:]<name>[:<qualifier>]`, as `Invoke` takes it. */
const FUNCTION_NAME =
  /^(?:(?:arn:[^:]+:lambda:[^:]+:)?(?:\d{12}:)?function:)?([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?$/;

/**
 * Runs the deployed bundles in worker threads, in the time of the local clock. Not virtual in a function: its time zone,
 * which is the process's, and `performance.now()` and `process.hrtime()`, which measure the machine's time.
 */
export class LambdaRuntime implements LambdaInvoker {
  readonly #options: LambdaRuntimeOptions;
  readonly #pools = new Map<string, FunctionPool>();
  readonly #newRequestId: () => string;
  #stopped = false;

  /** Throws if two functions have the same name, or one names a file that none of its layers has. */
  constructor(options: LambdaRuntimeOptions) {
    const { random } = options;
    this.#options = options;
    this.#newRequestId = random === undefined ? randomUUID : () => uuidFrom(random);
    const coldStarts = new ColdStarts(options.maxColdStarts ?? MAX_COLD_STARTS);
    for (const definition of options.functions) this.#add(definition, coldStarts);
  }

  async invoke(name: string, payload: unknown): Promise<Invocation> {
    return await this.#invokeJson(this.#poolOf(name), toJson(payload, LARGEST_PAYLOAD_BYTES));
  }

  /**
   * Invokes as an event: resolves when the function succeeded, or failed three times in virtual time, as Lambda tries.
   * Answers the last invocation; whether to keep a failed event elsewhere is the caller's to decide. An event that is
   * throttled for six hours ends with `AwsError('TooManyRequestsException')`.
   */
  async invokeAsEvent(name: string, payload: unknown): Promise<Invocation> {
    const pool = this.#poolOf(name);
    const json = toJson(payload, LARGEST_EVENT_BYTES);
    let invocation = await this.#offerEvent(pool, json);
    for (const delay of EVENT_RETRY_DELAYS_MS) {
      if (invocation.functionError === undefined || this.#stopped) break;
      await this.#options.clock.sleep(delay);
      invocation = await this.#offerEvent(pool, json);
    }
    return invocation;
  }

  /** As {@link invokeAsEvent}, for a caller who does not wait: an event that was given up is said in the function's log. */
  async invokeAsEventUnheard(name: string, payload: unknown): Promise<void> {
    const { requestId, reason } = await this.invokeAsEvent(name, payload).then(
      (invocation) => ({
        requestId: invocation.requestId,
        reason: invocation.functionError && JSON.stringify(invocation.payload),
      }),
      (error: unknown) => ({ requestId: undefined, reason: String(error) }),
    );
    if (reason === undefined) return;
    const functionName = this.definitionOf(name).name;
    this.#options.onLog?.({ functionName, requestId, line: `an event was given up: ${reason}` });
  }

  /** All functions, in the order in which they were given. */
  functions(): LambdaFunctionDefinition[] {
    return [...this.#pools.values()].map((pool) => pool.definition);
  }

  /** The function of a name or ARN. Throws `AwsError('ResourceNotFoundException')` for an unknown one. */
  definitionOf(name: string): LambdaFunctionDefinition {
    return this.#poolOf(name).definition;
  }

  /** Starts a worker for each of these functions (all of them by default) that has none, ahead of the first invocation. */
  async prewarm(names?: readonly string[]): Promise<void> {
    const pools = names?.map((name) => this.#poolOf(name)) ?? [...this.#pools.values()];
    await Promise.all(pools.map((pool) => pool.prewarm()));
  }

  /**
   * Ends the workers of one function, or of all, whatever they do: their invocations answer `Runtime.ExitError`, as after
   * a crash. Answers how many there were. Waiting and later invocations get new workers.
   */
  killWorkers(name?: string): number {
    const pools = name === undefined ? [...this.#pools.values()] : [this.#poolOf(name)];
    return pools.reduce((sum, pool) => sum + pool.kill(), 0);
  }

  /**
   * Puts another folder in the place of a layer's, as a deploy does: what is invoked from now on sees its files, what runs goes on with
   * those that it began with.
   *
   * @throws Error where a function names a file that the new folder lacks, or no function has the layer; nothing is changed then
   */
  replaceLayer(folder: string, by: string): void {
    const users = [...this.#pools.values()].filter(({ definition }) => definition.layers.includes(folder));
    if (users.length === 0) throw new Error(`no function has the layer ${folder}, so it cannot be replaced`);
    const updates = users.map((pool) => {
      const layers = pool.definition.layers.map((layer) => (layer === folder ? by : layer));
      return { pool, definition: { ...pool.definition, layers } };
    });
    for (const { definition } of updates) this.#environmentOf(definition);
    for (const { pool, definition } of updates) pool.update(definition);
  }

  /** Ends all workers; what runs or waits answers as after a crash, and nothing is invoked any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }

  #add(definition: LambdaFunctionDefinition, coldStarts: ColdStarts): void {
    const { clock, maxWorkersPerFunction, onLog } = this.#options;
    const { name } = definition;
    if (this.#pools.has(name)) throw new Error(`two functions have the name ${name}; names must be unique`);
    // A layer that lacks a file is a fault of the stack: better found now than at the first invocation.
    this.#environmentOf(definition);
    const pool = new FunctionPool({
      definition,
      environment: (present) => this.#environmentOf(present),
      clock,
      coldStarts,
      maxWorkers: maxWorkersPerFunction ?? MAX_WORKERS_PER_FUNCTION,
      onLine: (line, requestId) => onLog?.({ functionName: name, requestId, line }),
    });
    this.#pools.set(name, pool);
  }

  #environmentOf(definition: LambdaFunctionDefinition): Record<string, string> {
    const { credentialsOf, endpoint, region } = this.#options;
    const credentials = credentialsOf?.(definition.arn) ?? WITHOUT_ROLE;
    return environmentOf(definition, { region, endpoint: endpoint(), credentials });
  }

  #poolOf(nameOrArn: string): FunctionPool {
    const [, name = nameOrArn, qualifier] = FUNCTION_NAME.exec(nameOrArn) ?? [];
    const pool = this.#pools.get(name);
    // There are no versions and aliases here, so that no other qualifier can be right.
    if (pool !== undefined && (qualifier === undefined || qualifier === '$LATEST')) return pool;
    const { accountId, region } = this.#options;
    const suffix = qualifier === undefined ? '' : `:${qualifier}`;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}${suffix}`;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
  }

  /** Invokes, and where the function is throttled does so again until the event is too old. */
  async #offerEvent(pool: FunctionPool, payload: string): Promise<Invocation> {
    const { clock } = this.#options;
    const tooOldAt = clock.now() + EVENT_AGE_LIMIT_MS;
    for (let delay = FIRST_THROTTLE_DELAY_MS; ; delay = Math.min(2 * delay, LONGEST_THROTTLE_DELAY_MS)) {
      try {
        return await this.#invokeJson(pool, payload);
      } catch (error) {
        const throttled = error instanceof AwsError && error.code === 'TooManyRequestsException';
        if (!throttled || clock.now() + delay > tooOldAt) throw error;
      }
      await clock.sleep(delay);
    }
  }

  async #invokeJson(pool: FunctionPool, payload: string): Promise<Invocation> {
    const { reservedConcurrency } = pool.definition;
    if (reservedConcurrency !== undefined && pool.concurrency >= reservedConcurrency) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    const requestId = this.#newRequestId();
    const answer = this.#stopped
      ? { error: exited(requestId, 'the local Lambda runtime was stopped') }
      : await pool.invoke(requestId, payload);
    const head = { statusCode: 200, executedVersion: '$LATEST', requestId } as const;
    return 'error' in answer
      ? { ...head, payload: answer.error, functionError: 'Unhandled' }
      : { ...head, payload: JSON.parse(answer.payload) as unknown };
  }
}

function toJson(payload: unknown, limit: number): string {
  // An invocation without a payload hands the function an empty object.
  const json = JSON.stringify(payload === undefined ? {} : payload);
  if (Buffer.byteLength(json) > limit) {
    const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
  }
  return json;
}
