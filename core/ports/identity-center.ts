import type { AssignmentKey } from '../assignments/assignment';
import type { Refusal } from '../assignments/outcomes';

/** What Identity Center says of an operation. `UNKNOWN`: it does not know the request id (any more, or not yet). */
export interface ReportedStatus {
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';
  readonly reason?: string;
}

/** Identity Center's admin API, as far as assignments go. Every method is one call; a listing may take several. */
export interface IdentityCenter {
  /** Sends one create, never twice. Answers the request id; throws {@link CallRefusedError}. */
  createAssignment(key: AssignmentKey): Promise<string>;
  /** Sends one delete, never twice. Answers the request id; throws {@link CallRefusedError}. */
  deleteAssignment(key: AssignmentKey): Promise<string>;
  describe(kind: 'create' | 'delete', requestId: string): Promise<ReportedStatus>;
  /** Whether `ListAccountAssignments` shows the assignment, to its last page. */
  assignmentExists(key: AssignmentKey): Promise<boolean>;
}

/** A create or delete call that did not answer a request id. */
export class CallRefusedError extends Error {
  constructor(
    readonly refusal: Refusal,
    options?: ErrorOptions,
  ) {
    super(`${refusal.name}: ${refusal.message}`, options);
    this.name = 'CallRefusedError';
  }
}
