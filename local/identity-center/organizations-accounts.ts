import type { MemberAccount } from './organization-tree';
import { organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPageOfRows } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import { checkParent } from './organizations-structure';
import { accountView } from './organizations-views';
import type { Sequenced } from './sequenced-rows';
import type { Handlers } from './simulated-service';
import type { World } from './world';

type AccountOperation = 'DescribeAccount' | 'ListAccounts' | 'ListAccountsForParent';

/** @throws AwsError `AccountNotFoundException` */
export function findAccount({ tree }: World, id: string): MemberAccount {
  const account = tree.account(id);
  if (account === undefined) throw organizationsError('AccountNotFoundException');
  return account;
}

/** Reading accounts of the organization. */
export function accountHandlers({
  world,
  settings,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, AccountOperation> {
  const { tree } = world;
  return {
    DescribeAccount: ({ AccountId: id }) => ({
      Account: accountView(world, findAccount(world, id), settings),
    }),

    ListAccounts(input) {
      const { items, nextToken } = organizationsPageOfRows((sequence) => tree.accountsAfter(sequence), input);
      return { Accounts: items.map((account) => accountView(world, account, settings)), ...nextToken };
    },

    // Direct children only: accounts of nested units take a walk.
    ListAccountsForParent(input) {
      checkParent(world, input.ParentId);
      const { items, nextToken } = organizationsPageOfRows(
        (sequence) => accountsOf(world, tree.childrenAfter(input.ParentId, 'accounts', sequence)),
        input,
      );
      const accounts = items.map(({ account }) => accountView(world, account, settings));
      return { Accounts: accounts, ...nextToken };
    },
  };
}

function* accountsOf(
  { tree }: World,
  children: Iterable<Sequenced & { readonly id: string }>,
): Generator<Sequenced & { readonly account: MemberAccount }, void> {
  for (const { sequence, id } of children) {
    const account = tree.account(id);
    if (account !== undefined) yield { sequence, account };
  }
}
