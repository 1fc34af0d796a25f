import type { Json } from '../json';
import type { RegisteredMachine } from '../registered-machine';
import { RunEnded, STATES, StateError } from '../state-error';
import { runBlock } from './block';
import { type EventDetails, History, type HistoryEvent, failure, payload } from './history';
import type { RunPorts } from './ports';
import { Scope } from './scope';
import { Strand } from './strand';
import { Variables } from './variables';

/** How an execution stands. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What an execution starts with. */
export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly machine: RegisteredMachine;
  /** The input as it was sent. */
  readonly inputText: string;
  readonly input: Json;
  /** Answered again by `DescribeExecution`; nothing is traced here. */
  readonly traceHeader: string | undefined;
}

/** How an execution ended. */
interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: Json;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** The last event by status, and the member that carries its details. */
const ENDING_EVENTS = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
} as const;

/** One execution of a state machine: it runs from its construction, and keeps what is asked about it later. */
export class Execution {
  readonly history = new History();
  readonly startDate: number;
  readonly scope = new Scope();
  readonly #onEvent: (event: HistoryEvent) => void;
  readonly #onEnd = new Set<() => void>();
  #ending: Ending | undefined;
  /** There is room for the last event only. */
  #isFull = false;
  /** Set together with the ending. */
  #stopDate: number | undefined;

  constructor(
    readonly start: ExecutionStart,
    readonly ports: RunPorts,
    onEvent: (event: HistoryEvent) => void,
  ) {
    this.#onEvent = onEvent;
    this.startDate = ports.clock.now();
  }

  /** What everything that is asked about it names it by. */
  get arn(): string {
    return this.start.arn;
  }

  /** The machine as it was when the execution started: there are no updates here, so it is the present one. */
  get machine(): RegisteredMachine {
    return this.start.machine;
  }

  /** As the API tells it. */
  get status(): ExecutionStatus {
    return this.#ending?.status ?? 'RUNNING';
  }

  /** When it ended, epoch milliseconds. */
  get stopDate(): number | undefined {
    return this.#stopDate;
  }

  /** How it ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Calls `listener` when the execution has ended; answers what takes it back. */
  onEnd(listener: () => void): () => void {
    this.#onEnd.add(listener);
    return () => {
      this.#onEnd.delete(listener);
    };
  }

  /** Lets the states run. Called once. */
  begin(): void {
    const strand = new Strand(this, this.scope, new Variables(), undefined, 0);
    this.record('ExecutionStarted', 0, {
      executionStartedEventDetails: { ...payload('input', this.start.input), roleArn: this.machine.roleArn },
    });
    void this.#run(strand);
  }

  /** Ends the execution from outside, as `StopExecution` does. One that has ended already stays as it is. */
  abort(error: string | undefined, cause: string | undefined): void {
    this.#endFromOutside(new RunEnded('ABORTED', error, cause));
  }

  /** Drops what is under way without an event: the runtime stops. */
  drop(): void {
    this.#onEnd.clear();
    this.#ending ??= { status: 'ABORTED' };
    this.scope.cancel(new RunEnded('ABORTED', undefined));
  }

  /** Adds an event to the history. Throws `RunEnded` at the limit of events, after it has failed the execution. */
  record(type: string, previousEventId: number, details: EventDetails = {}, ends = false): number {
    if (!ends && (this.#ending !== undefined || this.#isFull)) return previousEventId;
    try {
      const timestamp = this.ports.clock.now();
      const event = this.history.add({ type, previousEventId, timestamp, details }, ends);
      this.#onEvent(event);
      return event.id;
    } catch (error) {
      if (error instanceof RunEnded) {
        this.#isFull = true;
        this.#endFromOutside(error);
      }
      throw error;
    }
  }

  /**
   * Runs the states to their end, whichever it is. What no state caught, a slip of the interpreter included, ends the
   * execution: it never stays open with nobody working on it.
   */
  async #run(strand: Strand): Promise<void> {
    const { clock } = this.ports;
    const seconds = this.machine.compiled.timeoutSeconds;
    const timer =
      seconds === undefined
        ? undefined
        : clock.at(this.startDate + seconds * 1000, () => {
            this.#endFromOutside(new RunEnded('TIMED_OUT', STATES.timeout));
          });
    try {
      const output = await runBlock(strand, this.machine.compiled, this.start.input);
      this.#end({ status: 'SUCCEEDED', output }, strand.lastEventId);
    } catch (error) {
      this.#end(failedBy(error), strand.lastEventId);
    } finally {
      timer?.cancel();
      strand.end();
    }
  }

  /** Ends it while states are under way: a stop, the machine's timeout, the limit of events. */
  #endFromOutside(reason: RunEnded): void {
    if (this.#ending !== undefined) return;
    // First the states that are called off have their say in the history.
    this.scope.cancel(reason);
    const last = this.history.events.at(-1)?.id ?? 0;
    this.#end({ status: reason.status, error: reason.error, cause: reason.reason }, last);
  }

  /** The first ending counts. Listeners run before the strand lets go of the clock, so a parent works on without a gap. */
  #end(ending: Ending, previousEventId: number): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#stopDate = this.ports.clock.now();
    const [type, member] = ENDING_EVENTS[ending.status];
    const details =
      ending.output === undefined ? failure(ending.error, ending.cause) : payload('output', ending.output);
    this.record(type, previousEventId, { [member]: details }, true);
    for (const listener of this.#onEnd) listener();
    this.#onEnd.clear();
  }
}

/** What an error that no state caught makes of the execution. */
function failedBy(error: unknown): Ending {
  if (error instanceof StateError) return { status: 'FAILED', error: error.error, cause: error.reason };
  if (error instanceof RunEnded) return { status: error.status, error: error.error, cause: error.reason };
  return {
    status: 'FAILED',
    error: STATES.runtime,
    cause: error instanceof Error ? error.message : String(error),
  };
}
