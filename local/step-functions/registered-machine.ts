import type { Machine } from './definition/machine';

/** A state machine as it was created. */
export interface RegisteredMachine {
  readonly arn: string;
  readonly name: string;
  /** The definition as it was given, JSON text. */
  readonly definition: string;
  readonly compiled: Machine;
  readonly roleArn: string;
  /** Epoch milliseconds. */
  readonly creationDate: number;
  /** Kept as it was given and answered again: nothing is logged here beyond the history. */
  readonly loggingConfiguration: Readonly<Record<string, unknown>>;
  readonly tracingConfiguration: Readonly<Record<string, unknown>>;
  /** Kept, not used. */
  readonly tags: readonly unknown[];
  /** Set by `DeleteStateMachine`: nothing starts, and what runs is aborted at its next transition. */
  deleting: boolean;
}
