import { RolloutApp } from '../support/rollout-app';

const NAMES = Array.from({ length: 60 }, (_, index) => `Set-${String(index + 10)}`);
const [FIRST, SECOND] = ['512345678902', '523456789013'];

/** A rollout leaves the dispatcher so much more than it needs for one ticket: a ticket must not notice it by more. Milliseconds. */
const NOTICEABLE_MS = 5_000;

describe('people who ask while a rollout reads 60 sets', () => {
  let world: RolloutApp;

  beforeAll(async () => {
    world = await RolloutApp.start({
      access: {
        permissionSets: Object.fromEntries(NAMES.map((name) => [`${name}.yaml`, `name: ${name}\n`])),
      },
    });
    await world.app.advance('PT4M');
    world.forget();
  });

  afterAll(async () => {
    await world.stop();
  });

  /** How long carol waits for access, in virtual milliseconds. */
  async function granted(account: string): Promise<number> {
    const { clock } = world.app.runtime;
    const id = await world.app.ask({ principal: { user: 'carol' }, target: { account } });
    const askedAt = clock.now();
    for (let seconds = 0; seconds < 120; seconds += 1) {
      await world.app.advance('PT1S');
      if ((await world.app.request(id)).status === 'active') return clock.now() - askedAt;
    }
    throw new Error(`the ticket is ${(await world.app.request(id)).status} after two minutes`);
  }

  test('wait as long as usual, and no call of anybody is throttled', async () => {
    const { simulator } = world.app.runtime;
    const throttled: string[] = [];
    simulator.onCall(({ operation, outcome }) => {
      if (outcome === 'ThrottlingException') throttled.push(operation);
    });

    const usual = await granted(FIRST);
    await world.rollOut({ verify: true });
    await world.app.advance('PT20S');
    const during = await granted(SECOND);
    const isReading = (await world.running()).length === 1;
    await world.app.advance('PT5M');

    expect(isReading).toBe(true);
    expect(during - usual).toBeLessThan(NOTICEABLE_MS);
    expect(throttled).toEqual([]);
    expect(simulator.settings.requestsPerSecond).toBe(20);
    expect(world.operations(/^GetInlinePolicyForPermissionSet$/)).toHaveLength(NAMES.length);
    expect(await world.running()).toEqual([]);
  });
});
