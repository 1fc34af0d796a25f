import { AwsError } from '../aws-api/json-service';
import { accountHandlers } from './organizations-accounts';
import { ORGANIZATIONS_INPUTS, organizationsInputError } from './organizations-inputs';
import { structureHandlers } from './organizations-structure';
import type { SimulatorSettings } from './settings';
import { SimulatedService, type ServiceEnvironment } from './simulated-service';

/** What Organizations works on. */
export interface OrganizationsEnvironment extends ServiceEnvironment {
  readonly settings: SimulatorSettings;
}

/** AWS Organizations: reading accounts, units and tags. */
export class OrganizationsService extends SimulatedService<typeof ORGANIZATIONS_INPUTS> {
  public constructor(environment: OrganizationsEnvironment) {
    super(
      {
        name: 'organizations',
        actionPrefix: 'organizations',
        targetPrefix: 'AWSOrganizationsV20161128',
        inputs: ORGANIZATIONS_INPUTS,
        handlers: { ...accountHandlers(environment), ...structureHandlers(environment) },
        inputError: organizationsInputError,
        authorize: (caller, operation) => {
          // Any account may ask which organization it is in; the rest is for the management account and its delegates.
          if (caller.kind !== 'member' || operation === 'DescribeOrganization') return;
          throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
        },
      },
      environment,
    );
  }
}
