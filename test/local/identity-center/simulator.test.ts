import type { CallEvent, OperationEvent } from '../../../local/identity-center/listeners';
import { ReplyLost, type FaultEffect } from '../../../local/identity-center/faults';
import { assignmentInput, createTestWorld, INSTANCE, refusal, START, UNKNOWN_ID } from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' };
const QUICK = { createLatency: { kind: 'fixed', seconds: 2 } } as const;

async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

describe('faults on demand', () => {
  test.each([
    ['hang', 'silent'],
    ['lose-request', 'closed'],
  ] as const)('%s: nothing is done, and the connection is %s (F1)', async (effect, connection) => {
    const { simulator, call, rows, pass } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect });

    const error = await thrown(call('CreateAccountAssignment', assignmentInput(ALICE_IN_PROD)));
    await pass(2);

    expect(error).toBeInstanceOf(ReplyLost);
    expect(error).toMatchObject({ connection });
    expect(rows()).not.toContain('prod/ReadOnly/alice');
  });

  test('lose-reply: the call is carried out, and the connection closed (F1)', async () => {
    const { simulator, call, rows, pass } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect: 'lose-reply' });

    const error = await thrown(call('CreateAccountAssignment', assignmentInput(ALICE_IN_PROD)));
    await pass(2);

    expect(error).toMatchObject({ name: 'ReplyLost', connection: 'closed' });
    expect(rows()).toContain('prod/ReadOnly/alice');
  });

  test('an error is answered with its code, status and members (F1)', async () => {
    const { simulator, call } = createTestWorld();
    simulator.failNext({
      operation: 'ListPermissionSets',
      effect: {
        error: 'AccessDeniedException',
        message: 'no key',
        statusCode: 400,
        members: { Reason: 'KMS_ACCESS_DENIED' },
      },
    });
    simulator.failNext({
      operation: 'ListInstances',
      effect: { error: 'InternalServerException', message: 'oops', statusCode: 500 },
    });

    const denied = await refusal(call('ListPermissionSets', { InstanceArn: INSTANCE }));
    const internal = await refusal(call('ListInstances'));

    expect(denied).toMatchObject({
      code: 'AccessDeniedException',
      message: 'no key',
      statusCode: 400,
      members: { Reason: 'KMS_ACCESS_DENIED' },
    });
    expect(internal.statusCode).toBe(500);
  });

  test('failed: the operation ends with the reason and without its effect (F1)', async () => {
    const { simulator, start, status, rows, pass } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect: { failed: 'role quota' } });

    const id = await start('create', ALICE_IN_PROD);
    await pass(2);

    expect(await status('create', id)).toMatchObject({ Status: 'FAILED', FailureReason: 'role quota' });
    expect(rows()).not.toContain('prod/ReadOnly/alice');
  });

  test('never-ends: the operation stays in progress (F1)', async () => {
    const { simulator, start, status, pass } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect: 'never-ends' });

    const id = await start('create', ALICE_IN_PROD);
    await pass(3600);

    expect(await status('create', id)).toMatchObject({ Status: 'IN_PROGRESS' });
  });

  test('a rule strikes as often as it says, and other operations not at all (F1)', async () => {
    const { simulator, call } = createTestWorld();
    simulator.faults.add({ operation: 'ListInstances', times: 2, effect: { error: 'X', message: 'x' } });

    await expect(call('ListPermissionSets', { InstanceArn: INSTANCE })).resolves.toBeDefined();
    expect((await refusal(call('ListInstances'))).code).toBe('X');
    expect(simulator.faults.pending()).toMatchObject([{ times: 1 }]);
    expect((await refusal(call('ListInstances'))).code).toBe('X');
    await expect(call('ListInstances')).resolves.toBeDefined();
  });

  test('rules can be taken back (F1)', async () => {
    const { simulator, call } = createTestWorld();
    simulator.failNext({ operation: 'ListInstances', effect: 'hang' });

    simulator.faults.clear();

    await expect(call('ListInstances')).resolves.toBeDefined();
  });

  test.each<[string, number, FaultEffect, string]>([
    ['CreateAccountAssigment', 1, 'hang', 'fault is for "CreateAccountAssigment", which is not simulated'],
    ['ListInstances', 0, 'hang', 'fault for ListInstances has times 0: use a whole number from 1'],
    [
      'ListInstances',
      1,
      { failed: 'x' },
      'use this effect with CreateAccountAssignment, DeleteAccountAssignment',
    ],
    ['DescribeUser', 1, 'never-ends', 'fault is for DescribeUser, which ends with its answer'],
  ])('a fault for %s, %d times, %p is refused (F2)', (operation, times, effect, message) => {
    const { faults } = createTestWorld().simulator;

    expect(() => {
      faults.add({ operation, times, effect });
    }).toThrow(message);
  });
});

