import { ListingByPrincipalRefusedError } from '../../../core/ports/assignment-lister';
import { AdminCallError } from '../../../core/ports/permission-sets';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { SdkAssignmentLister } from '../../../lambdas/runtime/assignment-lister';
import { openSdkFront, type SdkFront } from '../../local/identity-center/sdk-front';
import { createTestWorld, INSTANCE, UNKNOWN_SET } from '../../local/identity-center/support';

describe('SdkAssignmentLister against the simulator', () => {
  const environment = process.env;
  let front: SdkFront;

  async function open(settings: Partial<SimulatorSettings> = {}) {
    // Time stands still: a rate would never let another call pass.
    const world = createTestWorld({ requestsPerSecond: 'unlimited', ...settings });
    front = await openSdkFront(world.simulator.services);
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: front.config.endpoint,
      AWS_REGION: front.config.region,
      AWS_ACCESS_KEY_ID: front.config.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 's',
    };
    let turns = 0;
    const { identityStoreId } = world.simulator.world;
    const lister = new SdkAssignmentLister({ instanceArn: INSTANCE, identityStoreId }, () => {
      turns += 1;
      return Promise.resolve();
    });
    return { lister, turns: () => turns };
  }

  afterEach(async () => {
    process.env = environment;
    await front.close();
  });

  test('is refused by principal for the delegated administrator, as the simulator does by default', async () => {
    const { lister } = await open();
    const [group] = await lister.groups();

    await expect(lister.ofPrincipal('GROUP', group?.id ?? '')).rejects.toBeInstanceOf(
      ListingByPrincipalRefusedError,
    );
  });

  test('finds by principal what it finds by provisioned pair, where that is allowed', async () => {
    const { lister, turns } = await open({ listForPrincipalByDelegatedAdmin: 'allowed' });
    const byPair = new Set<string>();
    const principals = new Map<string, 'USER' | 'GROUP'>();
    for (const permissionSetArn of await lister.permissionSets())
      for (const accountId of await lister.accountsOf(permissionSetArn))
        for (const { principalType, principalId } of await lister.assignees({
          accountId,
          permissionSetArn,
        })) {
          principals.set(principalId, principalType);
          byPair.add(`${principalId} ${accountId} ${permissionSetArn}`);
        }

    const byPrincipal = new Set<string>();
    for (const [id, type] of principals)
      for (const { accountId, permissionSetArn } of await lister.ofPrincipal(type, id))
        byPrincipal.add(`${id} ${accountId} ${permissionSetArn}`);

    expect(byPair.size).toBeGreaterThan(0);
    expect(byPrincipal).toEqual(byPair);
    expect(turns()).toBeGreaterThan(0);
  });

  test('finds nobody and no account where a set is gone, and no name', async () => {
    const { lister } = await open();

    await expect(lister.accountsOf(UNKNOWN_SET)).resolves.toEqual([]);
    await expect(
      lister.assignees({ accountId: '111122223333', permissionSetArn: UNKNOWN_SET }),
    ).resolves.toEqual([]);
    await expect(lister.nameOf(UNKNOWN_SET)).resolves.toBeUndefined();
  });

  test('ends with the error of the page that breaks off', async () => {
    const { lister } = await open();

    await expect(lister.ofPrincipal('GROUP', 'not an id')).rejects.toBeInstanceOf(AdminCallError);
  });
});
