import { ANSWERS, QUOTAS } from '../support/quota-settings';
import { ask, leave, memberOf } from './crowds';
import { SchedulerWorld } from './scheduler-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A pass looks for calls twice a second, and a call takes a tenth of one; between two passes is a second. */
const PROMPTLY_MS = 2.5 * SECOND;

/** How long the n-th person waits until the ticket has a slot. */
async function waitOfPerson(world: SchedulerWorld, n: number): Promise<number> {
  const askedAt = world.now();
  const { accountId } = memberOf('people', n);
  await ask(world, 'people', n, n + 1);
  const sent = () => world.identityCenter.submissions.find(({ subject }) => subject.accountId === accountId);
  for (let looks = 0; looks < 6_000 && sent() === undefined; looks += 1) await world.pass(SECOND / 10);
  return (sent()?.at ?? Infinity) - askedAt;
}

/** The longest of such waits, of tickets that come one after the other while `isOn`. */
async function longestWait(world: SchedulerWorld, isOn: () => boolean): Promise<number> {
  let longest = 0;
  for (let n = 0; n < 30 && isOn(); n += 1) {
    longest = Math.max(longest, await waitOfPerson(world, n));
    await world.pass(3 * SECOND);
  }
  return longest;
}

function countWaiting({ assignments }: SchedulerWorld): number {
  return [...assignments.items.values()].filter(({ operation }) => operation?.state === 'INTENT').length;
}

describe('a person’s ticket, while slots are free', () => {
  test('is sent promptly where nothing else is to be done', async () => {
    const world = new SchedulerWorld(QUOTAS);

    expect(await waitOfPerson(world, 0)).toBeLessThan(PROMPTLY_MS);
    world.end();
  });

  test('is sent promptly amid bulk work that is faster than the rate', async () => {
    const world = new SchedulerWorld({ ...QUOTAS, latencyMs: () => SECOND });
    await ask(world, 'bulk', 0, 300);

    expect(await longestWait(world, () => countWaiting(world) > 20)).toBeLessThan(PROMPTLY_MS);
    world.end();
  });

  test('is sent promptly amid the revokes of 400 leases that end together', async () => {
    const world = new SchedulerWorld({ ...QUOTAS, latencyMs: () => SECOND });
    await ask(world, 'leavers', 0, 400);
    await world.until(() => world.isQuiet(), 60 * MINUTE);
    await leave(world, 400);

    expect(await longestWait(world, () => countWaiting(world) > 20)).toBeLessThan(PROMPTLY_MS);
    world.end();
  });

  test('does not wait for the next search for a lost reply', async () => {
    const world = new SchedulerWorld(QUOTAS);
    world.identityCenter.faults.push({ what: 'lost', isAccepted: false, refusal: ANSWERS.timeout });
    await ask(world, 'bulk', 0, 1);
    await world.pass(20 * SECOND);

    expect(await waitOfPerson(world, 0)).toBeLessThan(PROMPTLY_MS);
    world.end();
  });

  test('does not wait for 150 others who want one and the same role', async () => {
    const world = new SchedulerWorld(QUOTAS);
    for (let n = 0; n < 150; n += 1) {
      const principalId = `906799d2-0000-7000-8000-1${String(n).padStart(11, '0')}`;
      await world.openQuietly(
        { id: 'one role', kind: 'lease', lastsMs: 60 * MINUTE },
        { ...memberOf('people', 9_999), principalId },
      );
    }
    await world.wake();
    await world.pass(5 * SECOND);

    expect(await waitOfPerson(world, 0)).toBeLessThan(PROMPTLY_MS);
    world.end();
  });
});
