import { type Json } from '../json';
import { RunEnded, STATES } from '../state-error';

/** Events that an execution may have, a limit of the service. The last one says that it was reached. */
const MAX_EVENTS = 25_000;

/** Details of an event, under the member that the API gives them, such as `{taskFailedEventDetails: {…}}`. */
export type EventDetails = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One event of an execution. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Virtual time, epoch milliseconds. */
  readonly timestamp: number;
  readonly details: EventDetails;
}

/** The events of one execution, in order. */
export class History {
  readonly #events: HistoryEvent[] = [];

  /** All events so far, the first one first. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /**
   * Adds an event. Throws `RunEnded` when it would be the last that fits, unless it `ends` the execution itself.
   */
  add(event: Omit<HistoryEvent, 'id'>, ends: boolean): HistoryEvent {
    const id = this.#events.length + 1;
    if (id >= MAX_EVENTS && !ends) {
      throw new RunEnded(
        'FAILED',
        STATES.runtime,
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    }
    const added = { id, ...event };
    this.#events.push(added);
    return added;
  }
}

/** `input` or `output` of an event with its `…Details`. Nothing is truncated here: payloads are limited before. */
export function payload(name: 'input' | 'output', value: Json): Record<string, unknown> {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } };
}

/** `error` and `cause` of an event, where there are any. */
export function failure(error: string | undefined, cause: string | undefined): Record<string, string> {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}
