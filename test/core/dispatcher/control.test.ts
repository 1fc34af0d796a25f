import { PROMISE_GRACE_MS, handOver, wakeDispatcher } from '../../../core/dispatcher/control';
import { DispatcherWorld } from '../../support/dispatcher-world';

const LEASE = 40_000;

/** A dispatcher that took its lease just now. */
async function working(): Promise<DispatcherWorld> {
  const world = new DispatcherWorld();
  const now = world.clock.now();
  await wakeDispatcher(world, now);
  await world.dispatcher.takeLease(1, now, now + LEASE, now + LEASE + PROMISE_GRACE_MS);
  return world;
}

describe('calling the dispatcher', () => {
  test('starts the first one', async () => {
    const world = new DispatcherWorld();

    await wakeDispatcher(world, world.clock.now());

    expect(world.dispatcher.record).toMatchObject({ epoch: 1, running: true, wanted: 1 });
    expect(world.workflows.started).toEqual(['dispatcher-1']);
  });

  test('is counted and nothing else while one works', async () => {
    const world = await working();

    await wakeDispatcher(world, world.clock.now() + 1);

    expect(world.dispatcher.record).toMatchObject({ epoch: 1, wanted: 2 });
    expect(world.workflows.started).toEqual(['dispatcher-1']);
  });

  test('starts one of the next epoch after the last one ended', async () => {
    const world = await working();
    await world.dispatcher.stop(1, 1, world.dispatcher.record.leaseUntil);

    await wakeDispatcher(world, world.clock.now());

    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });

  test('replaces one that broke its promise, and not a moment before', async () => {
    const world = await working();
    const promised = world.dispatcher.record.nextPassBy;

    await wakeDispatcher(world, promised);
    const before = [...world.workflows.started];
    await wakeDispatcher(world, promised + 1);

    expect(before).toEqual(['dispatcher-1']);
    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });

  test('by many at once starts exactly one', async () => {
    const world = new DispatcherWorld();

    await Promise.all(Array.from({ length: 20 }, () => wakeDispatcher(world, world.clock.now())));

    expect(world.workflows.started).toEqual(['dispatcher-1']);
    expect(world.dispatcher.record.wanted).toBe(20);
  });

  test('makes a dispatcher stay that was about to end', async () => {
    const world = await working();
    const { wanted } = world.dispatcher.record;
    await wakeDispatcher(world, world.clock.now());

    expect(await world.dispatcher.stop(1, wanted, world.clock.now())).toBeUndefined();
    expect(world.dispatcher.record.running).toBe(true);
  });

  test('leaves a start that failed to the next call, after a grace', async () => {
    const world = new DispatcherWorld();
    const { startDispatcher } = world.workflows;
    world.workflows.startDispatcher = () => Promise.reject(new Error('throttled'));
    await expect(wakeDispatcher(world, world.clock.now())).rejects.toThrow('throttled');

    world.workflows.startDispatcher = startDispatcher;
    await wakeDispatcher(world, world.clock.now() + PROMISE_GRACE_MS + 1);

    expect(world.workflows.started).toEqual(['dispatcher-2']);
  });
});

describe('handing over', () => {
  test('starts the next epoch; the old one may not work any more', async () => {
    const world = await working();
    const now = world.clock.now() + LEASE;

    await handOver(world, 1, now);

    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
    expect(await world.dispatcher.takeLease(1, now, now + LEASE, now + LEASE)).toBeUndefined();
    expect(await world.dispatcher.takeLease(2, now, now + LEASE, now + LEASE)).toBeDefined();
  });

  test('leaves the lease of a pass that may still run as it is', async () => {
    const world = await working();
    const { leaseUntil } = world.dispatcher.record;

    await handOver(world, 1, world.clock.now());

    expect(world.dispatcher.record.leaseUntil).toBe(leaseUntil);
    const now = leaseUntil - 1;
    expect(await world.dispatcher.takeLease(2, now, now + LEASE, now + LEASE)).toBeUndefined();
  });

  test('is made once, though the step is repeated', async () => {
    const world = await working();

    await handOver(world, 1, world.clock.now());
    await handOver(world, 1, world.clock.now());

    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });
});
