import type { AssignmentKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import type { AdminCall, ProvisionTarget } from '../../core/ports/identity-center';

/** Limits and delays of the service; times are milliseconds. */
export interface QuotaSettings {
  readonly callsPerSecond: number;
  readonly burst: number;
  /** Creates and deletes that may be under way, and provisions. */
  readonly slots: number;
  readonly provisions: number;
  /** From sending a call to its answer; it arrives, and is decided, half-way. */
  readonly roundTripMs: number;
  /** After so long without an answer a caller gives up. */
  readonly timeoutMs: number;
  /** How long the n-th accepted operation takes. */
  readonly latencyMs: (nth: number) => number;
  /** The roles of one account are written one after the other. */
  readonly isSerial: boolean;
  /** For so long the status lists, `Describe…` and `ListAccountAssignments` do not show what is new. */
  readonly listLagMs: number;
  readonly describeLagMs: number;
  readonly effectLagMs: number;
}

/** As the service documents itself, answering in 0.1 s and showing at once what it does. */
export const QUOTAS: QuotaSettings = {
  callsPerSecond: 20,
  burst: 20,
  slots: 15,
  provisions: 3,
  roundTripMs: 100,
  timeoutMs: 3_000,
  latencyMs: () => 3_000,
  isSerial: false,
  listLagMs: 0,
  describeLagMs: 0,
  effectLagMs: 0,
};

/**
 * What happens to the next call of its kind.
 * - `refused`: answered so, nothing started; also for reads
 * - `lost`: started or not, and no answer or a useless one
 * - `ends`: accepted, and FAILED for this reason in the end
 * - `forgotten`: accepted, and its id is not known any more once it has ended, or FAILED for a reason
 * - `crash`: the caller dies while it waits for the answer
 */
export type QuotaFault =
  | { readonly what: 'refused'; readonly refusal: Refusal; readonly on: 'submit' | 'read' }
  | { readonly what: 'lost'; readonly isAccepted: boolean; readonly refusal: Refusal }
  | { readonly what: 'ends'; readonly reason: string }
  | { readonly what: 'forgotten'; readonly reason?: string }
  | { readonly what: 'crash'; readonly isAccepted: boolean };

/** Answers of the service and of the network. */
export const ANSWERS = {
  rate: { name: 'ThrottlingException', message: 'Rate exceeded', fault: 'client' },
  outstanding: {
    name: 'ThrottlingException',
    message: 'There are too many requests processing. Please try again later.',
    fault: 'client',
  },
  conflict: {
    name: 'ConflictException',
    message: 'There is a conflicting operation in process.',
    fault: 'client',
  },
  server: { name: 'InternalServerException', message: 'try again', fault: 'server' },
  timeout: { name: 'TimeoutError', message: 'no answer', fault: 'none' },
} as const satisfies Record<string, Refusal>;

/** An operation that was accepted; instants are epoch milliseconds. */
export interface QuotaOperation {
  readonly id: string;
  readonly call: AdminCall;
  readonly subject: AssignmentKey | ProvisionTarget;
  /** Names the subject (see `idOf`). */
  readonly name: string;
  readonly acceptedAt: number;
  readonly endsAt: number;
  readonly isForgotten: boolean;
  reason: string | undefined;
}

/** An asynchronous call as it arrived. */
export interface Submission {
  readonly at: number;
  readonly call: AdminCall;
  readonly subject: AssignmentKey | ProvisionTarget;
  readonly name: string;
  /** What the caller gets to know: whether it was taken, or nothing. */
  readonly known: 'accepted' | 'refused' | 'nothing';
  /** What was started, whatever the caller knows. */
  readonly started: QuotaOperation | undefined;
}
