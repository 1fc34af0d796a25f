import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { Refusal } from '../../../core/assignments/outcomes';
import type {
  AdminCall,
  Assignee,
  IdentityCenter,
  NextPage,
  OperationsPage,
  Place,
  ProvisionTarget,
  ReportedStatus,
} from '../../../core/ports/identity-center';
import { chanceFor } from '../engine/chance';
import type { VirtualTime } from '../engine/virtual-time';
import { Admission } from './admission';
import { AssignmentRows, placeId } from './assignment-rows';
import { type ApiName, CallCounts } from './call-counts';
import { LATENCY_MODELS } from './latency-models';
import { REFUSALS, readFailed, refused } from './service-error';
import type { ServiceSettings } from './service-settings';

/** An operation that the service has accepted. */
export interface AcceptedOperation {
  readonly id: string;
  readonly call: AdminCall;
  /** The assignment; absent for a provision. */
  readonly key?: AssignmentKey;
  /** Place or set whose lock it holds. */
  readonly lock: string;
  readonly acceptedAt: number;
  readonly endsAt: number;
  /** From when on the status lists show it. */
  readonly listedFrom: number;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  reason?: string;
}

const PAGE = 100;
const API_OF = {
  create: 'CreateAccountAssignment',
  delete: 'DeleteAccountAssignment',
  provision: 'ProvisionPermissionSet',
} as const satisfies Record<AdminCall, ApiName>;
const GONE = "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key";

/**
 * Identity Center as the benchmark needs it: quotas, locks, latencies, lag and faults in virtual time, the same object for every
 * design, and the truth about what exists. It is a model of its own and not the simulator of `local/`, which speaks HTTP and
 * checks inputs: ten million calls have to pass here in a minute.
 *
 * A call is sent, arrives half a round trip later (there the rate is counted and everything is decided), and its answer takes the other
 * half; slow calls take longer both ways. The latency of an operation belongs to its assignment and its count, not to the instant: all
 * designs meet the same.
 */