describe('the simulator', () => {
  test('rows come and go by hand at once, with their role (F3)', () => {
    const { simulator, rows } = createTestWorld();
    const alice = simulator.world.resolve(ALICE_IN_PROD);

    expect(simulator.addAssignmentByHand(alice)).toBe(true);
    expect(simulator.addAssignmentByHand(alice)).toBe(false);
    expect(rows()).toContain('prod/ReadOnly/alice');
    expect(simulator.world.provisioning.find(alice.accountId, alice.permissionSetArn)).toBeDefined();

    expect(simulator.removeAssignmentByHand(alice)).toBe(true);
    expect(simulator.removeAssignmentByHand(alice)).toBe(false);
    expect(rows()).not.toContain('prod/ReadOnly/alice');
    expect(simulator.world.provisioning.find(alice.accountId, alice.permissionSetArn)).toBeUndefined();
  });

  test('a hand edit of what does not exist says so (F3)', () => {
    const { simulator } = createTestWorld();
    const alice = simulator.world.resolve(ALICE_IN_PROD);

    expect(() => simulator.addAssignmentByHand({ ...alice, permissionSetArn: 'ps-x' })).toThrow(
      'permission set "ps-x" does not exist',
    );
    expect(() => {
      simulator.setAccountState('999999999999', 'ACTIVE');
    }).toThrow('account "999999999999" is not in the organization');
  });

  test('an operation is told at its acceptance and at its end (F4)', async () => {
    const { simulator, start, pass } = createTestWorld(QUICK);
    const events: OperationEvent[] = [];
    const stop = simulator.onOperation((event) => events.push(event));

    const id = await start('create', ALICE_IN_PROD);
    await pass(2);
    stop();
    await start('delete', BOB_IN_DEV);

    const common = {
      kind: 'create',
      requestId: id,
      account: { id: '333333333333', name: 'prod' },
      permissionSet: { arn: expect.any(String) as string, name: 'ReadOnly' },
      principal: { type: 'USER', id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'alice' },
    };
    expect(events).toEqual([
      { ...common, status: 'IN_PROGRESS', at: START },
      { ...common, status: 'SUCCEEDED', at: START + 2000 },
    ]);
  });

  test('a failure is told with its reason, and without names that nobody has (F4)', async () => {
    const { simulator, start, pass } = createTestWorld(QUICK);
    const events: OperationEvent[] = [];
    simulator.onOperation((event) => events.push(event));

    await start('create', { ...assignmentInput(ALICE_IN_PROD), PrincipalId: UNKNOWN_ID });
    await pass(2);

    expect(events[1]).toMatchObject({
      status: 'FAILED',
      failureReason: expect.stringContaining('assignee') as string,
    });
    expect(events[1]?.principal).toEqual({ type: 'USER', id: UNKNOWN_ID });
  });

  test('every call is counted and told with its outcome (F4)', async () => {
    const { simulator, call } = createTestWorld();
    const events: CallEvent[] = [];
    simulator.onCall((event) => events.push(event));
    simulator.failNext({ operation: 'DescribeInstance', effect: 'hang' });

    await call('ListInstances', {}, 'desk');
    await refusal(call('DescribePermissionSet', {}));
    await thrown(call('DescribeInstance', { InstanceArn: INSTANCE }));
    await call('ListAccounts');

    expect(
      events.map(({ service, operation, outcome, accessKeyId }) => [
        service,
        operation,
        outcome,
        accessKeyId,
      ]),
    ).toEqual([
      ['sso', 'ListInstances', 'ok', 'desk'],
      ['sso', 'DescribePermissionSet', 'ValidationException', undefined],
      ['sso', 'DescribeInstance', 'no reply', undefined],
      ['organizations', 'ListAccounts', 'ok', undefined],
    ]);
    expect(simulator.counts()).toEqual({
      'sso:ListInstances': 1,
      'sso:DescribePermissionSet': 1,
      'sso:DescribeInstance': 1,
      'organizations:ListAccounts': 1,
    });
  });

  test.each(['CreateApplication', 'constructor', '__proto__', ''])(
    '%p is not simulated (W1)',
    async (operation) => {
      const error = await refusal(createTestWorld().call(operation));

      expect([error.code, error.message, error.statusCode]).toEqual([
        'UnknownOperationException',
        `${operation} is not simulated`,
        400,
      ]);
    },
  );

  test('a request id that comes twice is a defect of the caller, and said so (W2)', async () => {
    const [identityCenter] = createTestWorld().simulator.services;
    const call = (named: typeof ALICE_IN_PROD): Promise<unknown> | undefined =>
      identityCenter?.call({
        operation: 'CreateAccountAssignment',
        input: assignmentInput(named),
        requestId: 'twice',
      });
    await call(ALICE_IN_PROD);

    await expect(call(BOB_IN_DEV)).rejects.toThrow('request id "twice" was used before');
  });

  test('the same seed gives the same run', async () => {
    const run = async (seed: number): Promise<unknown> => {
      const { simulator, start, pass } = createTestWorld({}, seed);
      const events: OperationEvent[] = [];
      simulator.onOperation((event) => events.push(event));
      await start('create', ALICE_IN_PROD);
      await start('delete', BOB_IN_DEV);
      await pass(20);
      return [events, simulator.world.provisioning.records()];
    };

    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });
});
