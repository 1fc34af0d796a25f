import { FaultyApp, type Story } from '../support/faulty-app';

const MINUTE = 60_000;
const fixed = (seconds: number) => ({ kind: 'fixed', seconds }) as const;

/** Requests at a time: nearly as many as the service has slots for. */
const CROWD = 14;

/** How requests ended, and what Identity Center did for them. */
async function outcomes(world: FaultyApp, stories: readonly Story[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const story of stories) {
    const { status } = await world.app.request(story.id);
    found.push({ status, has: world.has(story), operations: world.operations(story) });
  }
  return found;
}

const CLEAN = { status: 'ended', has: false, operations: ['create SUCCEEDED', 'delete SUCCEEDED'] };

async function ask(world: FaultyApp, times: number, duration: string): Promise<Story[]> {
  const stories: Story[] = [];
  while (stories.length < times) stories.push(await world.ask(duration));
  return stories;
}

/** The longest that access outlasted its lease, in milliseconds. */
async function latest(world: FaultyApp, stories: readonly Story[]): Promise<number> {
  const all: number[] = [];
  for (const story of stories) all.push(await world.lateness(story));
  return Math.max(...all);
}

describe('a service that refuses for load', () => {
  let world: FaultyApp;

  afterEach(async () => {
    await world.stop();
  });

  const countThrottles = (): (() => number) => {
    let throttles = 0;
    world.app.runtime.simulator.onCall(({ outcome }) => {
      if (outcome === 'ThrottlingException') throttles += 1;
    });
    return () => throttles;
  };

  test.each([
    ['has 10 slots', { outstandingAssignments: 10, createLatency: fixed(20) }, 1],
    ['throttles every third call', {}, 0.33],
  ] as const)(
    `B16: where it %s, ${CROWD} requests at once are granted, and end within minutes of their leases`,
    async (_name, settings, share) => {
      world = await FaultyApp.start({ outstandingCounts: 'creates-and-deletes', ...settings });
      const throttles = countThrottles();
      if (share < 1) world.app.runtime.simulator.faults.add({ operation: '*', effect: 'throttle', share });
      const stories = await ask(world, CROWD, 'PT30M');
      await world.app.advance('PT45M');

      expect(throttles()).toBeGreaterThan(0);
      world.app.runtime.simulator.faults.clear();
      expect(await outcomes(world, stories)).toEqual(stories.map(() => CLEAN));
      expect(await latest(world, stories)).toBeLessThan(5 * MINUTE);
    },
  );

  test('B16: where grants fill 10 slots and more wait, a revoke waits for none of them', async () => {
    world = await FaultyApp.start({
      outstandingAssignments: 10,
      outstandingCounts: 'creates-and-deletes',
      createLatency: fixed(20),
    });
    const ending = await ask(world, 3, 'PT5M');
    await world.app.advance('PT4M45S');
    const granting = await ask(world, 3 * CROWD, 'PT1H');
    await world.app.advance('PT50S');
    const during = await latest(world, ending);
    const waiting = granting.filter((story) => !world.has(story)).length;
    await world.app.advance('PT1H15M');

    expect(waiting).toBeGreaterThan(10);
    // At worst all slots have just been filled: a revoke gets the first that comes free, after 20 s, and takes three.
    expect(during).toBeLessThan(30_000);
    expect(await outcomes(world, [...ending, ...granting])).toEqual(
      [...ending, ...granting].map(() => CLEAN),
    );
  });

  test('B16: where every call is throttled for 20 minutes nothing fails, and revokes come minutes after it', async () => {
    world = await FaultyApp.start();
    const throttles = countThrottles();
    const ending = await ask(world, 4, 'PT10M');
    await world.app.advance('PT9M');
    world.app.runtime.simulator.faults.add({ operation: '*', effect: 'throttle', share: 1 });
    const asked = await ask(world, 4, 'PT1H');
    await world.app.advance('PT20M');
    const still = ending.map((story) => world.has(story));
    const calls = throttles();
    world.app.runtime.simulator.faults.clear();
    await world.app.advance('PT4M');
    const ended = await outcomes(world, ending);
    const granted = asked.map((story) => world.has(story));
    await world.app.advance('PT1H30M');

    expect(still).toEqual(ending.map(() => true));
    expect(ended).toEqual(ending.map(() => CLEAN));
    expect(granted).toEqual(asked.map(() => true));
    expect(await outcomes(world, asked)).toEqual(asked.map(() => CLEAN));
    // The service is left alone meanwhile: eight requests make less than a call a second, of the 20 that all callers share.
    expect(calls).toBeGreaterThan(40);
    expect(calls).toBeLessThan(20 * 60);
  });
});
