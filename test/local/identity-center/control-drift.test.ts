import { createControlWorld, type ControlWorld } from './control-world';
import { HOST, INSTANCE, POWER_USER, READ_ONLY, STORE, refusal, type Output } from './support';

const PROD = '333333333333';
const DEV = '444444444444';
const BOB = 'aaaaaaaa-0000-4000-8000-000000000002';
const DEVELOPERS = 'bbbbbbbb-0000-4000-8000-000000000001';

const ofSet = (world: ControlWorld, operation: string, arn = READ_ONLY): Promise<Output> =>
  world.call(operation, { InstanceArn: INSTANCE, PermissionSetArn: arn });

/** Accounts whose role of the set is not up to date. */
async function outdated(world: ControlWorld): Promise<unknown> {
  const { AccountIds: ids } = await world.call('ListAccountsForProvisionedPermissionSet', {
    InstanceArn: INSTANCE,
    PermissionSetArn: READ_ONLY,
    ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
  });
  return ids;
}

describe('a permission set that is edited in the console', () => {
  test('is what the edit says, and its accounts are out of date (F13)', async () => {
    const world = createControlWorld();
    const inlinePolicy = { Version: '2012-10-17', Statement: [] };

    const answer = world.post('permission-sets', {
      change: 'ReadOnly',
      description: 'Look closer',
      sessionDuration: 'PT8H',
      relayState: 'https://example.com/logs',
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      customerManagedPolicies: [{ name: 'Own' }],
      inlinePolicy,
    });

    expect(answer).toEqual({ permissionSet: { arn: READ_ONLY, name: 'ReadOnly', version: 2 } });
    expect((await ofSet(world, 'DescribePermissionSet')).PermissionSet).toMatchObject({
      Description: 'Look closer',
      SessionDuration: 'PT8H',
      RelayState: 'https://example.com/logs',
    });
    expect(await ofSet(world, 'ListManagedPoliciesInPermissionSet')).toMatchObject({
      AttachedManagedPolicies: [{ Arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    });
    expect(await ofSet(world, 'ListCustomerManagedPolicyReferencesInPermissionSet')).toEqual({
      CustomerManagedPolicyReferences: [{ Name: 'Own', Path: '/' }],
    });
    expect(await ofSet(world, 'GetInlinePolicyForPermissionSet')).toEqual({
      InlinePolicy: JSON.stringify(inlinePolicy),
    });
    expect(await outdated(world)).toEqual([DEV]);
  });

  test('is provisioned again at once where the edit says so (F13)', async () => {
    const world = createControlWorld();

    world.post('permission-sets', { change: 'ReadOnly', description: 'Look closer', provision: true });

    expect(await outdated(world)).toEqual([]);
    expect(world.simulator.world.provisioning.find(DEV, READ_ONLY)?.version).toBe(2);
  });

  test('loses what the edit says is null, and keeps what it does not name (F13)', async () => {
    const world = createControlWorld();

    world.post('permission-sets', { change: 'PowerUser', relayState: null });

    const { PermissionSet: set } = await ofSet(world, 'DescribePermissionSet', POWER_USER);
    expect(set).toMatchObject({ Name: 'PowerUser', SessionDuration: 'PT1H' });
    expect((set as Output).RelayState).toBeUndefined();
  });

  test.each([
    [{ change: 'Nobody' }, 'change is "Nobody": names nothing in the organization'],
    [{ change: 'ReadOnly', sessionDuration: 'PT13H' }, 'sessionDuration is "PT13H": use whole hours'],
    [{ change: 'ReadOnly', managedPolicies: ['x'] }, 'managedPolicies[0] is "x": use ARNs'],
    [{ change: 'ReadOnly', inlinePolicy: 7 }, 'inlinePolicy is 7 (a number): use a policy document'],
    [{ change: 'ReadOnly', provision: 'yes' }, 'provision is "yes": use true'],
    [{ change: 'ReadOnly', descripton: 'x' }, 'descripton is "x": did you mean description?'],
    [{ provision: 'ReadOnly' }, 'account is missing: use the id or the name of an account'],
    [{ provision: 'ReadOnly', account: 'moon' }, 'account is "moon": names nothing'],
    [{ provision: 'Nobody', account: 'dev' }, 'provision is "Nobody": names nothing'],
  ])('is not by %j (F13)', (body, message) => {
    const world = createControlWorld();

    expect(world.refused('permission-sets', body)).toContain(message);
    expect(world.simulator.world.permissionSet(READ_ONLY)?.version).toBe(1);
  });

  test('gets a role in an account without an assignment (F13)', async () => {
    const world = createControlWorld();

    const answer = world.post('permission-sets', { provision: 'ReadOnly', account: 'prod' });

    expect(answer.role).toMatchObject({
      account: { id: PROD, name: 'prod' },
      permissionSet: 'ReadOnly',
      version: 1,
    });
    expect(await ofSet(world, 'ListAccountsForProvisionedPermissionSet')).toEqual({
      AccountIds: [DEV, PROD],
    });
    expect(
      await world.call('ListAccountAssignments', {
        InstanceArn: INSTANCE,
        AccountId: PROD,
        PermissionSetArn: READ_ONLY,
      }),
    ).toEqual({ AccountAssignments: [] });
  });
});

describe('a principal that is deleted by hand', () => {
  test.each([
    [{ user: 'bob' }, 'USER', BOB, 'DescribeUser', 'UserId'],
    [{ group: 'Developers' }, 'GROUP', DEVELOPERS, 'DescribeGroup', 'GroupId'],
  ])('leaves its assignments behind: %j (F13)', async (named, principalType, id, describeIt, key) => {
    const world = createControlWorld();

    const answer = world.post('principals', { delete: named });

    expect(answer).toEqual({ deleted: { principalType, id }, orphans: 1 });
    expect(await refusal(world.call(describeIt, { IdentityStoreId: STORE, [key]: id }))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(world.rows()).toContain(`dev/ReadOnly/${id}`);
  });

  test.each([
    [{ delete: { user: 'nobody' } }, 'delete.user is "nobody": names nothing in the organization'],
    [{ delete: { group: 'Nobody' } }, 'delete.group is "Nobody": names nothing in the organization'],
    [{ delete: { user: 'bob', group: 'Developers' } }, 'delete is a map: use either {"user"'],
    [{ delete: {} }, 'delete is a map: use either {"user"'],
    [{}, 'delete is missing: use either {"user"'],
  ])('is not by %j (F13)', (body, message) => {
    const world = createControlWorld();

    expect(world.refused('principals', body)).toContain(message);
    expect([world.simulator.world.users().length, world.simulator.world.groups().length]).toEqual([3, 2]);
  });
});

describe('a customer managed policy that is made or deleted by hand', () => {
  test('decides how the next create there ends (A15, F13)', async () => {
    const world = createControlWorld();
    world.post('permission-sets', {
      change: 'PowerUser',
      customerManagedPolicies: [{ name: 'Own', path: '/team/' }],
    });
    const policy = { name: 'Own', path: '/team/' };
    const created = async (): Promise<unknown> => {
      const id = await world.start('create', { account: 'prod', permissionSet: 'PowerUser', user: 'bob' });
      await world.pass(60);
      return (await world.status('create', id)).Status;
    };

    const answer = world.post('accounts', { account: 'prod', customerManagedPolicies: { remove: policy } });
    const without = await created();
    world.post('accounts', { account: 'prod', customerManagedPolicies: { add: policy } });

    expect(answer).toEqual({ account: { id: PROD, name: 'prod', state: 'ACTIVE' } });
    expect([without, await created()]).toEqual(['FAILED', 'SUCCEEDED']);
  });

  test.each([
    [{ account: 'prod' }, 'state is missing: use one of'],
    [{ account: 'prod', customerManagedPolicies: {} }, 'customerManagedPolicies is a map: use {"add"'],
    [
      { account: 'prod', customerManagedPolicies: { add: { name: 'a', path: 'b' } } },
      'customerManagedPolicies.add.path is "b": use "/"',
    ],
  ])('is not by %j (F13)', (body, message) => {
    expect(createControlWorld().refused('accounts', body)).toContain(message);
  });
});

describe('AWS Control Tower', () => {
  const where = (world: ControlWorld, permissionSet: string): string[] =>
    world
      .rows()
      .filter((row) => row.split('/')[1] === permissionSet)
      .map((row) =>
        row
          .split('/')
          .filter((_, index) => index !== 1)
          .join(' '),
      )
      .sort();

  test('makes its own permission sets, groups, and assignments in every active account (F13)', () => {
    const world = createControlWorld();

    const answer = world.post('control-tower', { logArchive: 'dev', audit: HOST });

    // The account that is suspended gets nothing.
    expect(answer).toEqual({ made: { permissionSets: 6, groups: 8, assignments: 19 } });
    expect(where(world, 'AWSReadOnlyAccess')).toEqual([
      'dev AWSLogArchiveViewers',
      'dev AWSSecurityAuditors',
      'host AWSSecurityAuditors',
      'management AWSSecurityAuditors',
      'prod AWSSecurityAuditors',
    ]);
    expect(where(world, 'AWSAdministratorAccess')).toEqual([
      'dev AWSControlTowerAdmins',
      'dev AWSLogArchiveAdmins',
      'host AWSAuditAccountAdmins',
      'host AWSControlTowerAdmins',
      'management AWSControlTowerAdmins',
    ]);
    expect(where(world, 'AWSOrganizationsFullAccess')).toEqual([
      'dev AWSControlTowerAdmins',
      'host AWSControlTowerAdmins',
      'prod AWSControlTowerAdmins',
    ]);
    expect(where(world, 'AWSServiceCatalogAdminFullAccess')).toEqual(['management AWSServiceCatalogAdmins']);
    expect(where(world, 'AWSServiceCatalogEndUserAccess')).toEqual(['management AWSAccountFactory']);
  });

  test('makes nothing twice (F13)', () => {
    const world = createControlWorld();
    world.post('control-tower', {});
    const before = world.rows();

    expect(world.post('control-tower', {})).toEqual({
      made: { permissionSets: 0, groups: 0, assignments: 0 },
    });
    expect(world.rows()).toEqual(before);
  });

  test('has sets in the management account, which the delegated administrator may not touch (C4, F13)', async () => {
    const world = createControlWorld();

    world.post('control-tower', {});
    const create = world.start('create', { account: 'dev', permissionSet: 'AWSReadOnlyAccess', user: 'bob' });

    expect(await refusal(create)).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('is told an account that does not exist (F13)', () => {
    expect(createControlWorld().refused('control-tower', { audit: 'moon' })).toContain(
      'audit is "moon": names nothing in the organization',
    );
  });
});
