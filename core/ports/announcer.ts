/** Detail types of the events on Latchkey's bus. */
export type ResultEventType =
  | 'AccessRequested'
  | 'AccessDenied'
  | 'AccessGranted'
  | 'AccessRevoked'
  | 'AccessWithdrawn'
  | 'AssignmentFailed'
  | 'RevokeOverdue'
  | 'PermissionSetRolledOut'
  | 'PermissionSetRolloutFailed'
  | 'DriftFound'
  | 'AccountBaselined'
  | 'BaselinesApplied'
  | 'AssignmentDriftFound';

/** A result event: one per request, permission set, account's baseline or reconciliation, with counts. Ids and words, no personal data beyond ids. */
export interface ResultEvent {
  readonly type: ResultEventType;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Publishes results. At least once: a receiver tells repeats by type and request id, or permission set and plan. */
export interface Announcer {
  publish(event: ResultEvent): Promise<void>;
}