export class ServiceModel implements IdentityCenter {
  readonly counts = new CallCounts();
  readonly rows = new AssignmentRows();
  readonly operations = new Map<string, AcceptedOperation>();
  /** Listens to every acceptance. */
  onAccepted: (operation: AcceptedOperation) => void = () => undefined;
  /** Listens to every change of the number of outstanding creates and deletes. */
  onSlots: (used: number) => void = () => undefined;
  readonly #admission: Admission;
  readonly #chance;
  /** A stream of its own: where no call is slow, nothing is drawn from it. */
  readonly #slowness;
  readonly #locks = new Set<string>();
  readonly #latencies = new Map<string, number>();
  readonly #timesAccepted = new Map<string, number>();
  readonly #byCall: Record<AdminCall, AcceptedOperation[]> = { create: [], delete: [], provision: [] };
  readonly #inProgress: Record<AdminCall, Set<AcceptedOperation>> = {
    create: new Set(),
    delete: new Set(),
    provision: new Set(),
  };

  constructor(
    private readonly time: VirtualTime,
    private readonly seed: number,
    private readonly settings: ServiceSettings,
  ) {
    this.#admission = new Admission(time, chanceFor(seed, 'other clients'), settings);
    this.#chance = chanceFor(seed, 'service');
    this.#slowness = chanceFor(seed, 'slow calls');
  }

  /** Creates and deletes under way: what the quota of slots counts. */
  get slotsUsed(): number {
    return this.#inProgress.create.size + this.#inProgress.delete.size;
  }

  createAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('create', placeId(key), key);
  }

  deleteAssignment(key: AssignmentKey): Promise<string> {
    return this.#submit('delete', placeId(key), key);
  }

  provision({ permissionSetArn, accountId = 'every account' }: ProvisionTarget): Promise<string> {
    return this.#submit('provision', placeId({ accountId, permissionSetArn }));
  }

  describe(call: AdminCall, requestId: string): Promise<ReportedStatus> {
    return this.#read('DescribeStatus', () => {
      const operation = this.operations.get(requestId);
      if (operation?.call !== call) return { status: 'UNKNOWN' };
      const { status, reason, key } = operation;
      return {
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(key === undefined ? {} : { subject: key }),
      };
    });
  }

  async inProgress(call: AdminCall, nextPage?: NextPage): Promise<ReadonlySet<string>> {
    const listed = await this.#pages('ListStatus', nextPage, () => {
      const now = this.time.now();
      return [...this.#inProgress[call]].filter(({ listedFrom }) => listedFrom <= now);
    });
    return new Set(listed.map(({ id }) => id));
  }

  operationsPage(call: AdminCall, from?: string): Promise<OperationsPage> {
    return this.#read('ListStatus', () => {
      // From the newest on, as is believed; a page begins where the one before ended, whatever was accepted since.
      const ofCall = this.#byCall[call];
      const end = from === undefined ? ofCall.length : Number(from);
      const begin = Math.max(0, end - PAGE);
      const now = this.time.now();
      const rows = ofCall
        .slice(begin, end)
        .filter(({ listedFrom }) => listedFrom <= now)
        .map(({ id, status, acceptedAt }) => ({ requestId: id, status, createdAt: acceptedAt }))
        .reverse();
      return { rows, ...(begin > 0 ? { next: String(begin) } : {}) };
    });
  }

  assignees(place: Place, nextPage?: NextPage): Promise<readonly Assignee[]> {
    return this.#pages('ListAccountAssignments', nextPage, () => this.rows.shown(place, this.time.now()));
  }

  staleAccounts(): Promise<readonly string[]> {
    // No definition changes in a run, so no account is ever behind.
    return this.#read('ListAccountsForProvisionedPermissionSet', () => []);
  }

  /** `ListInstances`, with which one of the peers begins every operation. */
  listInstances(): Promise<void> {
    return this.#read('ListInstances', () => undefined);
  }

  /** How long an assignment's n-th accepted operation takes, in milliseconds. */
  latencyMs(subject: string, nth: number): number {
    const name = `${subject} ${nth}`;
    const known = this.#latencies.get(name);
    if (known !== undefined) return known;
    const { draw } = LATENCY_MODELS[this.settings.latency];
    const latency = Math.round(1000 * draw(chanceFor(this.seed, 'latency', name)));
    this.#latencies.set(name, latency);
    return latency;
  }

  #submit(call: AdminCall, lock: string, key?: AssignmentKey): Promise<string> {
    return this.#call(API_OF[call], refused, () => {
      if (this.#chance.next() < this.settings.faults.conflict || this.#locks.has(lock)) {
        this.counts.conflicts += 1;
        throw refused(REFUSALS.conflict);
      }
      const isFull =
        call === 'provision'
          ? this.#inProgress.provision.size >= this.settings.provisions
          : this.slotsUsed >= this.settings.slots;
      if (isFull) {
        this.counts.throttled += 1;
        throw refused(REFUSALS.outstanding);
      }
      return this.#accept(call, lock, key).id;
    });
  }

  #accept(call: AdminCall, lock: string, key?: AssignmentKey): AcceptedOperation {
    const subject = `${call} ${key === undefined ? lock : subjectOf(key)}`;
    const nth = (this.#timesAccepted.get(subject) ?? 0) + 1;
    this.#timesAccepted.set(subject, nth);
    const now = this.time.now();
    const latency = this.latencyMs(subject, nth);
    const operation: AcceptedOperation = {
      id: `request-${this.operations.size + 1}`,
      call,
      lock,
      acceptedAt: now,
      endsAt: now + latency,
      listedFrom: now + this.settings.listLagMs * this.#chance.next(),
      status: 'IN_PROGRESS',
      ...(key === undefined ? {} : { key }),
    };
    this.operations.set(operation.id, operation);
    this.#byCall[call].push(operation);
    this.#inProgress[call].add(operation);
    this.#locks.add(lock);
    this.counts.accepted += 1;
    this.onAccepted(operation);
    this.onSlots(this.slotsUsed);
    this.time.after(latency, () => {
      this.#end(operation);
    });
    return operation;
  }

  #end(operation: AcceptedOperation): void {
    const { call, key, lock } = operation;
    this.#inProgress[call].delete(operation);
    this.#locks.delete(lock);
    operation.status = 'SUCCEEDED';
    const shown = this.time.now() + this.settings.effectLagMs * this.#chance.next();
    if (key !== undefined && call === 'create') this.rows.add(key, shown);
    if (key !== undefined && call === 'delete' && !this.rows.remove(key, shown)) {
      operation.status = 'FAILED';
      operation.reason = GONE;
    }
    this.onSlots(this.slotsUsed);
  }

  #read<T>(api: ApiName, answer: () => T): Promise<T> {
    return this.#call(api, readFailed, answer);
  }

  /** A list: what was there when its first page was read, one call for each hundred entries. */
  async #pages<T>(
    api: ApiName,
    nextPage: NextPage | undefined,
    list: () => readonly T[],
  ): Promise<readonly T[]> {
    const all = await this.#read(api, list);
    for (let read = PAGE; read < all.length; read += PAGE) {
      await nextPage?.();
      await this.#read(api, () => undefined);
    }
    return all;
  }

  /** One call: there, the decision, and back, with what may happen on the way. */
  async #call<T>(api: ApiName, failure: (refusal: Refusal) => Error, carryOut: () => T): Promise<T> {
    const { faults, replyTimeoutMs } = this.settings;
    const half = this.#roundTripMs() / 2;
    this.counts.count(api);
    const fate = this.#chance.next();
    if (fate < faults.lostBefore) {
      await this.time.sleep(replyTimeoutMs);
      throw failure(REFUSALS.lost);
    }
    await this.time.sleep(half);
    const outcome = this.#decide(fate - faults.lostBefore, failure, carryOut);
    if (fate > 1 - faults.lostAfter) {
      await this.time.sleep(replyTimeoutMs - half);
      throw failure(REFUSALS.lost);
    }
    await this.time.sleep(half);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  #roundTripMs(): number {
    const { roundTripMs, slowCalls } = this.settings;
    if (slowCalls === undefined || this.#slowness.next() >= slowCalls.share) return roundTripMs;
    const { leastExtraMs, mostExtraMs } = slowCalls;
    return roundTripMs + leastExtraMs + (mostExtraMs - leastExtraMs) * this.#slowness.next();
  }

  #decide<T>(
    fate: number,
    failure: (refusal: Refusal) => Error,
    carryOut: () => T,
  ): { readonly value: T } | { readonly error: unknown } {
    const { throttled, serverError } = this.settings.faults;
    if (!this.#admission.admits() || fate < throttled) {
      this.counts.throttled += 1;
      return { error: failure(REFUSALS.rate) };
    }
    if (fate < throttled + serverError) return { error: failure(REFUSALS.server) };
    try {
      return { value: carryOut() };
    } catch (error) {
      return { error };
    }
  }
}

/** An assignment as a word for its stream of chance. */
export function subjectOf({ accountId, permissionSetArn, principalId }: AssignmentKey): string {
  return `${accountId} ${permissionSetArn} ${principalId}`;
}
