import { DEFAULT_SETTINGS } from '../../../local/identity-center/settings';
import {
  ALICE_IN_PROD,
  BOB_IN_DEV,
  CLOSED,
  DEV,
  OPERATORS,
  PROD,
  QUICK,
  ofSet,
  provisionedAccounts,
  worldWithNarrowCaller,
} from './reference-rows-support';
import {
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  STORE,
  UNKNOWN_ID,
  createTestWorld,
  ended,
  refusal,
  type TestWorld,
} from './support';

const LATEST = 'LATEST_PERMISSION_SET_PROVISIONED';
const NOT_ASSIGNED = 'Received a 404 status error: Assignment not found.';

const roleIn = (
  { simulator }: TestWorld,
  accountId: string,
  permissionSetArn = READ_ONLY,
): string | undefined => simulator.world.provisioning.find(accountId, permissionSetArn)?.roleName;

describe('provisioning', () => {
  test('row 23: provisioning all accounts of a set that has none succeeds', async () => {
    const world = createTestWorld(QUICK);

    expect(await ended(world, 'provision', world.provision(POWER_USER))).toEqual({ status: 'SUCCEEDED' });
  });

  test('row 24: one request id stands for all accounts, and fails as a whole if one of them does', async () => {
    const world = createTestWorld(QUICK);
    await ended(world, 'create', world.start('create', ALICE_IN_PROD));
    world.simulator.changePermissionSet(READ_ONLY);
    world.simulator.setAccountState(DEV, 'SUSPENDED');

    const requestId = await world.provision(READ_ONLY);
    await world.pass(1);
    const status = await world.status('provision', requestId);

    expect(status).toMatchObject({ Status: 'FAILED', RequestId: requestId, PermissionSetArn: READ_ONLY });
    expect(status.FailureReason).toContain(`your AWS account '${DEV}' takes longer`);
    expect(status.AccountId).toBeUndefined();
    expect(await provisionedAccounts(world, READ_ONLY, LATEST)).toEqual([PROD]);
    const listed = await world.call('ListPermissionSetProvisioningStatus', { InstanceArn: INSTANCE });
    expect(listed.PermissionSetsProvisioningStatus).toHaveLength(1);
  });

  test('row 24: the status of one account names it', async () => {
    const world = createTestWorld(QUICK);

    const requestId = await world.provision(READ_ONLY, DEV);

    expect(await world.status('provision', requestId)).toMatchObject({ AccountId: DEV });
  });

  test('row 25: provisioning where nothing is assigned fails, or makes the role', async () => {
    const failing = createTestWorld(QUICK);
    const making = createTestWorld({ ...QUICK, unassignedProvision: 'make-role' });

    expect(await ended(failing, 'provision', failing.provision(READ_ONLY, PROD))).toEqual({
      status: 'FAILED',
      reason: NOT_ASSIGNED,
    });
    expect(await ended(making, 'provision', making.provision(READ_ONLY, PROD))).toEqual({
      status: 'SUCCEEDED',
    });
    expect([roleIn(failing, PROD), roleIn(making, PROD)]).toEqual([undefined, expect.any(String)]);
  });

  test('row 26: three provisions are under way at most', async () => {
    const world = createTestWorld({ ...QUICK, unassignedProvision: 'make-role' });
    const accounts = [PROD, DEV, CLOSED];

    for (const accountId of accounts) await world.provision(READ_ONLY, accountId);
    const refused = await refusal(world.provision(POWER_USER, PROD));
    await world.pass(1);

    expect(refused).toMatchObject({
      code: 'ThrottlingException',
      message: 'There are too many requests processing. Please try again later.',
    });
    expect(await world.provision(POWER_USER, PROD)).toEqual(expect.any(String));
  });

  test('row 26: provisioning all accounts reaches 3,500 of them at most', async () => {
    const world = createTestWorld({ ...QUICK, provisionReach: 1 });
    await ended(world, 'create', world.start('create', ALICE_IN_PROD));
    world.simulator.changePermissionSet(READ_ONLY);

    await ended(world, 'provision', world.provision(READ_ONLY));

    expect(DEFAULT_SETTINGS.provisionReach).toBe(3500);
    expect(await provisionedAccounts(world, READ_ONLY, LATEST)).toEqual([DEV]);
  });

  test('row 27: the end of the last assignment ends the role, and the next role has other digits', async () => {
    const world = createTestWorld(QUICK);
    const before = roleIn(world, DEV);

    await ended(world, 'delete', world.start('delete', BOB_IN_DEV));
    const withOneLeft = roleIn(world, DEV);
    await ended(
      world,
      'delete',
      world.start('delete', { account: 'dev', permissionSet: 'ReadOnly', group: 'Developers' }),
    );
    const withNone = roleIn(world, DEV);
    await ended(world, 'create', world.start('create', BOB_IN_DEV));

    expect([withOneLeft, withNone]).toEqual([before, undefined]);
    expect(roleIn(world, DEV)).toMatch(/^AWSReservedSSO_ReadOnly_[0-9a-f]{16}$/);
    expect(roleIn(world, DEV)).not.toBe(before);
  });

  test('row 27: a role that was only provisioned stays', async () => {
    const world = createTestWorld({ ...QUICK, unassignedProvision: 'make-role' });
    await ended(world, 'provision', world.provision(READ_ONLY, PROD));

    await world.pass(86_400);

    expect(roleIn(world, PROD)).toEqual(expect.any(String));
  });

  test('row 28: a role is named after its set and sixteen hex digits', async () => {
    const world = createTestWorld(QUICK);

    await ended(world, 'create', world.start('create', { ...ALICE_IN_PROD, permissionSet: 'PowerUser' }));

    expect(roleIn(world, PROD, POWER_USER)).toMatch(/^AWSReservedSSO_PowerUser_[0-9a-f]{16}$/);
  });
});

