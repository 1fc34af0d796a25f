import type { Account } from '../../../local/identity-center/organization';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import {
  createTestWorld,
  ended,
  INSTANCE,
  MANAGEMENT,
  ORGANIZATION,
  POWER_USER,
  READ_ONLY,
  refusal,
  type Output,
  type TestWorld,
} from './support';

const DEV = '444444444444';
const PROD = '333333333333';
const ALICE_IN_PROD = { account: 'prod', permissionSet: 'PowerUser', user: 'alice' };
const OWN = { name: 'Own', path: '/team/' };
const REFERENCE = { CustomerManagedPolicyReference: { Name: 'Own', Path: '/team/' } };
const MISSING = `Received a 404 status error: Not supported policy arn:aws:iam::${PROD}:policy/team/Own`;
/** A tenth of a second for everything, so that a test passes many operations. */
const QUICK = {
  createLatency: { kind: 'fixed', seconds: 0.1 },
  deleteLatency: { kind: 'fixed', seconds: 0.1 },
  provisionLatency: { kind: 'fixed', seconds: 0.1 },
  provisionLatencyPerAccount: { kind: 'fixed', seconds: 0 },
  requestsPerSecond: 'unlimited',
  outstandingAssignments: 'unlimited',
} as const satisfies Partial<SimulatorSettings>;

/** A world in which the account "prod" is as it is said. */
function worldWhere(prod: Partial<Account>, settings: Partial<SimulatorSettings> = {}): TestWorld {
  const accounts = ORGANIZATION.accounts.map((account) =>
    account.id === PROD ? { ...account, ...prod } : account,
  );
  return createTestWorld({ ...QUICK, ...settings }, 1, { ...ORGANIZATION, accounts });
}

/** Adds a policy, or the boundary, to the set that alice is to get. */
function change({ call }: TestWorld, operation: string, input: Output): Promise<Output> {
  return call(operation, { InstanceArn: INSTANCE, PermissionSetArn: POWER_USER, ...input });
}

const created = (world: TestWorld, named: Output = ALICE_IN_PROD, as?: string): Promise<Output> =>
  ended(world, 'create', world.start('create', named, as));

