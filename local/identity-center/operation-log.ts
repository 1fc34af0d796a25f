import type { AdminOperation, OperationStatus, OperationSubject } from './operations';
import type { PageOrder } from './paging';
import { SequencedRows } from './sequenced-rows';
import type { SimulatorSettings } from './settings';

type LogSettings = Pick<SimulatorSettings, 'statusOrder' | 'statusRetention'>;

/** The operations of one kind, as the status calls know them. */
export class OperationLog<Subject extends OperationSubject> {
  readonly #settings: LogSettings;
  readonly #now: () => number;
  /** In the order of acceptance. */
  readonly #all = new Map<string, AdminOperation<Subject>>();
  /** The same as rows, so that a page costs what it holds, whatever it is narrowed to. */
  readonly #rows = new SequencedRows<AdminOperation<Subject>>();
  readonly #byStatus: Readonly<Record<OperationStatus, SequencedRows<AdminOperation<Subject>>>> = {
    IN_PROGRESS: new SequencedRows(),
    SUCCEEDED: new SequencedRows(),
    FAILED: new SequencedRows(),
  };
  readonly #nextSequence: () => number;

  /**
   * @param now epoch milliseconds
   * @param nextSequence answers a larger number each time
   */
  public constructor(settings: LogSettings, now: () => number, nextSequence: () => number) {
    this.#settings = settings;
    this.#now = now;
    this.#nextSequence = nextSequence;
  }

  /** How many operations are under way. */
  public get underWay(): number {
    return this.#byStatus.IN_PROGRESS.size;
  }

  /** @throws Error for a request id that stands for an operation already: the ids of HTTP requests must not repeat */
  public open(operation: Omit<AdminOperation<Subject>, 'sequence'>): AdminOperation<Subject> {
    const { requestId } = operation;
    if (this.#all.has(requestId))
      throw new Error(`request id "${requestId}" was used before: give each call a new one`);
    this.#forgetAged();
    const opened = { ...operation, sequence: this.#nextSequence() };
    this.#all.set(requestId, opened);
    this.#rows.append(opened);
    this.#byStatus.IN_PROGRESS.append(opened);
    return opened;
  }

  /** Takes the operation's end; its place stays. */
  public settle(operation: AdminOperation<Subject>): void {
    this.#all.set(operation.requestId, operation);
    this.#rows.replace(operation);
    this.#byStatus.IN_PROGRESS.remove(operation.sequence);
    this.#byStatus[operation.status].insert(operation);
  }

  /** The operation with this id as `Describe…Status` knows it now. */
  public describe(requestId: string): AdminOperation<Subject> | undefined {
    const operation = this.#all.get(requestId);
    const known =
      operation !== undefined && this.#now() >= operation.describedFrom && !this.#isAged(operation);
    return known ? operation : undefined;
  }

  /** The order of `List…Status`. */
  public get order(): PageOrder {
    return this.#settings.statusOrder === 'newest-first' ? 'descending' : 'ascending';
  }

  /** What `List…Status` shows now beyond a place, in an order. */
  public *list(
    status: OperationStatus | undefined,
    sequence: number,
    order: PageOrder,
  ): Generator<AdminOperation<Subject>, void> {
    const now = this.#now();
    const rows = status === undefined ? this.#rows : this.#byStatus[status];
    for (const operation of order === 'descending' ? rows.before(sequence) : rows.after(sequence))
      if (now >= operation.listedFrom && !this.#isAged(operation)) yield operation;
  }

  /** Every operation that is remembered, whatever the status calls show of it, in the order of acceptance. */
  public remembered(): AdminOperation<Subject>[] {
    return [...this.#all.values()];
  }

  #isAged({ endedAt }: AdminOperation): boolean {
    const { statusRetention } = this.#settings;
    return (
      statusRetention !== 'unlimited' &&
      endedAt !== undefined &&
      this.#now() - endedAt > statusRetention * 1000
    );
  }

  /** Drops the oldest ones that nobody can ask for any more; stops at the first that is still known, so that it stays cheap. */
  #forgetAged(): void {
    for (const [requestId, operation] of this.#all) {
      if (!this.#isAged(operation)) return;
      this.#all.delete(requestId);
      this.#rows.remove(operation.sequence);
      this.#byStatus[operation.status].remove(operation.sequence);
    }
  }
}
