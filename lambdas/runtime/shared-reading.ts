import type { Clock } from '../../core/ports/clock';
import type { Observer } from '../../core/ports/observer';
import type { OrganizationHeader, OrganizationItems, OrganizationPart } from './ledger/organization-items';

/** A value as it was read. */
export interface ReadValue<Value> {
  readonly value: Value;
  /** When it was written, in epoch milliseconds. */
  readonly at: number;
}

/** What one reading brought: a value, an error, or as much of a value as was read before the error. */
export interface Reading<Value> {
  readonly value?: Value;
  readonly failure?: unknown;
}

/** What there is, and whether a reading that was needed has failed; no value: there is none. */
export interface Newest<Value> {
  readonly known: ReadValue<Value> | undefined;
  readonly hasFailed: boolean;
}

/** Whoever reads has so long, which is nearly what its function has (120 s); then somebody else may. */
const READING_MS = 110_000;

/** Whoever waits for a reader gives up then, and is tried again by the state machine. */
const WAIT_MS = 30_000;
const LOOK_AGAIN_MS = 1_000;

/** After a failure nobody tries again for so long: many requests at once would each wait for the same timeouts. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/**
 * A value in the ledger that takes many calls to read. Who needs a newer one reads it alone, and others who need it too wait for
 * that, so that requests which come together do not multiply the calls.
 */
export class SharedReading<Value> {
  #loaded: { readonly hash: string; readonly value: Value } | undefined;

  constructor(
    private readonly part: OrganizationPart,
    private readonly items: OrganizationItems,
    private readonly clock: Clock,
    private readonly observer: Observer,
  ) {}

  /** @param readAnew gets the value as it is; it is called by one reader at a time */
  async newest(
    isGood: (known: ReadValue<Value>) => boolean,
    readAnew: (known: ReadValue<Value> | undefined) => Promise<Reading<Value>>,
  ): Promise<Newest<Value>> {
    const patience = this.clock.now() + WAIT_MS;
    for (;;) {
      const header = await this.items.header(this.part);
      const known = await this.#load(header);
      if (known !== undefined && isGood(known)) return { known, hasFailed: false };
      const now = this.clock.now();
      const { readingUntil = 0, failedAt } = header;
      if (failedAt !== undefined && now < failedAt + PAUSE_AFTER_FAILURE_MS)
        return { known, hasFailed: true };
      if (readingUntil <= now) {
        const mine = await this.items.writeHeader(this.part, { ...header, readingUntil: now + READING_MS });
        if (mine !== undefined) return this.#readAlone(mine, known, readAnew);
      } else if (now >= patience) {
        throw new Error(
          `the organization (${this.part}) is being read by another request: the step is tried again`,
        );
      }
      await this.clock.sleep(LOOK_AGAIN_MS);
    }
  }

  async #readAlone(
    { readingUntil: _over, failedAt: _before, ...header }: OrganizationHeader,
    known: ReadValue<Value> | undefined,
    readAnew: (known: ReadValue<Value> | undefined) => Promise<Reading<Value>>,
  ): Promise<Newest<Value>> {
    const { value, failure } = await readAnew(known);
    const hasFailed = failure !== undefined;
    if (hasFailed) this.observer.warn('organization could not be read', { part: this.part }, failure);
    const at = this.clock.now();
    const failed = hasFailed ? { failedAt: at } : {};
    if (value === undefined) {
      await this.items.writeHeader(this.part, { ...header, ...failed });
      return { known, hasFailed };
    }
    const place = await this.items.writeValue(this.part, header.place, value);
    // Somebody who was faster has a newer one; this one is good all the same.
    await this.items.writeHeader(this.part, { ...header, ...failed, complete: true, completedAt: at, place });
    this.#loaded = { hash: place.hash, value };
    return { known: { value, at }, hasFailed };
  }

  /** The value that a header names, whole; undefined for none. */
  async #load({ complete, completedAt, place }: OrganizationHeader): Promise<ReadValue<Value> | undefined> {
    if (complete !== true || completedAt === undefined || place === undefined) return undefined;
    if (this.#loaded?.hash !== place.hash) {
      const value = (await this.items.value(this.part, place)) as Value | undefined;
      if (value === undefined) {
        this.observer.warn('organization is not whole in the ledger', { part: this.part });
        return undefined;
      }
      this.#loaded = { hash: place.hash, value };
    }
    return { value: this.#loaded.value, at: completedAt };
  }
}
