import { parseLatency, type LatencyModel } from '../../../local/identity-center/latency';
import { DEFAULT_SETTINGS, type SimulatorSettings } from '../../../local/identity-center/settings';
import { SETTINGS_CHANGE, settingsText } from '../../../local/identity-center/settings-schema';
import { TokenBucket } from '../../../local/identity-center/token-bucket';
import { createTestWorld, INSTANCE, READ_ONLY, refusal, type TestWorld } from './support';

const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const fixed = (seconds: number): LatencyModel => ({ kind: 'fixed', seconds });

async function passing({ call }: TestWorld, calls: number): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: calls }, () => call('ListPermissionSets', { InstanceArn: INSTANCE })),
  );
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('changing settings', () => {
  test('a latency holds for what is accepted from then on (F7)', async () => {
    const world = createTestWorld({ createLatency: fixed(10) });
    const slow = await world.start('create', ALICE_IN_PROD);
    await world.pass(1);

    world.simulator.changeSettings({ createLatency: fixed(1) });
    const quick = await world.start('create', { ...ALICE_IN_PROD, account: 'dev' });
    await world.pass(1);

    expect(await world.status('create', quick)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await world.status('create', slow)).toMatchObject({ Status: 'IN_PROGRESS' });
    await world.pass(8);
    expect(await world.status('create', slow)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('a rate holds at once, with what is in the bucket (F7, Q1)', async () => {
    const world = createTestWorld();
    await passing(world, 15);

    world.simulator.changeSettings({ requestsPerSecond: 2, requestBurst: 3 });
    const fromTheBucket = await passing(world, 10);
    await world.pass(1);
    const aSecondLater = await passing(world, 10);
    world.simulator.changeSettings({ requestsPerSecond: 'unlimited' });
    const free = await passing(world, 100);

    expect([fromTheBucket, aSecondLater, free]).toEqual([3, 2, 100]);
  });

  test('the time before a change counts at the old rate (F7)', () => {
    let now = 0;
    const bucket = new TokenBucket(1, 10, () => now);
    for (let call = 0; call < 10; call += 1) bucket.take();
    now = 2000;

    bucket.resize(1000, 10);

    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
  });

  test('a bucket that had no limit is full when it gets one (F7)', () => {
    const bucket = new TokenBucket('unlimited', 2, () => 0);
    for (let call = 0; call < 50; call += 1) expect(bucket.take()).toBe(true);

    bucket.resize(1, 2);

    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
  });

  test('a rate that no call could pass is refused, and nothing is changed (F7)', () => {
    const { simulator } = createTestWorld();

    expect(() => {
      simulator.changeSettings({ requestsPerSecond: 0, inactiveAccount: 'hang' });
    }).toThrow('rate is 0 a second: use a number above 0 or "unlimited"');
    expect(simulator.settings).toEqual(DEFAULT_SETTINGS);
  });

  test('a scope finds conflicts with what was accepted under another (F7, Q5)', async () => {
    const world = createTestWorld({ conflictScope: 'assignment' });
    await world.start('create', ALICE_IN_PROD);
    const bob = { ...ALICE_IN_PROD, user: 'bob' };
    await world.start('create', bob);

    world.simulator.changeSettings({ conflictScope: 'account-and-permission-set' });
    expect((await refusal(world.start('create', { ...ALICE_IN_PROD, user: 'zofia' }))).code).toBe(
      'ConflictException',
    );
    await world.pass(5);
    await expect(world.start('create', bob)).resolves.toEqual(expect.any(String));
  });

  test('what two operations are on is held until the second has ended (F7, Q6)', async () => {
    const world = createTestWorld({ conflictScope: 'assignment', createLatency: fixed(2) });
    await world.start('create', ALICE_IN_PROD);
    await world.pass(1);
    await world.start('create', { ...ALICE_IN_PROD, user: 'bob' });
    await world.pass(1);

    world.simulator.changeSettings({ conflictScope: 'account-and-permission-set' });

    expect((await refusal(world.start('create', ALICE_IN_PROD))).code).toBe('ConflictException');
    await world.pass(1);
    await expect(world.start('create', ALICE_IN_PROD)).resolves.toEqual(expect.any(String));
  });

  test('every other setting is read where it is used (F7)', async () => {
    const world = createTestWorld();
    const list = (): Promise<unknown> =>
      world.call('ListPermissionSetsProvisionedToAccount', {
        InstanceArn: INSTANCE,
        AccountId: '333333333333',
      });
    expect(await list()).toEqual({});

    world.simulator.changeSettings({
      omitEmptyLists: 'never',
      outstandingAssignments: 0,
      nameMatching: 'ignore-case',
    });

    expect(await list()).toEqual({ PermissionSets: [] });
    expect((await refusal(world.start('create', ALICE_IN_PROD))).message).toContain('too many requests');
    expect(
      await world.call('ListUsers', {
        IdentityStoreId: 'd-1234567890',
        Filters: [{ AttributePath: 'UserName', AttributeValue: 'ALICE' }],
      }),
    ).toMatchObject({ Users: [{ UserName: 'alice' }] });
  });

  test('the default settings, as they are written, read as they are (F8)', () => {
    expect(SETTINGS_CHANGE.parse(settingsText(DEFAULT_SETTINGS))).toEqual(DEFAULT_SETTINGS);
  });

  test.each<[keyof SimulatorSettings, unknown, unknown]>([
    ['createLatency', 4, fixed(4)],
    ['listLag', 'uniform:1-2', parseLatency('uniform:1-2')],
    ['requestsPerSecond', 0.5, 0.5],
    ['requestsPerSecond', 'unlimited', 'unlimited'],
    ['outstandingAssignments', 0, 0],
    ['outstandingProvisions', 'unlimited', 'unlimited'],
    ['statusRetention', 0.5, 0.5],
    ['provisionReach', 0, 0],
  ])('%s takes %j (F8)', (name, written, value) => {
    expect(SETTINGS_CHANGE.parse({ [name]: written })).toEqual({ [name]: value });
  });

  test('a permission set that changes keeps what it says (F3)', async () => {
    const world = createTestWorld();
    const describe = (): Promise<unknown> =>
      world.call('DescribePermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY });
    const before = await describe();

    world.simulator.changePermissionSet(READ_ONLY);

    expect(await describe()).toEqual(before);
  });
});
