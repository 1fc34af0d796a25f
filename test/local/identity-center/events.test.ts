import type { EventEnvelope } from '../../../local/events/event-envelope';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createSimulator } from '../../../local/identity-center/simulator';
import { createControlWorld } from './control-world';
import { createEventWorld, type EventWorld } from './events-world';
import { ORGANIZATION, serviceFor, START, STORE } from './support';

const UNLIMITED = { identityStoreRequestsPerSecond: 'unlimited' } as const;

/** So many groups made at the same instant, and enough time for every event of them. */
async function groups(
  count: number,
  settings: Partial<SimulatorSettings>,
  seed = 1,
): Promise<EventWorld & { readonly order: readonly number[] }> {
  const world = createEventWorld({ ...UNLIMITED, ...settings }, seed);
  const order: number[] = [];
  const made = new Map<unknown, number>();
  for (let place = 0; place < count; place += 1) {
    const answer = await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: `team-${place}` });
    made.set(answer.GroupId, place);
  }
  await world.pass(3600);
  for (const { detail } of world.arrived) {
    order.push(made.get((detail.responseElements as { groupId: string }).groupId) ?? -1);
  }
  return { ...world, order };
}

const uniform = (from: number, to: number): { kind: 'uniform'; from: number; to: number } => ({
  kind: 'uniform',
  from,
  to,
});

describe('the lag of events', () => {
  test('shows in the time of the event, and the event arrives then (N10)', async () => {
    const world = createEventWorld({ eventLag: { kind: 'fixed', seconds: 17 } });
    await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'team' });

    await world.pass(16.999);
    expect(world.names()).toEqual([]);
    await world.pass(0.001);

    expect(world.arrived).toMatchObject([
      { time: '2026-11-24T08:00:17Z', detail: { eventTime: '2026-11-24T08:00:00Z' } },
    ]);
  });

  test('is 5 to 30 seconds unless the settings say otherwise (N10)', async () => {
    const world = createControlWorld();
    const lags: number[] = [];
    world.simulator.onCloudEvent(() => lags.push(world.clock.now() - START));

    world.post('settings', { identityStoreRequestsPerSecond: 'unlimited' });
    for (let place = 0; place < 100; place += 1) {
      await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: `team-${place}` });
    }
    await world.pass(60);

    expect(lags.length).toBe(100);
    expect(Math.min(...lags)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...lags)).toBeLessThanOrEqual(30_000);
  });

  test('passes where time is skipped, and leaves nothing behind that time would stop at (N10)', async () => {
    const clock = createLocalClock({ mode: 'skips', startAt: START });
    const simulator = createSimulator({ organization: ORGANIZATION, clock, random: createSeededRandom(1) });
    const arrival = new Promise<EventEnvelope>((resolve) => {
      simulator.onCloudEvent(resolve);
    });
    const input = { IdentityStoreId: STORE, DisplayName: 'team' };

    await serviceFor(simulator.services, 'CreateGroup').call({
      operation: 'CreateGroup',
      input,
      requestId: 'r',
    });
    const { time } = await arrival;

    const arrivedAt = Date.parse(time);
    expect(arrivedAt - START).toBeGreaterThan(4_000);
    expect(clock.now()).toBeGreaterThanOrEqual(arrivedAt);
    await clock.advance(60_000);
    clock.stop();
  });

  test('does not move a clock that skips where nobody listens (N10)', async () => {
    const clock = createLocalClock({ mode: 'skips', startAt: START });
    const simulator = createSimulator({ organization: ORGANIZATION, clock, random: createSeededRandom(1) });
    simulator.onCloudEvent(() => undefined)();
    const input = { IdentityStoreId: STORE, DisplayName: 'team' };

    await serviceFor(simulator.services, 'CreateGroup').call({
      operation: 'CreateGroup',
      input,
      requestId: 'r',
    });
    await clock.quiet();

    // As long as the test itself takes, and none of the lag.
    expect(clock.now() - START).toBeLessThan(4_000);
    clock.stop();
  });
});

