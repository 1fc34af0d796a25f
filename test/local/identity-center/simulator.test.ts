import type { CallEvent, OperationEvent } from '../../../local/identity-center/listeners';
import {
  assignmentInput,
  createTestWorld,
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  refusal,
  START,
  UNKNOWN_ID,
} from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' };
const QUICK = { createLatency: { kind: 'fixed', seconds: 2 } } as const;

async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

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
    expect(events[1]).toHaveProperty('principal', { type: 'USER', id: UNKNOWN_ID });
  });

  test('a provision is told with the accounts that it reaches (F4)', async () => {
    const { simulator, provision, pass } = createTestWorld();
    const events: OperationEvent[] = [];
    simulator.onOperation((event) => events.push(event));

    const all = await provision(READ_ONLY);
    const one = await provision(POWER_USER, '999999999999');
    await pass(10);

    expect(events).toContainEqual({
      kind: 'provision',
      requestId: all,
      status: 'IN_PROGRESS',
      targetType: 'ALL_PROVISIONED_ACCOUNTS',
      permissionSet: { arn: READ_ONLY, name: 'ReadOnly' },
      accounts: [{ id: '444444444444', name: 'dev' }],
      at: START,
    });
    expect(events).toContainEqual(expect.objectContaining({ requestId: all, status: 'SUCCEEDED' }));
    expect(events).toContainEqual(
      expect.objectContaining({
        requestId: one,
        status: 'FAILED',
        targetType: 'AWS_ACCOUNT',
        accounts: [{ id: '999999999999' }],
        failureReason: expect.stringContaining('was not found') as string,
      }),
    );
  });

  test('operations under way come in the order of acceptance, ended ones with the last first (F8)', async () => {
    const { simulator, start, provision, pass } = createTestWorld(QUICK);
    const create = await start('create', ALICE_IN_PROD);
    await pass(1);
    const other = await start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    await pass(1);
    const open = [await provision(READ_ONLY), await start('delete', { ...BOB_IN_DEV, account: 'host' })];
    await pass(1);

    const { underWay, recent } = simulator.operations(10);

    expect(underWay.map(({ requestId }) => requestId)).toEqual(open);
    expect(recent).toMatchObject([
      { requestId: other, status: 'SUCCEEDED', acceptedAt: START + 1000, endedAt: START + 3000 },
      { requestId: create, status: 'SUCCEEDED', acceptedAt: START, endedAt: START + 2000 },
    ]);
    expect(simulator.operations(1).recent.map(({ requestId }) => requestId)).toEqual([other]);
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
