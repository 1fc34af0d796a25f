import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import { ENTITLEMENT_GONE, refusals } from '../../support/fake-identity-center';
import { describeKey } from '../../../core/assignments/assignment';
import { STANDING_CLAIM } from '../../../core/assignments/claims';
import { runPass } from '../../../core/dispatcher/pass';
import { sweep } from '../../../core/sweep/sweep';

const HOUR = 60 * 60_000;

describe('the dispatcher', () => {
  test('grants a lease and proves it by reading the effect back', async () => {
    const world = new DispatcherWorld();

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.exists()).toBe(true);
    const { claims, operation, seen } = await world.assignment();
    expect(claims.lease?.grantedAt).toBeDefined();
    expect(claims.lease?.creation).toMatchObject({ status: 'SUCCEEDED', requestId: 'operation-1' });
    expect(operation).toBeUndefined();
    expect(seen?.exists).toBe(true);
  });

  test('takes access away when the lease is over, by the sweep alone', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();

    await world.minutes(61);

    expect(world.exists()).toBe(false);
    expect(world.identityCenter.accepted()).toEqual(['create', 'delete']);
  });

  test('keeps access to the later end of two overlapping leases', async () => {
    const world = new DispatcherWorld();
    await world.open('short', HOUR);
    await world.drain();
    await world.open('long', 2 * HOUR);
    await world.drain();

    await world.minutes(61);
    const afterFirstEnd = world.exists();
    await world.minutes(60);

    expect(afterFirstEnd).toBe(true);
    expect(world.exists()).toBe(false);
    expect(world.identityCenter.accepted()).toEqual(['create', 'delete']);
  });

  test('leaves no gap between back-to-back leases', async () => {
    const world = new DispatcherWorld();
    await world.open('first', HOUR);
    await world.drain();
    await world.open(
      'second',
      HOUR,
      keyOf(),
      HOUR - (world.clock.now() - Date.parse('2026-11-24T08:00:00Z')),
    );

    await world.minutes(65);

    expect(world.exists()).toBe(true);
    expect(world.identityCenter.accepted()).toEqual(['create']);
  });

  test('never removes what was standing before the lease', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.rows.add(describeKey(keyOf()));

    await world.open('lease', HOUR);
    await world.drain();
    const during = await world.assignment();
    await world.minutes(61);

    expect(during.claims[STANDING_CLAIM]).toBeDefined();
    expect(during.claims.lease?.grantedAt).toBeDefined();
    expect(world.exists()).toBe(true);
    expect(world.identityCenter.accepted()).toEqual([]);
  });

  test('does not create a standing assignment again that somebody removed', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.rows.add(describeKey(keyOf()));
    await world.open('lease', HOUR);
    await world.drain();

    world.identityCenter.rows.clear();
    await world.minutes(70);

    expect(world.exists()).toBe(false);
    expect(world.identityCenter.accepted()).toEqual([]);
  });

  test('takes access away when the lease is closed while its create is under way', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 30_000;
    await world.open('lease', HOUR);
    await world.pass();

    await world.close('lease');
    await world.drain();

    expect(world.identityCenter.accepted()).toEqual(['create', 'delete']);
    expect(world.exists()).toBe(false);
  });

  test('drops an intent that nobody wants any more without a call', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);

    await world.close('lease');
    await world.drain();

    expect(world.identityCenter.calls).toEqual([]);
    expect((await world.assignment()).claims.lease?.endedAs).toBe('never granted');
  });

  test('sends a throttled create again, as the same generation', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.THROTTLED });

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.exists()).toBe(true);
    expect((await world.assignment()).generation).toBe(1);
  });

  test('finds the operation of a lost reply in the lists, follows it, and never sends the create twice', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.identityCenter.accepted()).toEqual(['create']);
    expect((await world.assignment()).claims.lease?.creation).toMatchObject({
      status: 'SUCCEEDED',
      requestId: 'operation-1',
    });
  });

  test('resolves a lost reply by its effect where the lists do not show it any more', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    world.identityCenter.forgotten.add('operation-1');

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.identityCenter.accepted()).toEqual(['create']);
    expect((await world.assignment()).claims.lease?.creation?.status).toBe('ADOPTED');
  });

  test('sends a create whose reply was lost again once its absence is stable', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'before', refusal: refusals.TIMED_OUT });

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.exists()).toBe(true);
    expect((await world.assignment()).generation).toBe(2);
  });

  test('recovers an operation whose pass died right after the call', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.faults.push({ at: 'crash after' });

    await world.open('lease', HOUR);
    await world.drain();

    expect(world.identityCenter.accepted()).toEqual(['create']);
    expect(world.exists()).toBe(true);
  });

  test('takes away a create that appears only after it was given up as lost', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 10 * 60_000;
    world.identityCenter.faults.push({ at: 'after', refusal: refusals.TIMED_OUT });
    await world.open('lease', 5 * 60_000);
    await world.drain();

    await world.minutes(90);

    expect(world.exists()).toBe(false);
  });

  test('ends the lease with Identity Center’s own words when a create fails for good', async () => {
    const world = new DispatcherWorld();
    const reason =
      'Received a 404 status error: the USER assignee x was not found in directory d-1234567890.';
    world.identityCenter.faults.push({ at: 'end', reason });

    await world.open('lease', HOUR);
    await world.drain();

    const { claims } = await world.assignment();
    expect(claims.lease).toMatchObject({
      lostBy: 'failure',
      closedBecause: reason,
      endedAs: 'never granted',
    });
    expect(world.identityCenter.accepted()).toEqual(['create']);
  });

  test('counts a delete of what is gone already as done', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();
    world.identityCenter.rows.clear();

    await world.minutes(61);

    const [, deletion] = world.identityCenter.operations;
    expect(deletion).toMatchObject({ kind: 'delete', failure: ENTITLEMENT_GONE });
    expect((await world.assignment()).seen?.exists).toBe(false);
  });

  test('never gives a revoke up', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();
    for (let failures = 0; failures < 60; failures += 1) {
      world.identityCenter.faults.push({ at: 'end', reason: 'Received a 500 status error: try later' });
    }

    await world.minutes(60 + 30 * 60);

    expect(world.identityCenter.faults).toEqual([]);
    expect(world.exists()).toBe(false);
  });

  test('sends revokes before grants when slots are short', async () => {
    const world = new DispatcherWorld();
    await world.open('old', 60_000, keyOf(0));
    await world.drain();
    world.clock.advance(2 * 60_000);
    world.identityCenter.calls.length = 0;
    await Promise.all([1, 2, 3].map((n) => world.open(`new-${n}`, HOUR, keyOf(n))));
    await world.close('old', keyOf(0));

    await world.pass();

    expect(world.identityCenter.calls.find((call) => call === 'create' || call === 'delete')).toBe('delete');
  });
});

