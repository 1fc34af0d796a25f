import { describeKey } from '../../../core/assignments/assignment';
import { STANDING_CLAIM } from '../../../core/assignments/claims';
import { sweep } from '../../../core/sweep/sweep';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { refusals } from '../../support/fake-identity-center';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOT_READY = 'Obtaining permissions to manage your AWS account takes longer than usual.';

/** Lets that many minutes pass and no more, whatever the dispatcher has to do; it is called again by the sweep. */
async function letPass(world: DispatcherWorld, minutes: number): Promise<void> {
  const target = world.clock.now() + minutes * MINUTE;
  while (world.clock.now() < target) {
    const left = world.dispatcher.record.running && (await world.pass());
    if (left) continue;
    world.clock.advance(MINUTE);
    await sweep(world);
  }
}

/** Somebody makes the assignment in the console. */
function addByHand(world: DispatcherWorld): void {
  world.identityCenter.rows.add(describeKey(keyOf()));
}

describe('what somebody else creates while Latchkey is at work', () => {
  test('between two tries of a create that failed is standing, and stays when the lease ends', async () => {
    const world = new DispatcherWorld();
    // Fails for four minutes; the account becomes ready only for the person in the console.
    for (let failures = 0; failures < 8; failures += 1)
      world.identityCenter.faults.push({ at: 'end', reason: NOT_READY });
    await world.open('lease', HOUR);
    await letPass(world, 2);

    addByHand(world);
    await letPass(world, 10);
    const during = await world.assignment();
    await letPass(world, 60);

    expect(during.claims[STANDING_CLAIM]).toBeDefined();
    expect(during.claims.lease?.grantedAt).toBeDefined();
    expect(world.exists()).toBe(true);
    expect(world.identityCenter.accepted()).not.toContain('delete');
  });

  test('after a lost create was sent again and followed to its end is standing', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.TIMED_OUT });
    await world.open('lease', 15 * MINUTE);
    await letPass(world, 20);
    const wasRevoked = !world.exists();

    addByHand(world);
    await letPass(world, 120);

    expect(wasRevoked).toBe(true);
    expect(world.exists()).toBe(true);
  });
});

describe('a create that showed its effect very late', () => {
  test('is taken away, even if the lease after it was never let in', async () => {
    const world = new DispatcherWorld();
    const { rows } = world.identityCenter;
    const add = rows.add.bind(rows);
    // Reported as SUCCEEDED, but for the time being no list shows it.
    rows.add = () => rows;
    await world.open('first', 10 * MINUTE);
    await world.pass();
    for (let refused = 0; refused < 200; refused += 1)
      world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });
    await letPass(world, 6);
    await world.open('second', 5 * MINUTE);
    await letPass(world, 8);

    rows.add = add;
    rows.add(describeKey(keyOf()));
    world.identityCenter.faults.length = 0;
    await letPass(world, 70);

    expect(world.exists()).toBe(false);
  });
});

describe('a revoke that is refused because others keep the service busy', () => {
  test('is tried every minute, however long that lasts', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', 5 * MINUTE);
    await letPass(world, 4);
    for (let refused = 0; refused < 1000; refused += 1)
      world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });
    await letPass(world, 60);
    const before = world.identityCenter.faults.length;

    await letPass(world, 20);

    expect(before - world.identityCenter.faults.length).toBeGreaterThanOrEqual(18);
  });
});
