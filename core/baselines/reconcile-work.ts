import { type AssignmentKey, describeKey } from '../assignments/assignment';
import type { BaselineWork } from '../reconcile/ports';
import { restoreRuleClaims } from '../reconcile/restore';
import { OrganizationIndex } from '../targets/organization-index';
import { type EverywhereCursor, PICTURE_MS, TAGS_MS, applyEverywhere } from './apply-everywhere';
import type { Baseline } from './baseline';
import { reserveEndings } from './guard';
import { lookBy } from './look-at-account';
import type { BaselinePorts } from './ports';
import { rulesNeedTags } from './wanted-claims';

/** What reconciliations have done about the claims of rules. */
export function baselineWork(ports: BaselinePorts): BaselineWork {
  return {
    applyEverywhere: (cursor, deadline) =>
      applyEverywhere(ports, cursor as EverywhereCursor | undefined, deadline),
    reserveEndings: (count) => reserveEndings({ ...ports, guard: ports.deployed.guard }, count),
    restore: (key) => restoreRuleClaims(ports, key),
    isApplied: async () => (await ports.baselines.state()).appliedHash === ports.deployed.hash,
    mayBeWanted: (key, permissionSet) => mayBeWanted(ports, key, permissionSet),
    knownAccounts: async () => (await ports.baselines.accounts()).map(({ accountId }) => accountId),
    rules: () => ports.rules.newest(ports.deployed),
  };
}

/** By the picture of the organization, as rules are applied to all accounts. */
async function mayBeWanted(
  ports: BaselinePorts,
  key: AssignmentKey,
  permissionSet: string,
): Promise<boolean> {
  const { deployed, pictures } = ports;
  const { accountId } = key;
  const rules = await ports.rules.newest(deployed);
  const { found } = await pictures.picture(PICTURE_MS);
  const tags = rulesNeedTags(deployed.baselines)
    ? (await pictures.tags([accountId], TAGS_MS)).found.get(accountId)
    : undefined;
  const look = lookBy(ports, rules, new OrganizationIndex(found), accountId, tags);
  const mayGive = ({ name, permissionSets }: Baseline): boolean =>
    look.undecided.includes(name) && permissionSets.includes(permissionSet);
  return (
    look.keepsAll ||
    deployed.baselines.some(mayGive) ||
    look.wanted.some((claim) => describeKey(claim.key) === describeKey(key))
  );
}
