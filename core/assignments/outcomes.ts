/**
 * What an answer of Identity Center means, decided here and nowhere else.
 * Texts are those that were seen from the service; see docs/architecture.md, "Outcomes".
 */

/**
 * - `done`: the effect is there although the operation says FAILED (deleting what does not exist).
 * - `retry`: may work later; slowly where somebody has to change something first.
 * - `terminal`: will not work however often it is tried.
 */
export type FailureClass = 'done' | 'retry' | 'retry slowly' | 'terminal';

/** A call that was answered with an error. */
export interface Refusal {
  /** The error's name, such as `ConflictException`. */
  readonly name: string;
  readonly message: string;
  /** The `Reason` member; only KMS reasons are documented. */
  readonly reason?: string;
  /** Whose fault the answer says it is; `none` where no answer came (timeout, broken connection). */
  readonly fault: 'client' | 'server' | 'none';
}

/**
 * - `not accepted`: nothing was started; same generation again after a pause.
 * - `terminal`: nothing was started and never will be.
 * - `done`: nothing was started; what should be deleted seems to be gone, which a look has to prove.
 * - `unknown`: it may have been accepted.
 */
export type RefusalClass = 'not accepted' | 'not accepted, slowly' | 'terminal' | 'done' | 'unknown';

// A bare `404 status error` would also match an assignee that was not found: then nothing was deleted.
const ENTITLEMENT_GONE = "EntitlementItem doesn't exist";
const ACCOUNT_NOT_READY = 'takes longer than usual';
const ASSIGNMENT_RACE = 'Assignment not found';
const ROLE_PROPAGATION = 'wait for role propagation';

/**
 * Classifies the `FailureReason` of an operation that ended as FAILED. Deletes are never terminal: a revoke is not given up.
 * Creates are, but for reasons that are known to pass: an unknown principal, a missing customer-managed policy, a full role
 * quota and every text that nobody has seen yet end the lease, and the requester reads the reason.
 */
export function classifyFailure(kind: 'create' | 'delete', reason: string): FailureClass {
  if (kind === 'delete') return reason.includes(ENTITLEMENT_GONE) ? 'done' : 'retry';
  if (reason.includes(ACCOUNT_NOT_READY) || reason.includes(ASSIGNMENT_RACE)) return 'retry';
  return reason.includes(ROLE_PROPAGATION) ? 'retry slowly' : 'terminal';
}

const THROTTLES = new Set(['ThrottlingException', 'TooManyRequestsException']);
// `PassIsOver` is the dispatcher's own: the call was never sent (core/dispatcher/guarded-calls.ts).
const NEVER_ACCEPTED = new Set([...THROTTLES, 'ConflictException', 'PassIsOver']);
const TOO_MANY_OUTSTANDING = 'too many requests processing';

/** Which limit of Identity Center a refused call ran into: the calls a second, the outstanding operations, or none. */
export function throttleOf({
  name,
  message,
  reason,
}: Pick<Refusal, 'name' | 'message' | 'reason'>): 'rate' | 'slots' | undefined {
  if (!THROTTLES.has(name) || isAboutKey(reason)) return undefined;
  return message.includes(TOO_MANY_OUTSTANDING) ? 'slots' : 'rate';
}

function isAboutKey(reason: string | undefined): boolean {
  return reason?.startsWith('KMS_') === true;
}

const TERMINAL_FOR_CREATES = new Set([
  'ResourceNotFoundException',
  'ValidationException',
  'AccessDeniedException',
]);

/** Classifies the error of a create or delete call. */
export function classifyRefusal(kind: 'create' | 'delete', refusal: Refusal): RefusalClass {
  // A customer-managed key that cannot be used says nothing about the assignment, whatever the error is called.
  if (isAboutKey(refusal.reason)) return 'not accepted, slowly';
  if (NEVER_ACCEPTED.has(refusal.name)) return 'not accepted';
  if (refusal.name === 'ServiceQuotaExceededException') return 'not accepted, slowly';
  // The permission set is gone, and no call about it will ever be taken again.
  if (kind === 'delete' && refusal.name === 'ResourceNotFoundException') return 'done';
  if (TERMINAL_FOR_CREATES.has(refusal.name)) return kind === 'create' ? 'terminal' : 'not accepted, slowly';
  // Any other 4xx was refused before anything was started, so an expired credential or a clock that is off can heal.
  return refusal.fault === 'client' ? 'not accepted, slowly' : 'unknown';
}
