/** The permission-set-rollout workflow: executions are named `rollout-<number>`, at most one of them works. */

/** The input of an execution. */
export interface RolloutInput {
  /** The execution works only while the ledger's `ROLLOUT` item has this number. */
  readonly number: number;
}

/** Input of *Look at the rollout*. */
export interface LookInput extends RolloutInput {
  /** How many steps of every kind this execution has made before. */
  readonly steps: number;
}

/** Times of the exclusion between steps (core/permission-sets/steps.ts), in seconds. */
export const RolloutTimes = {
  /** Hard timeout of the functions: no step runs longer. */
  function: 120,
  /** Timeout of the task states: longer than the lease of a step, so that a retry finds it over. */
  task: 140,
} as const;
