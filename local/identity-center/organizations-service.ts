import type { Random } from '../../core/ports/random';
import type { LocalClock } from '../clock/local-clock';
import type { CallerIdentity } from './caller-identity';
import type { Listeners, OrganizationChange } from './listeners';
import { accountCreationHandlers } from './organizations-account-creation';
import { accountWriteHandlers } from './organizations-account-writes';
import { accountHandlers } from './organizations-accounts';
import { delegationHandlers } from './organizations-delegation';
import { organizationsAccessDenied } from './organizations-errors';
import { ORGANIZATIONS_INPUTS, organizationsInputError } from './organizations-inputs';
import { OrganizationsRates } from './organizations-rates';
import { structureHandlers } from './organizations-structure';
import { organizationsTagHandlers } from './organizations-tags';
import { unitHandlers } from './organizations-units';
import type { SimulatorSettings } from './settings';
import { SimulatedService, type ServiceEnvironment } from './simulated-service';
import type { World } from './world';

/** What Organizations works on. */
export interface OrganizationsEnvironment extends ServiceEnvironment {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly settings: SimulatorSettings;
  /** Who hears what becomes of accounts. */
  readonly changes: Listeners<OrganizationChange>;
}

/** AWS Organizations: accounts, units, tags and delegated administrators. Policies and handshakes are not simulated. */
export class OrganizationsService extends SimulatedService<typeof ORGANIZATIONS_INPUTS> {
  public constructor(environment: OrganizationsEnvironment) {
    const { settings, now, world } = environment;
    const rates = new OrganizationsRates(settings, now);
    super(
      {
        name: 'organizations',
        actionPrefix: 'organizations',
        targetPrefix: 'AWSOrganizationsV20161128',
        inputs: ORGANIZATIONS_INPUTS,
        handlers: {
          ...accountCreationHandlers(environment),
          ...accountHandlers(environment),
          ...accountWriteHandlers(environment),
          ...delegationHandlers(environment),
          ...organizationsTagHandlers(environment),
          ...structureHandlers(environment),
          ...unitHandlers(environment),
        },
        inputError: organizationsInputError,
        admit: (operation, caller) => {
          rates.admit(operation, caller);
        },
        authorize: (caller, operation) => {
          if (!mayCall(world, caller, operation)) throw organizationsAccessDenied();
        },
      },
      environment,
    );
  }
}

/**
 * Any account may ask which organization it is in; who administers a service for the organization may read all of it, and the
 * management account may do everything.
 */
function mayCall({ delegations }: World, { kind, accountId }: CallerIdentity, operation: string): boolean {
  if (kind === 'management' || operation === 'DescribeOrganization') return true;
  return /^(Describe|List)/.test(operation) && delegations.ofAccount(accountId).length > 0;
}
