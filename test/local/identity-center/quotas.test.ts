import { TokenBucket } from '../../../local/identity-center/token-bucket';
import { createTestWorld, INSTANCE, refusal, type TestWorld } from './support';

const USERS = ['alice', 'bob', 'zofia'];
const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'bob' };
const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const ROOMY = { requestsPerSecond: 'unlimited' } as const;

/** How many of `calls` calls pass at this instant. */
async function passing({ call }: TestWorld, calls: number): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: calls }, () => call('ListPermissionSets', { InstanceArn: INSTANCE })),
  );
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

/** Starts operations on different assignments until one is refused; answers how many were taken and the refusal. */
async function fill(world: TestWorld, kind: 'create' | 'delete'): Promise<{ taken: number; error: string }> {
  let taken = 0;
  for (const account of ['prod', 'dev', 'closed', 'host']) {
    for (const permissionSet of ['ReadOnly', 'PowerUser']) {
      for (const user of USERS) {
        try {
          await world.start(kind, { account, permissionSet, user });
          taken += 1;
        } catch (error) {
          return { taken, error: String(error) };
        }
      }
    }
  }
  return { taken, error: 'none' };
}

describe('quotas', () => {
  test('twenty calls pass at once and twenty more a second, over all operations (Q1, Q2)', async () => {
    const world = createTestWorld();

    const atOnce = await passing(world, 30);
    await world.pass(0.5);
    const halfASecondLater = await passing(world, 30);
    const error = await refusal(world.call('ListInstances'));

    expect([atOnce, halfASecondLater]).toEqual([20, 10]);
    expect([error.code, error.message, error.statusCode]).toEqual([
      'ThrottlingException',
      'Rate exceeded',
      400,
    ]);
  });

  test('over ten seconds of storm the burst and twenty a second pass, to the call (Q1)', async () => {
    const world = createTestWorld();
    let passed = 0;

    for (let tick = 0; tick <= 100; tick += 1) {
      passed += await passing(world, 25);
      await world.pass(0.1);
    }

    expect(passed).toBe(20 + 10 * 20);
  });

  test('a refused call costs nothing (Q1)', () => {
    let now = 0;
    const bucket = new TokenBucket(1, 1, () => now);
    bucket.take();
    for (; now < 1000; now += 100) expect(bucket.take()).toBe(false);
    expect(bucket.take()).toBe(true);
  });

  test('a bucket that no call could pass is refused', () => {
    expect(() => new TokenBucket(0, 1, () => 0)).toThrow(
      'rate is 0 a second: use a number above 0 or "unlimited"',
    );
    expect(() => new TokenBucket(20, 0, () => 0)).toThrow('burst is 0: use a number of at least 1');
  });

  test('a sixteenth create is refused with its own text until one ends (Q3)', async () => {
    const world = createTestWorld({ ...ROOMY, createLatency: fixed(2), conflictScope: 'assignment' });

    const { taken, error } = await fill(world, 'create');
    await world.pass(2);
    const again = await fill(world, 'create');

    expect(taken).toBe(15);
    expect(error).toBe(
      'ThrottlingException: There are too many requests processing. Please try again later.',
    );
    expect(again.taken).toBe(15);
  });

  test('deletes neither count nor are refused (Q4)', async () => {
    const world = createTestWorld({ ...ROOMY, conflictScope: 'assignment' });

    const deletes = await fill(world, 'delete');
    await world.pass(20);
    const creates = await fill(world, 'create');

    expect(deletes).toEqual({ taken: 24, error: 'none' });
    expect(creates.taken).toBe(15);
  });

  test('deletes can be made to count (Q4)', async () => {
    const world = createTestWorld({
      ...ROOMY,
      conflictScope: 'assignment',
      outstandingCounts: 'creates-and-deletes',
    });
    await world.start('create', { account: 'prod', permissionSet: 'BreakGlass', user: 'alice' }, 'root');

    const { taken, error } = await fill(world, 'delete');

    expect(taken).toBe(14);
    expect(error).toContain('too many requests processing');
  });

  test.each([
    ['the same principal', 'create', ALICE_IN_PROD],
    ['another principal', 'create', BOB_IN_PROD],
    ['a delete right after the create', 'delete', ALICE_IN_PROD],
  ] as const)('%s conflicts while an operation is under way (Q5)', async (_, kind, second) => {
    const { start } = createTestWorld();
    await start('create', ALICE_IN_PROD);

    const error = await refusal(start(kind, second));

    expect([error.code, error.message]).toEqual([
      'ConflictException',
      'There is a conflicting operation in process.',
    ]);
  });

  test.each([
    ['succeeded', ALICE_IN_PROD],
    ['failed', { account: 'closed', permissionSet: 'ReadOnly', user: 'alice' }],
  ])('an operation that has %s conflicts no more (Q6)', async (_, named) => {
    const { start, pass } = createTestWorld({ createLatency: fixed(2) });
    await start('create', named);
    await pass(2);

    await expect(start('create', named)).resolves.toEqual(expect.any(String));
  });

  test.each([
    ['account', 'refused', 'refused'],
    ['account-and-permission-set', 'refused', 'taken'],
    ['assignment', 'taken', 'taken'],
  ] as const)(
    'with scope %s another principal is %s and another set %s (Q5, Q7)',
    async (conflictScope, principal, set) => {
      const { start } = createTestWorld({ conflictScope });
      await start('create', ALICE_IN_PROD);
      const outcome = (named: typeof ALICE_IN_PROD): Promise<string> =>
        start('create', named).then(
          () => 'taken',
          () => 'refused',
        );

      expect(await outcome(BOB_IN_PROD)).toBe(principal);
      expect(await outcome({ ...ALICE_IN_PROD, permissionSet: 'PowerUser' })).toBe(set);
      expect(await outcome({ ...ALICE_IN_PROD, account: 'dev' })).toBe('taken');
    },
  );

  test('too many outstanding is told before a conflict, existence before both (W5)', async () => {
    const world = createTestWorld({ outstandingAssignments: 1 });
    const { start } = world;
    await start('create', ALICE_IN_PROD);

    expect((await refusal(start('create', ALICE_IN_PROD))).code).toBe('ThrottlingException');
    const unknownSet = {
      InstanceArn: INSTANCE,
      PermissionSetArn: `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${'x'.repeat(16)}`,
    };
    expect((await refusal(world.call('DescribePermissionSet', unknownSet))).code).toBe(
      'ResourceNotFoundException',
    );
  });
});
