import type { ReconcileRecord } from '../reconcile/record';

/** The state machine of reconciliations. */
export interface ReconcileStarter {
  /** Starts `reconcile-<number>`; one that runs already is as good. */
  startReconciliation(number: number): Promise<void>;
}

/** The one item of the reconciliations; reads are strongly consistent. */
export interface ReconcileLedger {
  read(): Promise<ReconcileRecord>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  write(next: ReconcileRecord): Promise<ReconcileRecord | undefined>;
}
