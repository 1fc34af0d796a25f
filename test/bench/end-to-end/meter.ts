import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { LambdaRuntime } from '../../../local/lambda/lambda-runtime';
import { PRICES } from '../runs/prices';

/** What Node publishes for every request that one of its HTTP servers takes. */
const REQUEST_TAKEN = 'http.server.request.start';

/** DynamoDB's reading calls; the others that functions make write. */
const READS: ReadonlySet<string> = new Set(['GetItem', 'Query', 'BatchGetItem']);

/** The functions of a local runtime, as far as they are counted. */
export type Functions = Pick<LambdaRuntime, 'invoke' | 'invokeAsEvent' | 'definitionOf'>;

/** What a run has used so far of what is billed by use. */
export interface Usage {
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly tableReads: number;
  readonly tableWrites: number;
  readonly queueRequests: number;
}

/**
 * Counts invocations with their time, and the calls that reach the local runtime's port. Times are of the wall: on a laptop they hold
 * the wait for a free worker and for one of two cores, so that they are more than AWS would bill.
 */
export class Meter {
  #invocations = 0;
  #gigabyteSeconds = 0;
  #tableReads = 0;
  #tableWrites = 0;
  #queueRequests = 0;

  get usage(): Usage {
    return {
      invocations: this.#invocations,
      gigabyteSeconds: this.#gigabyteSeconds,
      tableReads: this.#tableReads,
      tableWrites: this.#tableWrites,
      queueRequests: this.#queueRequests,
    };
  }

  /** Begins to count; what is answered ends it. */
  follow(lambda: Functions): () => void {
    const invoke = lambda.invoke.bind(lambda);
    const invokeAsEvent = lambda.invokeAsEvent.bind(lambda);
    lambda.invoke = (name, payload) => this.#timed(lambda, name, () => invoke(name, payload));
    lambda.invokeAsEvent = (name, payload) => this.#timed(lambda, name, () => invokeAsEvent(name, payload));
    const onRequest = (message: unknown): void => {
      this.take((message as { readonly request: IncomingMessage }).request.headers['x-amz-target']);
    };
    subscribe(REQUEST_TAKEN, onRequest);
    return () => {
      unsubscribe(REQUEST_TAKEN, onRequest);
      Object.assign(lambda, { invoke, invokeAsEvent });
    };
  }

  /** A call with this target, such as `DynamoDB_20120810.PutItem`; others than DynamoDB's and SQS's are not counted. */
  take(target: string | readonly string[] | undefined): void {
    const [prefix = '', operation = ''] = typeof target === 'string' ? target.split('.') : [];
    if (prefix === 'AmazonSQS') this.#queueRequests += 1;
    if (!prefix.startsWith('DynamoDB_')) return;
    if (READS.has(operation)) this.#tableReads += 1;
    else this.#tableWrites += 1;
  }

  async #timed<T>(lambda: Functions, name: string, run: () => Promise<T>): Promise<T> {
    const begunAt = performance.now();
    try {
      return await run();
    } finally {
      const ms = performance.now() - begunAt;
      this.#invocations += 1;
      this.#gigabyteSeconds += (ms / 1000) * (lambda.definitionOf(name).memorySize / 1024);
    }
  }
}

/** US dollars, part by part; `transitions` are those of all state machines. */
export function costsOf(usage: Usage, transitions: number): Readonly<Record<string, number>> {
  return {
    'state transitions': transitions * PRICES.transition,
    functions: usage.gigabyteSeconds * PRICES.lambdaGigabyteSecond + usage.invocations * PRICES.lambdaStart,
    table: usage.tableReads * PRICES.readUnit + usage.tableWrites * PRICES.writeUnit,
    queues: usage.queueRequests * PRICES.queueRequest,
  };
}
