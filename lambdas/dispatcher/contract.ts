/** The dispatcher workflow: executions are named `dispatcher-<epoch>`, at most one of them works. */

/** The input of an execution. */
export interface DispatcherInput {
  /** The execution works only while the ledger's `DISPATCHER` item has this epoch. */
  readonly epoch: number;
}

/** Input of *Advance operations*. */
export interface AdvanceInput extends DispatcherInput {
  /** How many passes this execution has begun before; the function hands over before the history grows too long. */
  readonly pass: number;
}

/** What a pass answers. */
export interface AdvanceOutput {
  /** False ends the execution: nothing is left, or another epoch took over. */
  readonly left: boolean;
  /** Whole seconds until the next pass; 0: at once. */
  readonly seconds: number;
}

/** Times of the exclusion protocol (docs/architecture.md, "One dispatcher, by time"), in seconds. */
export const DispatcherTimes = {
  /** Hard timeout of the function: no pass runs longer. */
  function: 30,
  /** What a pass leases: longer than the function can live. */
  lease: 40,
  /** Timeout of the task state: longer than the lease, so that a retry finds it over. */
  task: 45,
} as const;

/** An execution hands over after this many passes: 9 history events each at most keep it under 5,000. */
export const PASSES_PER_EXECUTION = 450;
