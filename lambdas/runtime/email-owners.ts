import { type IdentitystoreClient, paginateListUsers } from '@aws-sdk/client-identitystore';
import type { Clock } from '../../core/ports/clock';

/** How long a listing of the store is good for finding candidates; each of them is asked for again before it counts. */
const FRESH_MS = 5 * 60_000;

/**
 * Who has an e-mail address, upper and lower case aside. `GetUserId` answers one user for an address, but nothing says that a
 * store fed by an identity provider has each address once: only a complete listing shows that a second person has it.
 * One call per 100 users, once in five minutes per environment of the function.
 */
export class EmailOwners {
  #listed: { readonly at: number; readonly owners: ReadonlyMap<string, readonly string[]> } | undefined;

  constructor(
    private readonly client: IdentitystoreClient,
    private readonly identityStoreId: string,
    private readonly clock: Clock,
  ) {}

  /** User ids, as the last listing has them. */
  async of(address: string): Promise<readonly string[]> {
    if (this.#listed === undefined || this.clock.now() - this.#listed.at > FRESH_MS) {
      // Kept only when it is whole: a listing that broke off could hide the second owner.
      this.#listed = { at: this.clock.now(), owners: await this.#list() };
    }
    return this.#listed.owners.get(address.toLowerCase()) ?? [];
  }

  async #list(): Promise<ReadonlyMap<string, readonly string[]>> {
    const owners = new Map<string, string[]>();
    const pages = paginateListUsers(
      { client: this.client, pageSize: 100 },
      { IdentityStoreId: this.identityStoreId },
    );
    for await (const { Users: users = [] } of pages) {
      for (const { UserId: id, Emails: emails = [] } of users) {
        for (const address of new Set(emails.map(({ Value }) => Value?.toLowerCase()))) {
          if (id !== undefined && address !== undefined)
            owners.set(address, [...(owners.get(address) ?? []), id]);
        }
      }
    }
    return owners;
  }
}
