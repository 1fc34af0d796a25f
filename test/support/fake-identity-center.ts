import { type AssignmentKey, describeKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import type { Clock } from '../../core/ports/clock';
import { CallRefusedError, type IdentityCenter, type ReportedStatus } from '../../core/ports/identity-center';

/** What happens to the next create or delete call. */
export type CallFault =
  | { readonly at: 'before'; readonly refusal: Refusal }
  | { readonly at: 'after'; readonly refusal: Refusal }
  | { readonly at: 'end'; readonly reason: string }
  | { readonly at: 'crash before' }
  | { readonly at: 'crash after' };

/** Thrown where a test lets the function die in the middle of a call. */
export class CrashError extends Error {}

interface FakeOperation {
  readonly id: string;
  readonly kind: 'create' | 'delete';
  readonly key: AssignmentKey;
  readonly endsAt: number;
  readonly failure: string | undefined;
  applied: boolean;
}

const THROTTLED: Refusal = { name: 'ThrottlingException', message: 'Rate exceeded', fault: 'client' };
const TIMED_OUT: Refusal = { name: 'TimeoutError', message: 'no answer', fault: 'none' };

/** Refusals for tests. */
export const refusals = { THROTTLED, TIMED_OUT };

/** The text with which a delete of what does not exist fails. */
export const ENTITLEMENT_GONE =
  "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key EntitlementKey{…}";

/**
 * Identity Center as the domain's unit tests need it: asynchronous operations of a fixed latency, conflicts while one is under
 * way, and faults that are given one by one. The simulator in local/identity-center is the faithful one.
 */
export class FakeIdentityCenter implements IdentityCenter {
  readonly rows = new Set<string>();
  readonly operations: FakeOperation[] = [];
  readonly calls: string[] = [];
  readonly faults: CallFault[] = [];
  latencyMs = 3_000;

  constructor(private readonly clock: Clock) {}

  createAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('create', key);
  }

  deleteAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('delete', key);
  }

  describe(_kind: 'create' | 'delete', requestId: string): Promise<ReportedStatus> {
    this.#settle();
    this.calls.push('describe');
    const operation = this.operations.find(({ id }) => id === requestId);
    if (operation === undefined) return Promise.resolve({ status: 'UNKNOWN' });
    if (!operation.applied) return Promise.resolve({ status: 'IN_PROGRESS' });
    const { failure } = operation;
    return Promise.resolve(
      failure === undefined ? { status: 'SUCCEEDED' } : { status: 'FAILED', reason: failure },
    );
  }

  assignmentExists(key: AssignmentKey): Promise<boolean> {
    this.#settle();
    this.calls.push('list');
    return Promise.resolve(this.rows.has(describeKey(key)));
  }

  /** Creates and deletes that were accepted, in order. */
  accepted(): string[] {
    return this.operations.map(({ kind }) => kind);
  }

  #submit(kind: 'create' | 'delete', key: AssignmentKey): Promise<string> {
    this.#settle();
    this.calls.push(kind);
    const fault = this.faults.shift();
    if (fault?.at === 'crash before') return Promise.reject(new CrashError());
    if (fault?.at === 'before') return Promise.reject(new CallRefusedError(fault.refusal));
    if (this.operations.some((each) => !each.applied && describeKey(each.key) === describeKey(key))) {
      const message = 'There is a conflicting operation in process.';
      return Promise.reject(new CallRefusedError({ name: 'ConflictException', message, fault: 'client' }));
    }
    const id = `operation-${this.operations.length + 1}`;
    const failure = fault?.at === 'end' ? fault.reason : undefined;
    this.operations.push({
      id,
      kind,
      key,
      endsAt: this.clock.now() + this.latencyMs,
      failure,
      applied: false,
    });
    if (fault?.at === 'after') return Promise.reject(new CallRefusedError(fault.refusal));
    if (fault?.at === 'crash after') return Promise.reject(new CrashError());
    return Promise.resolve(id);
  }

  #settle(): void {
    for (const operation of this.operations) {
      if (operation.applied || operation.endsAt > this.clock.now()) continue;
      operation.applied = true;
      const id = describeKey(operation.key);
      if (operation.failure !== undefined) continue;
      if (operation.kind === 'create') this.rows.add(id);
      else if (!this.rows.delete(id)) Object.assign(operation, { failure: ENTITLEMENT_GONE });
    }
  }
}
