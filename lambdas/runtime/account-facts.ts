import {
  AccountNotFoundException,
  ChildNotFoundException,
  DescribeAccountCommand,
  ListParentsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { AccountFactsReader } from '../../core/ports/account-facts';
import type { PicturedAccount } from '../../core/ports/organization-picture';
import { REPEATABLE } from './clients';
import { parentInPath } from './organization-listing';

/** One account through Organizations: `DescribeAccount`, and `ListParents`, which is four times as slow, where that tells no path. */
export class SdkAccountFacts implements AccountFactsReader {
  // Organizations answers in us-east-1 only, wherever Identity Center is at home.
  readonly #client = new OrganizationsClient({ ...REPEATABLE, region: 'us-east-1' });

  async read(accountId: string): Promise<PicturedAccount | undefined> {
    try {
      const { Account: account } = await this.#client.send(
        new DescribeAccountCommand({ AccountId: accountId }),
      );
      if (account === undefined) throw new Error(`DescribeAccount answered nothing about ${accountId}`);
      const { Name: name = '', State, Status, Paths = [] } = account;
      const parentId = parentInPath(Paths[0]) ?? (await this.#parentOf(accountId));
      return { id: accountId, name, state: State ?? Status ?? 'of unknown state', parentId };
    } catch (error) {
      if (error instanceof AccountNotFoundException || error instanceof ChildNotFoundException)
        return undefined;
      throw error;
    }
  }

  async #parentOf(accountId: string): Promise<string> {
    const { Parents: [parent] = [] } = await this.#client.send(
      new ListParentsCommand({ ChildId: accountId }),
    );
    if (parent?.Id === undefined) throw new Error(`ListParents answered no parent of ${accountId}`);
    return parent.Id;
  }
}
