import type { Clock } from '../../core/ports/clock';
import { LedgerContentionError } from '../../core/ports/ledger';
import { StillReadingError } from '../../core/ports/organization-picture';
import type { Observer } from '../../core/ports/observer';
import type { ReadingHeader, ReadingItems, ReadingPart } from './ledger/reading-items';

/** A value as it was read. */
export interface ReadValue<Value> {
  readonly value: Value;
  /** When it was written, in epoch milliseconds. */
  readonly at: number;
  /** Whether something has changed since its reading began, so that it is not good. */
  readonly isOutdated: boolean;
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

/** Readers and those who know of changes write one header: each loses a few times at most. */
const MAX_CHANGES = 20;

/** In log lines and errors. */
const NAMES: Readonly<Record<ReadingPart, string>> = {
  PICTURE: 'organization',
  TAGS: 'organization',
  RULES: 'baseline rules',
};

/**
 * A value in the ledger that takes many calls to read. Who needs a newer one reads it alone, and others who need it too wait for
 * that, so that requests which come together do not multiply the calls.
 */
export class SharedReading<Value> {
  #loaded: { readonly hash: string; readonly value: Value } | undefined;

  constructor(
    private readonly part: ReadingPart,
    private readonly items: ReadingItems,
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
      if (known !== undefined && !known.isOutdated && isGood(known)) return { known, hasFailed: false };
      const now = this.clock.now();
      const { readingUntil = 0, failedAt } = header;
      if (failedAt !== undefined && now < failedAt + PAUSE_AFTER_FAILURE_MS)
        return { known, hasFailed: true };
      if (readingUntil <= now) {
        const mine = await this.items.writeHeader(this.part, { ...header, readingUntil: now + READING_MS });
        if (mine !== undefined) return this.#readAlone(mine, known, readAnew);
      } else if (now >= patience) {
        throw new StillReadingError(
          `${NAMES[this.part]} (${this.part}) is being read by another request: the step is tried again`,
        );
      }
      await this.clock.sleep(LOOK_AGAIN_MS);
    }
  }

  async #readAlone(
    mine: ReadingHeader,
    known: ReadValue<Value> | undefined,
    readAnew: (known: ReadValue<Value> | undefined) => Promise<Reading<Value>>,
  ): Promise<Newest<Value>> {
    const begunAt = this.clock.now();
    const { value, failure } = await readAnew(known);
    const hasFailed = failure !== undefined;
    if (hasFailed) {
      this.observer.warn(`${NAMES[this.part]} could not be read`, { part: this.part }, failure);
    }
    const at = this.clock.now();
    const failed = hasFailed ? { failedAt: at } : {};
    if (value === undefined) {
      await this.#endReading(mine, failed);
      return { known, hasFailed };
    }
    const place = await this.items.writeValue(this.part, mine.place, value);
    await this.#endReading(mine, { ...failed, complete: true, completedAt: at, begunAt, place });
    this.#loaded = { hash: place.hash, value };
    return { known: { value, at, isOutdated: false }, hasFailed };
  }

  /** Writes what came of a reading, unless somebody else reads by now: theirs is newer, and this one is good all the same. */
  async #endReading(mine: ReadingHeader, brought: Partial<ReadingHeader>): Promise<void> {
    let present = mine;
    for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
      const { readingUntil, failedAt: _before, ...header } = present;
      if (readingUntil !== mine.readingUntil) return;
      if ((await this.items.writeHeader(this.part, { ...header, ...brought })) !== undefined) return;
      // Somebody said meanwhile that something has changed.
      present = await this.items.header(this.part);
    }
    throw new LedgerContentionError(`${NAMES[this.part]} (${this.part})`, MAX_CHANGES);
  }

  /** A value whose reading had begun by now is not good any more. Two reads and writes of an item at most, unless many do it at once. */
  async outdate(): Promise<void> {
    const outdatedAt = this.clock.now();
    for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
      const header = await this.items.header(this.part);
      const isRead = (header.readingUntil ?? 0) > outdatedAt;
      if (!isRead && (header.place === undefined || isOutdated(header))) return;
      if ((header.outdatedAt ?? 0) >= outdatedAt) return;
      if ((await this.items.writeHeader(this.part, { ...header, outdatedAt })) !== undefined) return;
    }
    throw new LedgerContentionError(`${NAMES[this.part]} (${this.part})`, MAX_CHANGES);
  }

  /** The value that a header names, whole; undefined for none. */
  async #load(header: ReadingHeader): Promise<ReadValue<Value> | undefined> {
    const { complete, completedAt, place } = header;
    if (complete !== true || completedAt === undefined || place === undefined) return undefined;
    if (this.#loaded?.hash !== place.hash) {
      const value = (await this.items.value(this.part, place)) as Value | undefined;
      if (value === undefined) {
        this.observer.warn(`${NAMES[this.part]} is not whole in the ledger`, { part: this.part });
        return undefined;
      }
      this.#loaded = { hash: place.hash, value };
    }
    return { value: this.#loaded.value, at: completedAt, isOutdated: isOutdated(header) };
  }
}

/** A value of which nobody knows when its reading began may be from before the change. */
function isOutdated({ begunAt = 0, outdatedAt }: ReadingHeader): boolean {
  return outdatedAt !== undefined && begunAt <= outdatedAt;
}
