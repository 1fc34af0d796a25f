import type { DispatcherLedger } from '../ports/ledger';

/** Request ids that are kept, so that a search for a lost reply need not ask about them. */
const KEPT_IDS = 500;

/** The request ids that were accepted lately: those of this pass, and those that the ledger keeps of the passes before. */
export class AcceptedIds {
  readonly #new: string[] = [];
  #kept: Promise<readonly string[]> | undefined;

  constructor(private readonly ledger: Pick<DispatcherLedger, 'acceptedIds' | 'keepAcceptedIds'>) {}

  add(requestId: string): void {
    this.#new.push(requestId);
  }

  /** The ledger is read once a pass, and only where somebody asks. */
  async all(): Promise<readonly string[]> {
    this.#kept ??= this.ledger.acceptedIds();
    return [...(await this.#kept), ...this.#new];
  }

  /** Keeps the last ones for the passes to come: a read and a write, if there are new ones. */
  async keep(): Promise<void> {
    if (this.#new.length > 0) await this.ledger.keepAcceptedIds((await this.all()).slice(-KEPT_IDS));
  }
}
