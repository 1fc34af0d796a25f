/** The reconcile workflow: executions are named `reconcile-<number>`, at most one of them works. */

/** The input of an execution. */
export interface ReconcileInput {
  /** The execution works only while the ledger's `RECONCILE` item has this number. */
  readonly number: number;
}

/** Input of *Advance reconciliation*. */
export interface ReconcileStepInput extends ReconcileInput {
  /** How many steps this execution has made before. */
  readonly steps: number;
}

/** Times of the exclusion between steps (core/runs/run.ts), in seconds. */
export const ReconcileTimes = {
  /** Hard timeout of the function: no step runs longer. */
  function: 120,
  /** Timeout of the task state: longer than the lease of a step, so that a retry finds it over. */
  task: 140,
} as const;
