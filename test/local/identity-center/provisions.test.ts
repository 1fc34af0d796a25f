import {
  BREAK_GLASS,
  createTestWorld,
  HOST,
  INSTANCE,
  MANAGEMENT,
  POWER_USER,
  READ_ONLY,
  refusal,
  START,
  UNKNOWN_SET,
  type Output,
  type TestWorld,
} from './support';

const PROD = '333333333333';
const DEV = '444444444444';
const CLOSED = '555555555555';
const NOT_ASSIGNED = 'Received a 404 status error: Assignment not found.';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
/** Two seconds, and one for each account. */
const QUICK = { provisionLatency: fixed(2), provisionLatencyPerAccount: fixed(1) };

/** Accounts of a permission set that have, or have not, its latest version. */
async function accountsOf({ call }: TestWorld, set: string, which: 'latest' | 'stale'): Promise<unknown> {
  const output = await call('ListAccountsForProvisionedPermissionSet', {
    InstanceArn: INSTANCE,
    PermissionSetArn: set,
    ProvisioningStatus:
      which === 'latest' ? 'LATEST_PERMISSION_SET_PROVISIONED' : 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
  });
  return output.AccountIds;
}

/** Gives a permission set roles in accounts, as an assignment made by hand would. */
function assign({ simulator }: TestWorld, permissionSetArn: string, ...accountIds: string[]): void {
  for (const accountId of accountIds) {
    simulator.addAssignmentByHand({
      accountId,
      permissionSetArn,
      principalType: 'USER',
      principalId: 'aaaaaaaa-0000-4000-8000-000000000001',
    });
  }
}

