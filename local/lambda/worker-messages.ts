import type { InvocationError } from './invocation-error';

/** What the main thread tells a worker (see worker/worker-main.js). */
export type MessageToWorker =
  | {
      readonly type: 'invoke';
      readonly requestId: string;
      readonly payload: string;
      readonly deadline: number;
    }
  | { readonly type: 'wake'; readonly now: number };

/** What an invocation ended with: the JSON of its answer, or an error. */
export type Answer = { readonly payload: string } | { readonly error: InvocationError };

/** What a worker tells the main thread. */
export type MessageFromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'broken'; readonly error: InvocationError }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'asleep'; readonly until: number }
  | { readonly type: 'awake' }
  /** `last`: the thread is in an unknown state and ends. */
  | ({ readonly type: 'answer'; readonly last: boolean } & Answer);

/** What a worker is started with. */
export interface WorkerStart {
  /** The clock's memory. */
  readonly shared: SharedArrayBuffer;
  readonly codePath: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memorySize: number;
}
