import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { Clock } from '../../core/ports/clock';
import type {
  OrganizationPicture,
  PicturedAccount,
  PicturedUnit,
} from '../../core/ports/organization-picture';
import { REPEATABLE } from './clients';

/** Calls a second that a listing allows itself, about four fifths of what the service allows one account: others list, too. */
const RATES = { accounts: 6, parents: 4, tags: 8 } as const;

/** Throttling is usual here, and the SDK's waits between tries are short: six tries are about ten seconds. */
const PATIENT = { ...REPEATABLE, maxAttempts: 6 } as const;

/** Units and root in the path of an account, `o-…/r-…/ou-…/`. */
const PARENTS_IN_PATH = /(?:ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})(?=\/|$)/g;

/** The unit or root that an account is in, by its path; undefined where there is none. */
export function parentInPath(path: string | undefined): string | undefined {
  return path?.match(PARENTS_IN_PATH)?.at(-1);
}

/** An account whose parent may have to be looked up. */
type ListedAccount = Omit<PicturedAccount, 'parentId'> & { readonly parentId: string | undefined };

/**
 * Reads all of an organization. 2,000 accounts in 50 units are 100 pages of `ListAccounts` (17 s at 6 a second) and at the same time
 * 51 calls for the units (13 s at 4 a second), where a walk by `ListAccountsForParent` would take 125 calls (31 s).
 */
export class OrganizationListing {
  // Organizations answers in us-east-1 only, wherever Identity Center is at home.
  readonly #client = new OrganizationsClient({ ...PATIENT, region: 'us-east-1' });

  constructor(private readonly clock: Clock) {}

  /**
   * The whole organization. What changes under way can make the pages contradict each other; then all is read once more.
   * @throws Error where a page cannot be read, or the pages contradict each other twice
   */
  async picture(): Promise<OrganizationPicture> {
    const first = await this.#list();
    const picture = isWhole(first) ? first : await this.#list();
    if (isWhole(picture)) return picture;
    throw new Error(
      'accounts or units were listed whose parents were not: the organization changes under way',
    );
  }

  /** All tags of an account; none for one that has left the organization. */
  async tags(accountId: string, turn: () => Promise<void>): Promise<Readonly<Record<string, string>>> {
    const tags: (readonly [string, string])[] = [];
    await this.#pages(turn, async (NextToken) => {
      const page = await this.#client.send(
        new ListTagsForResourceCommand({ ResourceId: accountId, NextToken }),
      );
      for (const { Key: key, Value: value } of page.Tags ?? []) {
        if (key !== undefined) tags.push([key, value ?? '']);
      }
      return page.NextToken;
    });
    return Object.fromEntries(tags);
  }

  /** Turns for calls of one kind, of everybody who takes them. */
  turns(kind: keyof typeof RATES): () => Promise<void> {
    const between = 1_000 / RATES[kind];
    let next = 0;
    return async () => {
      const now = this.clock.now();
      const mine = Math.max(now, next);
      next = mine + between;
      if (mine > now) await this.clock.sleep(mine - now);
    };
  }

  async #list(): Promise<OrganizationPicture> {
    const [accounts, tree] = await Promise.all([this.#accounts(), this.#tree()]);
    const unplaced = accounts.some(({ parentId }) => parentId === undefined);
    const parents = unplaced
      ? await this.#parents([tree.rootId, ...tree.units.map(({ id }) => id)])
      : undefined;
    return {
      ...tree,
      accounts: accounts.map((account) => ({
        ...account,
        parentId: account.parentId ?? parents?.get(account.id) ?? '',
      })),
    };
  }

  async #accounts(): Promise<ListedAccount[]> {
    const accounts: ListedAccount[] = [];
    await this.#pages(this.turns('accounts'), async (NextToken) => {
      const page = await this.#client.send(new ListAccountsCommand({ NextToken }));
      for (const { Id: id, Name: name = '', State, Status, Paths = [] } of page.Accounts ?? []) {
        if (id === undefined) throw new Error('ListAccounts answered an account without an id');
        const parentId = parentInPath(Paths[0]);
        accounts.push({ id, name, state: State ?? Status ?? 'of unknown state', parentId });
      }
      return page.NextToken;
    });
    return accounts;
  }

  async #tree(): Promise<Pick<OrganizationPicture, 'rootId' | 'units'>> {
    const { Roots: [root] = [] } = await this.#client.send(new ListRootsCommand({}));
    if (root?.Id === undefined) throw new Error('ListRoots answered no root');
    const turn = this.turns('parents');
    const units: PicturedUnit[] = [];
    const parents = [root.Id];
    for (let parentId = parents.pop(); parentId !== undefined; parentId = parents.pop()) {
      const ParentId = parentId;
      await this.#pages(turn, async (NextToken) => {
        const page = await this.#client.send(
          new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }),
        );
        for (const { Id: id, Name: name = '' } of page.OrganizationalUnits ?? []) {
          if (id === undefined)
            throw new Error('ListOrganizationalUnitsForParent answered a unit without an id');
          units.push({ id, name, parentId: ParentId });
          parents.push(id);
        }
        return page.NextToken;
      });
    }
    return { rootId: root.Id, units };
  }

  /** The slow way, for accounts that were listed without their paths. */
  async #parents(parentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const turn = this.turns('parents');
    const found = new Map<string, string>();
    for (const ParentId of parentIds) {
      await this.#pages(turn, async (NextToken) => {
        const page = await this.#client.send(new ListAccountsForParentCommand({ ParentId, NextToken }));
        for (const { Id: id } of page.Accounts ?? []) if (id !== undefined) found.set(id, ParentId);
        return page.NextToken;
      });
    }
    return found;
  }

  /** Reads pages to the last: one that is empty may have a next one. */
  async #pages(
    turn: () => Promise<void>,
    read: (token: string | undefined) => Promise<string | undefined>,
  ): Promise<void> {
    let token: string | undefined;
    do {
      await turn();
      token = await read(token);
    } while (token !== undefined);
  }
}

/** Whether every parent that is named was listed. */
function isWhole({ rootId, units, accounts }: OrganizationPicture): boolean {
  const parents = new Set([rootId, ...units.map(({ id }) => id)]);
  return [...units, ...accounts].every(({ parentId }) => parents.has(parentId));
}
