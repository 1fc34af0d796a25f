import type { DeployedBaselines } from '../baselines/baseline';
import { DAY_MS } from '../tickets/durations';
import { type AskReconcilePorts, askForReconciliation, replaceDeadReconciliation } from './ask';
import { type ReconcileRecord, isRefusedByPrincipal } from './record';
import type { ReconcileScope } from './scope';

/** A complete walk lets nothing go unseen for longer than a week; at 2 calls a second 100,000 pairs take 14 hours. */
export const COMPLETE_EVERY_MS = 7 * DAY_MS;

/** One that failed is tried again after so long. */
const AGAIN_AFTER_MS = 60 * 60_000;

/**
 * The walk that is due by itself: once a day by principals; a complete one a week after the last that came to its end, and in place of
 * the daily one where listing by principal is refused. Undefined: none, or a reconciliation is under way, after which it is looked again.
 */
export function reconciliationDue(
  record: ReconcileRecord,
  { isPresent }: Pick<DeployedBaselines, 'isPresent'>,
  now: number,
): ReconcileScope | undefined {
  const { run, pending, last, dailyAt, completeAt } = record;
  if (!isPresent || run !== undefined || pending !== undefined) return undefined;
  if (last?.outcome === 'failed' && now - last.at < AGAIN_AFTER_MS) return undefined;
  if (completeAt === undefined || now - completeAt >= COMPLETE_EVERY_MS) return { walk: 'complete' };
  if (dailyAt !== undefined && now - dailyAt < DAY_MS) return undefined;
  return { walk: isRefusedByPrincipal(record, now) ? 'complete' : 'principals' };
}

/** Asks for the walk that is due, or puts a fresh execution in the place of one that died. One read where nothing is due. */
export async function askIfReconciliationDue(
  ports: AskReconcilePorts & { readonly deployed: Pick<DeployedBaselines, 'isPresent'> },
): Promise<void> {
  const record = await ports.reconciliations.read();
  const scope = reconciliationDue(record, ports.deployed, ports.clock.now());
  if (scope !== undefined) await askForReconciliation(ports, scope);
  else if (record.run !== undefined || record.pending !== undefined) await replaceDeadReconciliation(ports);
}