describe('what stays behind', () => {
  test('row 29: assignments of a deleted group stay, and the group made again has another id', async () => {
    const world = createTestWorld(QUICK);
    await ended(
      world,
      'create',
      world.start('create', { account: 'dev', permissionSet: 'PowerUser', group: 'Operators' }),
    );

    await world.call('DeleteGroup', { IdentityStoreId: STORE, GroupId: OPERATORS });
    const described = await refusal(
      world.call('DescribeGroup', { IdentityStoreId: STORE, GroupId: OPERATORS }),
    );
    const again = await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'Operators' });

    expect(described).toMatchObject({ code: 'ResourceNotFoundException', message: 'GROUP not found.' });
    expect(again.GroupId).not.toBe(OPERATORS);
    expect(await ofSet(world, POWER_USER, 'ListAccountAssignments', { AccountId: DEV })).toEqual({
      AccountAssignments: [
        { AccountId: DEV, PermissionSetArn: POWER_USER, PrincipalType: 'GROUP', PrincipalId: OPERATORS },
      ],
    });
  });

  test('row 31: statuses are kept for ever or for a time, and the newest is listed first', async () => {
    const forever = createTestWorld(QUICK);
    const forgetting = createTestWorld({ ...QUICK, statusRetention: 60 });
    const ids: string[] = [];
    for (const world of [forever, forgetting]) {
      for (const permissionSet of ['ReadOnly', 'PowerUser'])
        ids.push(await world.start('create', { ...ALICE_IN_PROD, permissionSet }));
      await world.pass(86_400);
    }
    const [older = '', newer = '', forgotten = ''] = ids;
    const list = (world: TestWorld): Promise<unknown> =>
      world.call('ListAccountAssignmentCreationStatus', { InstanceArn: INSTANCE });

    expect(await list(forever)).toMatchObject({
      AccountAssignmentsCreationStatus: [{ RequestId: newer }, { RequestId: older }],
    });
    expect(await list(forgetting)).toEqual({ AccountAssignmentsCreationStatus: [] });
    expect(await refusal(forgetting.status('create', forgotten))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  test('row 32: lists may lag behind a success, and a status may not be known at first', async () => {
    const lag = { kind: 'fixed', seconds: 5 } as const;
    const world = createTestWorld({ ...QUICK, listLag: lag, describeLag: { kind: 'fixed', seconds: 0.5 } });
    const listed = async (): Promise<unknown> => {
      const answer = await ofSet(world, READ_ONLY, 'ListAccountAssignments', { AccountId: PROD });
      return answer.AccountAssignments;
    };

    const requestId = await world.start('create', ALICE_IN_PROD);
    const unknown = await refusal(world.status('create', requestId));
    await world.pass(1);
    const { Status: status } = await world.status('create', requestId);
    const atOnce = await listed();
    await world.pass(5);

    expect(unknown).toMatchObject({ code: 'ResourceNotFoundException' });
    expect([status, atOnce]).toEqual(['SUCCEEDED', []]);
    expect(await listed()).toHaveLength(1);
  });

  test.each(['create', 'delete', 'provision'] as const)(
    'row 33: the status of a %s that was never asked for is not found',
    async (kind) => {
      expect(await refusal(createTestWorld(QUICK).status(kind, UNKNOWN_ID))).toMatchObject({
        code: 'ResourceNotFoundException',
        message: `Could not find a request with id ${UNKNOWN_ID}`,
      });
    },
  );

  test('row 34: the assignments of a set that is not provisioned in the account are none, or not found', async () => {
    const list = (setting: 'empty' | 'not-found'): Promise<unknown> =>
      ofSet(createTestWorld({ ...QUICK, unprovisionedList: setting }), READ_ONLY, 'ListAccountAssignments', {
        AccountId: PROD,
      });

    expect(await list('empty')).toEqual({ AccountAssignments: [] });
    expect(await refusal(list('not-found'))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: `PermissionSet ${READ_ONLY} is not provisioned in account ${PROD}`,
    });
  });

  test('row 35: only creates in the management account take the rights of the caller', async () => {
    const world = worldWithNarrowCaller();
    const inManagement = { account: 'management', permissionSet: 'BreakGlass' };

    const created = await ended(
      world,
      'create',
      world.start('create', { ...inManagement, user: 'bob' }, 'narrow'),
    );
    const elsewhere = await ended(world, 'create', world.start('create', ALICE_IN_PROD, 'narrow'));
    const deleted = await ended(
      world,
      'delete',
      world.start('delete', { ...inManagement, group: 'Operators' }, 'narrow'),
    );

    expect([created, elsewhere, deleted]).toMatchObject([
      { status: 'FAILED' },
      { status: 'SUCCEEDED' },
      { status: 'SUCCEEDED' },
    ]);
  });
});
