import { TargetNotFoundException } from '@aws-sdk/client-organizations';
import type { Clock } from '../../core/ports/clock';
import type { Observer } from '../../core/ports/observer';
import {
  type AccountTags,
  type Dated,
  type OrganizationPicture,
  type OrganizationPictures,
  OrganizationUnknownError,
  StillReadingError,
} from '../../core/ports/organization-picture';
import type { ReadingItems } from './ledger/reading-items';
import type { OrganizationListing } from './organization-listing';
import { type Reading, type ReadValue, SharedReading } from './shared-reading';

/** What was read this long ago is used where Organizations cannot be reached, and never after. */
const OLDEST_MS = 24 * 60 * 60_000;

/** So long one try reads tags; what it has by then is kept, and the next try goes on. */
const TAGS_MS = 60_000;

/** Calls for tags at a time: with 100 ms each enough for their rate. */
const TAG_READERS = 3;

/** Tags by account id, each with the instant when they were read. */
type StoredTags = Readonly<
  Record<string, { readonly at: number; readonly tags: Readonly<Record<string, string>> }>
>;

/** The organization as a whole: read through Organizations, kept in the ledger, shared by all requests. */
export class SdkOrganizationPictures implements OrganizationPictures {
  readonly #picture: SharedReading<OrganizationPicture>;
  readonly #tags: SharedReading<StoredTags>;

  constructor(
    items: ReadingItems,
    private readonly listing: Pick<OrganizationListing, 'picture' | 'tags' | 'turns'>,
    private readonly clock: Clock,
    observer: Observer,
  ) {
    this.#picture = new SharedReading('PICTURE', items, clock, observer);
    this.#tags = new SharedReading('TAGS', items, clock, observer);
  }

  async picture(youngerThanMs: number): Promise<Dated<OrganizationPicture>> {
    const { known, hasFailed } = await this.#picture.newest(
      ({ at }) => this.#age(at) < youngerThanMs,
      () => attempt(() => this.listing.picture()),
    );
    if (known === undefined || this.#age(known.at) >= OLDEST_MS)
      throw unknown('the accounts of the organization');
    return { found: known.value, at: known.at, isStale: hasFailed };
  }

  async tags(accountIds: readonly string[], youngerThanMs: number): Promise<Dated<AccountTags>> {
    const missing = (known: StoredTags, ageMs: number): string[] =>
      accountIds.filter((id) => this.#age(known[id]?.at ?? 0) >= ageMs);
    const { known, hasFailed } = await this.#tags.newest(
      ({ value }) => missing(value, youngerThanMs).length === 0,
      (before) => this.#readTags(before, missing(before?.value ?? {}, youngerThanMs)),
    );
    const value = known?.value ?? {};
    const left = missing(value, hasFailed ? OLDEST_MS : youngerThanMs).length;
    if (left > 0 && hasFailed) throw unknown(`the tags of ${left} accounts`);
    if (left > 0) {
      const read = accountIds.length - left;
      throw new StillReadingError(
        `tags of ${read} of ${accountIds.length} accounts are read: the step is tried again and goes on`,
      );
    }
    const found = new Map(accountIds.map((id) => [id, value[id]?.tags ?? {}]));
    const at = accountIds.reduce((oldest, id) => Math.min(oldest, value[id]?.at ?? 0), this.clock.now());
    return { found, at, isStale: hasFailed };
  }

  /** Tags stay: they are read account by account, by whoever needs a younger one. */
  outdate(): Promise<void> {
    return this.#picture.outdate();
  }

  /** Adds the tags of these accounts to those that are known, as many as the time and Organizations allow. */
  async #readTags(
    before: ReadValue<StoredTags> | undefined,
    accountIds: readonly string[],
  ): Promise<Reading<StoredTags>> {
    const young = Object.entries(before?.value ?? {}).filter(([, { at }]) => this.#age(at) < OLDEST_MS);
    const tags = new Map(young);
    const until = this.clock.now() + TAGS_MS;
    const turn = this.listing.turns('tags');
    const left = accountIds.values();
    let failure: unknown;
    const readOn = async (): Promise<void> => {
      for (const id of left) {
        if (failure !== undefined || this.clock.now() >= until) return;
        const { value, failure: mine } = await attempt(() => this.listing.tags(id, turn));
        if (mine !== undefined && !(mine instanceof TargetNotFoundException)) failure = mine;
        // An account that has left the organization has no tags.
        else tags.set(id, { at: this.clock.now(), tags: value ?? {} });
      }
    };
    await Promise.all(Array.from({ length: TAG_READERS }, readOn));
    return { value: Object.fromEntries(tags), failure };
  }

  #age(at: number): number {
    return this.clock.now() - at;
  }
}

function unknown(what: string): OrganizationUnknownError {
  return new OrganizationUnknownError(
    `${what} could not be read, since Organizations did not answer, and nothing is known of them from the last 24 hours: send the request again later`,
  );
}

async function attempt<Value>(read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (failure) {
    return { failure };
  }
}
