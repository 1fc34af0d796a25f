import type {
  Baseline,
  DeployedBaselines,
  ResolvedBaseline,
  ResolvedBaselines,
} from '../../../core/baselines/baseline';
import { deployedBaselines } from '../../../core/baselines/deployed-baselines';

export const OPERATE = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-000000000000000a';
export const READ = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-000000000000000b';

/** A rule in which everything is right. */
export function rule(changes: Partial<Baseline> = {}): Baseline {
  return {
    name: 'operate',
    description: 'the platform team operates',
    principal: { group: 'Platform' },
    followsName: false,
    permissionSets: ['Operate', 'Read'],
    target: [{ all: true }],
    mode: 'report',
    ...changes,
  };
}

/** Rules as functions have them. */
export function deployed(
  rules: readonly Baseline[],
  protectedPermissionSets: readonly string[] = [],
): DeployedBaselines {
  const file = { baselines: rules, mode: 'report', guard: { most: 100, percent: 25 } } as const;
  return deployedBaselines(file, protectedPermissionSets);
}

/** A rule that was looked up: for a group whose id is made of its name. */
export function resolvedRule(changes: Partial<Baseline> = {}): ResolvedBaseline {
  const baseline = rule(changes);
  const name = 'group' in baseline.principal ? baseline.principal.group : 'somebody';
  const arns: Readonly<Record<string, string>> = { Operate: OPERATE, Read: READ };
  return {
    baseline,
    principal: { type: 'GROUP', id: `id-of-${name}`, name },
    permissionSets: baseline.permissionSets.map((set) => ({ name: set, arn: arns[set] ?? `arn:${set}` })),
  };
}

/** Rules that were looked up without a problem. */
export function resolvedRules(...rules: readonly ResolvedBaseline[]): ResolvedBaselines {
  return { hash: 'of the rules', rules, problems: [] };
}
