import type { AdminOperation, OperationStatus, OperationSubject } from './operations';
import type { SimulatorSettings } from './settings';

type LogSettings = Pick<SimulatorSettings, 'statusOrder' | 'statusRetention'>;

/** The operations of one kind, as the status calls know them. */
export class OperationLog<Subject extends OperationSubject> {
  readonly #settings: LogSettings;
  readonly #now: () => number;
  /** In the order of acceptance. */
  readonly #all = new Map<string, AdminOperation<Subject>>();
  readonly #underWay = new Map<string, AdminOperation<Subject>>();
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
    return this.#underWay.size;
  }

  /** @throws Error for a request id that stands for an operation already: the ids of HTTP requests must not repeat */
  public open(operation: Omit<AdminOperation<Subject>, 'sequence'>): AdminOperation<Subject> {
    const { requestId } = operation;
    if (this.#all.has(requestId))
      throw new Error(`request id "${requestId}" was used before: give each call a new one`);
    this.#forgetAged();
    const opened = { ...operation, sequence: this.#nextSequence() };
    this.#all.set(requestId, opened);
    this.#underWay.set(requestId, opened);
    return opened;
  }

  /** Takes the operation's end; its place stays. */
  public settle(operation: AdminOperation<Subject>): void {
    this.#all.set(operation.requestId, operation);
    this.#underWay.delete(operation.requestId);
  }

  /** The operation with this id as `Describe…Status` knows it now. */
  public describe(requestId: string): AdminOperation<Subject> | undefined {
    const operation = this.#all.get(requestId);
    const known =
      operation !== undefined && this.#now() >= operation.describedFrom && !this.#isAged(operation);
    return known ? operation : undefined;
  }

  /** What `List…Status` shows now, in its order. */
  public list(status: OperationStatus | undefined): AdminOperation<Subject>[] {
    const now = this.#now();
    // The usual question is for the few that are under way: it must not cost a walk over all that ever was.
    const candidates = status === 'IN_PROGRESS' ? this.#underWay : this.#all;
    const listed = [...candidates.values()].filter(
      (operation) =>
        now >= operation.listedFrom &&
        (status ?? operation.status) === operation.status &&
        !this.#isAged(operation),
    );
    return this.#settings.statusOrder === 'newest-first' ? listed.reverse() : listed;
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
    }
  }
}
