import type { ResolvedBaselines } from '../../core/baselines/baseline';
import type { Dated, OrganizationPicture } from '../../core/ports/organization-picture';
import type { StoredOrganization } from '../../core/ports/stored-organization';
import type { ReadingHeader, ReadingItems, ReadingPart } from './ledger/reading-items';

/** Whoever replaces a value while it is read has put its chunks beside it: the next header names them. */
const TRIES = 2;

/** What functions with more rights have read and kept, for one that reaches the ledger alone. */
export class StoredReadings implements StoredOrganization {
  constructor(private readonly items: Pick<ReadingItems, 'header' | 'value'>) {}

  async picture(): Promise<Dated<OrganizationPicture> | undefined> {
    const stored = await this.#read('PICTURE');
    if (stored === undefined) return undefined;
    const { completedAt: at = 0, begunAt = 0, outdatedAt } = stored.header;
    const isStale = outdatedAt !== undefined && begunAt <= outdatedAt;
    return { found: stored.value as OrganizationPicture, at, isStale };
  }

  async tags(accountId: string): Promise<Readonly<Record<string, string>> | undefined> {
    const all = (await this.#read('TAGS'))?.value as
      Readonly<Record<string, { readonly tags: Readonly<Record<string, string>> }>> | undefined;
    return all !== undefined && Object.hasOwn(all, accountId) ? all[accountId]?.tags : undefined;
  }

  async rules(): Promise<ResolvedBaselines | undefined> {
    return (await this.#read('RULES'))?.value as ResolvedBaselines | undefined;
  }

  async #read(
    part: ReadingPart,
  ): Promise<{ readonly header: ReadingHeader; readonly value: unknown } | undefined> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const header = await this.items.header(part);
      if (header.place === undefined) return undefined;
      const value = await this.items.value(part, header.place);
      if (value !== undefined) return { header, value };
    }
    return undefined;
  }
}
