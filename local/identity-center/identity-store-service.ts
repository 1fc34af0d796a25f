import type { Random } from '../../core/ports/random';
import { accessDenied } from './exceptions';
import { groupHandlers } from './identity-store-groups';
import { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { membershipHandlers } from './identity-store-memberships';
import { IdentityStoreRate } from './identity-store-rates';
import { userHandlers } from './identity-store-users';
import type { SimulatorSettings } from './settings';
import { SimulatedService, type ServiceEnvironment } from './simulated-service';

/** What the Identity Store works on. */
export interface IdentityStoreEnvironment extends ServiceEnvironment {
  readonly random: Random;
  readonly settings: SimulatorSettings;
}

/** The Identity Store: users, groups and memberships. */
export class IdentityStoreService extends SimulatedService<typeof IDENTITY_STORE_INPUTS> {
  public constructor(environment: IdentityStoreEnvironment) {
    const { world, settings, now } = environment;
    const { managementAccountId } = world.organization;
    const store = `arn:aws:identitystore::${managementAccountId}:identitystore/${world.identityStoreId}`;
    const rate = new IdentityStoreRate(settings, now);
    super(
      {
        name: 'identity-store',
        actionPrefix: 'identitystore',
        targetPrefix: 'AWSIdentityStore',
        inputs: IDENTITY_STORE_INPUTS,
        handlers: {
          ...userHandlers(environment),
          ...groupHandlers(environment),
          ...membershipHandlers(environment),
        },
        admit: (operation) => {
          rate.admit(operation);
        },
        authorize: (caller, operation) => {
          if (caller.kind === 'member') throw accessDenied(caller, `identitystore:${operation}`, store);
        },
      },
      environment,
    );
  }
}
