import type { LocalClock } from '../clock/local-clock';
import type { ColdStarts } from './cold-starts';
import { type FunctionCall, FunctionWorker } from './function-worker';
import { exited } from './invocation-error';
import type { LambdaFunctionDefinition } from './lambda-function';
import type { Answer } from './worker-messages';

/** What the workers of one function share. */
export interface FunctionPoolOptions {
  readonly definition: LambdaFunctionDefinition;
  /** Asked at each start, as the endpoint is only known once the runtime listens. */
  readonly environment: (definition: LambdaFunctionDefinition) => Record<string, string>;
  readonly clock: LocalClock;
  readonly coldStarts: ColdStarts;
  readonly maxWorkers: number;
  readonly onLine: (line: string, requestId: string | undefined) => void;
}

/**
 * The workers of one function, and the invocations that wait for one. An invocation goes to a free worker, else to the
 * first that becomes free or is started for it; while it waits it does not keep time from passing, as all workers may be
 * asleep and only time can free one.
 */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #workers = new Set<FunctionWorker>();
  /** Those of an earlier definition that still run something. */
  readonly #retired = new Set<FunctionWorker>();
  readonly #queue: FunctionCall[] = [];
  readonly #prewarming: (() => void)[] = [];
  #definition: LambdaFunctionDefinition;
  #stopped = false;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
    this.#definition = options.definition;
  }

  get definition(): LambdaFunctionDefinition {
    return this.#definition;
  }

  /** Invocations that run or wait. */
  get concurrency(): number {
    const running = [...this.#retired].filter(({ state }) => state === 'running');
    return this.#queue.length + this.#count('running') + running.length;
  }

  /** Another definition for all that is invoked from now on; what runs is finished by the worker that it runs in. */
  update(definition: LambdaFunctionDefinition): void {
    this.#definition = definition;
    for (const worker of this.#workers) {
      this.#workers.delete(worker);
      this.#retired.add(worker);
      if (worker.state === 'idle') void worker.kill();
    }
    this.#dispatch();
  }

  /** Runs the function; `payload` is JSON. The function counts as under way from this call on, if a worker is free for it. */
  invoke(requestId: string, payload: string): Promise<Answer> {
    return new Promise((answered) => {
      this.#queue.push({ requestId, payload, answered });
      this.#dispatch();
    });
  }

  /** Starts a worker, unless there is one; resolves when it is there, or could not be started. */
  prewarm(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#workers.size > 0 && this.#count('starting') === 0) {
        resolve();
        return;
      }
      this.#prewarming.push(resolve);
      this.#dispatch();
    });
  }

  /** Ends all its workers; answers how many there were. Waiting invocations get new ones. */
  kill(): number {
    const workers = [...this.#workers, ...this.#retired];
    for (const worker of workers) void worker.kill();
    return workers.length;
  }

  /** Ends all its workers and starts no more; what runs or waits answers as after a crash. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const call of this.#queue.splice(0)) {
      call.answered({ error: exited(call.requestId, 'the local Lambda runtime was stopped') });
    }
    await Promise.all([...this.#workers, ...this.#retired].map((worker) => worker.kill()));
  }

  readonly #dispatch = (): void => {
    if (this.#stopped) return;
    for (const worker of this.#workers) {
      if (worker.state !== 'idle') continue;
      const call = this.#queue.shift();
      if (call === undefined) break;
      worker.run(call);
    }
    while (this.#wantsWorker() && this.#options.coldStarts.take(this.#dispatch)) this.#startWorker();
  };

  #wantsWorker(): boolean {
    const starting = this.#count('starting');
    const forPrewarming = this.#prewarming.length > 0 && this.#workers.size === 0;
    return (starting < this.#queue.length || forPrewarming) && this.#workers.size < this.#options.maxWorkers;
  }

  #count(state: FunctionWorker['state']): number {
    let count = 0;
    for (const worker of this.#workers) if (worker.state === state) count += 1;
    return count;
  }

  #startWorker(): void {
    const { clock, environment, onLine, coldStarts } = this.#options;
    const definition = this.#definition;
    let starting = true;
    const started = (): void => {
      if (!starting) return;
      starting = false;
      for (const resolve of this.#prewarming.splice(0)) resolve();
      coldStarts.give();
    };
    const worker = new FunctionWorker({
      definition,
      environment: environment(definition),
      clock,
      onLine,
      onIdle: (idle) => {
        if (this.#retired.has(idle)) void idle.kill();
        // First those that wait for this function, then whoever waits for the place.
        this.#dispatch();
        started();
      },
      onGone: (gone, neverStarted) => {
        this.#workers.delete(gone);
        const isRetired = this.#retired.delete(gone);
        // A start is for the first that waits: it gets the error, as retrying the same bundle would not help it.
        const call = neverStarted && !isRetired ? this.#queue.shift() : undefined;
        if (call !== undefined && neverStarted) call.answered({ error: neverStarted(call.requestId) });
        started();
        this.#dispatch();
      },
    });
    this.#workers.add(worker);
  }
}
