/** Detail types of the events on Latchkey's bus that come from access requests. */
export type ResultEventType =
  | 'AccessRequested'
  | 'AccessDenied'
  | 'AccessGranted'
  | 'AccessRevoked'
  | 'AccessWithdrawn'
  | 'AssignmentFailed'
  | 'RevokeOverdue';

/** A result event: one per request, with counts, never one per account. Ids and words, no personal data beyond ids. */
export interface ResultEvent {
  readonly type: ResultEventType;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Publishes results. At least once: a receiver tells repeats by request id and type. */
export interface Announcer {
  publish(event: ResultEvent): Promise<void>;
}
