import type { Json, JsonObject } from '../json';
import type { Execution } from '../run/execution';
import type { RunPorts } from '../run/ports';

/** One call of a service integration. */
export interface IntegrationCall {
  /** The API's name in the resource, such as `getItem`. */
  readonly api: string;
  /** As they were evaluated; the values have any type yet. */
  readonly arguments: JsonObject;
  readonly ports: RunPorts;
  /** The execution that calls. */
  readonly execution: Execution;
  /** Waits for work of the runtime itself, with the clock held. */
  readonly work: <T>(call: () => Promise<T>) => Promise<T>;
  /** Waits for a function, whose runtime holds the clock itself; it may be asleep meanwhile. */
  readonly letWork: <T>(call: () => Promise<T>) => Promise<T>;
}

/** What a call answered. */
export interface Reply {
  readonly response: Json;
  /** The execution that it started, for `.sync`. */
  readonly child?: Execution;
}

/** A service integration. Throws `StateError` with the name that the service gives the failure. */
export type Integration = (call: IntegrationCall) => Promise<Reply>;
