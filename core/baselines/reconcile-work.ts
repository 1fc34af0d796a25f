import type { BaselineWork } from '../reconcile/ports';
import { restoreRuleClaims } from '../reconcile/restore';
import { type EverywhereCursor, applyEverywhere } from './apply-everywhere';
import { reserveEndings } from './guard';
import type { BaselinePorts } from './ports';

/** What reconciliations have done about the claims of rules. */
export function baselineWork(ports: BaselinePorts): BaselineWork {
  return {
    applyEverywhere: (cursor, deadline) =>
      applyEverywhere(ports, cursor as EverywhereCursor | undefined, deadline),
    reserveEndings: (count) => reserveEndings({ ...ports, guard: ports.deployed.guard }, count),
    restore: (key) => restoreRuleClaims(ports, key),
    isApplied: async () => (await ports.baselines.state()).appliedHash === ports.deployed.hash,
    knownAccounts: async () => (await ports.baselines.accounts()).map(({ accountId }) => accountId),
    rules: () => ports.rules.newest(ports.deployed),
  };
}
