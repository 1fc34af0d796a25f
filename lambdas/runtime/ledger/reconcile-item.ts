import type { ReconcileLedger } from '../../../core/ports/reconcile-ledger';
import { NO_RECONCILIATION, type ReconcileRecord } from '../../../core/reconcile/record';
import type { LedgerTable } from './table';

const KEY = { pk: 'RECONCILE', sk: 'STATE' } as const;

/** The `RECONCILE` item. */
export class ReconcileItem implements ReconcileLedger {
  constructor(private readonly table: LedgerTable) {}

  async read(): Promise<ReconcileRecord> {
    const item = await this.table.get(KEY);
    return item === undefined ? NO_RECONCILIATION : (item.record as ReconcileRecord);
  }

  write(next: ReconcileRecord): Promise<ReconcileRecord | undefined> {
    return this.table.putVersion(KEY, next, {});
  }
}
