import type { Json, JsonObject } from '../json';
import type { Query, View } from '../query/query';
import type { NumberQuery } from '../query/whole-number';
import type { TaskResource } from './task-resource';

/** What a state hands on: its output, and the variables that it assigns. */
export interface Outcome {
  readonly output: Json;
  readonly assigned: JsonObject;
}

/** Turns a state's result into what it hands on. `view.result` is set where the state has one. */
export type Finish = (result: Json, view: View) => Promise<Outcome>;

/** How data goes through a state, in either query language. */
export interface Flow {
  /** `InputPath`; the raw input in JSONata. Its root is the raw input. */
  readonly effectiveInput: Query;
  /** `Parameters` or `Arguments`. Its root is the effective input. */
  readonly arguments: Query;
  /** `ResultSelector`, `ResultPath`, `OutputPath` or `Output`; and `Assign`. */
  readonly finish: Finish;
}

/** One entry of `Retry`. */
export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  /** Retries, not counting the first attempt; 0 is none. */
  readonly maxAttempts: number;
  readonly backoffRate: number;
  /** Infinity where it is not limited. */
  readonly maxDelaySeconds: number;
  /** `FULL` draws evenly between 0 and the delay. */
  readonly jitter: 'FULL' | 'NONE';
}

/** One entry of `Catch`. */
export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  /** Its result is the error output, `{Error, Cause}`. */
  readonly finish: Finish;
}

/** What every state has. */
interface StateBase {
  readonly name: string;
  readonly comment: string | undefined;
}

/** A state that leads on, or ends its block. */
interface StateWithNext extends StateBase {
  /** Undefined: it ends its block. */
  readonly next: string | undefined;
}

/** A state whose failures can be retried and caught. */
interface StateWithRetry extends StateWithNext {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** Makes its output of its input, and nothing else. */
export interface PassState extends StateWithNext {
  readonly type: 'Pass';
  readonly flow: Flow;
  /** `Result`, a constant of JSONPath. */
  readonly result: Json | undefined;
}

/** Lets time pass. */
export interface WaitState extends StateWithNext {
  readonly type: 'Wait';
  readonly flow: Flow;
  /** The query sees the effective input. An instant that has passed, or 0 seconds, is no wait. */
  readonly until:
    | { readonly kind: 'seconds'; readonly query: NumberQuery }
    /** Its value is an instant, in epoch milliseconds. */
    | { readonly kind: 'timestamp'; readonly query: NumberQuery };
}

/** One entry of `Choices`. */
export interface ChoiceRule {
  /** Whether the rule holds. Its root is the effective input. Throws `EvaluationError`. */
  readonly test: (root: Json, view: View) => Promise<boolean>;
  readonly next: string;
  readonly finish: Finish;
}

/** Decides where to go by the first rule that holds. */
export interface ChoiceState extends StateBase {
  readonly type: 'Choice';
  readonly flow: Flow;
  readonly rules: readonly ChoiceRule[];
  /** `Default`. Without it, no rule that holds is `States.NoChoiceMatched`. */
  readonly otherwise: string | undefined;
}

/** Ends its block, in a branch or iteration only that one. */
export interface SucceedState extends StateBase {
  readonly type: 'Succeed';
  readonly flow: Flow;
}

/** Fails its block. */
export interface FailState extends StateBase {
  readonly type: 'Fail';
  readonly error: Query | undefined;
  readonly cause: Query | undefined;
}

/** Does work outside of the machine. */
export interface TaskState extends StateWithRetry {
  readonly type: 'Task';
  readonly flow: Flow;
  readonly resource: TaskResource;
  /** Whole seconds from 1; undefined is no limit. */
  readonly timeoutSeconds: NumberQuery | undefined;
  /** Only where the task waits for a token. */
  readonly heartbeatSeconds: NumberQuery | undefined;
}

/** Runs its branches side by side. */
export interface ParallelState extends StateWithRetry {
  readonly type: 'Parallel';
  readonly flow: Flow;
  readonly branches: readonly Block[];
}

/** Runs its processor once per item. */
export interface MapState extends StateWithRetry {
  readonly type: 'Map';
  readonly flow: Flow;
  /** `ItemsPath` or `Items`. Its root is the effective input. */
  readonly items: Query;
  /** Sees `$$.Map.Item`; undefined gives each iteration its item. */
  readonly itemSelector: Query | undefined;
  readonly processor: Block;
  /** 0, as absent, is as many as the service runs at once. */
  readonly maxConcurrency: NumberQuery | undefined;
  /** Undefined together with the percentage: the first failure fails the Map. */
  readonly toleratedCount: NumberQuery | undefined;
  readonly toleratedPercentage: NumberQuery | undefined;
}

/** A compiled state. */
export type State =
  PassState | WaitState | ChoiceState | SucceedState | FailState | TaskState | ParallelState | MapState;

/** States that run one after the other: a machine, a branch, or an item processor. */
export interface Block {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A compiled state machine. */
export interface Machine extends Block {
  /** Whole seconds from the start of an execution; undefined is no limit. */
  readonly timeoutSeconds: number | undefined;
}
