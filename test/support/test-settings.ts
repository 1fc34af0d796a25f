import type { Settings } from '../../core/settings/settings';

/** Settings of an organization that is not anybody's. */
export const TEST_SETTINGS: Settings = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
  identityStoreId: 'd-1234567890',
  organizationId: 'o-a1b2c3d4e5',
  managementAccountId: '111122223333',
  hostAccountId: '222233334444',
  homeRegion: 'eu-west-1',
  assignmentSlots: 15,
  callsPerSecond: 18,
  mostAccountsPerRequest: 500,
  prune: false,
  mostDeletions: 5,
  mostDeletionsPercent: 20,
  permissionSetsPerInstance: 3500,
  permissionSetsPerAccount: 500,
  organizationEvents: false,
};
