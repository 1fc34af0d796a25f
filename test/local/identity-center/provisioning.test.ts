import {
  createTestWorld,
  INSTANCE,
  MANAGEMENT,
  POWER_USER,
  READ_ONLY,
  BREAK_GLASS,
  START,
  STORE,
} from './support';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const QUICK = { createLatency: fixed(1), deleteLatency: fixed(1) };
const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'bob' };
const PROD = '333333333333';

describe('provisioning', () => {
  test('the first assignment makes the role, a second one keeps it (P1, P2)', async () => {
    const { simulator, start, pass } = createTestWorld(QUICK);
    const role = (): string | undefined => simulator.world.provisioning.find(PROD, READ_ONLY)?.roleName;
    expect(role()).toBeUndefined();

    await start('create', ALICE_IN_PROD);
    await pass(1);
    const first = role();
    await start('create', BOB_IN_PROD);
    await pass(1);

    expect(first).toMatch(/^AWSReservedSSO_ReadOnly_[0-9a-f]{16}$/);
    expect(role()).toBe(first);
    expect(simulator.world.provisioning.find(PROD, READ_ONLY)?.version).toBe(1);
  });

  test('the last delete removes the role, and a new one has another suffix (P3)', async () => {
    const { simulator, start, pass } = createTestWorld(QUICK);
    const role = (): string | undefined => simulator.world.provisioning.find(PROD, READ_ONLY)?.roleName;
    const run = async (kind: 'create' | 'delete', named: typeof ALICE_IN_PROD): Promise<void> => {
      await start(kind, named);
      await pass(1);
    };
    await run('create', ALICE_IN_PROD);
    await run('create', BOB_IN_PROD);
    const first = role();

    await run('delete', ALICE_IN_PROD);
    const withOneLeft = role();
    await run('delete', BOB_IN_PROD);
    const withNone = role();
    await run('create', BOB_IN_PROD);

    expect(withOneLeft).toBe(first);
    expect(withNone).toBeUndefined();
    expect(role()).not.toBe(first);
  });

  test('a create that fails makes no role (P1)', async () => {
    const { simulator, start, pass } = createTestWorld(QUICK);

    await start('create', { account: 'closed', permissionSet: 'ReadOnly', user: 'alice' });
    await pass(1);

    expect(simulator.world.provisioning.find('555555555555', READ_ONLY)).toBeUndefined();
  });

  test('both lists say where roles are, by status (P4)', async () => {
    const { call } = createTestWorld();
    const inDev = (ProvisioningStatus?: string): Promise<unknown> =>
      call('ListPermissionSetsProvisionedToAccount', {
        InstanceArn: INSTANCE,
        AccountId: '444444444444',
        ...(ProvisioningStatus === undefined ? {} : { ProvisioningStatus }),
      });

    expect(await inDev()).toEqual({ PermissionSets: [READ_ONLY] });
    expect(await inDev('LATEST_PERMISSION_SET_PROVISIONED')).toEqual({ PermissionSets: [READ_ONLY] });
    expect(await inDev('LATEST_PERMISSION_SET_NOT_PROVISIONED')).toEqual({});
    expect(
      await call('ListAccountsForProvisionedPermissionSet', {
        InstanceArn: INSTANCE,
        PermissionSetArn: READ_ONLY,
      }),
    ).toEqual({ AccountIds: ['444444444444'] });
  });

  test('a suspended account stays in the list (P5)', async () => {
    const { call, simulator } = createTestWorld();
    simulator.setAccountState('444444444444', 'SUSPENDED');

    expect(
      await call('ListAccountsForProvisionedPermissionSet', {
        InstanceArn: INSTANCE,
        PermissionSetArn: READ_ONLY,
      }),
    ).toEqual({ AccountIds: ['444444444444'] });
  });

  test.each([
    ['never', { PermissionSets: [] }, { AccountIds: [] }],
    ['provisioned-sets', {}, { AccountIds: [] }],
    ['always', {}, {}],
  ] as const)('an empty list is left out: %s (W7)', async (omitEmptyLists, sets, accounts) => {
    const { call } = createTestWorld({ omitEmptyLists });

    expect(
      await call('ListPermissionSetsProvisionedToAccount', { InstanceArn: INSTANCE, AccountId: PROD }),
    ).toEqual(sets);
    expect(
      await call('ListAccountsForProvisionedPermissionSet', {
        InstanceArn: INSTANCE,
        PermissionSetArn: POWER_USER,
      }),
    ).toEqual(accounts);
  });

  test('permission sets are listed in pages and described as they were given (P6, W9)', async () => {
    const { call } = createTestWorld();

    const page = await call('ListPermissionSets', { InstanceArn: INSTANCE, MaxResults: 2 });
    const rest = await call('ListPermissionSets', { InstanceArn: INSTANCE, NextToken: page.NextToken });
    const described = await call('DescribePermissionSet', {
      InstanceArn: INSTANCE,
      PermissionSetArn: READ_ONLY,
    });

    expect(page.PermissionSets).toEqual([READ_ONLY, POWER_USER]);
    expect(rest).toEqual({ PermissionSets: [BREAK_GLASS] });
    expect(described).toEqual({
      PermissionSet: {
        Name: 'ReadOnly',
        PermissionSetArn: READ_ONLY,
        Description: 'Look',
        CreatedDate: START / 1000,
        SessionDuration: 'PT4H',
      },
    });
  });

  test('the one instance is listed and described (P7)', async () => {
    const { call } = createTestWorld();

    const instance = {
      InstanceArn: INSTANCE,
      IdentityStoreId: STORE,
      OwnerAccountId: MANAGEMENT,
      Name: 'test',
      CreatedDate: START / 1000,
      Status: 'ACTIVE',
    };
    expect(await call('ListInstances')).toEqual({ Instances: [instance] });
    expect(await call('DescribeInstance', { InstanceArn: INSTANCE })).toEqual({
      ...instance,
      EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' },
    });
  });
});
