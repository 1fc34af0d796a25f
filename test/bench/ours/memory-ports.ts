import type { Observer } from '../../../core/ports/observer';
import type { ProvisionLedger } from '../../../core/ports/ledger';

/** Nobody reads what the dispatcher says; warnings are counted. */
export class CountingObserver implements Observer {
  readonly warnings = new Map<string, number>();

  note(): void {
    // The counts of the service tell more.
  }

  warn(what: string): void {
    this.warnings.set(what, (this.warnings.get(what) ?? 0) + 1);
  }

  measure(): void {
    // See above.
  }
}

/** No permission set changes in a run. */
export const noProvisions: ProvisionLedger = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.reject(new Error('a provision was written, and none was asked for')),
  open: () => Promise.resolve([]),
};