describe('dispatchers exclude each other', () => {
  test('no pass begins while the lease of a dead one is not over', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const { epoch } = world.dispatcher.record;
    await world.dispatcher.takeLease(
      epoch,
      world.clock.now(),
      world.clock.now() + 40_000,
      world.clock.now() + 100_000,
    );

    const left = await world.pass();

    expect(left).toBe(true);
    expect(world.identityCenter.calls).toEqual([]);
  });

  test('an execution whose epoch is past ends without a call', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const { epoch } = world.dispatcher.record;
    await world.dispatcher.nextEpoch(epoch, world.clock.now(), world.clock.now(), 'always');

    const result = await runPass(world, { epoch, pass: 0 }, LIMITS);

    expect(result.left).toBe(false);
    expect(world.identityCenter.calls).toEqual([]);
  });

  test('a call for work that comes while the dispatcher ends is not lost', async () => {
    const world = new DispatcherWorld();
    await world.open('first', HOUR);
    await world.drain();
    const stopped = world.dispatcher.record;

    await world.open('second', HOUR, keyOf(2));

    expect(stopped.running).toBe(false);
    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });

  test('an execution hands over to a fresh one before its history grows too long', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);

    const result = await runPass(world, { epoch: 1, pass: 450 }, LIMITS);

    expect(result.left).toBe(false);
    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });

  test('a dead dispatcher is replaced within two minutes', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);

    world.clock.advance(60_000);
    await sweep(world);
    const { epoch } = world.dispatcher.record;
    await world.drain();

    expect(epoch).toBeGreaterThan(1);
    expect(world.exists()).toBe(true);
  });
});
