import type { BaselineLedger } from '../ports/baseline-ledger';
import { type AskBaselinePorts, replaceDeadBaseline } from './ask';
import type { DeployedBaselines } from './baseline';

/** What finding out whether other rules were deployed takes. */
export interface RulesDuePorts {
  readonly baselines: Pick<BaselineLedger, 'state'>;
  readonly deployed: Pick<DeployedBaselines, 'hash' | 'isPresent'>;
  /** Has the claims of every account worked out; asking again while that is under way joins it. */
  readonly askForEveryAccount: () => Promise<unknown>;
}

/** Dead executions that one sweep replaces; the others are the next minute's. */
const REPLACED_AT_ONCE = 100;

/**
 * Has the rules applied that were deployed, if they are others than those that were applied last. A team that has no file of rules, and never
 * had one, has none of that. One read where nothing is due.
 */
export async function askIfRulesDiffer({
  baselines,
  deployed,
  askForEveryAccount,
}: RulesDuePorts): Promise<void> {
  const { appliedHash } = await baselines.state();
  if (appliedHash === undefined && !deployed.isPresent) return;
  if (appliedHash !== deployed.hash) await askForEveryAccount();
}

/** Puts fresh executions in the place of those of accounts that died. One query where there are none. */
export async function replaceDeadBaselines(
  ports: AskBaselinePorts & { readonly baselines: BaselineLedger },
): Promise<void> {
  for (const id of await ports.baselines.overdueAccounts(ports.clock.now(), REPLACED_AT_ONCE))
    await replaceDeadBaseline(ports, id);
}
