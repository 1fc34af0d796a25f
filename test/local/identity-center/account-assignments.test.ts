import { DEFAULT_SETTINGS } from '../../../local/identity-center/settings';
import {
  assignmentInput,
  createTestWorld,
  HOST,
  INSTANCE,
  READ_ONLY,
  refusal,
  START,
  STORE,
  UNKNOWN_ID,
  UNKNOWN_SET,
} from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' };

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const QUICK = { createLatency: fixed(2), deleteLatency: fixed(2) };

describe('account assignments', () => {
  test('a create answers in progress, without date and reason (A1)', async () => {
    const { call } = createTestWorld();

    const output = await call('CreateAccountAssignment', assignmentInput(ALICE_IN_PROD));

    expect(JSON.parse(JSON.stringify(output))).toEqual({
      AccountAssignmentCreationStatus: {
        Status: 'IN_PROGRESS',
        RequestId: expect.any(String) as string,
        TargetId: '333333333333',
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: READ_ONLY,
        PrincipalType: 'USER',
        PrincipalId: 'aaaaaaaa-0000-4000-8000-000000000001',
      },
    });
  });

  test('the request id in the answer is the id of the HTTP request (W2)', async () => {
    const { simulator } = createTestWorld();
    const [identityCenter] = simulator.services;

    const output = await identityCenter?.call({
      operation: 'DeleteAccountAssignment',
      input: assignmentInput(BOB_IN_DEV),
      requestId: '5f0e0001-0000-4000-8000-000000000001',
    });

    expect(output).toMatchObject({
      AccountAssignmentDeletionStatus: { RequestId: '5f0e0001-0000-4000-8000-000000000001' },
    });
  });

  test('the row appears when the latency is over, not before (A2)', async () => {
    const { start, status, rows, pass } = createTestWorld({ createLatency: fixed(3) });
    const id = await start('create', ALICE_IN_PROD);

    await pass(2.999);
    expect(rows()).not.toContain('prod/ReadOnly/alice');
    expect(await status('create', id)).toMatchObject({ Status: 'IN_PROGRESS' });

    await pass(0.001);
    expect(rows()).toContain('prod/ReadOnly/alice');
    expect(await status('create', id)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('by default a create takes 2 to 5 s and a delete 5 to 15 s (A2)', async () => {
    const { simulator, start, pass } = createTestWorld({ outstandingAssignments: 'unlimited' });
    const took: Record<string, number> = {};
    simulator.onOperation(({ kind, status, at }) => {
      if (status !== 'IN_PROGRESS') took[kind] = (at - START) / 1000;
    });

    await start('create', ALICE_IN_PROD);
    await start('delete', BOB_IN_DEV);
    await pass(15);

    expect(took.create).toBeGreaterThanOrEqual(2);
    expect(took.create).toBeLessThanOrEqual(5);
    expect(took.delete).toBeGreaterThanOrEqual(5);
    expect(took.delete).toBeLessThanOrEqual(15);
  });

  test('creating what exists succeeds and makes no second row (A3)', async () => {
    const { start, status, rows, pass } = createTestWorld(QUICK);
    const before = rows();

    const id = await start('create', BOB_IN_DEV);
    await pass(2);

    expect(await status('create', id)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(rows()).toEqual(before);
  });

  test('a delete takes the row away, and only that one (A2)', async () => {
    const { start, rows, pass } = createTestWorld(QUICK);

    await start('delete', BOB_IN_DEV);
    await pass(2);

    expect(rows()).toEqual(['dev/ReadOnly/Developers', 'management/BreakGlass/Operators']);
  });

  test('deleting what does not exist is accepted and fails with the entitlement text (A4)', async () => {
    const { start, status, pass } = createTestWorld(QUICK);

    const id = await start('delete', ALICE_IN_PROD);
    await pass(2);

    expect(await status('delete', id)).toMatchObject({
      Status: 'FAILED',
      FailureReason:
        "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key EntitlementKey{" +
        'accessorId=AccessorId{value=aaaaaaaa-0000-4000-8000-000000000001}, ' +
        'resourceId=ResourceId{value=333333333333}, ' +
        'auxiliaryResourceId=AuxiliaryResourceId{value=ps-0000000000000001}, ' +
        'containerId=ContainerId{value=ssoins-1111222233334444}}',
    });
  });

  test.each(['USER', 'GROUP'])('an unknown %s fails with the assignee text (A5)', async (type) => {
    const { start, status, pass, rows } = createTestWorld(QUICK);
    const before = rows();

    const id = await start('create', {
      ...assignmentInput(ALICE_IN_PROD),
      PrincipalType: type,
      PrincipalId: UNKNOWN_ID,
    });
    await pass(2);

    expect(await status('create', id)).toMatchObject({
      Status: 'FAILED',
      FailureReason: `Received a 404 status error: the ${type} assignee ${UNKNOWN_ID} was not found in directory ${STORE}.`,
    });
    expect(rows()).toEqual(before);
  });

  test.each(['create', 'delete'] as const)(
    'a %s for an account outside the organization fails (A6)',
    async (kind) => {
      const { start, status, pass } = createTestWorld({
        ...QUICK,
        unknownAccountReason: 'no account {account}',
      });

      const id = await start(kind, { ...assignmentInput(ALICE_IN_PROD), TargetId: '999999999999' });
      await pass(2);

      expect(await status(kind, id)).toMatchObject({
        Status: 'FAILED',
        FailureReason: 'no account 999999999999',
      });
    },
  );

  test.each(['PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const)(
    'an account that is %s fails create and delete with the text about obtaining permissions (A7)',
    async (state) => {
      const { simulator, start, status, pass } = createTestWorld(QUICK);
      simulator.setAccountState('444444444444', state);

      const create = await start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
      const remove = await start('delete', BOB_IN_DEV);
      await pass(2);

      const FailureReason =
        'AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account ' +
        "'444444444444' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.";
      expect(await status('create', create)).toMatchObject({ Status: 'FAILED', FailureReason });
      expect(await status('delete', remove)).toMatchObject({ Status: 'FAILED', FailureReason });
    },
  );

  test('a suspended account may instead hang the operation and its lock (A7)', async () => {
    const { start, status, pass } = createTestWorld({ ...QUICK, inactiveAccount: 'hang' });
    const input = { account: 'closed', permissionSet: 'ReadOnly', user: 'alice' };

    const id = await start('create', input);
    await pass(86_400);

    expect(await status('create', id)).toMatchObject({ Status: 'IN_PROGRESS' });
    expect((await refusal(start('create', input))).code).toBe('ConflictException');
  });

  test.each([
    'CreateAccountAssignment',
    'DeleteAccountAssignment',
    'ListAccountAssignments',
    'DescribePermissionSet',
  ])('%s of an unknown permission set is refused at once (A8)', async (operation) => {
    const { call } = createTestWorld();
    const input = { ...assignmentInput(ALICE_IN_PROD), AccountId: HOST, PermissionSetArn: UNKNOWN_SET };

    const error = await refusal(call(operation, input));

    expect(error.code).toBe('ResourceNotFoundException');
    expect(error.message).toBe('Could not find PermissionSet with id ps-0000000000000009');
  });

  test('another instance does not exist (A9)', async () => {
    const { call } = createTestWorld();
    const other = 'arn:aws:sso:::instance/ssoins-9999999999999999';

    const list = await refusal(call('ListPermissionSets', { InstanceArn: other }));
    const create = await refusal(
      call('CreateAccountAssignment', { ...assignmentInput(ALICE_IN_PROD), InstanceArn: other }),
    );
    const describe = await refusal(call('DescribeInstance', { InstanceArn: other }));

    expect([list.code, create.code]).toEqual(['ResourceNotFoundException', 'ResourceNotFoundException']);
    expect(describe.code).toBe('AccessDeniedException');
  });

  test('an assignment of a principal that is gone is listed and can be deleted (A10)', async () => {
    const { simulator, call, start, status, pass } = createTestWorld(QUICK);
    const orphan = { ...simulator.world.resolve(BOB_IN_DEV), principalId: UNKNOWN_ID };
    simulator.addAssignmentByHand(orphan);

    const before = await call('ListAccountAssignments', {
      InstanceArn: INSTANCE,
      AccountId: '444444444444',
      PermissionSetArn: READ_ONLY,
    });
    const id = await start('delete', { ...assignmentInput(BOB_IN_DEV), PrincipalId: UNKNOWN_ID });
    await pass(2);

    expect(before.AccountAssignments).toContainEqual(expect.objectContaining({ PrincipalId: UNKNOWN_ID }));
    expect(await status('delete', id)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(simulator.world.assignments.has(orphan)).toBe(false);
  });

  test('what is there at the end decides, not what was there at the acceptance (A11)', async () => {
    const { simulator, start, status, pass } = createTestWorld(QUICK);
    const bob = simulator.world.resolve(BOB_IN_DEV);

    const remove = await start('delete', BOB_IN_DEV);
    const create = await start('create', ALICE_IN_PROD);
    simulator.removeAssignmentByHand(bob);
    simulator.setAccountState('333333333333', 'SUSPENDED');
    await pass(2);

    expect(await status('delete', remove)).toMatchObject({ Status: 'FAILED' });
    expect(await status('create', create)).toMatchObject({ Status: 'FAILED' });
  });

  test('the list has the rows of one permission set in one account, oldest first (A12)', async () => {
    const { call, start, pass } = createTestWorld(QUICK);
    await start('create', { account: 'dev', permissionSet: 'ReadOnly', user: 'alice' });
    await pass(2);

    const output = await call('ListAccountAssignments', {
      InstanceArn: INSTANCE,
      AccountId: '444444444444',
      PermissionSetArn: READ_ONLY,
    });

    const row = { AccountId: '444444444444', PermissionSetArn: READ_ONLY };
    expect(output).toEqual({
      AccountAssignments: [
        { ...row, PrincipalType: 'USER', PrincipalId: 'aaaaaaaa-0000-4000-8000-000000000002' },
        { ...row, PrincipalType: 'GROUP', PrincipalId: 'bbbbbbbb-0000-4000-8000-000000000001' },
        { ...row, PrincipalType: 'USER', PrincipalId: 'aaaaaaaa-0000-4000-8000-000000000001' },
      ],
    });
  });

  test('a permission set without a role in the account has an empty list, or none (A13)', async () => {
    const input = { InstanceArn: INSTANCE, AccountId: '333333333333', PermissionSetArn: READ_ONLY };

    const byDefault = await createTestWorld().call('ListAccountAssignments', input);
    const strict = await refusal(
      createTestWorld({ unprovisionedList: 'not-found' }).call('ListAccountAssignments', input),
    );

    expect(byDefault).toEqual({ AccountAssignments: [] });
    expect(strict.code).toBe('ResourceNotFoundException');
  });

  test('a principal has own rows and those of its groups, each with its own principal (A14)', async () => {
    const { call } = createTestWorld();
    const input = {
      InstanceArn: INSTANCE,
      PrincipalType: 'USER',
      PrincipalId: 'aaaaaaaa-0000-4000-8000-000000000002',
    };

    const all = await call('ListAccountAssignmentsForPrincipal', input, 'root');
    const inDev = await call(
      'ListAccountAssignmentsForPrincipal',
      { ...input, Filter: { AccountId: '444444444444' } },
      'root',
    );

    const principals = (output: typeof all): string[] =>
      (output.AccountAssignments as { PrincipalType: string; PrincipalId: string }[]).map(
        ({ PrincipalType, PrincipalId }) => `${PrincipalType} ${PrincipalId.slice(-1)}`,
      );
    expect(principals(all)).toEqual(['USER 2', 'GROUP 1', 'GROUP 2']);
    expect(principals(inDev)).toEqual(['USER 2', 'GROUP 1']);
  });

  test('the default reason for an unknown account can not be taken for a delete that is done (A6)', () => {
    expect(DEFAULT_SETTINGS.unknownAccountReason).not.toContain('EntitlementItem');
  });
});
