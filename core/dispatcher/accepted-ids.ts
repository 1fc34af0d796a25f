import type { DispatcherLedger } from '../ports/ledger';

/** Request ids that are kept, so that a search for a lost reply need not ask about them. */
const KEPT_IDS = 500;

/**
 * So many new ones are kept at once, some 20 write units: for a hundred thousand operations that is 4,000 writes, 0.05 USD. A pass that is
 * killed leaves fewer than these to be asked about.
 */
const NEW_IDS = 25;

/** The request ids that were accepted lately: those of this pass, and those that the ledger keeps of the passes before. */
export class AcceptedIds {
  readonly #new: string[] = [];
  /** How many of the new ones are in the ledger, or being written. */
  #written = 0;
  #kept: Promise<readonly string[]> | undefined;
  /** The last write; one follows the other, since each replaces all. */
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly ledger: Pick<DispatcherLedger, 'acceptedIds' | 'keepAcceptedIds'>) {}

  add(requestId: string): void {
    this.#new.push(requestId);
    if (this.#new.length - this.#written >= NEW_IDS) this.#keepAside();
  }

  /** All of them. The ledger is read once a pass, and only where somebody asks: then a reply was lost, and the new ones are kept. */
  async all(): Promise<readonly string[]> {
    this.#keepAside();
    return this.#read();
  }

  /** Keeps the last ones for the passes to come: a read and a write, if there are new ones. */
  async keep(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  /** Nobody waits for it. What fails is written with the next ones. */
  #keepAside(): void {
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
  }

  async #write(): Promise<void> {
    const before = this.#written;
    if (this.#new.length === before) return;
    this.#written = this.#new.length;
    try {
      await this.ledger.keepAcceptedIds((await this.#read()).slice(-KEPT_IDS));
    } catch (error) {
      this.#written = before;
      throw error;
    }
  }

  async #read(): Promise<readonly string[]> {
    this.#kept ??= this.ledger.acceptedIds();
    try {
      return [...(await this.#kept), ...this.#new];
    } catch (error) {
      this.#kept = undefined;
      throw error;
    }
  }
}
