/** Error names of the service that the interpreter itself raises. */
export const STATES = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  heartbeatTimeout: 'States.HeartbeatTimeout',
  runtime: 'States.Runtime',
  dataLimitExceeded: 'States.DataLimitExceeded',
  queryEvaluation: 'States.QueryEvaluationError',
  intrinsicFailure: 'States.IntrinsicFailure',
  resultPathMatch: 'States.ResultPathMatchFailure',
  noChoiceMatched: 'States.NoChoiceMatched',
  // Names that the language reserves; this interpreter fails with the branch's own error instead.
  branchFailed: 'States.BranchFailed',
  toleranceExceeded: 'States.ExceedToleratedFailureThreshold',
} as const;

/** A failure that `Retry` and `Catch` see: an error name and, mostly, a cause. */
export class StateError extends Error {
  constructor(
    readonly error: string | undefined,
    readonly reason?: string,
    /** A second, more precise name that `ErrorEquals` may use, such as `States.HeartbeatTimeout` of a `States.Timeout`. */
    readonly alias?: string,
  ) {
    super(`${error ?? 'an error without a name'}${reason === undefined ? '' : `: ${reason}`}`);
    this.name = 'StateError';
  }
}

/**
 * A field of a state that could not be evaluated. The run turns it into a {@link StateError} whose cause says in which state,
 * and, where a JSONata field failed (`field` is set), puts an `EvaluationFailed` event before it.
 */
export class EvaluationError extends Error {
  constructor(
    readonly error: string,
    readonly detail: string,
    /** The JSONata field, such as `Arguments/Payload`. */
    readonly field?: string,
  ) {
    super(detail);
    this.name = 'EvaluationError';
  }
}

/** The run is over, for a reason outside of the states: `Retry` and `Catch` do not see it. */
export class RunEnded extends Error {
  constructor(
    readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED',
    readonly error: string | undefined,
    readonly reason?: string,
  ) {
    super(`the execution ended: ${status}`);
    this.name = 'RunEnded';
  }
}
