import type { Random } from '../../core/ports/random';
import type { LocalClock } from '../clock/local-clock';
import { AccountTurns } from './account-turns';
import { conflictingOperation, tooManyOutstanding } from './exceptions';
import { isAsynchronous, type FaultEffect } from './faults';
import { drawLatency } from './latency';
import { OperationLocks } from './operation-locks';
import { OperationLog } from './operation-log';
import {
  accountsOf,
  failed,
  type AdminOperation,
  type AssignmentSubject,
  type Ending,
  type OperationKind,
  type OperationSubject,
  type ProvisionSubject,
} from './operations';
import type { SimulatorSettings } from './settings';

/** What an operation is started with. */
export interface OperationStart<Subject extends OperationSubject = OperationSubject> {
  readonly subject: Subject;
  readonly requestId: string;
  readonly fault: FaultEffect | undefined;
  /** Called at the end of the latency: looks at the world as it then is, changes it, and says how the operation ended. */
  readonly finish: () => Ending;
}

/** What the engine needs. */
export interface EngineOptions {
  readonly clock: LocalClock;
  readonly random: Random;
  /** May change under way: what is accepted from then on follows it. */
  readonly settings: SimulatorSettings;
  /** Called after every acceptance and every end. */
  readonly onChange: (operation: AdminOperation) => void;
}

/**
 * Runs asynchronous operations on the simulator's clock: accepts them within the quotas and the locks, keeps them
 * `IN_PROGRESS` for a drawn latency, lets them end, and remembers them for the status calls.
 */
export class OperationEngine {
  /** By kind, for the status calls. */
  public readonly logs: Readonly<
    Record<'create' | 'delete', OperationLog<AssignmentSubject>> &
      Record<'provision', OperationLog<ProvisionSubject>>
  >;
  readonly #clock: LocalClock;
  readonly #random: Random;
  readonly #settings: SimulatorSettings;
  readonly #onChange: EngineOptions['onChange'];
  readonly #locks = new OperationLocks();
  readonly #turns = new AccountTurns();

  public constructor({ clock, random, settings, onChange }: EngineOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#settings = settings;
    this.#onChange = onChange;
    const now = (): number => clock.now();
    let sequence = 0;
    const nextSequence = (): number => (sequence += 1);
    this.logs = {
      create: new OperationLog(settings, now, nextSequence),
      delete: new OperationLog(settings, now, nextSequence),
      provision: new OperationLog(settings, now, nextSequence),
    };
  }

  /**
   * Accepts a create or delete and starts it.
   * @throws AwsError `ThrottlingException` when too many are outstanding, `ConflictException` when one holds the lock
   */
  public startAssignment(start: OperationStart<AssignmentSubject>): AdminOperation<AssignmentSubject> {
    return this.#start(this.logs[start.subject.kind], start);
  }

  /**
   * Accepts a provision and starts it.
   * @throws AwsError as the settings say when too many are under way, `ConflictException` when one of its roles is being written
   */
  public startProvision(start: OperationStart<ProvisionSubject>): AdminOperation<ProvisionSubject> {
    return this.#start(this.logs.provision, start);
  }

  /** Whether an operation on this permission set is under way. */
  public isUnderWay(permissionSetArn: string): boolean {
    return this.#locks.isSetHeld(permissionSetArn);
  }

  #start<Subject extends OperationSubject>(
    log: OperationLog<Subject>,
    { subject, requestId, fault, finish }: OperationStart<Subject>,
  ): AdminOperation<Subject> {
    // Which of the two the service looks at first is not known; a caller has to take either for "later".
    this.#checkOutstanding(subject.kind);
    if (this.#locks.isHeld(subject, this.#settings.conflictScope)) throw conflictingOperation();
    const { describeLag, statusListLag, roleUpdatesPerAccount } = this.#settings;
    const createdAt = this.#clock.now();
    const operation = log.open({
      subject,
      requestId,
      createdAt,
      describedFrom: createdAt + drawLatency(describeLag, this.#random),
      listedFrom: createdAt + drawLatency(statusListLag, this.#random),
      status: 'IN_PROGRESS',
    });
    const unlock = this.#locks.hold(subject);
    // The latency is drawn at the acceptance, so that how often a client looks does not change how long it waits.
    const latency = this.#drawLatency(subject);
    const waits = roleUpdatesPerAccount === 'one-at-a-time';
    const leave = this.#turns.enter(accountsOf(subject), waits, () => {
      this.#clock.at(this.#clock.now() + latency, () => {
        const ending = fault === undefined || !isAsynchronous(fault) ? finish() : endingOf(fault);
        if (ending === undefined) return;
        // Before anybody hears of the end: a listener may start the next operation in the same place.
        unlock();
        const ended = this.#ended(operation, ending);
        log.settle(ended);
        leave();
        this.#onChange(ended);
      });
    });
    this.#onChange(operation);
    return operation;
  }

  #ended<Subject extends OperationSubject>(
    operation: AdminOperation<Subject>,
    ending: Exclude<Ending, undefined>,
  ): AdminOperation<Subject> {
    return {
      ...operation,
      status: ending.status,
      ...(ending.status === 'FAILED' ? { failureReason: ending.reason } : {}),
      endedAt: this.#clock.now(),
    };
  }

  /** Milliseconds. A provision takes a time of its own, and one for each account. */
  #drawLatency(subject: OperationSubject): number {
    const { createLatency, deleteLatency, provisionLatency, provisionLatencyPerAccount } = this.#settings;
    if (subject.kind !== 'provision') {
      return drawLatency(subject.kind === 'create' ? createLatency : deleteLatency, this.#random);
    }
    return subject.accountIds.reduce(
      (sum) => sum + drawLatency(provisionLatencyPerAccount, this.#random),
      drawLatency(provisionLatency, this.#random),
    );
  }

  #checkOutstanding(kind: OperationKind): void {
    const { outstandingAssignments, outstandingCounts, outstandingProvisions, tooManyProvisions } =
      this.#settings;
    const { create: creates, delete: deletes, provision: provisions } = this.logs;
    if (kind === 'provision') {
      if (!isReached(provisions.underWay, outstandingProvisions)) return;
      throw tooManyProvisions === 'conflict' ? conflictingOperation() : tooManyOutstanding();
    }
    const countsDeletes = outstandingCounts === 'creates-and-deletes';
    if (kind === 'delete' && !countsDeletes) return;
    const outstanding = creates.underWay + (countsDeletes ? deletes.underWay : 0);
    if (isReached(outstanding, outstandingAssignments)) throw tooManyOutstanding();
  }
}

function isReached(count: number, limit: number | 'unlimited'): boolean {
  return limit !== 'unlimited' && count >= limit;
}

function endingOf(fault: 'never-ends' | { readonly failed: string }): Ending {
  return fault === 'never-ends' ? undefined : failed(fault.failed);
}