describe('provisioning a permission set', () => {
  test.each([
    [
      'one account',
      { TargetType: 'AWS_ACCOUNT', TargetId: DEV },
      { AccountId: DEV, PermissionSetArn: READ_ONLY },
    ],
    ['all accounts', { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }, { PermissionSetArn: READ_ONLY }],
  ])('%s: the answer is in progress, with one id and without a date (P8, W2)', async (_, target, about) => {
    const { simulator } = createTestWorld();
    const [identityCenter] = simulator.services;

    const output = await identityCenter?.call({
      operation: 'ProvisionPermissionSet',
      input: { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY, ...target },
      requestId: '5f0e0001-0000-4000-8000-000000000001',
    });

    expect(JSON.parse(JSON.stringify(output))).toEqual({
      PermissionSetProvisioningStatus: {
        Status: 'IN_PROGRESS',
        RequestId: '5f0e0001-0000-4000-8000-000000000001',
        ...about,
      },
    });
  });

  test('it takes a time of its own and one for each account (P9)', async () => {
    const world = createTestWorld(QUICK);
    assign(world, READ_ONLY, PROD, HOST);

    const id = await world.provision(READ_ONLY);
    await world.pass(4.999);
    const before = await world.status('provision', id);
    await world.pass(0.001);

    expect(before).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await world.status('provision', id)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('by default it takes 2 to 5 s and 1 to 2 s for each account (P9)', async () => {
    const world = createTestWorld();
    assign(world, READ_ONLY, PROD, HOST);
    const took: number[] = [];
    world.simulator.onOperation(({ status, at }) => {
      if (status !== 'IN_PROGRESS') took.push((at - START) / 1000);
    });

    await world.provision(READ_ONLY);
    await world.pass(11);

    expect(took).toHaveLength(1);
    expect(took[0]).toBeGreaterThanOrEqual(5);
    expect(took[0]).toBeLessThanOrEqual(11);
  });

  test('a change makes accounts stale until a provision has ended (P10)', async () => {
    const world = createTestWorld(QUICK);
    assign(world, READ_ONLY, PROD);
    const roles = (): string[] =>
      [...world.simulator.world.provisioning.ofPermissionSet(READ_ONLY)].map(({ roleName }) => roleName);
    const before = roles();

    world.simulator.changePermissionSet(READ_ONLY);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([DEV, PROD]);
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([]);

    await world.provision(READ_ONLY, PROD);
    await world.pass(2.999);
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([]);
    await world.pass(0.001);
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([PROD]);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([DEV]);

    await world.provision(READ_ONLY);
    await world.pass(4);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([]);
    expect(roles()).toEqual(before);
  });

  test('the version is that of the end, also after a change under way (P10)', async () => {
    const world = createTestWorld(QUICK);
    world.simulator.changePermissionSet(READ_ONLY);

    await world.provision(READ_ONLY);
    await world.pass(1);
    world.simulator.changePermissionSet(READ_ONLY);
    await world.pass(2);

    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV]);
    expect(world.simulator.world.provisioning.find(DEV, READ_ONLY)?.version).toBe(3);
  });

  test('a first assignment gets the present version, a further one leaves the role as it is (P1, P10)', async () => {
    const world = createTestWorld({ createLatency: fixed(1) });
    world.simulator.changePermissionSet(READ_ONLY);

    await world.start('create', { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' });
    await world.start('create', { account: 'dev', permissionSet: 'ReadOnly', user: 'alice' });
    await world.pass(1);

    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([PROD]);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([DEV]);
  });

  test('a change does not concern other permission sets, and an unknown one is told (P10, F3)', async () => {
    const world = createTestWorld();

    expect(world.simulator.changePermissionSet(POWER_USER).version).toBe(2);
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV]);
    expect(() => world.simulator.changePermissionSet(UNKNOWN_SET)).toThrow('does not exist');
  });

  test('one account that fails makes the whole fail, and the others are up to date (P11, P12)', async () => {
    const world = createTestWorld(QUICK);
    assign(world, READ_ONLY, PROD, CLOSED, HOST);
    world.simulator.changePermissionSet(READ_ONLY);

    const id = await world.provision(READ_ONLY);
    await world.pass(6);

    expect(await world.status('provision', id)).toMatchObject({
      Status: 'FAILED',
      FailureReason: expect.stringContaining(`AWS account '${CLOSED}' takes longer than usual`) as string,
    });
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV, PROD, HOST]);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([CLOSED]);
  });

  test('of several reasons the first account tells its own (P11)', async () => {
    const world = createTestWorld({ ...QUICK, unknownAccountReason: 'no account {account}' });
    assign(world, READ_ONLY, '999999999998', '999999999999');

    const id = await world.provision(READ_ONLY);
    await world.pass(5);

    expect(await world.status('provision', id)).toMatchObject({ FailureReason: 'no account 999999999998' });
  });

  test.each([
    ['outside the organization', '999999999999', 'Received a 404 status error: Account 999999999999'],
    ['that is suspended', CLOSED, `AWS account '${CLOSED}' takes longer`],
  ])('an account %s fails (P12)', async (_, accountId, reason) => {
    const world = createTestWorld(QUICK);

    const id = await world.provision(READ_ONLY, accountId);
    await world.pass(3);

    expect(await world.status('provision', id)).toMatchObject({
      Status: 'FAILED',
      FailureReason: expect.stringContaining(reason) as string,
    });
  });

  test('a suspended account may instead hang the whole, which keeps its lock (P12)', async () => {
    const world = createTestWorld({ ...QUICK, inactiveAccount: 'hang' });
    assign(world, READ_ONLY, CLOSED);
    world.simulator.changePermissionSet(READ_ONLY);

    const id = await world.provision(READ_ONLY);
    await world.pass(3600);

    expect(await world.status('provision', id)).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV]);
    expect((await refusal(world.provision(READ_ONLY, DEV))).code).toBe('ConflictException');
  });

  test('an account without a role fails, or gets one (P13)', async () => {
    const strict = createTestWorld(QUICK);
    const generous = createTestWorld({ ...QUICK, unassignedProvision: 'make-role' });
    const run = async (world: TestWorld): Promise<Output> => {
      const id = await world.provision(READ_ONLY, PROD);
      await world.pass(3);
      return world.status('provision', id);
    };

    expect(await run(strict)).toMatchObject({ Status: 'FAILED', FailureReason: NOT_ASSIGNED });
    expect(await run(generous)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await accountsOf(strict, READ_ONLY, 'latest')).toEqual([DEV]);
    expect(await accountsOf(generous, READ_ONLY, 'latest')).toEqual([DEV, PROD]);
    expect(generous.rows().filter((row) => row.startsWith('prod/'))).toEqual([]);
  });

  test('an account whose last assignment goes meanwhile fails (P13, A11)', async () => {
    const world = createTestWorld(QUICK);
    assign(world, READ_ONLY, PROD);
    const [row] = world.simulator.assignments().filter(({ accountId }) => accountId === PROD);

    const id = await world.provision(READ_ONLY);
    if (row !== undefined) world.simulator.removeAssignmentByHand(row);
    await world.pass(4);

    expect(await world.status('provision', id)).toMatchObject({
      Status: 'FAILED',
      FailureReason: NOT_ASSIGNED,
    });
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV]);
  });

  test('all accounts of a set that nobody has succeed (P14)', async () => {
    const world = createTestWorld(QUICK);

    const id = await world.provision(POWER_USER);
    await world.pass(2);

    expect(await world.status('provision', id)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('all accounts are as many as the reach, the oldest first (P15)', async () => {
    const world = createTestWorld({ ...QUICK, provisionReach: 2 });
    assign(world, READ_ONLY, PROD, HOST);
    world.simulator.changePermissionSet(READ_ONLY);

    const id = await world.provision(READ_ONLY);
    await world.pass(4);

    expect(await world.status('provision', id)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV, PROD]);
    expect(await accountsOf(world, READ_ONLY, 'stale')).toEqual([HOST]);
  });

  test('one account needs its id, all accounts need none (P16)', async () => {
    const world = createTestWorld(QUICK);
    assign(world, READ_ONLY, PROD);
    world.simulator.changePermissionSet(READ_ONLY);
    const input = { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY };

    const error = await refusal(
      world.call('ProvisionPermissionSet', { ...input, TargetType: 'AWS_ACCOUNT' }),
    );
    await world.call('ProvisionPermissionSet', {
      ...input,
      TargetType: 'ALL_PROVISIONED_ACCOUNTS',
      TargetId: DEV,
    });
    await world.pass(4);

    expect([error.code, error.message]).toEqual([
      'ValidationException',
      'TargetId is required when TargetType is AWS_ACCOUNT',
    ]);
    expect(await accountsOf(world, READ_ONLY, 'latest')).toEqual([DEV, PROD]);
  });

  test.each([
    ['target type', { TargetType: 'ACCOUNT' }, "Value 'ACCOUNT' at 'targetType' failed to satisfy"],
    ['target', { TargetType: 'AWS_ACCOUNT', TargetId: '12' }, "Value '12' at 'targetId' failed to satisfy"],
    ['no target type', {}, "Value null at 'targetType' failed to satisfy"],
  ])('an ill-formed %s is refused (V1, V4)', async (_, target, message) => {
    const { call } = createTestWorld();

    const error = await refusal(
      call('ProvisionPermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: UNKNOWN_SET, ...target }),
    );

    expect(error.code).toBe('ValidationException');
    expect(error.message).toContain(message);
  });

  test('an unknown permission set is refused at once (A8)', async () => {
    const error = await refusal(createTestWorld().provision(UNKNOWN_SET));

    expect([error.code, error.message]).toEqual([
      'ResourceNotFoundException',
      'Could not find PermissionSet with id ps-0000000000000009',
    ]);
  });

  test('the delegate may not touch the management account, nor a set that is there (C7)', async () => {
    const world = createTestWorld();

    const account = await refusal(world.provision(READ_ONLY, MANAGEMENT, 'desk'));
    const setEverywhere = await refusal(world.provision(BREAK_GLASS, undefined, 'desk'));
    const setElsewhere = await refusal(world.provision(BREAK_GLASS, DEV, 'desk'));

    const who = `User: arn:aws:sts::${HOST}:assumed-role/ServiceDesk/night-shift`;
    const what = 'is not authorized to perform: sso:ProvisionPermissionSet on resource:';
    expect([account.code, account.message]).toEqual([
      'AccessDeniedException',
      `${who} ${what} arn:aws:sso:::account/${MANAGEMENT} with an explicit deny in a resource-based policy`,
    ]);
    expect(setEverywhere.message).toBe(`${who} ${what} ${BREAK_GLASS}`);
    expect(setElsewhere.message).toBe(`${who} ${what} ${BREAK_GLASS}`);
    await expect(world.provision(BREAK_GLASS, MANAGEMENT, 'root')).resolves.toEqual(expect.any(String));
  });
});
