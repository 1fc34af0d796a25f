/** What can be chosen about the Identity Store. */
export interface IdentityStoreSettings {
  /**
   * How the Identity Store compares user names, e-mail addresses and group names with the ones that are asked for.
   * @default 'exact'
   */
  readonly nameMatching: 'exact' | 'ignore-case';

  /**
   * Calls a second of the Identity Store, and as many at once after a quiet time; more are refused with `Rate exceeded`.
   * @default 20
   */
  readonly identityStoreRequestsPerSecond: number | 'unlimited';

  /**
   * Whether that rate is for each operation by itself, or for all together as in the editions of the page of limits before
   * the newest one.
   * @default 'per-operation'
   */
  readonly identityStoreRateScope: 'per-operation' | 'collective';

  /**
   * Whether a user can be made with, or given, an e-mail address that another user has.
   * @default 'refused': a user can be looked up by it as by a unique attribute
   */
  readonly sharedAddresses: 'refused' | 'allowed';

  /**
   * Whether `CreateUser` needs a display name, a given name and a family name besides the user name.
   * @default 'required': as the documentation says of what identity providers send
   */
  readonly personNames: 'required' | 'optional';

  /**
   * Whether `UpdateUser` can change a user name.
   * @default 'refused'
   */
  readonly userNameChange: 'refused' | 'allowed';
}

export const DEFAULT_IDENTITY_STORE_SETTINGS: IdentityStoreSettings = {
  nameMatching: 'exact',
  identityStoreRequestsPerSecond: 20,
  identityStoreRateScope: 'per-operation',
  sharedAddresses: 'refused',
  personNames: 'required',
  userNameChange: 'refused',
};
