import type { AssignmentKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import { idOf } from '../../core/dispatcher/held';
import { placeOf } from '../../core/dispatcher/place-looks';
import type { Clock } from '../../core/ports/clock';
import {
  type AdminCall,
  type Assignee,
  CallRefusedError,
  type IdentityCenter,
  type OperationsPage,
  type Place,
  type ProvisionTarget,
  type ReportedStatus,
} from '../../core/ports/identity-center';
import { TokenBucket } from '../../local/identity-center/token-bucket';
import { ENTITLEMENT_GONE } from './fake-identity-center';
import {
  ANSWERS,
  type QuotaFault,
  type QuotaOperation,
  type QuotaSettings,
  type Submission,
} from './quota-settings';

/** Rows on a page of the operations; the other lists of a test are shorter than one. */
const PAGE = 100;

/**
 * Identity Center with its quotas, for tests of the scheduler: every call takes time and counts against the rate, operations
 * take slots and hold locks, reads lag, faults come one by one, and other clients may take slots. What it saw is kept for the
 * test to judge. The simulator in local/identity-center is the faithful one.
 */
export class QuotaIdentityCenter implements IdentityCenter {
  readonly operations: QuotaOperation[] = [];
  readonly submissions: Submission[] = [];
  /** When calls arrived, refused ones too. */
  readonly arrivals: number[] = [];
  /** Calls that ran into a limit, not into a fault. */
  readonly refused = { rate: 0, outstanding: 0, provisions: 0, conflict: 0 };
  /** Each is used up by the next call that it can happen to. */
  readonly faults: QuotaFault[] = [];
  /** Slots that others hold. */
  otherSlots = 0;
  /** Hears of every submission when it has been decided, and kills the caller where it is to die. */
  onSubmission: (submission: Submission) => void = () => undefined;
  onCrash: () => void = () => undefined;
  readonly #bucket: TokenBucket;
  readonly #effects = new Map<
    string,
    { readonly at: number; readonly row: Assignee; readonly isThere: boolean }[]
  >();
  readonly #stale = new Map<string, Set<string>>();
  readonly #open = new Set<QuotaOperation>();
  #freeAt = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    readonly settings: QuotaSettings,
  ) {
    this.#bucket = new TokenBucket(settings.callsPerSecond, settings.burst, () => clock.now());
  }

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
    return this.#read(() => {
      const operation = this.operations.find(({ id }) => id === requestId);
      if (operation?.call !== call || !this.#isShown(operation, this.settings.describeLagMs))
        return { status: 'UNKNOWN' };
      const { subject, reason } = operation;
      if (this.#isUnderWay(operation)) return { status: 'IN_PROGRESS', subject };
      return reason === undefined ? { status: 'SUCCEEDED', subject } : { status: 'FAILED', reason, subject };
    });
  }

  inProgress(call: AdminCall): Promise<ReadonlySet<string>> {
    return this.#read(() => {
      const listed = this.#listed(call).filter((each) => this.#isUnderWay(each));
      return new Set(listed.map(({ id }) => id));
    });
  }

  operationsPage(call: AdminCall, from = '0'): Promise<OperationsPage> {
    return this.#read(() => {
      const newestFirst = this.#listed(call).reverse();
      const end = Number(from) + PAGE;
      const rows = newestFirst.slice(Number(from), end).map((each) => ({
        requestId: each.id,
        createdAt: each.acceptedAt,
        status: this.#isUnderWay(each)
          ? ('IN_PROGRESS' as const)
          : each.reason === undefined
            ? ('SUCCEEDED' as const)
            : ('FAILED' as const),
      }));
      return { rows, ...(end < newestFirst.length ? { next: String(end) } : {}) };
    });
  }

  assignees(place: Place): Promise<readonly Assignee[]> {
    return this.#read(() => {
      const rows = new Map<string, Assignee>();
      const shownUntil = this.clock.now() - this.settings.effectLagMs;
      for (const { at, row, isThere } of this.#effects.get(placeOf(place)) ?? []) {
        if (at > shownUntil) continue;
        if (isThere) rows.set(row.principalId, row);
        else rows.delete(row.principalId);
      }
      return [...rows.values()];
    });
  }

  staleAccounts(permissionSetArn: string): Promise<readonly string[]> {
    return this.#read(() => [...(this.#stale.get(permissionSetArn) ?? [])]);
  }

  /** The definition of a set has changed: these accounts have an older version, beside those that had one already. */
  outdate(permissionSetArn: string, accountIds: readonly string[]): void {
    this.#settle();
    this.#stale.set(permissionSetArn, new Set([...this.outdated(permissionSetArn), ...accountIds]));
  }

  /** Accounts that have an older version of a set. */
  outdated(permissionSetArn: string): readonly string[] {
    this.#settle();
    return [...(this.#stale.get(permissionSetArn) ?? [])];
  }

  /** Whether an assignment exists, whatever the lists show. */
  exists(key: AssignmentKey): boolean {
    this.#settle();
    const effects = this.#effects.get(placeOf(key)) ?? [];
    return effects.findLast(({ row }) => row.principalId === key.principalId)?.isThere === true;
  }

  /** Operations that are under way at this instant. */
  underWay(): readonly QuotaOperation[] {
    this.#settle();
    return [...this.#open];
  }

  #submit(call: AdminCall, subject: AssignmentKey | ProvisionTarget): Promise<string> {
    const fault = this.#take((each) => each.what !== 'refused' || each.on === 'submit');
    return this.#call(fault?.what === 'refused' ? undefined : fault, (throttled) => {
      const name = idOf(subject);
      const keep = (known: Submission['known'], started?: QuotaOperation): void => {
        const submission: Submission = { at: this.clock.now(), call, subject, name, known, started };
        this.submissions.push(submission);
        this.onSubmission(submission);
      };
      const isNeverSent = (fault?.what === 'lost' || fault?.what === 'crash') && !fault.isAccepted;
      const injected = fault?.what === 'refused' ? fault.refusal : undefined;
      const refusal = throttled ?? injected ?? this.#limitOf(call, subject);
      const isLost = fault?.what === 'lost' || fault?.what === 'crash';
      if (isNeverSent || refusal !== undefined) {
        keep(isLost ? 'nothing' : 'refused');
        throw new CallRefusedError(refusal ?? ANSWERS.timeout);
      }
      const operation = this.#accept(call, subject, fault);
      keep(isLost ? 'nothing' : 'accepted', operation);
      return operation.id;
    });
  }

  /** The limit that a call runs into, if any. */
  #limitOf(call: AdminCall, subject: AssignmentKey | ProvisionTarget): Refusal | undefined {
    const open = [...this.#open];
    const isFull =
      call === 'provision'
        ? open.filter((each) => each.call === call).length >= this.settings.provisions
        : open.filter((each) => each.call !== 'provision').length + this.otherSlots >= this.settings.slots;
    if (open.some((each) => lockOf(each.subject) === lockOf(subject))) {
      this.refused.conflict += 1;
      return ANSWERS.conflict;
    }
    if (!isFull) return undefined;
    this.refused[call === 'provision' ? 'provisions' : 'outstanding'] += 1;
    return ANSWERS.outstanding;
  }

  #accept(
    call: AdminCall,
    subject: AssignmentKey | ProvisionTarget,
    fault: QuotaFault | undefined,
  ): QuotaOperation {
    const now = this.clock.now();
    const account = subject.accountId ?? 'every account';
    const beginsAt = this.settings.isSerial ? Math.max(now, this.#freeAt.get(account) ?? 0) : now;
    const operation: QuotaOperation = {
      id: `operation-${this.operations.length + 1}`,
      call,
      subject,
      name: idOf(subject),
      acceptedAt: now,
      endsAt: beginsAt + this.settings.latencyMs(this.operations.length),
      isForgotten: fault?.what === 'forgotten',
      reason: fault?.what === 'ends' || fault?.what === 'forgotten' ? fault.reason : undefined,
    };
    this.#freeAt.set(account, operation.endsAt);
    this.operations.push(operation);
    this.#open.add(operation);
    return operation;
  }

  #read<T>(answer: () => T): Promise<T> {
    const fault = this.#take((each) => each.what === 'refused' && each.on === 'read');
    return this.#call(undefined, (throttled) => {
      const refusal = throttled ?? (fault?.what === 'refused' ? fault.refusal : undefined);
      if (refusal === undefined) return answer();
      throw Object.assign(new Error(refusal.message), { name: refusal.name });
    });
  }

  /** One call: half of the time there, the decision (which hears if the rate forbids it), and half of it back. */
  async #call<T>(fault: QuotaFault | undefined, decideOn: (throttled: Refusal | undefined) => T): Promise<T> {
    const { roundTripMs, timeoutMs } = this.settings;
    await this.clock.sleep(roundTripMs / 2);
    this.#settle();
    this.arrivals.push(this.clock.now());
    const outcome = this.#outcome(decideOn);
    if (fault?.what === 'crash') this.onCrash();
    if (fault?.what === 'lost') {
      await this.clock.sleep((fault.refusal.fault === 'none' ? timeoutMs : roundTripMs) - roundTripMs / 2);
      throw new CallRefusedError(fault.refusal);
    }
    await this.clock.sleep(roundTripMs / 2);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  #outcome<T>(
    decideOn: (throttled: Refusal | undefined) => T,
  ): { readonly value: T } | { readonly error: unknown } {
    const isTooFast = !this.#bucket.take();
    if (isTooFast) this.refused.rate += 1;
    try {
      return { value: decideOn(isTooFast ? ANSWERS.rate : undefined) };
    } catch (error) {
      return { error };
    }
  }

  #take(canHappen: (fault: QuotaFault) => boolean): QuotaFault | undefined {
    const index = this.faults.findIndex(canHappen);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0];
  }

  #listed(call: AdminCall): QuotaOperation[] {
    return this.operations.filter(
      (each) => each.call === call && this.#isShown(each, this.settings.listLagMs),
    );
  }

  #isShown(operation: QuotaOperation, lagMs: number): boolean {
    if (operation.isForgotten && !this.#isUnderWay(operation)) return false;
    return operation.acceptedAt + lagMs <= this.clock.now();
  }

  #isUnderWay({ endsAt }: QuotaOperation): boolean {
    return endsAt > this.clock.now();
  }

  #settle(): void {
    const ended = [...this.#open].filter((each) => !this.#isUnderWay(each));
    for (const operation of ended.sort((a, b) => a.endsAt - b.endsAt)) {
      this.#open.delete(operation);
      if (operation.reason === undefined) this.#takeEffect(operation);
    }
  }

  #takeEffect(operation: QuotaOperation): void {
    const { call, subject, endsAt } = operation;
    if (!('principalId' in subject)) {
      const stale = this.#stale.get(subject.permissionSetArn) ?? new Set();
      if (subject.accountId === undefined) stale.clear();
      else stale.delete(subject.accountId);
      return;
    }
    const effects = this.#effects.get(placeOf(subject)) ?? [];
    const { principalType, principalId } = subject;
    const isThere = effects.findLast(({ row }) => row.principalId === principalId)?.isThere === true;
    if (call === 'delete' && !isThere) operation.reason = ENTITLEMENT_GONE;
    else effects.push({ at: endsAt, row: { principalType, principalId }, isThere: call === 'create' });
    this.#effects.set(placeOf(subject), effects);
  }
}

/** What conflicts: a set in an account, or a set in every account. */
function lockOf({ accountId = 'every account', permissionSetArn }: Partial<AssignmentKey>): string {
  return `${accountId} ${permissionSetArn ?? ''}`;
}
