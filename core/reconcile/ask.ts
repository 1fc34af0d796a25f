import type { Clock } from '../ports/clock';
import type { ReconcileLedger, ReconcileStarter } from '../ports/reconcile-ledger';
import { type RunPorts, changeAndStart } from '../runs/run';
import { type ReconcileRecord, asked, restarted } from './record';
import type { ReconcileScope } from './scope';

/** What asking for a reconciliation takes. */
export interface AskReconcilePorts {
  readonly reconciliations: ReconcileLedger;
  readonly workflows: ReconcileStarter;
  readonly clock: Clock;
}

/** Whether an asking starts a reconciliation of its own, or joins one, and the number of the execution that will do it. */
export interface ReconciliationAsked {
  readonly joins: boolean;
  readonly number: number;
}

/** Asks for a reconciliation; one that runs goes on with it when it has come to its end. A read, a write, and a start where none runs. */
export function askForReconciliation(
  ports: AskReconcilePorts,
  scope: ReconcileScope,
): Promise<ReconciliationAsked> {
  return startIfNew(ports, (present, now) => asked(present, scope, now));
}

/** Puts a fresh execution in the place of one that died with work left. */
export function replaceDeadReconciliation(ports: AskReconcilePorts): Promise<ReconciliationAsked> {
  return startIfNew(ports, restarted);
}

async function startIfNew(
  ports: AskReconcilePorts,
  change: (present: ReconcileRecord, now: number) => ReconcileRecord,
): Promise<ReconciliationAsked> {
  const { joins, record } = await changeAndStart(reconcileRun(ports), change, (number) =>
    ports.workflows.startReconciliation(number),
  );
  return { joins, number: record.number };
}

/** The reconciliation as a run among others. */
export function reconcileRun({
  reconciliations,
  clock,
}: Pick<AskReconcilePorts, 'reconciliations' | 'clock'>): RunPorts<ReconcileRecord> {
  return { run: reconciliations, clock, what: 'the reconciliation' };
}
