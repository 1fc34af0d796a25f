import { type AssignmentKey, describeKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import type { Clock } from '../../core/ports/clock';
import {
  type AdminCall,
  type Assignee,
  CallRefusedError,
  type IdentityCenter,
  type NextPage,
  type OperationsPage,
  type Place,
  type ProvisionTarget,
  type ReportedStatus,
} from '../../core/ports/identity-center';

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
  readonly kind: AdminCall;
  readonly key: AssignmentKey | ProvisionTarget;
  readonly createdAt: number;
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
  /** How long the status lists do not show a new operation. */
  listLagMs = 0;
  /** Rows on a page of a list. */
  pageSize = 100;
  /** The status lists begin with the newest, or with the oldest. */
  order: 'newest first' | 'oldest first' = 'newest first';
  /** Request ids that the service does not know any more. */
  readonly forgotten = new Set<string>();
  /** Request ids that `Describe…` does not know before an instant, whatever the lists show. */
  readonly describedFrom = new Map<string, number>();
  /** Accounts with an older version, by permission set. */
  readonly stale = new Map<string, string[]>();

  onRepeat?: IdentityCenter['onRepeat'];

  constructor(private readonly clock: Clock) {}

  createAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('create', key);
  }

  deleteAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('delete', key);
  }

  provision(target: ProvisionTarget): Promise<string> {
    return this.#submit('provision', target);
  }

  describe(call: AdminCall, requestId: string): Promise<ReportedStatus> {
    this.#settle();
    this.calls.push('describe');
    const operation = this.operations.find(({ id, kind }) => id === requestId && kind === call);
    const isDescribed = this.clock.now() >= (this.describedFrom.get(requestId) ?? 0);
    if (operation === undefined || this.forgotten.has(requestId) || !isDescribed)
      return Promise.resolve({ status: 'UNKNOWN' });
    const subject = operation.key;
    if (!operation.applied) return Promise.resolve({ status: 'IN_PROGRESS', subject });
    const { failure } = operation;
    return Promise.resolve(
      failure === undefined
        ? { status: 'SUCCEEDED', subject }
        : { status: 'FAILED', reason: failure, subject },
    );
  }

  async inProgress(call: AdminCall, nextPage?: NextPage): Promise<ReadonlySet<string>> {
    const open = await this.#toLastPage('list', nextPage, () =>
      this.#listed(call).filter(({ applied }) => !applied),
    );
    return new Set(open.map(({ id }) => id));
  }

  operationsPage(call: AdminCall, from = '0'): Promise<OperationsPage> {
    this.calls.push('list');
    const listed = this.#listed(call);
    if (this.order === 'newest first') listed.reverse();
    const end = Number(from) + this.pageSize;
    const rows = listed.slice(Number(from), end).map(({ id, createdAt, applied, failure }) => ({
      requestId: id,
      createdAt,
      status: !applied
        ? ('IN_PROGRESS' as const)
        : failure === undefined
          ? ('SUCCEEDED' as const)
          : ('FAILED' as const),
    }));
    return Promise.resolve({ rows, ...(end < listed.length ? { next: String(end) } : {}) });
  }

  assignees({ accountId, permissionSetArn }: Place, nextPage?: NextPage): Promise<readonly Assignee[]> {
    const place = `${accountId}/${permissionSetArn.split('/').at(-1) ?? ''}/`;
    return this.#toLastPage('look', nextPage, () =>
      [...this.rows].flatMap((row) => {
        if (!row.startsWith(place)) return [];
        const [principalType, principalId = ''] = row.slice(place.length).split('/');
        return [{ principalType: principalType === 'GROUP' ? 'GROUP' : 'USER', principalId } as const];
      }),
    );
  }

  staleAccounts(permissionSetArn: string, nextPage?: NextPage): Promise<readonly string[]> {
    return this.#toLastPage('stale', nextPage, () => this.stale.get(permissionSetArn) ?? []);
  }

  /** Creates and deletes that were accepted, in order. */
  accepted(): string[] {
    return this.operations.map(({ kind }) => kind);
  }

  /** A list as it is when its first page is read, one call a page. */
  async #toLastPage<Row>(
    name: string,
    nextPage: NextPage | undefined,
    list: () => readonly Row[],
  ): Promise<readonly Row[]> {
    this.#settle();
    this.calls.push(name);
    const rows = list();
    for (let read = this.pageSize; read < rows.length; read += this.pageSize) {
      await nextPage?.();
      this.calls.push(name);
    }
    return rows;
  }

  #listed(call: AdminCall): FakeOperation[] {
    this.#settle();
    const shownUntil = this.clock.now() - this.listLagMs;
    return this.operations.filter(
      ({ id, kind, createdAt }) => kind === call && createdAt <= shownUntil && !this.forgotten.has(id),
    );
  }

  #submit(kind: AdminCall, key: AssignmentKey | ProvisionTarget): Promise<string> {
    this.#settle();
    this.calls.push(kind);
    const fault = this.faults.shift();
    if (fault?.at === 'crash before') return Promise.reject(new CrashError());
    if (fault?.at === 'before') return Promise.reject(new CallRefusedError(fault.refusal));
    if (this.operations.some((each) => !each.applied && nameOf(each.key) === nameOf(key))) {
      const message = 'There is a conflicting operation in process.';
      return Promise.reject(new CallRefusedError({ name: 'ConflictException', message, fault: 'client' }));
    }
    const id = `operation-${this.operations.length + 1}`;
    const failure = fault?.at === 'end' ? fault.reason : undefined;
    this.operations.push({
      id,
      kind,
      key,
      createdAt: this.clock.now(),
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
      const id = nameOf(operation.key);
      if (operation.failure !== undefined) continue;
      if (operation.kind === 'provision') this.#bringUpToDate(operation.key);
      else if (operation.kind === 'create') this.rows.add(id);
      else if (!this.rows.delete(id)) Object.assign(operation, { failure: ENTITLEMENT_GONE });
    }
  }

  #bringUpToDate({ permissionSetArn, accountId }: ProvisionTarget): void {
    const left = (this.stale.get(permissionSetArn) ?? []).filter(
      (account) => accountId !== undefined && account !== accountId,
    );
    this.stale.set(permissionSetArn, left);
  }
}

function nameOf(key: AssignmentKey | ProvisionTarget): string {
  return 'principalId' in key ? describeKey(key) : `${key.permissionSetArn} ${key.accountId ?? 'all'}`;
}
