import {
  ALICE,
  ALICE_IN_PROD,
  BOB_IN_DEV,
  CLOSED,
  CONFLICT,
  DELEGATE,
  DEV,
  PROD,
  QUICK,
  ofSet,
  worldWithNarrowCaller,
} from './reference-rows-support';
import {
  BREAK_GLASS,
  MANAGEMENT,
  READ_ONLY,
  STORE,
  UNKNOWN_ID,
  UNKNOWN_SET,
  assignmentInput,
  createTestWorld,
  ended,
  refusal,
} from './support';

const BREAK_GLASS_IN_MANAGEMENT = { account: 'management', permissionSet: 'BreakGlass', group: 'Operators' };

describe('creating and deleting assignments', () => {
  test('row 1: creating what exists is accepted, succeeds, and makes no second row', async () => {
    const world = createTestWorld(QUICK);
    const before = world.rows();

    const first = await world.start('create', BOB_IN_DEV);
    await world.pass(1);
    const second = await world.start('create', BOB_IN_DEV);
    await world.pass(1);

    expect(second).not.toBe(first);
    expect(await world.status('create', second)).toMatchObject({ Status: 'SUCCEEDED', RequestId: second });
    expect(world.rows()).toEqual(before);
  });

  test('row 2: deleting what does not exist is accepted, and fails later', async () => {
    const world = createTestWorld(QUICK);

    expect(await ended(world, 'delete', world.start('delete', ALICE_IN_PROD))).toEqual({
      status: 'FAILED',
      reason:
        "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key " +
        `EntitlementKey{accessorId=AccessorId{value=${ALICE}}, resourceId=ResourceId{value=${PROD}}, ` +
        'auxiliaryResourceId=AuxiliaryResourceId{value=ps-0000000000000001}, ' +
        'containerId=ContainerId{value=ssoins-1111222233334444}}',
    });
  });

  test.each(['GROUP', 'USER'])('row 3: a %s that nobody is fails later', async (type) => {
    const world = createTestWorld(QUICK);
    const input = { ...assignmentInput(ALICE_IN_PROD), PrincipalType: type, PrincipalId: UNKNOWN_ID };

    expect(await ended(world, 'create', world.start('create', input))).toEqual({
      status: 'FAILED',
      reason: `Received a 404 status error: the ${type} assignee ${UNKNOWN_ID} was not found in directory ${STORE}.`,
    });
  });

  test('row 4: an account outside the organization is no error of the call', async () => {
    const world = createTestWorld({ ...QUICK, unknownAccountReason: 'no {account} here' });
    const input = { ...assignmentInput(ALICE_IN_PROD), TargetId: '999999999999' };

    expect(await ended(world, 'create', world.start('create', input))).toEqual({
      status: 'FAILED',
      reason: 'no 999999999999 here',
    });
  });

  test('row 5: in a suspended account it fails later, or hangs and is in the way of the next', async () => {
    const inClosed = { ...ALICE_IN_PROD, account: 'closed' };
    const failing = createTestWorld(QUICK);
    const hanging = createTestWorld({ ...QUICK, inactiveAccount: 'hang' });

    expect(await ended(failing, 'create', failing.start('create', inClosed))).toEqual({
      status: 'FAILED',
      reason:
        'AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account ' +
        `'${CLOSED}' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.`,
    });
    expect(await ended(hanging, 'create', hanging.start('create', inClosed))).toEqual({
      status: 'IN_PROGRESS',
    });
    await hanging.pass(86_400);
    expect(await refusal(hanging.start('create', inClosed))).toMatchObject(CONFLICT);
  });

  test('row 5: an account that is suspended stays among those that have the role', async () => {
    const world = createTestWorld(QUICK);

    world.simulator.setAccountState(DEV, 'SUSPENDED');

    expect(await ofSet(world, READ_ONLY, 'ListAccountsForProvisionedPermissionSet')).toEqual({
      AccountIds: [DEV],
    });
  });

  test('row 6: a permission set that does not exist is refused at once', async () => {
    const world = createTestWorld(QUICK);
    const input = { ...assignmentInput(ALICE_IN_PROD), PermissionSetArn: UNKNOWN_SET };

    for (const kind of ['create', 'delete'] as const)
      expect(await refusal(world.start(kind, input))).toMatchObject({
        code: 'ResourceNotFoundException',
        message: 'Could not find PermissionSet with id ps-0000000000000009',
      });
  });

  test('row 7: a customer managed policy that the account has not makes it fail later', async () => {
    const world = createTestWorld({ ...QUICK, unlistedCustomerPolicies: 'missing' });
    const CustomerManagedPolicyReference = { Name: 'Baseline', Path: '/team/' };
    await ofSet(world, READ_ONLY, 'AttachCustomerManagedPolicyReferenceToPermissionSet', {
      CustomerManagedPolicyReference,
    });

    expect(await ended(world, 'create', world.start('create', ALICE_IN_PROD))).toEqual({
      status: 'FAILED',
      reason: `Received a 404 status error: Not supported policy arn:aws:iam::${PROD}:policy/team/Baseline`,
    });
  });

  test('row 8: an account that has all the roles it may have makes it fail later', async () => {
    const world = createTestWorld({ ...QUICK, roleQuota: 0, roleQuotaReason: 'full: {account}, {quota}' });

    expect(await ended(world, 'create', world.start('create', ALICE_IN_PROD))).toEqual({
      status: 'FAILED',
      reason: `full: ${PROD}, 0`,
    });
    expect(world.rows()).not.toContain('prod/ReadOnly/alice');
  });
});

