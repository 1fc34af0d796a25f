import type { Random } from '../../core/ports/random';
import type { LocalClock } from '../clock/local-clock';
import { conflictingOperation, tooManyOutstanding } from './exceptions';
import { isAsynchronous, type FaultEffect } from './faults';
import { drawLatency } from './latency';
import type { Assignment } from './organization';
import { OperationLog } from './operation-log';
import type { SimulatorSettings } from './settings';

/** Which asynchronous call an operation came from. */
export type OperationKind = 'create' | 'delete';

export type OperationStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';

/** One asynchronous operation, from its acceptance on. */
export interface AdminOperation {
  readonly kind: OperationKind;
  /** The id of the HTTP request that started it. */
  readonly requestId: string;
  /** Its place among the operations of its kind, from 1. */
  readonly sequence: number;
  readonly assignment: Assignment;
  /** Epoch milliseconds of the acceptance. */
  readonly createdAt: number;
  /** Epoch milliseconds from which `Describe…Status`, and `List…Status`, know of it. */
  readonly describedFrom: number;
  readonly listedFrom: number;
  readonly status: OperationStatus;
  readonly failureReason?: string;
  readonly endedAt?: number;
}

/** How an operation ends: with its effect, with a reason, or (`undefined`) never. */
export type Ending =
  { readonly status: 'SUCCEEDED' } | { readonly status: 'FAILED'; readonly reason: string } | undefined;

/** What an operation is started with. */
export interface OperationStart {
  readonly kind: OperationKind;
  readonly requestId: string;
  readonly assignment: Assignment;
  readonly fault: FaultEffect | undefined;
  /** Called at the end of the latency: looks at the world as it then is, changes it, and says how the operation ended. */
  readonly finish: () => Ending;
}

/** What the engine needs. */
export interface EngineOptions {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly settings: SimulatorSettings;
  /** Called after every acceptance and every end. */
  readonly onChange: (operation: AdminOperation) => void;
}

/**
 * Runs asynchronous operations on the simulator's clock: accepts them within the quota and the locks, keeps them
 * `IN_PROGRESS` for a drawn latency, lets them end, and remembers them for the status calls.
 */
export class OperationEngine {
  readonly #clock: LocalClock;
  readonly #random: Random;
  readonly #settings: SimulatorSettings;
  readonly #onChange: EngineOptions['onChange'];
  readonly #logs: Readonly<Record<OperationKind, OperationLog>>;
  /** Locks that are held, by those operations that hold them. */
  readonly #locks = new Set<string>();

  public constructor({ clock, random, settings, onChange }: EngineOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#settings = settings;
    this.#onChange = onChange;
    const now = (): number => clock.now();
    this.#logs = { create: new OperationLog(settings, now), delete: new OperationLog(settings, now) };
  }

  /**
   * Accepts an operation and starts it.
   * @throws AwsError `ThrottlingException` when too many are outstanding, `ConflictException` when one holds the lock
   */
  public start({ kind, requestId, assignment, fault, finish }: OperationStart): AdminOperation {
    this.#checkOutstanding(kind);
    // Which of the two the service looks at first is not known; a caller has to take either for "later".
    const lock = this.#lockOf(assignment);
    if (this.#locks.has(lock)) throw conflictingOperation();
    this.#locks.add(lock);
    const settings = this.#settings;
    const createdAt = this.#clock.now();
    const operation = this.#logs[kind].open({
      kind,
      requestId,
      assignment,
      createdAt,
      describedFrom: createdAt + drawLatency(settings.describeLag, this.#random),
      listedFrom: createdAt + drawLatency(settings.statusListLag, this.#random),
      status: 'IN_PROGRESS',
    });
    const latency = kind === 'create' ? settings.createLatency : settings.deleteLatency;
    // The latency is drawn at the acceptance, so that how often a client looks does not change how long it waits.
    this.#clock.at(createdAt + drawLatency(latency, this.#random), () => {
      const ending = fault === undefined || !isAsynchronous(fault) ? finish() : endingOf(fault);
      if (ending !== undefined) this.#end(operation, lock, ending);
    });
    this.#onChange(operation);
    return operation;
  }

  /** The operation with this id as `Describe…Status` knows it now. */
  public describe(kind: OperationKind, requestId: string): AdminOperation | undefined {
    return this.#logs[kind].describe(requestId);
  }

  /** What `List…Status` shows now, in its order. */
  public list(kind: OperationKind, status: OperationStatus | undefined): AdminOperation[] {
    return this.#logs[kind].list(status);
  }

  /** How many operations are under way. */
  public underWay(kind: OperationKind): number {
    return this.#logs[kind].underWay;
  }

  #end(started: AdminOperation, lock: string, ending: Exclude<Ending, undefined>): void {
    // Before anybody hears of the end: a listener may start the next operation in the same place.
    this.#locks.delete(lock);
    const operation: AdminOperation = {
      ...started,
      status: ending.status,
      ...(ending.status === 'FAILED' ? { failureReason: ending.reason } : {}),
      endedAt: this.#clock.now(),
    };
    this.#logs[operation.kind].settle(operation);
    this.#onChange(operation);
  }

  #checkOutstanding(kind: OperationKind): void {
    const { outstandingAssignments, outstandingCounts } = this.#settings;
    if (outstandingAssignments === 'unlimited') return;
    const countsDeletes = outstandingCounts === 'creates-and-deletes';
    if (kind === 'delete' && !countsDeletes) return;
    const outstanding = this.underWay('create') + (countsDeletes ? this.underWay('delete') : 0);
    if (outstanding >= outstandingAssignments) throw tooManyOutstanding();
  }

  #lockOf({ accountId, permissionSetArn, principalType, principalId }: Assignment): string {
    switch (this.#settings.conflictScope) {
      case 'account':
        return accountId;
      case 'account-and-permission-set':
        return `${accountId} ${permissionSetArn}`;
      case 'assignment':
        return `${accountId} ${permissionSetArn} ${principalType} ${principalId}`;
    }
  }
}

function endingOf(fault: 'never-ends' | { readonly failed: string }): Ending {
  return fault === 'never-ends' ? undefined : { status: 'FAILED', reason: fault.failed };
}
