import { IDENTITY_CENTER_PRINCIPAL, type Delegation } from './delegations';
import { findAccount } from './organizations-accounts';
import { constraintViolation, organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPage, organizationsPageOfRows } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import { accountView } from './organizations-views';
import type { Handlers, Output } from './simulated-service';

type DelegationOperation =
  | 'DeregisterDelegatedAdministrator'
  | 'ListDelegatedAdministrators'
  | 'ListDelegatedServicesForAccount'
  | 'RegisterDelegatedAdministrator';

/** Which accounts administer a service in the place of the management account. */
export function delegationHandlers({
  world,
  settings,
  now,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, DelegationOperation> {
  const { delegations, organization, tree } = world;

  const administrator = ({ accountId, enabledAt }: Delegation): Output | undefined => {
    const account = tree.account(accountId);
    if (account === undefined) return undefined;
    const { Paths: _paths, ...rest } = accountView(world, account, settings);
    return { ...rest, DelegationEnabledDate: enabledAt / 1000 };
  };

  return {
    DeregisterDelegatedAdministrator({ AccountId: accountId, ServicePrincipal: service }) {
      findAccount(world, accountId);
      if (delegations.find(accountId, service) === undefined) {
        throw organizationsError('AccountNotRegisteredException');
      }
      delegations.remove(accountId, service);
      return {};
    },

    // Without a service: each account that administers any, once.
    ListDelegatedAdministrators(input) {
      const { ServicePrincipal: service } = input;
      const all = service === undefined ? oldestByAccount(delegations.all()) : delegations.ofService(service);
      const { items, nextToken } = organizationsPageOfRows(
        (sequence) => all.filter((row) => row.sequence > sequence),
        input,
      );
      const administrators = items.flatMap((delegation) => administrator(delegation) ?? []);
      return { DelegatedAdministrators: administrators, ...nextToken };
    },

    ListDelegatedServicesForAccount(input) {
      findAccount(world, input.AccountId);
      const services = delegations.ofAccount(input.AccountId);
      if (services.length === 0) throw organizationsError('AccountNotRegisteredException');
      const { items, nextToken } = organizationsPage(services, input);
      const answered = items.map(({ servicePrincipal, enabledAt }) => ({
        ServicePrincipal: servicePrincipal,
        DelegationEnabledDate: enabledAt / 1000,
      }));
      return { DelegatedServices: answered, ...nextToken };
    },

    RegisterDelegatedAdministrator({ AccountId: accountId, ServicePrincipal: service }) {
      const account = findAccount(world, accountId);
      if (accountId === organization.managementAccountId) {
        throw constraintViolation(
          'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
          'You attempted to register the management account of the organization as a delegated administrator.',
        );
      }
      if (account.state !== 'ACTIVE') {
        throw constraintViolation(
          'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
          'You cannot register a suspended account as a delegated administrator.',
        );
      }
      if (delegations.find(accountId, service) !== undefined) {
        throw organizationsError('AccountAlreadyRegisteredException');
      }
      // Identity Center has one delegate; how many other services may have is theirs to say.
      if (service === IDENTITY_CENTER_PRINCIPAL && delegations.count(service) > 0) {
        throw constraintViolation(
          'DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE',
          'You attempted to register a delegated administrator for a service that already has one.',
        );
      }
      delegations.add(accountId, service, now());
      return {};
    },
  };
}

function oldestByAccount(all: readonly Delegation[]): Delegation[] {
  const seen = new Set<string>();
  return all.filter(({ accountId }) => {
    const isFirst = !seen.has(accountId);
    seen.add(accountId);
    return isFirst;
  });
}
