import {
  ALICE_IN_PROD,
  CONFLICT,
  DEV,
  PROD,
  QUICK,
  ofSet,
  provisionedAccounts,
} from './reference-rows-support';
import {
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  createTestWorld,
  ended,
  refusal,
  type Output,
  type TestWorld,
} from './support';

const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const LATEST = 'LATEST_PERMISSION_SET_PROVISIONED';
const OUTDATED = 'LATEST_PERMISSION_SET_NOT_PROVISIONED';

const create = (world: TestWorld, input: Output): Promise<Output> =>
  world.call('CreatePermissionSet', { InstanceArn: INSTANCE, ...input });

async function described(world: TestWorld, permissionSetArn: string): Promise<Output> {
  const { PermissionSet: set } = await ofSet(world, permissionSetArn, 'DescribePermissionSet');
  return set as Output;
}

const attach = (world: TestWorld, permissionSetArn: string, policy = POLICY): Promise<Output> =>
  ofSet(world, permissionSetArn, 'AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: policy });

describe('permission sets', () => {
  test('row 14: a name is there once, and nothing renames', async () => {
    const world = createTestWorld(QUICK);

    expect(await refusal(create(world, { Name: 'ReadOnly' }))).toMatchObject({
      code: 'ConflictException',
      message: 'PermissionSet with name ReadOnly already exists.',
    });
    await ofSet(world, READ_ONLY, 'UpdatePermissionSet', { Name: 'Renamed', Description: 'new' });
    expect(await described(world, READ_ONLY)).toMatchObject({ Name: 'ReadOnly', Description: 'new' });
  });

  test('row 15: a set is deleted after its last role is gone, not after its last assignment was asked to go', async () => {
    const world = createTestWorld(QUICK);
    await ended(world, 'create', world.start('create', { ...ALICE_IN_PROD, permissionSet: 'PowerUser' }));
    const remove = (): Promise<Output> => ofSet(world, POWER_USER, 'DeletePermissionSet');

    const assigned = await refusal(remove());
    await world.start('delete', { ...ALICE_IN_PROD, permissionSet: 'PowerUser' });
    const underWay = await refusal(remove());
    await world.pass(1);

    for (const refused of [assigned, underWay]) {
      expect(refused.code).toBe('ConflictException');
      // The rest of the text is not known.
      expect(refused.message).toMatch(/^Could not delete bec/);
    }
    expect(await remove()).toEqual({});
    expect(await refusal(described(world, POWER_USER))).toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('row 21: an update without a relay state clears it', async () => {
    const world = createTestWorld(QUICK);

    await ofSet(world, POWER_USER, 'UpdatePermissionSet', { Description: 'More' });

    const { RelayState: relayState, Description: description } = await described(world, POWER_USER);
    expect({ relayState, description }).toEqual({ relayState: undefined, description: 'More' });
  });

  test.each([
    ['PT1H', 'PT1H'],
    ['PT8H', 'PT8H'],
    ['PT720M', 'PT720M'],
    [undefined, 'PT1H'],
  ])('row 30: a session duration of %s is answered as %s', async (given, answered) => {
    const world = createTestWorld(QUICK);

    const { PermissionSet: set } = await create(world, {
      Name: 'New',
      ...(given === undefined ? {} : { SessionDuration: given }),
    });

    expect((set as Output).SessionDuration).toBe(answered);
  });

  test.each(['PT59M', 'PT12H1S'])('row 30: a session duration of %s is refused', async (duration) => {
    const world = createTestWorld(QUICK);

    expect(await refusal(create(world, { Name: 'New', SessionDuration: duration }))).toMatchObject({
      code: 'ValidationException',
      message: `SessionDuration ${duration} is out of range: use a duration from PT1H to PT12H`,
    });
  });
});

describe('policies of permission sets', () => {
  test('row 16: a policy is attached once', async () => {
    const world = createTestWorld(QUICK);
    const reference = { CustomerManagedPolicyReference: { Name: 'Own' } };
    const attachOwn = (): Promise<Output> =>
      ofSet(world, READ_ONLY, 'AttachCustomerManagedPolicyReferenceToPermissionSet', reference);
    await attach(world, READ_ONLY);
    await attachOwn();

    expect(await refusal(attach(world, READ_ONLY))).toMatchObject({
      code: 'ConflictException',
      // The service spells it so.
      message: `Permission set with id ps-0000000000000001 already has a typed link attachment to a manged policy with ${POLICY}`,
    });
    expect(await refusal(attachOwn())).toMatchObject({
      code: 'ConflictException',
      message: 'Given customer managed policy with name: Own  and path / already attached',
    });
  });

  test('row 17: a policy that is not attached is not found', async () => {
    const world = createTestWorld(QUICK);

    const detach = ofSet(world, READ_ONLY, 'DetachManagedPolicyFromPermissionSet', {
      ManagedPolicyArn: POLICY,
    });

    expect(await refusal(detach)).toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Could not find ManagedPolicy with arn ${POLICY}`,
    });
  });

  test('row 18: attaching to two sets at a time is a conflict, and goes a little later', async () => {
    const world = createTestWorld({ ...QUICK, policyWriteSettles: { kind: 'fixed', seconds: 0.5 } });

    await attach(world, READ_ONLY);
    const met = await refusal(attach(world, POWER_USER));
    await world.pass(0.5);

    expect(met).toMatchObject(CONFLICT);
    expect(await attach(world, POWER_USER)).toEqual({});
  });

  test.each([
    ['empty-text', { InlinePolicy: '' }],
    ['absent', {}],
  ] as const)(
    'row 19: getting no inline policy answers it %s, and deleting none succeeds',
    async (how, answer) => {
      const world = createTestWorld({ ...QUICK, noInlinePolicy: how });

      expect(await ofSet(world, READ_ONLY, 'GetInlinePolicyForPermissionSet')).toEqual(answer);
      expect(await ofSet(world, READ_ONLY, 'DeleteInlinePolicyFromPermissionSet')).toEqual({});
    },
  );

  test('row 20: no permissions boundary is not found', async () => {
    const world = createTestWorld(QUICK);

    expect(await refusal(ofSet(world, READ_ONLY, 'GetPermissionsBoundaryForPermissionSet'))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Could not find PermissionsBoundary for PermissionSet with id ps-0000000000000001',
    });
  });
});

describe('what accounts get of a change', () => {
  const inlinePolicy = '{"Version":"2012-10-17","Statement":[]}';

  test.each([
    ['UpdatePermissionSet', { Description: 'More' }],
    ['AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: POLICY }],
    [
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      { CustomerManagedPolicyReference: { Name: 'Own' } },
    ],
    ['PutInlinePolicyToPermissionSet', { InlinePolicy: inlinePolicy }],
    ['PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary: { ManagedPolicyArn: POLICY } }],
  ])('row 22: %s leaves accounts behind until the set is provisioned', async (operation, input) => {
    const world = createTestWorld(QUICK);
    const roleName = world.simulator.world.provisioning.find(DEV, READ_ONLY)?.roleName;

    await ofSet(world, READ_ONLY, operation, input);
    const before = [
      await provisionedAccounts(world, READ_ONLY, LATEST),
      await provisionedAccounts(world, READ_ONLY, OUTDATED),
    ];
    await ended(world, 'provision', world.provision(READ_ONLY));

    expect(before).toEqual([[], [DEV]]);
    expect(await provisionedAccounts(world, READ_ONLY, LATEST)).toEqual([DEV]);
    expect(world.simulator.world.provisioning.find(DEV, READ_ONLY)?.roleName).toBe(roleName);
  });

  test('row 22: an assignment in one more account brings the latest there only', async () => {
    const world = createTestWorld(QUICK);
    await attach(world, READ_ONLY);

    await ended(world, 'create', world.start('create', ALICE_IN_PROD));

    expect(await provisionedAccounts(world, READ_ONLY, LATEST)).toEqual([PROD]);
    expect(await provisionedAccounts(world, READ_ONLY, OUTDATED)).toEqual([DEV]);
  });

  test('row 22: tags need no provisioning', async () => {
    const world = createTestWorld(QUICK);

    await world.call('TagResource', { ResourceArn: READ_ONLY, Tags: [{ Key: 'a', Value: 'b' }] });

    expect(await provisionedAccounts(world, READ_ONLY, LATEST)).toEqual([DEV]);
  });
});
