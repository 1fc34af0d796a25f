import { createHash } from 'node:crypto';
import { canonicalJson } from '../tickets/canonical-json';
import type { Baselines, DeployedBaselines } from './baseline';

/** What holds where no file says anything: there are no rules, and drift is told. */
const NOTHING: Baselines = { baselines: [], mode: 'report', guard: { most: 100, percent: 25 } };

/**
 * Baselines as functions are deployed with them; undefined where there is no file.
 * @param protectedPermissionSets `guardrails.protectedPermissionSets` of the policy, of which the patterns of ARNs are kept
 */
export function deployedBaselines(
  baselines: Baselines | undefined,
  protectedPermissionSets: readonly string[],
): DeployedBaselines {
  const content = baselines ?? NOTHING;
  const isPresent = baselines !== undefined;
  const protectedArns = protectedPermissionSets.filter((glob) => mayMatchArns(glob)).sort();
  const whole = { ...content, isPresent, ...(protectedArns.length === 0 ? {} : { protectedArns }) };
  return { ...whole, hash: createHash('sha256').update(canonicalJson(whole)).digest('hex') };
}

/** Every ARN begins with `arn:`. Patterns of names alone were held against the names when the file was read. */
function mayMatchArns(glob: string): boolean {
  const [beginning = ''] = glob.toLowerCase().split('*');
  return beginning.startsWith('arn:') || (glob.includes('*') && 'arn:'.startsWith(beginning));
}
