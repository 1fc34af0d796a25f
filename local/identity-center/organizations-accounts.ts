import { AwsError } from '../aws-api/json-service';
import type { Account } from './organization';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPage } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import { parentPath, resourceArn } from './organizations-structure';
import type { Handlers, Output } from './simulated-service';

/** The states that the retired member `Status` can express. */
const RETIRED_STATUSES: readonly string[] = ['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE'];

/** The service whose delegated administrator the organization file names. */
const IDENTITY_CENTER_PRINCIPAL = 'sso.amazonaws.com';

type AccountOperation =
  'DescribeAccount' | 'ListAccounts' | 'ListAccountsForParent' | 'ListDelegatedAdministrators';

/** Accounts of the organization. */
export function accountHandlers({
  world,
  settings,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, AccountOperation> {
  const { organization } = world;

  /** `o-…/r-…/ou-…/…/`, every unit on the way, as IAM writes the path of a principal in its organization. */
  const pathOf = ({ ou }: Account): string => {
    const names = ou === '' ? [] : ou.split('/');
    const paths = names.map((_, depth) => names.slice(0, depth + 1).join('/'));
    const ids = paths.map((path) => world.organizationalUnits().find((unit) => unit.path === path)?.id ?? '');
    return `${[organization.id, organization.rootId, ...ids].join('/')}/`;
  };

  const described = (account: Account): Output => ({
    Id: account.id,
    Arn: resourceArn(world, 'account', account.id),
    Email: account.email,
    Name: account.name,
    State: account.state,
    ...(settings.accountStatus === 'present' && RETIRED_STATUSES.includes(account.state)
      ? { Status: account.state }
      : {}),
    Paths: [pathOf(account)],
    // An organization begins with its management account, which therefore was never created in it.
    JoinedMethod: account.id === organization.managementAccountId ? 'INVITED' : 'CREATED',
    JoinedTimestamp: world.startedAt / 1000,
  });

  return {
    DescribeAccount({ AccountId: id }) {
      const account = world.account(id);
      if (account === undefined) {
        throw new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");
      }
      return { Account: described(account) };
    },

    ListAccounts(input) {
      const { items, nextToken } = organizationsPage(world.accounts(), input);
      return { Accounts: items.map(described), ...nextToken };
    },

    // Direct children only: accounts of nested units take a walk.
    ListAccountsForParent(input) {
      const path = parentPath(world, input.ParentId);
      const children = world.accounts().filter(({ ou }) => ou === path);
      const { items, nextToken } = organizationsPage(children, input);
      return { Accounts: items.map(described), ...nextToken };
    },

    // The file names the delegate of one service; no other service has one.
    ListDelegatedAdministrators(input) {
      const { ServicePrincipal: service = IDENTITY_CENTER_PRINCIPAL } = input;
      const delegates =
        service === IDENTITY_CENTER_PRINCIPAL
          ? world.accounts().filter(({ id }) => id === organization.delegatedAdminAccountId)
          : [];
      const { items, nextToken } = organizationsPage(delegates, input);
      const administrators = items.map((account) => {
        const { Paths: _paths, ...rest } = described(account);
        return { ...rest, DelegationEnabledDate: world.startedAt / 1000 };
      });
      return { DelegatedAdministrators: administrators, ...nextToken };
    },
  };
}
