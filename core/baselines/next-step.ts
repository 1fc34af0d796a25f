/** The steps of an account's baseline, in their order. */
export const BASELINE_STEPS = ['ready', 'claims', 'grant', 'report'] as const;

/** See {@link BASELINE_STEPS}. */
export type BaselineStepName = (typeof BASELINE_STEPS)[number];

/** Where the state machine goes after a step: to another one at once, to `step` after so many seconds (≥ 1), or to its end. */
export interface NextBaselineStep {
  readonly next: BaselineStepName | 'wait' | 'done';
  readonly seconds: number;
  /** What follows a wait. */
  readonly step: BaselineStepName;
}

/** An execution hands over after so many steps of every kind: at 9 history events a step and its wait, below 3,000 of them. */
export const STEPS_PER_BASELINE = 300;
