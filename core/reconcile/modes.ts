import type { AssignmentKey } from '../assignments/assignment';
import {
  DRIFT_MODES,
  type DeployedBaselines,
  type DriftMode,
  type ResolvedBaselines,
} from '../baselines/baseline';

/** A mode, and the rule that it is of; no rule: the file's. */
export interface DecidedMode {
  readonly mode: DriftMode;
  readonly rule?: string;
}

/**
 * What is done about an assignment that differs: by the mildest rule whose principal and one of whose permission sets it is, in whatever
 * account; else by the file. A rule that cannot be looked up may be one of them, so nothing harder is done than it would do.
 */
export function modeOf(
  { principalType, principalId, permissionSetArn }: Omit<AssignmentKey, 'accountId'>,
  { rules, problems }: ResolvedBaselines,
  { mode, baselines }: Pick<DeployedBaselines, 'mode' | 'baselines'>,
): DecidedMode {
  const own = rules.filter(
    ({ principal, permissionSets }) =>
      principal.type === principalType &&
      principal.id === principalId &&
      permissionSets.some(({ arn }) => arn === permissionSetArn),
  );
  const decided: DecidedMode[] =
    own.length === 0 ? [{ mode }] : own.map(({ baseline }) => ({ mode: baseline.mode, rule: baseline.name }));
  const unclear = new Set(problems.map(({ baseline }) => baseline));
  const unresolved = baselines
    .filter(({ name }) => unclear.has(name))
    .map((rule) => ({ mode: rule.mode, rule: rule.name }));
  const all = [...decided, ...unresolved];
  const mildest = DRIFT_MODES.find((each) => all.some((one) => one.mode === each));
  return all.find((one) => one.mode === mildest) ?? { mode: 'report' };
}
