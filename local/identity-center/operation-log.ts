import type { AdminOperation, OperationStatus } from './operation-engine';
import type { SimulatorSettings } from './settings';

/** The operations of one kind, as the status calls know them. */
export class OperationLog {
  readonly #settings: Pick<SimulatorSettings, 'statusOrder' | 'statusRetention'>;
  readonly #now: () => number;
  /** In the order of acceptance. */
  readonly #all = new Map<string, AdminOperation>();
  readonly #underWay = new Map<string, AdminOperation>();
  #sequence = 0;

  /** @param now epoch milliseconds */
  public constructor(
    settings: Pick<SimulatorSettings, 'statusOrder' | 'statusRetention'>,
    now: () => number,
  ) {
    this.#settings = settings;
    this.#now = now;
  }

  public get underWay(): number {
    return this.#underWay.size;
  }

  /** @throws Error for a request id that stands for an operation already: the ids of HTTP requests must not repeat */
  public open(operation: Omit<AdminOperation, 'sequence'>): AdminOperation {
    const { requestId } = operation;
    if (this.#all.has(requestId))
      throw new Error(`request id "${requestId}" was used before: give each call a new one`);
    this.#forgetAged();
    const opened: AdminOperation = { ...operation, sequence: (this.#sequence += 1) };
    this.#all.set(requestId, opened);
    this.#underWay.set(requestId, opened);
    return opened;
  }

  /** Takes the operation's end; its place stays. */
  public settle(operation: AdminOperation): void {
    this.#all.set(operation.requestId, operation);
    this.#underWay.delete(operation.requestId);
  }

  public describe(requestId: string): AdminOperation | undefined {
    const operation = this.#all.get(requestId);
    const known =
      operation !== undefined && this.#now() >= operation.describedFrom && !this.#isAged(operation);
    return known ? operation : undefined;
  }

  public list(status: OperationStatus | undefined): AdminOperation[] {
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
