import { accessDenied } from './exceptions';
import { groupHandlers } from './identity-store-groups';
import { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { userHandlers } from './identity-store-users';
import type { SimulatorSettings } from './settings';
import { SimulatedService, type ServiceEnvironment } from './simulated-service';

/** What the Identity Store works on. */
export interface IdentityStoreEnvironment extends ServiceEnvironment {
  readonly settings: SimulatorSettings;
}

/** The Identity Store: look-ups and lists of users, groups and memberships. */
export class IdentityStoreService extends SimulatedService<typeof IDENTITY_STORE_INPUTS> {
  public constructor(environment: IdentityStoreEnvironment) {
    const { world } = environment;
    const { managementAccountId } = world.organization;
    const store = `arn:aws:identitystore::${managementAccountId}:identitystore/${world.identityStoreId}`;
    super(
      {
        name: 'identity-store',
        actionPrefix: 'identitystore',
        targetPrefix: 'AWSIdentityStore',
        inputs: IDENTITY_STORE_INPUTS,
        handlers: { ...userHandlers(environment), ...groupHandlers(environment) },
        authorize: (caller, operation) => {
          if (caller.kind === 'member') throw accessDenied(caller, `identitystore:${operation}`, store);
        },
      },
      environment,
    );
  }
}
