import * as fc from 'fast-check';

import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, POWER_USER, READ_ONLY, refusal, type TestWorld } from './support';

const HOST = '222222222222';
const PROD = '333333333333';
const DEV = '444444444444';
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const QUICK = {
  createLatency: fixed(2),
  deleteLatency: fixed(2),
  provisionLatency: fixed(2),
  provisionLatencyPerAccount: fixed(0),
} satisfies Partial<SimulatorSettings>;
const CONFLICT = 'There is a conflicting operation in process.';

function assign({ simulator }: TestWorld, permissionSetArn: string, accountId: string): void {
  simulator.addAssignmentByHand({
    accountId,
    permissionSetArn,
    principalType: 'USER',
    principalId: ALICE,
  });
}

/** `taken`, or the text of the refusal. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'taken',
    (error: unknown) => (error as Error).message,
  );
}

describe('provisions that are too many', () => {
  test.each([
    ['throttling', 'ThrottlingException', 'There are too many requests processing. Please try again later.'],
    ['conflict', 'ConflictException', CONFLICT],
  ] as const)('a fourth is refused as %s until one ends (Q8)', async (tooManyProvisions, code, message) => {
    const world = createTestWorld({ ...QUICK, tooManyProvisions });
    for (const account of [HOST, PROD, DEV]) await world.provision(READ_ONLY, account);

    const error = await refusal(world.provision(POWER_USER, DEV));
    await world.pass(2);

    expect([error.code, error.message]).toEqual([code, message]);
    expect(await outcome(world.provision(POWER_USER, DEV))).toBe('taken');
  });

  test('a set that nobody has counts all the same (Q8)', async () => {
    const world = createTestWorld({ ...QUICK, outstandingProvisions: 1 });
    await world.provision(POWER_USER);

    expect((await refusal(world.provision(POWER_USER))).code).toBe('ThrottlingException');
  });

  test('the number can be another, or none (Q8)', async () => {
    const strict = createTestWorld({ ...QUICK, outstandingProvisions: 1 });
    const free = createTestWorld({ ...QUICK, outstandingProvisions: 'unlimited' });
    const taken = async (world: TestWorld): Promise<number> => {
      const outcomes = [];
      for (const set of [READ_ONLY, POWER_USER]) {
        for (const account of [HOST, PROD, DEV]) outcomes.push(await outcome(world.provision(set, account)));
      }
      return outcomes.filter((one) => one === 'taken').length;
    };

    expect([await taken(strict), await taken(free)]).toEqual([1, 6]);
  });

  test('provisions and assignments do not count for each other (Q4, Q8)', async () => {
    const world = createTestWorld({ ...QUICK, outstandingAssignments: 1, outstandingProvisions: 1 });
    const create = (account: string): Promise<string> =>
      outcome(world.start('create', { account, permissionSet: 'ReadOnly', user: 'alice' }));

    expect(await create('prod')).toBe('taken');
    expect(await outcome(world.provision(POWER_USER, DEV))).toBe('taken');
    expect(await create('host')).toContain('too many requests');
    expect(await outcome(world.provision(POWER_USER, PROD))).toContain('too many requests');
  });
});

describe('conflicts with provisions', () => {
  test.each([
    ['create', 'account-and-permission-set', CONFLICT],
    ['delete', 'account-and-permission-set', CONFLICT],
    ['create', 'account', CONFLICT],
    ['create', 'assignment', 'taken'],
  ] as const)('a %s meets a provision, by scope %s: %s (Q9)', async (kind, conflictScope, expected) => {
    const world = createTestWorld({ ...QUICK, conflictScope });
    assign(world, READ_ONLY, PROD);
    const named = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };

    await world.provision(READ_ONLY);
    expect(await outcome(world.start(kind, named))).toBe(expected);
    await world.pass(2);
    if (expected !== 'taken') await world.start(kind, named);
    expect(await outcome(world.provision(READ_ONLY))).toBe(expected);
  });

  test.each(['account', 'account-and-permission-set', 'assignment'] as const)(
    'two provisions of one role conflict by scope %s (Q9)',
    async (conflictScope) => {
      const world = createTestWorld({ ...QUICK, conflictScope });
      await world.provision(READ_ONLY, DEV);

      expect(await outcome(world.provision(READ_ONLY))).toBe(CONFLICT);
      await world.pass(2);
      expect(await outcome(world.provision(READ_ONLY))).toBe('taken');
    },
  );

  test('other sets, and accounts that it does not reach, are free (Q9)', async () => {
    const world = createTestWorld(QUICK);
    await world.provision(READ_ONLY);

    expect(await outcome(world.provision(READ_ONLY, PROD))).toBe('taken');
    expect(await outcome(world.provision(POWER_USER, DEV))).toBe('taken');
    expect(
      await outcome(world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'bob' })),
    ).toBe(CONFLICT);
    expect(
      await outcome(world.start('create', { account: 'host', permissionSet: 'ReadOnly', user: 'bob' })),
    ).toBe('taken');
  });

  test('what is accepted shares no role with what is under way, what is refused does (Q5, Q9)', async () => {
    const accounts = ['host', 'prod', 'dev'] as const;
    const ids = { host: HOST, prod: PROD, dev: DEV };
    const account = fc.constantFrom(...accounts);
    const set = fc.constantFrom(['ReadOnly', READ_ONLY] as const, ['PowerUser', POWER_USER] as const);
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('create' as const, 'delete' as const), account, set }),
      fc.record({ do: fc.constant('provision' as const), account: fc.option(account), set }),
      fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 5 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer(), async (steps, seed) => {
        const world = createTestWorld(
          {
            requestsPerSecond: 'unlimited',
            outstandingAssignments: 'unlimited',
            outstandingProvisions: 'unlimited',
          },
          seed,
        );
        const { simulator } = world;
        const busy = new Map<string, readonly string[]>();
        simulator.onOperation((event) => {
          const places = event.kind === 'provision' ? event.accounts : [event.account];
          if (event.status !== 'IN_PROGRESS') busy.delete(event.requestId);
          else
            busy.set(
              event.requestId,
              places.map(({ id }) => `${id} ${event.permissionSet.arn}`),
            );
        });

        for (const next of steps) {
          if (next.do === 'pass') {
            await world.pass(next.seconds);
            continue;
          }
          const [name, arn] = next.set;
          const reached =
            next.account === null
              ? [...simulator.world.provisioning.ofPermissionSet(arn)].map((one) => one.accountId)
              : [ids[next.account]];
          const held = new Set([...busy.values()].flat());
          const expected = reached.some((id) => held.has(`${id} ${arn}`)) ? CONFLICT : 'taken';
          const started =
            next.do === 'provision'
              ? world.provision(arn, next.account === null ? undefined : ids[next.account])
              : world.start(next.do, { account: next.account, permissionSet: name, user: 'alice' });
          expect(await outcome(started)).toBe(expected);
        }
        await world.pass(60);

        expect(busy.size).toBe(0);
        expect(simulator.operations(1000).underWay).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
