import type { DeployedBaselines, ResolvedBaselines } from '../baselines/baseline';

/** The deployed rules with their names looked up, shared by all functions. */
export interface BaselineRules {
  /**
   * Rules that were looked up in the last 15 minutes; in the last one where some could not be. Otherwise they are looked up anew, which takes
   * what `resolveBaselines` takes; one reads, others wait.
   * @throws Error where they cannot be looked up, which is no answer about any of them: the step is tried again
   */
  newest(deployed: DeployedBaselines): Promise<ResolvedBaselines>;
  /** What was looked up, or begun to be, before now is not used again: somebody changed a user, a group or a permission set. */
  outdate(): Promise<void>;
}
