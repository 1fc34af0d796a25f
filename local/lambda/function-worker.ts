import path from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { LocalClock, Timer } from '../clock/local-clock';
import { exited, type InvocationError, timedOut } from './invocation-error';
import type { LambdaFunctionDefinition } from './lambda-function';
import { Watchdog } from './watchdog';
import type { Answer, MessageFromWorker, MessageToWorker, WorkerStart } from './worker-messages';
import { WorkerPresence } from './worker-presence';

const WORKER_FILE = path.join(__dirname, 'worker', 'worker-main.js');

/** How long a bundle may take to load, in real milliseconds: 100 times what a large one takes. */
const START_PATIENCE_MS = 30_000;

/** One invocation on its way. `answered` is called once. */
export interface FunctionCall {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly answered: (answer: Answer) => void;
}

/** Why a worker is gone, told for the invocation that meets with it. */
type Epitaph = (requestId: string) => InvocationError;

/** What a worker needs from its surroundings. */
export interface FunctionWorkerOptions {
  readonly definition: LambdaFunctionDefinition;
  readonly environment: Record<string, string>;
  readonly clock: LocalClock;
  readonly onLine: (line: string, requestId: string | undefined) => void;
  /** It is started, or has answered: it takes the next invocation. */
  readonly onIdle: (worker: FunctionWorker) => void;
  /** It is gone and runs nothing any more. `neverStarted` is set if it broke before it could take an invocation. */
  readonly onGone: (worker: FunctionWorker, neverStarted: Epitaph | undefined) => void;
}

/** A thread that runs one function, one invocation at a time. */
export class FunctionWorker {
  readonly #options: FunctionWorkerOptions;
  readonly #worker: Worker;
  readonly #presence: WorkerPresence;
  readonly #startWatchdog: Watchdog;
  #state: 'starting' | 'idle' | 'running' | 'gone' = 'starting';
  #running: { readonly call: FunctionCall; readonly timeout: Timer; readonly watchdog: Watchdog } | undefined;

  constructor(options: FunctionWorkerOptions) {
    const { clock, definition } = options;
    this.#options = options;
    this.#presence = new WorkerPresence(clock, `function ${definition.name}`);
    this.#presence.wake();
    this.#startWatchdog = new Watchdog(START_PATIENCE_MS, () => {
      this.#end((requestId) => exited(requestId, `no start within ${START_PATIENCE_MS} ms`));
    });
    this.#startWatchdog.start();
    this.#worker = this.#startThread(clock.shared);
  }

  get state(): 'starting' | 'idle' | 'running' | 'gone' {
    return this.#state;
  }

  /** Gives an idle worker an invocation; its timeout counts from here. */
  run(call: FunctionCall): void {
    const { clock, definition } = this.#options;
    const timeoutMs = definition.timeoutSeconds * 1000;
    const onTimeout = (): void => {
      this.#end(() => timedOut(call.requestId, definition.timeoutSeconds));
    };
    this.#state = 'running';
    this.#presence.wake();
    this.#worker.ref();
    const deadline = clock.now() + timeoutMs;
    const watchdog = new Watchdog(timeoutMs, onTimeout);
    this.#running = { call, timeout: clock.at(deadline, onTimeout), watchdog };
    watchdog.start();
    this.#send({ type: 'invoke', requestId: call.requestId, payload: call.payload, deadline });
  }

  /** Ends the thread, in whatever it does; an invocation that it runs answers as a crash. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.#end((requestId) => exited(requestId, 'Runtime exited with error: signal: killed'));
    await this.#worker.terminate();
  }

  #startThread(shared: SharedArrayBuffer): Worker {
    const { definition, environment } = this.#options;
    const start: WorkerStart = {
      shared,
      codePath: definition.codePath,
      handler: definition.handler,
      functionName: definition.name,
      functionArn: definition.arn,
      memorySize: definition.memorySize,
    };
    const worker = new Worker(WORKER_FILE, {
      workerData: start,
      env: environment,
      // Loaders of the host process (tsx) would cost more than the function's own start.
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: definition.memorySize },
    });
    // The program's own output comes as messages, in order; what Node itself prints about a dying thread comes here.
    for (const stream of [worker.stdout, worker.stderr]) {
      createInterface(stream).on('line', (line) => {
        this.#options.onLine(line, this.#running?.call.requestId);
      });
    }
    worker.on('message', (message: MessageFromWorker) => {
      if (this.#state !== 'gone') this.#received(message);
    });
    worker.on('error', (error) => {
      this.#end((requestId) => exited(requestId, describeCrash(error)));
    });
    worker.on('exit', (status) => {
      this.#end((requestId) => exited(requestId, describeExit(status)));
    });
    return worker;
  }

  #send(message: MessageToWorker): void {
    this.#worker.postMessage(message);
  }

  #received(message: MessageFromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#startWatchdog.pause();
        this.#becomeIdle();
        break;
      case 'broken':
        this.#end(() => message.error);
        break;
      case 'log':
        this.#options.onLine(message.line, this.#running?.call.requestId);
        break;
      case 'asleep':
        this.#running?.watchdog.pause();
        this.#presence.sleep(message.until, () => {
          this.#running?.watchdog.start();
          this.#send({ type: 'wake', now: this.#options.clock.now() });
        });
        break;
      case 'awake':
        this.#presence.wake();
        this.#running?.watchdog.start();
        break;
      case 'answer':
        this.#answer('error' in message ? { error: message.error } : { payload: message.payload });
        if (message.last) void this.kill();
        else this.#becomeIdle();
        break;
    }
  }

  #answer(answer: Answer): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.timeout.cancel();
    running.watchdog.pause();
    // One that was asleep counts as under way again until its answer was taken.
    this.#presence.wake();
    running.call.answered(answer);
  }

  #becomeIdle(): void {
    this.#state = 'idle';
    this.#worker.unref();
    this.#presence.finish();
    this.#options.onIdle(this);
  }

  #end(epitaph: Epitaph): void {
    if (this.#state === 'gone') return;
    const neverStarted = this.#state === 'starting' ? epitaph : undefined;
    this.#state = 'gone';
    this.#startWatchdog.pause();
    void this.#worker.terminate();
    const requestId = this.#running?.call.requestId;
    if (requestId !== undefined) this.#answer({ error: epitaph(requestId) });
    this.#options.onGone(this, neverStarted);
    this.#presence.finish();
  }
}

function describeExit(status: number): string {
  return status === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${status}`;
}

/** What Node reports as an error of the thread: mostly a heap beyond the function's memory, as AWS reports by a kill. */
function describeCrash(error: Error & { code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'Runtime exited with error: signal: killed'
    : `Runtime exited with error: ${error.message}`;
}
