import type { AssignmentKey } from '../../../core/assignments/assignment';
import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { wakeDispatcher } from '../../../core/dispatcher/control';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';

const MINUTE = 60_000;

/** Passes, as the state machine makes them, until so long has gone by. */
async function pass(world: DispatcherWorld, ms: number): Promise<void> {
  const target = world.clock.now() + ms;
  while (world.clock.now() < target && world.dispatcher.record.running) await world.pass();
}

/** One of so many accounts of a large request, which is bulk work. */
async function openBulk(world: DispatcherWorld, accounts: number): Promise<void> {
  for (let n = 1; n <= accounts; n += 1) {
    await changeAssignment(world, keyOf(n), (present, now) =>
      openClaim(present, {
        id: 'large',
        kind: 'lease',
        from: now,
        until: now + 60 * MINUTE,
        openedAt: now,
        accounts,
      }),
    );
  }
  await wakeDispatcher(world, world.clock.now());
}

async function granted(world: DispatcherWorld, keys: readonly AssignmentKey[]): Promise<number> {
  const assignments = await Promise.all(keys.map((key) => world.assignment(key)));
  return assignments.filter(({ claims }) =>
    Object.values(claims).some(({ grantedAt }) => grantedAt !== undefined),
  ).length;
}

const keys = (count: number): AssignmentKey[] => Array.from({ length: count }, (_, n) => keyOf(n + 1));

/** Lets a method fail, and counts its calls, until it is repaired. */
function breakDown(
  { identityCenter }: DispatcherWorld,
  name: 'inProgress' | 'assignees',
): { calls: number; repair: () => void } {
  const works = { [name]: identityCenter[name] };
  const broken = {
    calls: 0,
    repair: () => {
      Object.assign(identityCenter, works);
    },
  };
  const fail = (): Promise<never> => {
    broken.calls += 1;
    return Promise.reject(new Error('the key cannot be used'));
  };
  Object.assign(identityCenter, { [name]: fail });
  return broken;
}

describe('a list that fails for a while', () => {
  test('of operations in progress is asked for less and less, and they are settled when it is back', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 20_000;
    const broken = breakDown(world, 'inProgress');
    for (const key of keys(5)) await world.open('lease', 60 * MINUTE, key);
    await pass(world, 2 * MINUTE);
    const during = await granted(world, keys(5));
    broken.repair();
    await pass(world, 15_000);

    expect(broken.calls).toBeGreaterThan(10);
    expect(broken.calls).toBeLessThan(120);
    expect(during).toBe(0);
    expect(await granted(world, keys(5))).toBe(5);
  });

  test('of an account is not asked for in a circle where bulk work looks ahead', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 10 * MINUTE;
    const count = LIMITS.slots + 5;
    await openBulk(world, count);
    await pass(world, 20_000);
    const sent = world.identityCenter.accepted().length;
    const broken = breakDown(world, 'assignees');
    await pass(world, 2 * MINUTE);
    broken.repair();
    world.identityCenter.latencyMs = 3_000;
    await pass(world, 12 * MINUTE);

    expect(sent).toBe(LIMITS.slots);
    expect(broken.calls).toBeGreaterThan(0);
    expect(broken.calls).toBeLessThan(4 * 60);
    expect(await granted(world, keys(count))).toBe(count);
  });
});
