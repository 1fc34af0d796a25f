/** What an *Await* state is answered with. */
export interface Answer {
  readonly signal: 'start' | 'grant' | 'end' | 'revoke';
}

/** Whether an execution works, has ended, or never began. */
export type ExecutionState = 'running' | 'over' | 'none';

/** The state machines. */
export interface Workflows {
  /** Starts `<requestId>-<attempt>`; one that runs already is as good. */
  startAccessRequest(requestId: string, attempt: number): Promise<void>;
  accessRequestState(requestId: string, attempt: number): Promise<ExecutionState>;
  /** Names of the access-request executions that run, as far as the service lists them already. */
  runningAccessRequests(): Promise<ReadonlySet<string>>;
  /** Starts `dispatcher-<epoch>`; one that runs already is as good. */
  startDispatcher(epoch: number): Promise<void>;
  /** Answers a token; one that timed out, was answered, or is not known counts as answered. */
  answer(token: string, answer: Answer): Promise<void>;
}

/** The state machine of rollouts. */
export interface RolloutStarter {
  /** Starts `rollout-<number>`; one that runs already is as good. */
  startRollout(number: number): Promise<void>;
}
