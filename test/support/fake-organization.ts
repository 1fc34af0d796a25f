import type { AccountFactsReader } from '../../core/ports/account-facts';
import type { Clock } from '../../core/ports/clock';
import type {
  AccountTags,
  Dated,
  OrganizationPicture,
  OrganizationPictures,
  PicturedAccount,
} from '../../core/ports/organization-picture';
import { pictureOf } from './fake-pictures';

/** An account of {@link FakeOrganization}, as it is now. */
export interface FakeAccount {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Path of its unit; empty: the root. */
  readonly ou: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * An organization that a test changes. Accounts are read as they are; pictures and tags are kept, as those that all functions share are:
 * whoever asks gets what was read before, unless it is older than is wanted.
 */
export class FakeOrganization implements AccountFactsReader, OrganizationPictures {
  readonly accounts = new Map<string, FakeAccount>();
  /** Units that exist, with those above them. */
  units: readonly string[] = ['Workloads/Prod', 'Workloads/Dev'];
  /** `down`: nobody answers. */
  service: 'up' | 'down' = 'up';
  #picture: { readonly found: OrganizationPicture; readonly at: number } | undefined;
  readonly #tags = new Map<
    string,
    { readonly tags: Readonly<Record<string, string>>; readonly at: number }
  >();

  constructor(private readonly clock: Clock) {}

  /** Makes an account, or changes some of it. */
  set(id: string, changes: Partial<Omit<FakeAccount, 'id'>> = {}): void {
    const present = this.accounts.get(id) ?? { id, name: `account-${id}`, state: 'ACTIVE', ou: '', tags: {} };
    this.accounts.set(id, { ...present, ...changes });
  }

  read(accountId: string): Promise<PicturedAccount | undefined> {
    if (this.service === 'down') return Promise.reject(new Error('Organizations does not answer'));
    return Promise.resolve(this.#now().accounts.find(({ id }) => id === accountId));
  }

  picture(youngerThanMs: number): Promise<Dated<OrganizationPicture>> {
    if (this.#picture === undefined || this.clock.now() - this.#picture.at >= youngerThanMs) {
      if (this.service === 'down') return Promise.reject(new Error('Organizations does not answer'));
      this.#picture = { found: this.#now(), at: this.clock.now() };
    }
    return Promise.resolve({ ...this.#picture, isStale: false });
  }

  tags(accountIds: readonly string[], youngerThanMs: number): Promise<Dated<AccountTags>> {
    const now = this.clock.now();
    const found = new Map<string, Readonly<Record<string, string>>>();
    for (const id of accountIds) {
      const kept = this.#tags.get(id);
      const isYoung = kept !== undefined && now - kept.at < youngerThanMs;
      if (!isYoung && this.service === 'down')
        return Promise.reject(new Error('Organizations does not answer'));
      const read = isYoung ? kept : { tags: this.accounts.get(id)?.tags ?? {}, at: now };
      this.#tags.set(id, read);
      found.set(id, read.tags);
    }
    return Promise.resolve({ found, at: now, isStale: false });
  }

  outdate(): Promise<void> {
    this.#picture = undefined;
    return Promise.resolve();
  }

  #now(): OrganizationPicture {
    const accounts = [...this.accounts.values()];
    // A unit exists also where it has no account.
    const { units } = pictureOf(this.units.map((ou, at) => ({ id: String(at), ou })));
    return { ...pictureOf(accounts), units };
  }
}