describe('who may do it', () => {
  test('row 9: in the management account a caller without rights in IAM is told so later', async () => {
    const world = worldWithNarrowCaller();

    const requestId = await world.start('create', { ...ALICE_IN_PROD, account: 'management' }, 'narrow');
    await world.pass(1);
    const { Status: status, FailureReason: reason } = await world.status('create', requestId);

    const provider = /saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE/.exec(String(reason))?.[0];
    expect(status).toBe('FAILED');
    expect(reason).toBe(
      'Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to ' +
        `complete. IAM Error: User: arn:aws:sts::${MANAGEMENT}:assumed-role/Narrow/night is not authorized to perform: ` +
        `iam:UpdateSAMLProvider on resource: arn:aws:iam::${MANAGEMENT}:${provider} because no identity-based policy ` +
        'allows the iam:UpdateSAMLProvider action (Service: AmazonIdentityManagement; Status Code: 403; ' +
        `Error Code: AccessDenied; Request ID: ${requestId}; Proxy: null)`,
    );
  });

  test.each([
    ['create', 'Create', BREAK_GLASS_IN_MANAGEMENT],
    ['delete', 'Delete', BREAK_GLASS_IN_MANAGEMENT],
    ['delete', 'Delete', { ...ALICE_IN_PROD, account: 'management' }],
  ] as const)(
    'row 10: the delegated administrator may not %s in the management account, whether or not it is there',
    async (kind, verb, named) => {
      const world = createTestWorld(QUICK);

      expect(await refusal(world.start(kind, named))).toMatchObject({
        code: 'AccessDeniedException',
        statusCode: 400,
        message:
          `User: ${DELEGATE} is not authorized to perform: sso:${verb}AccountAssignment on resource: ` +
          `arn:aws:sso:::account/${MANAGEMENT} with an explicit deny in a resource-based policy`,
      });
    },
  );

  test('row 10: the management account itself may', async () => {
    const world = createTestWorld(QUICK);

    expect(await ended(world, 'delete', world.start('delete', BREAK_GLASS_IN_MANAGEMENT, 'root'))).toEqual({
      status: 'SUCCEEDED',
    });
  });

  test('row 11: the delegated administrator may not use a set that the management account has', async () => {
    const world = createTestWorld(QUICK);
    const assign = { ...ALICE_IN_PROD, permissionSet: 'BreakGlass' };
    const ManagedPolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['CreateAccountAssignment', () => world.start('create', assign)],
      ['ProvisionPermissionSet', () => world.provision(BREAK_GLASS)],
      ['UpdatePermissionSet', () => ofSet(world, BREAK_GLASS, 'UpdatePermissionSet', { Description: 'x' })],
      [
        'AttachManagedPolicyToPermissionSet',
        () => ofSet(world, BREAK_GLASS, 'AttachManagedPolicyToPermissionSet', { ManagedPolicyArn }),
      ],
      ['DeletePermissionSet', () => ofSet(world, BREAK_GLASS, 'DeletePermissionSet')],
    ];

    for (const [operation, refused] of calls)
      expect(await refusal(refused())).toMatchObject({
        code: 'AccessDeniedException',
        statusCode: 400,
        message: `User: ${DELEGATE} is not authorized to perform: sso:${operation} on resource: ${BREAK_GLASS}`,
      });
  });
});

describe('operations that meet', () => {
  test('row 12: of two creates of one assignment one wins, and a delete right after meets it', async () => {
    const world = createTestWorld(QUICK);

    const won = await world.start('create', ALICE_IN_PROD);
    const lost = await refusal(world.start('create', ALICE_IN_PROD));
    const deleted = await refusal(world.start('delete', ALICE_IN_PROD));
    const otherPrincipal = await refusal(world.start('create', { ...ALICE_IN_PROD, user: 'bob' }));
    await world.pass(1);

    expect(await world.status('create', won)).toMatchObject({ Status: 'SUCCEEDED' });
    for (const refused of [lost, deleted, otherPrincipal]) expect(refused).toMatchObject(CONFLICT);
  });

  test('row 12: a create meets the delete and the provision before it', async () => {
    const world = createTestWorld(QUICK);

    await world.start('delete', BOB_IN_DEV);
    const afterDelete = await refusal(world.start('create', BOB_IN_DEV));
    await world.pass(1);
    await world.provision(READ_ONLY, DEV);

    expect(afterDelete).toMatchObject(CONFLICT);
    expect(await refusal(world.start('create', BOB_IN_DEV))).toMatchObject(CONFLICT);
  });

  test('row 12: different permission sets of one account do not meet', async () => {
    const world = createTestWorld(QUICK);

    await world.start('create', ALICE_IN_PROD);

    expect(
      await ended(world, 'create', world.start('create', { ...ALICE_IN_PROD, permissionSet: 'PowerUser' })),
    ).toEqual({ status: 'SUCCEEDED' });
  });

  test('row 13: what was a conflict is accepted when it is tried again later', async () => {
    const world = createTestWorld(QUICK);
    await world.start('create', ALICE_IN_PROD);
    expect(await refusal(world.start('delete', ALICE_IN_PROD))).toMatchObject(CONFLICT);

    await world.pass(1);

    expect(await ended(world, 'delete', world.start('delete', ALICE_IN_PROD))).toEqual({
      status: 'SUCCEEDED',
    });
    expect(world.rows()).not.toContain('prod/ReadOnly/alice');
  });
});
