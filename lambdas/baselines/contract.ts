import type { BaselineStepName } from '../../core/baselines/next-step';

/** The account-baseline workflow: executions are named `<account>-<number>`, at most one of an account works. */

/** The input of an execution. */
export interface AccountBaselineInput {
  readonly accountId: string;
  /** The execution works only while the ledger's item of the account has this number. */
  readonly number: number;
}

/** Input of every step. */
export interface BaselineStepInput extends AccountBaselineInput {
  readonly step: BaselineStepName;
  /** How many steps of every kind this execution has made before. */
  readonly steps: number;
}

/** Times of the exclusion between steps (core/runs/run.ts), in seconds. */
export const BaselineTimes = {
  /** Hard timeout of the function: no step runs longer. */
  function: 120,
  /** Timeout of the task states: longer than the lease of a step, so that a retry finds it over. */
  task: 140,
} as const;
