import {
  assignmentInput,
  BREAK_GLASS,
  createTestWorld,
  HOST,
  INSTANCE,
  MANAGEMENT,
  READ_ONLY,
  refusal,
  UNKNOWN_SET,
} from './support';

const IN_MANAGEMENT = {
  ...assignmentInput({ account: 'management', permissionSet: 'ReadOnly', user: 'alice' }),
};
const BREAK_GLASS_IN_PROD = assignmentInput({ account: 'prod', permissionSet: 'BreakGlass', user: 'alice' });
const OPERATIONS = ['CreateAccountAssignment', 'DeleteAccountAssignment'];

describe('callers', () => {
  test('the access key says whose session it is, without the path of the role (C1)', () => {
    const { world } = createTestWorld().simulator;

    expect(world.caller('desk')).toEqual({
      accountId: HOST,
      arn: `arn:aws:sts::${HOST}:assumed-role/ServiceDesk/night-shift`,
      kind: 'delegated-admin',
      iamInManagementAccount: 'allowed',
    });
    expect(world.caller('root').kind).toBe('management');
    expect(world.caller('member').kind).toBe('member');
  });

  test('an unlisted key, or none, administers from the delegated account (C1)', () => {
    const { world } = createTestWorld().simulator;

    expect(world.caller('AKIAIOSFODNN7EXAMPLE')).toMatchObject({ accountId: HOST, kind: 'delegated-admin' });
    expect(world.caller(undefined)).toMatchObject({ accountId: HOST, kind: 'delegated-admin' });
  });

  test.each(['ListInstances', 'ListUsers', 'ListAccounts'])(
    'another account may not call %s (C2)',
    async (operation) => {
      const { call } = createTestWorld();

      const error = await refusal(
        call(operation, operation === 'ListUsers' ? { IdentityStoreId: 'd-1234567890' } : {}, 'member'),
      );

      expect(error.code).toBe('AccessDeniedException');
    },
  );

  test.each(OPERATIONS)(
    'the delegate may not %s in the management account, existing or not (C3)',
    async (operation) => {
      const { call } = createTestWorld();

      const error = await refusal(
        call(operation, { ...IN_MANAGEMENT, PermissionSetArn: UNKNOWN_SET }, 'desk'),
      );

      expect(error.code).toBe('AccessDeniedException');
      expect(error.message).toBe(
        `User: arn:aws:sts::${HOST}:assumed-role/ServiceDesk/night-shift is not authorized to perform: sso:${operation} ` +
          `on resource: arn:aws:sso:::account/${MANAGEMENT} with an explicit deny in a resource-based policy`,
      );
    },
  );

  test('the delegate may not use a set that is provisioned in the management account (C4)', async () => {
    const { call } = createTestWorld();

    const error = await refusal(call('CreateAccountAssignment', BREAK_GLASS_IN_PROD, 'desk'));

    expect([error.code, error.statusCode]).toEqual(['AccessDeniedException', 400]);
    expect(error.message).toMatch(
      new RegExp(`not authorized to perform: sso:CreateAccountAssignment on resource: ${BREAK_GLASS}$`),
    );
  });

  test('the same holds for deleting one, unless set otherwise (C5)', async () => {
    const error = await refusal(createTestWorld().call('DeleteAccountAssignment', BREAK_GLASS_IN_PROD));
    const allowed = createTestWorld({ deleteOfManagementSet: 'allowed' });

    expect(error.code).toBe('AccessDeniedException');
    await expect(allowed.call('DeleteAccountAssignment', BREAK_GLASS_IN_PROD)).resolves.toBeDefined();
    expect((await refusal(allowed.call('CreateAccountAssignment', BREAK_GLASS_IN_PROD))).code).toBe(
      'AccessDeniedException',
    );
  });

  test('the management account may do both (C3, C4)', async () => {
    const { call } = createTestWorld();

    await expect(call('CreateAccountAssignment', IN_MANAGEMENT, 'root')).resolves.toBeDefined();
    await expect(call('CreateAccountAssignment', BREAK_GLASS_IN_PROD, 'root')).resolves.toBeDefined();
  });

  test('a set becomes usable again when its last role in the management account is gone (C4)', async () => {
    const { call, simulator } = createTestWorld();
    simulator.removeAssignmentByHand(
      simulator.world.resolve({ account: 'management', permissionSet: 'BreakGlass', group: 'Operators' }),
    );

    await expect(call('CreateAccountAssignment', BREAK_GLASS_IN_PROD)).resolves.toBeDefined();
  });

  test('assignments of a principal are for the management account, unless set otherwise (C6)', async () => {
    const input = {
      InstanceArn: INSTANCE,
      PrincipalType: 'USER',
      PrincipalId: 'aaaaaaaa-0000-4000-8000-000000000001',
    };
    const allowed = createTestWorld({ listForPrincipalByDelegatedAdmin: 'allowed' });

    expect(
      (await refusal(createTestWorld().call('ListAccountAssignmentsForPrincipal', input, 'desk'))).code,
    ).toBe('AccessDeniedException');
    expect(await allowed.call('ListAccountAssignmentsForPrincipal', input, 'desk')).toMatchObject({
      AccountAssignments: [{ PermissionSetArn: READ_ONLY, PrincipalType: 'GROUP' }],
    });
  });
});
