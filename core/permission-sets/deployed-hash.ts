import { canonicalJson } from '../tickets/canonical-json';
import type { RolloutRules } from './plan';

/** Names all that a rollout depends on: the definitions, and whether and how much may be deleted. */
export function deployedHash(
  definitionsHash: string,
  { prune, mostDeletions, mostDeletionsPercent }: RolloutRules,
): string {
  return `${definitionsHash} ${canonicalJson({ prune, mostDeletions, mostDeletionsPercent })}`;
}