describe('a customer managed policy that the account does not have', () => {
  test('fails the create that would make the role, and one that is there does not (A15)', async () => {
    const without = worldWhere({ customerManagedPolicies: [{ name: 'Own', path: '/' }] });
    const having = worldWhere({ customerManagedPolicies: [OWN] });
    const attach = 'AttachCustomerManagedPolicyReferenceToPermissionSet';
    await change(without, attach, REFERENCE);
    await change(having, attach, REFERENCE);

    expect(await created(without)).toEqual({ status: 'FAILED', reason: MISSING });
    expect(without.rows()).not.toContain('prod/PowerUser/alice');
    expect(without.simulator.world.provisioning.find(PROD, POWER_USER)).toBeUndefined();
    expect(await created(having)).toEqual({ status: 'SUCCEEDED' });
  });

  test('fails as the permissions boundary as well (A15)', async () => {
    const world = worldWhere({ customerManagedPolicies: [] });
    await change(world, 'PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary: REFERENCE });

    expect(await created(world)).toEqual({ status: 'FAILED', reason: MISSING });
  });

  test('fails the provision that would give it to a role, which stays as it was (A15, P11)', async () => {
    const world = worldWhere({ customerManagedPolicies: [] });
    await created(world);
    await change(world, 'AttachCustomerManagedPolicyReferenceToPermissionSet', REFERENCE);
    const before = world.simulator.world.provisioning.find(PROD, POWER_USER);

    const ending = await ended(world, 'provision', world.provision(POWER_USER, PROD));

    expect(ending).toEqual({ status: 'FAILED', reason: MISSING });
    expect(world.simulator.world.provisioning.find(PROD, POWER_USER)).toEqual(before);
  });

  test('does not matter for a second assignment to a role that exists (A15)', async () => {
    const world = worldWhere({ customerManagedPolicies: [] });
    await created(world);
    await change(world, 'AttachCustomerManagedPolicyReferenceToPermissionSet', REFERENCE);

    expect(await created(world, { ...ALICE_IN_PROD, user: 'bob' })).toEqual({ status: 'SUCCEEDED' });
  });

  test.each([
    ['present', { status: 'SUCCEEDED' }],
    ['missing', { status: 'FAILED', reason: MISSING }],
  ] as const)('in an account without a list is %s by setting (A15)', async (unlisted, ending) => {
    const world = worldWhere({}, { unlistedCustomerPolicies: unlisted });
    await change(world, 'AttachCustomerManagedPolicyReferenceToPermissionSet', REFERENCE);

    expect(await created(world)).toEqual(ending);
  });

  test('can be made and deleted under way (A15)', async () => {
    const world = worldWhere({});
    await change(world, 'AttachCustomerManagedPolicyReferenceToPermissionSet', REFERENCE);
    const { accountPolicies } = world.simulator.world;

    accountPolicies.set(PROD, OWN, false);
    const without = await created(world);
    accountPolicies.set(PROD, OWN, true);

    expect(without).toEqual({ status: 'FAILED', reason: MISSING });
    expect(await created(world)).toEqual({ status: 'SUCCEEDED' });
  });
});

describe('an account that is full', () => {
  test('of roles fails what would make another, and nothing else (A16)', async () => {
    const world = worldWhere({ roleQuota: 10, otherRoles: 9 });
    const first = await created(world);

    expect(first).toEqual({ status: 'SUCCEEDED' });
    expect(await created(world, { ...ALICE_IN_PROD, permissionSet: 'ReadOnly' })).toEqual({
      status: 'FAILED',
      reason: 'Received a 409 status error: Cannot exceed quota for RolesPerAccount: 10',
    });
    expect(await created(world, { ...ALICE_IN_PROD, user: 'bob' })).toEqual({ status: 'SUCCEEDED' });
  });

  test('of roles by the setting, in the words of the setting (A16)', async () => {
    const world = worldWhere(
      { otherRoles: 3 },
      { roleQuota: 3, roleQuotaReason: '{account} has its {quota} roles' },
    );

    expect(await created(world)).toEqual({ status: 'FAILED', reason: `${PROD} has its 3 roles` });
  });

  test.each([
    ['2021', 50],
    ['2022', 50],
    ['2024', 250],
    ['before-newest', 500],
    ['newest', 500],
  ] as const)('of permission sets, in the edition %s %d (A17)', async (quotaVintage, most) => {
    const world = worldWhere({}, { quotaVintage, setsPerAccountReason: '{account}: {quota} sets' });
    const { world: state } = world.simulator;
    for (let index = 1; index < most; index += 1) {
      const set = state.sets.add({
        name: `Set-${index}`,
        sessionDuration: 'PT1H',
        tags: {},
        managedPolicies: [],
        customerManagedPolicies: [],
      });
      state.provision(PROD, set.arn);
    }

    expect(await created(world)).toEqual({ status: 'SUCCEEDED' });
    expect(await created(world, { ...ALICE_IN_PROD, permissionSet: 'ReadOnly' })).toEqual({
      status: 'FAILED',
      reason: `${PROD}: ${most} sets`,
    });
  });

  test('of policies for one role, which IAM lets it have, fails create and provision (A18)', async () => {
    const world = worldWhere({ policiesPerRole: 10 });
    const attach = (count: number): Promise<Output> =>
      change(world, 'AttachManagedPolicyToPermissionSet', {
        ManagedPolicyArn: `arn:aws:iam::aws:policy/Policy${count}`,
      });
    for (let count = 1; count <= 10; count += 1) await attach(count);
    const ten = await created(world);
    await attach(11);
    const reason = 'Received a 409 status error: Cannot exceed quota for PoliciesPerRole: 10';

    expect(ten).toEqual({ status: 'SUCCEEDED' });
    expect(await ended(world, 'provision', world.provision(POWER_USER, PROD))).toEqual({
      status: 'FAILED',
      reason,
    });
    // The other accounts have had the quota of IAM raised.
    expect(await created(world, { ...ALICE_IN_PROD, account: 'dev' })).toEqual({ status: 'SUCCEEDED' });
  });

  test('of policies for one role by the setting (A18)', async () => {
    const world = worldWhere({}, { policiesPerRole: 1, policiesPerRoleReason: '{quota} in {account}' });
    for (const name of ['One', 'Two'])
      await change(world, 'AttachManagedPolicyToPermissionSet', {
        ManagedPolicyArn: `arn:aws:iam::aws:policy/${name}`,
      });

    expect(await created(world)).toEqual({ status: 'FAILED', reason: `1 in ${PROD}` });
  });
});

describe('groups with one permission set in one account', () => {
  /** A hundred of them have it already. */
  function hundred(settings: Partial<SimulatorSettings> = {}): TestWorld {
    const world = worldWhere({}, settings);
    for (let index = 0; index < 100; index += 1)
      world.simulator.addAssignmentByHand({
        accountId: PROD,
        permissionSetArn: READ_ONLY,
        principalType: 'GROUP',
        principalId: `cccccccc-0000-4000-8000-${String(index).padStart(12, '0')}`,
      });
    return world;
  }
  const DEVELOPERS = { account: 'prod', permissionSet: 'ReadOnly', group: 'Developers' };

  test('are a hundred at most: the next one fails, and a user does not (A19)', async () => {
    const world = hundred();

    expect(await created(world, DEVELOPERS)).toEqual({
      status: 'FAILED',
      reason: 'Received a 409 status error: Cannot exceed quota for GroupsPerPermissionSet: 100',
    });
    expect(await created(world, { account: 'prod', permissionSet: 'ReadOnly', user: 'bob' })).toEqual({
      status: 'SUCCEEDED',
    });
  });

  test('by setting are refused at once (A19)', async () => {
    const error = await refusal(hundred({ groupOverflow: 'refused' }).start('create', DEVELOPERS));

    expect(error.code).toBe('ServiceQuotaExceededException');
  });

  test('one that has it already may be created again (A19)', async () => {
    const world = hundred();
    const input = {
      InstanceArn: INSTANCE,
      TargetId: PROD,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: READ_ONLY,
      PrincipalType: 'GROUP',
      PrincipalId: 'bbbbbbbb-0000-4000-8000-000000000001',
    };
    world.simulator.removeAssignmentByHand({
      accountId: PROD,
      permissionSetArn: READ_ONLY,
      principalType: 'GROUP',
      principalId: 'cccccccc-0000-4000-8000-000000000000',
    });

    expect(await created(world, input)).toEqual({ status: 'SUCCEEDED' });
    expect(await created(world, input)).toEqual({ status: 'SUCCEEDED' });
  });

  test('are not limited in older editions (A19)', async () => {
    expect(await created(hundred({ quotaVintage: 'before-newest' }), DEVELOPERS)).toEqual({
      status: 'SUCCEEDED',
    });
  });
});

describe('in the management account, a caller without rights in IAM', () => {
  const BREAK_GLASS_THERE = { account: 'management', permissionSet: 'BreakGlass', user: 'bob' };

  function worldOf(settings: Partial<SimulatorSettings> = {}): TestWorld {
    const callers = ORGANIZATION.callers.map((caller) =>
      caller.accessKeyId === 'root' ? { ...caller, iamInManagementAccount: 'denied' as const } : caller,
    );
    return createTestWorld({ ...QUICK, ...settings }, 1, { ...ORGANIZATION, callers });
  }

  test.each([
    ['iam:UpdateSAMLProvider', String.raw`saml-provider/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE`],
    ['iam:CreateSAMLProvider', String.raw`saml-provider/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE`],
    [
      'iam:ListRolePolicies',
      String.raw`role/aws-reserved/sso\.amazonaws\.com/AWSReservedSSO_BreakGlass_[0-9a-f]{16}`,
    ],
    ['iam:GetRole', String.raw`role/aws-reserved/sso\.amazonaws\.com/AWSReservedSSO_BreakGlass_[0-9a-f]{16}`],
  ] as const)('creates nothing, for want of %s (C9)', async (managementDeniedAction, resource) => {
    const world = worldOf({ managementDeniedAction });

    const { status, reason } = await created(world, BREAK_GLASS_THERE, 'root');

    const user = `arn:aws:sts::${MANAGEMENT}:assumed-role/Admin/root`;
    expect(status).toBe('FAILED');
    expect(reason).toMatch(
      new RegExp(
        String.raw`^Received a 403 status error: Access denied by IAM\. Please check your policy, or wait for role propagation to complete\. ` +
          `IAM Error: User: ${user} is not authorized to perform: ${managementDeniedAction} on resource: arn:aws:iam::${MANAGEMENT}:${resource} ` +
          String.raw`because no identity-based policy allows the ${managementDeniedAction} action \(Service: AmazonIdentityManagement; Status Code: 403; ` +
          String.raw`Error Code: AccessDenied; Request ID: [0-9a-f-]{36}; Proxy: null\)$`,
      ),
    );
    expect(world.rows()).not.toContain('management/BreakGlass/bob');
  });

  test('provisions nothing there, deletes as the service itself, and is free in other accounts (C9)', async () => {
    const world = worldOf();
    const standing = { account: 'management', permissionSet: 'BreakGlass', group: 'Operators' };
    const set = world.simulator.world.resolve(standing).permissionSetArn;

    const provision = await ended(world, 'provision', world.provision(set, MANAGEMENT, 'root'));
    const elsewhere = await created(world, { ...BREAK_GLASS_THERE, account: 'dev' }, 'root');
    const deletion = await ended(world, 'delete', world.start('delete', standing, 'root'));

    expect(provision.status).toBe('FAILED');
    expect(elsewhere).toEqual({ status: 'SUCCEEDED' });
    expect(deletion).toEqual({ status: 'SUCCEEDED' });
    expect(world.simulator.world.provisioning.find(DEV, set)).toBeDefined();
  });
});
