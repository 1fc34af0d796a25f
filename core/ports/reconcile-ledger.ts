/** The state machine of reconciliations. */
export interface ReconcileStarter {
  /** Starts `reconcile-<number>`; one that runs already is as good. */
  startReconciliation(number: number): Promise<void>;
}
