import type { PrincipalType } from '../assignments/assignment';
import type { Target } from '../targets/grammar';

/**
 * What a reconciliation does about assignments that differ from the claims: `report` tells of them, `adopt` makes an unknown one
 * standing, `enforce` removes an unknown one and restores a missing one.
 */
export type DriftMode = 'report' | 'adopt' | 'enforce';

/** The modes, the mildest first. */
export const DRIFT_MODES = ['report', 'adopt', 'enforce'] as const satisfies readonly DriftMode[];

/** Whom a rule is for: exactly one of these, by name or by the identity store's id. */
export type BaselinePrincipal =
  | { readonly group: string }
  | { readonly groupId: string }
  | { readonly user: string }
  | { readonly userId: string };

/** One rule: a principal has these permission sets in all accounts that the target means, now and later. */
export interface Baseline {
  /** Unique, and part of the claims' ids: a rule under another name is another rule. */
  readonly name: string;
  readonly description: string;
  readonly principal: BaselinePrincipal;
  /** Whether a group or user that was made anew under the same name, and so has another id, takes the place of the one before. */
  readonly followsName: boolean;
  /** Names of permission sets; at least one. */
  readonly permissionSets: readonly string[];
  readonly target: Target;
  /** The rule's own, or else that of the file. */
  readonly mode: DriftMode;
}

/**
 * The guard against mass change: within an hour at most `most` baseline claims end, and at most `percent` of a hundred of all of them;
 * up to {@link ALWAYS_MAY_END} always may. What is above is held, told, and not done.
 */
export interface BaselineGuard {
  readonly most: number;
  readonly percent: number;
}

/** See {@link BaselineGuard}: a small installation is not held up by its percentage. */
export const ALWAYS_MAY_END = 10;

/** The content of `access/baselines.yaml`. */
export interface Baselines {
  readonly baselines: readonly Baseline[];
  /** For assignments that no rule speaks of. */
  readonly mode: DriftMode;
  readonly guard: BaselineGuard;
}

/** What a function was deployed with. */
export interface DeployedBaselines extends Baselines {
  /** SHA-256 of all of it. */
  readonly hash: string;
  /** Whether there is such a file: without one nothing is compared by itself. */
  readonly isPresent: boolean;
  /** Patterns of the policy's `protectedPermissionSets` that can match an ARN: no rule gives a set that they match. */
  readonly protectedArns?: readonly string[];
}

/** The claims that come from rules have ids of this form, so that two rules, leases and what stood before never fight. */
export function baselineClaimId(ruleName: string): string {
  return `baseline:${ruleName}`;
}

/** A rule with its names looked up. */
export interface ResolvedBaseline {
  readonly baseline: Baseline;
  readonly principal: { readonly type: PrincipalType; readonly id: string; readonly name: string };
  /** In the order of the names. */
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
}

/** Why a rule, or a part of it, cannot be looked up. Its claims stay as they are until it can. */
export interface BaselineProblem {
  /** Name of the rule. */
  readonly baseline: string;
  /** A sentence that names what was looked for: lowercase, no final period. */
  readonly problem: string;
}

/** All rules as they were looked up at one time. Plain JSON. */
export interface ResolvedBaselines {
  /** Of the deployed rules. */
  readonly hash: string;
  readonly rules: readonly ResolvedBaseline[];
  /** Every rule that is named here keeps the claims that it has, also where it stands among `rules` with some of its permission sets. */
  readonly problems: readonly BaselineProblem[];
}
