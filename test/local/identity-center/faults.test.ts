import type { AwsError } from '../../../local/aws-api/json-service';
import { ReplyLost, type FaultEffect } from '../../../local/identity-center/faults';
import { assignmentInput, createTestWorld, INSTANCE, READ_ONLY, refusal, type TestWorld } from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const QUICK = { createLatency: { kind: 'fixed', seconds: 2 } } as const;

async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

/** Which of so many calls at this instant were struck, by their numbers. */
async function struck(world: TestWorld, operation: string, calls: number): Promise<number[]> {
  const input = { InstanceArn: INSTANCE };
  const outcomes = await Promise.allSettled(
    Array.from({ length: calls }, () => world.call(operation, input)),
  );
  return outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
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

  test.each([
    ['hang-after', 'silent'],
    ['lose-reply', 'closed'],
  ] as const)('%s: the call is carried out, and the connection %s (F1)', async (effect, connection) => {
    const { simulator, call, rows, pass } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect });

    const error = await thrown(call('CreateAccountAssignment', assignmentInput(ALICE_IN_PROD)));
    await pass(2);

    expect(error).toMatchObject({ name: 'ReplyLost', connection });
    expect(rows()).toContain('prod/ReadOnly/alice');
  });

  test('lose-reply: a refusal gets lost as well (F1)', async () => {
    const { simulator, call, start } = createTestWorld(QUICK);
    await start('create', ALICE_IN_PROD);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect: 'lose-reply' });

    const error = await thrown(call('CreateAccountAssignment', assignmentInput(ALICE_IN_PROD)));

    expect(error).toBeInstanceOf(ReplyLost);
    expect(simulator.operations(0).underWay).toHaveLength(1);
  });

  test.each<[FaultEffect, Partial<AwsError>]>([
    ['throttle', { code: 'ThrottlingException', message: 'Rate exceeded', statusCode: 400 }],
    [
      'too-many-requests',
      {
        code: 'ThrottlingException',
        message: 'There are too many requests processing. Please try again later.',
        statusCode: 400,
      },
    ],
    [
      'conflict',
      {
        code: 'ConflictException',
        message: 'There is a conflicting operation in process.',
        statusCode: 400,
      },
    ],
    ['internal-error', { code: 'InternalServerException', statusCode: 500 }],
    ['service-unavailable', { code: 'ServiceUnavailable', statusCode: 503 }],
    [
      'kms-access-denied',
      { code: 'AccessDeniedException', members: { Reason: 'KMS_AccessDeniedException' } },
    ],
    ['kms-not-found', { code: 'ResourceNotFoundException', members: { Reason: 'KMS_NotFoundException' } }],
    ['kms-throttling', { code: 'ThrottlingException', members: { Reason: 'KMS_ThrottlingException' } }],
    ['kms-disabled', { code: 'ValidationException', members: { Reason: 'KMS_DisabledException' } }],
    [
      'kms-invalid-key-usage',
      { code: 'ValidationException', members: { Reason: 'KMS_InvalidKeyUsageException' } },
    ],
    ['kms-invalid-state', { code: 'ValidationException', members: { Reason: 'KMS_InvalidStateException' } }],
  ])('%s: nothing is done, and its error is answered (F1)', async (effect, error) => {
    const { simulator, start } = createTestWorld(QUICK);
    simulator.failNext({ operation: 'CreateAccountAssignment', effect });

    expect(await refusal(start('create', ALICE_IN_PROD))).toMatchObject(error);
    expect(simulator.operations(0).underWay).toEqual([]);
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

  test.each<[FaultEffect, object]>([
    [{ failed: 'a reason' }, { Status: 'FAILED', FailureReason: 'a reason' }],
    ['never-ends', { Status: 'IN_PROGRESS' }],
  ])('a provision can have the effect %j, and then changes nothing (F1)', async (effect, status) => {
    const world = createTestWorld();
    world.simulator.changePermissionSet(READ_ONLY);
    world.simulator.failNext({ operation: 'ProvisionPermissionSet', effect });

    const id = await world.provision(READ_ONLY);
    await world.pass(60);

    expect(await world.status('provision', id)).toMatchObject(status);
    expect(world.simulator.world.provisioning.find('444444444444', READ_ONLY)?.version).toBe(1);
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

  test('a share strikes about so many calls, the same ones for the same seed, and never wears out (F1)', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const world = createTestWorld({ requestsPerSecond: 'unlimited' }, seed);
      world.simulator.faults.add({ operation: 'ListPermissionSets', share: 0.2, effect: 'throttle' });
      const numbers = await struck(world, 'ListPermissionSets', 1000);
      expect(world.simulator.faults.pending()).toMatchObject([{ share: 0.2, struck: numbers.length }]);
      return numbers;
    };

    const numbers = await run(1);

    // 200 are expected; 4 standard deviations are 51.
    expect(numbers.length).toBeGreaterThan(149);
    expect(numbers.length).toBeLessThan(251);
    expect(await run(1)).toEqual(numbers);
    expect(await run(2)).not.toEqual(numbers);
  });

  test('a share of 1 strikes every call (F1)', async () => {
    const world = createTestWorld({ requestsPerSecond: 'unlimited' });
    world.simulator.faults.add({ operation: '*', share: 1, effect: 'throttle' });

    expect(await struck(world, 'ListInstances', 50)).toHaveLength(50);
  });

  test('the operation * is any, of all three services (F1)', async () => {
    const { simulator, call } = createTestWorld();
    simulator.faults.add({ operation: '*', times: 3, effect: 'internal-error' });

    for (const operation of ['ListInstances', 'ListUsers', 'ListAccounts']) {
      expect((await refusal(call(operation))).statusCode).toBe(500);
    }
    await expect(call('ListInstances')).resolves.toBeDefined();
  });

  test('for an effect on what goes on after the answer, * is any operation that has that (F1)', async () => {
    const { simulator, call, start, status, pass } = createTestWorld(QUICK);
    simulator.faults.add({ operation: '*', times: 1, effect: { failed: 'a reason' } });

    await call('ListInstances');
    const id = await start('create', ALICE_IN_PROD);
    await pass(2);

    expect(await status('create', id)).toMatchObject({ FailureReason: 'a reason' });
  });

  test('the first rule that strikes is the only fault of its call (F1)', async () => {
    const { simulator, call } = createTestWorld();
    simulator.faults.add({ operation: '*', times: 1, effect: 'conflict' });
    simulator.faults.add({ operation: 'ListInstances', times: 1, effect: 'throttle' });

    expect((await refusal(call('ListInstances'))).code).toBe('ConflictException');
    expect((await refusal(call('ListInstances'))).code).toBe('ThrottlingException');
    await expect(call('ListInstances')).resolves.toBeDefined();
  });

  test.each([0, -0.1, 1.1, NaN])('a share of %p is refused (F2)', (share) => {
    const { faults } = createTestWorld().simulator;

    expect(() => {
      faults.add({ operation: '*', share, effect: 'throttle' });
    }).toThrow(`fault for * has share ${share}: use a number above 0 and up to 1`);
  });

  test.each<[string, number, FaultEffect, string]>([
    ['CreateAccountAssigment', 1, 'hang', 'fault is for "CreateAccountAssigment", which is not simulated'],
    ['ListInstances', 0, 'hang', 'fault for ListInstances has times 0: use a whole number from 1'],
    [
      'ListInstances',
      1,
      { failed: 'x' },
      'use this effect with CreateAccountAssignment, DeleteAccountAssignment, ProvisionPermissionSet',
    ],
    ['DescribeUser', 1, 'never-ends', 'fault is for DescribeUser, which ends with its answer'],
  ])('a fault for %s, %d times, %p is refused (F2)', (operation, times, effect, message) => {
    const { faults } = createTestWorld().simulator;

    expect(() => {
      faults.add({ operation, times, effect });
    }).toThrow(message);
  });
});