describe('delivery', () => {
  test('keeps every event once and in order where lags are equal (N11)', async () => {
    const { order } = await groups(50, {});

    expect(order).toEqual(Array.from({ length: 50 }, (_, place) => place));
  });

  test('loses a share of the events (N11)', async () => {
    const { order } = await groups(400, { eventLoss: 0.25 });

    expect(order.length).toBeGreaterThan(270);
    expect(order.length).toBeLessThan(330);
    expect(new Set(order).size).toBe(order.length);
  });

  test('brings a share of the events twice, which their eventID tells (N11)', async () => {
    const { arrived } = await groups(400, { eventDuplicates: 0.25 });

    const records = new Set(arrived.map(({ detail }) => detail.eventID));
    expect(records.size).toBe(400);
    expect(new Set(arrived.map(({ id }) => id)).size).toBe(arrived.length);
    expect(arrived.length).toBeGreaterThan(470);
    expect(arrived.length).toBeLessThan(530);
  });

  test('brings a tag change twice under one id, as it has no eventID (N11)', async () => {
    const world = createEventWorld({ eventDuplicates: 1 });
    const tags = [{ Key: 'owner', Value: 'b' }];

    await world.call('TagResource', { ResourceId: '333333333333', Tags: tags }, 'root');
    await world.pass(0);

    const [first, second, ...others] = world.arrived.filter(({ source }) => source === 'aws.tag');
    expect(first).toEqual(second);
    expect(others).toEqual([]);
  });

  test('loses the order, and tells the same time (N11)', async () => {
    const { order, arrived } = await groups(50, { eventDisorder: uniform(0, 600), eventDuplicates: 1 });

    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect([...new Set(order)].length).toBe(50);
    expect(order.length).toBe(100);
    expect(new Set(arrived.map(({ time }) => time))).toEqual(new Set(['2026-11-24T08:00:00Z']));
  });

  test('ends with the subscription (N11)', async () => {
    const world = createEventWorld();
    const heard: EventEnvelope[] = [];
    const end = world.simulator.onCloudEvent((event) => heard.push(event));
    await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'team-a' });
    await world.pass(0);

    end();
    end();
    await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'team-b' });
    await world.pass(0);

    expect(heard.length).toBe(1);
    expect(world.arrived.length).toBe(2);
  });
});

describe('the seed', () => {
  const HARD = {
    eventLag: uniform(5, 30),
    eventLoss: 0.2,
    eventDuplicates: 0.2,
    eventDisorder: uniform(0, 60),
  };

  test('determines every event and its way (N12)', async () => {
    const first = await groups(50, HARD);
    const again = await groups(50, HARD);

    expect(again.arrived).toEqual(first.arrived);
    const other = await groups(50, HARD, 2);
    expect(other.order).not.toEqual(first.order);
  });

  test('gives events the same ids whatever becomes of them, and the rest of the run no other chance (N12)', async () => {
    const plain = await groups(50, { eventLag: uniform(5, 30) });
    const hard = await groups(50, HARD);
    const idsOf = (world: EventWorld): unknown[] =>
      world.simulator.cloudEvents().map(({ event }) => [event.detail.eventID, event.detail.responseElements]);

    const [some] = idsOf(plain);
    expect(some).toEqual(idsOf(hard)[0]);
    expect(idsOf(plain).map((one) => (one as unknown[])[1])).toEqual(
      idsOf(hard).map((one) => (one as unknown[])[1]),
    );
  });
});

describe('GET /_simulator/events', () => {
  test('answers events with what becomes of them, where nobody listens too (N13)', async () => {
    const world = createControlWorld();
    world.post('settings', { eventLag: '17', eventDuplicates: 1 });
    await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'twice' });
    world.post('settings', { eventLoss: 1 });
    await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'lost' });

    expect(world.get('events')).toMatchObject({
      events: [
        {
          lost: false,
          deliveredAt: ['2026-11-24T08:00:17.125Z', '2026-11-24T08:00:17.125Z'],
          event: { source: 'aws.identitystore', time: '2026-11-24T08:00:17Z' },
        },
        { lost: true, deliveredAt: [], event: { source: 'aws.identitystore' } },
      ],
    });
  });

  test('remembers the last 200 (N13)', async () => {
    const { simulator, arrived } = await groups(250, {});

    expect(simulator.cloudEvents().map(({ event }) => event)).toEqual(arrived.slice(50));
  });

  test.each([
    [{ eventLoss: 2 }, 'eventLoss is 2 (a number): use a share, a number from 0 to 1'],
    [{ eventDuplicates: 'often' }, 'eventDuplicates is "often": use a share'],
    [{ eventLag: 'long' }, 'eventLag is "long": use seconds'],
    [{ accountFactory: 'yes' }, 'accountFactory is "yes": use "none" or "control-tower"'],
  ])('goes with settings that refuse %j (N10, N11)', (change, message) => {
    expect(createControlWorld().refused('settings', change)).toContain(message);
  });
});
