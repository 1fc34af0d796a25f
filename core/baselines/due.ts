import type { BaselineLedger } from '../ports/baseline-ledger';
import { type AskBaselinePorts, replaceDeadBaseline } from './ask';
import type { DeployedBaselines } from './baseline';

/** What finding out whether rules are to be applied takes. */
export interface BaselinesDuePorts extends AskBaselinePorts {
  readonly baselines: BaselineLedger;
  readonly deployed: Pick<DeployedBaselines, 'hash' | 'isPresent'>;
  /** Has the claims of every account worked out; asking again while that is under way joins it. */
  readonly askForEveryAccount: () => Promise<unknown>;
}

/** Dead executions that one sweep replaces; the others are the next minute's. */
const REPLACED_AT_ONCE = 100;

/**
 * For the minute sweep: puts fresh executions in the place of those that died, and has the rules applied that were deployed. A team
 * without a file of rules that has never had one has none of that. One query and one read where nothing is due.
 */
export async function askIfBaselinesDue(ports: BaselinesDuePorts): Promise<void> {
  const { baselines, deployed, clock } = ports;
  for (const id of await baselines.overdueAccounts(clock.now(), REPLACED_AT_ONCE))
    await replaceDeadBaseline(ports, id);
  const { appliedHash } = await baselines.state();
  if (appliedHash === undefined && !deployed.isPresent) return;
  if (appliedHash !== deployed.hash) await ports.askForEveryAccount();
}
