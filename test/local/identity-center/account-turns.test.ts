import * as fc from 'fast-check';

import { AccountTurns } from '../../../local/identity-center/account-turns';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, POWER_USER, READ_ONLY, refusal, START, type TestWorld } from './support';

const PROD = '333333333333';
const DEV = '444444444444';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const ONE_AT_A_TIME = {
  createLatency: fixed(2),
  deleteLatency: fixed(3),
  provisionLatency: fixed(4),
  provisionLatencyPerAccount: fixed(0),
  roleUpdatesPerAccount: 'one-at-a-time',
} satisfies Partial<SimulatorSettings>;

/** Hears at which second each operation ends, by its request id. */
function ends({ simulator }: TestWorld): ReadonlyMap<string, number> {
  const heard = new Map<string, number>();
  simulator.onOperation(({ requestId, status, at }) => {
    if (status !== 'IN_PROGRESS') heard.set(requestId, (at - START) / 1000);
  });
  return heard;
}

describe('one role update at a time in an account', () => {
  test('an operation begins when the one before it in its account has ended (Q10)', async () => {
    const world = createTestWorld(ONE_AT_A_TIME);
    const ended = ends(world);

    const first = await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    await world.pass(1);
    const second = await world.start('delete', { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' });
    const third = await world.start(
      'create',
      { account: 'dev', permissionSet: 'BreakGlass', user: 'bob' },
      'root',
    );
    const elsewhere = await world.start('create', {
      account: 'prod',
      permissionSet: 'ReadOnly',
      user: 'bob',
    });
    await world.pass(60);

    expect([first, second, third, elsewhere].map((id) => ended.get(id))).toEqual([2, 5, 7, 3]);
  });

  test('by default operations of an account run beside each other (Q10)', async () => {
    const world = createTestWorld({ ...ONE_AT_A_TIME, roleUpdatesPerAccount: 'parallel' });
    const ended = ends(world);

    const first = await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    const second = await world.start('delete', { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' });
    await world.pass(60);

    expect([first, second].map((id) => ended.get(id))).toEqual([2, 3]);
  });

  test('one that waits is in progress, and holds its slot and its lock (Q10)', async () => {
    const world = createTestWorld({ ...ONE_AT_A_TIME, outstandingAssignments: 2 });
    await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    const waiting = { account: 'dev', permissionSet: 'ReadOnly', user: 'alice' };
    const id = await world.start('create', waiting);
    await world.pass(3);

    expect(await world.status('create', id)).toMatchObject({ Status: 'IN_PROGRESS' });
    expect((await refusal(world.start('delete', waiting))).code).toBe('ConflictException');
    await world.start('create', { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' });
    expect((await refusal(world.start('create', waiting))).message).toContain('too many requests');
  });

  test('a provision waits in all of its accounts, and the next ones wait for it (Q10)', async () => {
    const world = createTestWorld(ONE_AT_A_TIME);
    world.simulator.addAssignmentByHand(
      world.simulator.world.resolve({ account: 'prod', permissionSet: 'ReadOnly', user: 'alice' }),
    );
    const ended = ends(world);

    const inDev = await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    await world.pass(1);
    const everywhere = await world.provision(READ_ONLY);
    const inProd = await world.provision(POWER_USER, PROD);
    const inDevAfter = await world.provision(POWER_USER, '222222222222');
    await world.pass(60);

    expect([inDev, everywhere, inProd, inDevAfter].map((id) => ended.get(id))).toEqual([2, 6, 10, 5]);
  });

  test('one that never ends holds up its account for ever, and no other (Q10)', async () => {
    const world = createTestWorld(ONE_AT_A_TIME);
    const ended = ends(world);
    world.simulator.failNext({ operation: 'CreateAccountAssignment', effect: 'never-ends' });
    await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });

    const behind = await world.provision(READ_ONLY, DEV);
    const beside = await world.provision(READ_ONLY, PROD);
    await world.pass(3600);

    expect(ended.has(behind)).toBe(false);
    expect(ended.get(beside)).toBe(4);
  });

  test('turns that are switched on later count what began before them (Q10, F7)', async () => {
    const world = createTestWorld({ ...ONE_AT_A_TIME, roleUpdatesPerAccount: 'parallel' });
    const ended = ends(world);
    await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    await world.start('delete', { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' });

    world.simulator.changeSettings({ roleUpdatesPerAccount: 'one-at-a-time' });
    const id = await world.start(
      'create',
      { account: 'dev', permissionSet: 'BreakGlass', user: 'bob' },
      'root',
    );
    await world.pass(60);

    expect(ended.get(id)).toBe(5);
  });

  test('whatever the accounts, turns follow each other and everything begins once (Q10)', () => {
    const job = fc.record({
      accounts: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }),
      waits: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (jobs, choices) => {
        const turns = new AccountTurns();
        const begun: number[] = [];
        const ended = new Set<number>();
        const leave = jobs.map(({ accounts, waits }, index) =>
          turns.enter(accounts, waits, () => {
            begun.push(index);
            const shares = (other: (typeof jobs)[number]): boolean =>
              other.accounts.some((account) => accounts.includes(account));
            const before = jobs.slice(0, index).filter((other, at) => shares(other) && !ended.has(at));
            expect(waits ? before : []).toEqual([]);
          }),
        );

        while (ended.size < jobs.length) {
          const running = begun.filter((index) => !ended.has(index));
          // There is always one that can go on.
          expect(running.length).toBeGreaterThan(0);
          const next = running[(choices.next().value ?? 0) % running.length] ?? 0;
          ended.add(next);
          leave[next]?.();
        }

        expect([...begun].sort((a, b) => a - b)).toEqual(jobs.map((_, index) => index));
      }),
    );
  });
});
