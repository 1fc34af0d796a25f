import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import { unknownAssignment, type Assignment } from '../../../core/assignments/assignment';
import { openClaim } from '../../../core/assignments/claims';
import { reconcile } from '../../../core/assignments/reconcile';
import { runPass } from '../../../core/dispatcher/pass';
import { sweep } from '../../../core/sweep/sweep';
import { closeLeases, openLeases } from '../../../core/requests/change-leases';
import { announceEnd, announceGrant } from '../../../core/requests/announce';
import { revokeRequest } from '../../../core/requests/receive';
import { MINUTE, HOUR, A, B, requestOf, stored } from './decided-request';

/** Asked of the domain: what would break if this happened, in this order? */
describe('work that could stand still', () => {
  test('a revoke ends when the permission set is gone', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();
    world.identityCenter.rows.clear();
    for (let n = 0; n < 1000; n += 1)
      world.identityCenter.faults.push({
        at: 'before',
        refusal: {
          name: 'ResourceNotFoundException',
          message: 'Could not find PermissionSet with id ps-…',
          fault: 'client',
        },
      });
    await world.minutes(60 + 24 * 60);
    expect((await world.assignment()).claims.lease).toBeUndefined();
  });

  test('closing goes on to the next account where one has no room for a tombstone', async () => {
    const world = new DispatcherWorld();
    const seed = requestOf(world);
    for (let n = 0; n < 50; n += 1) await world.open(`other-${n}`, 8 * HOUR, keyOf(1));
    world.requests.items.set('req-1', { ...seed, resolved: { ...seed.resolved, accounts: [A, B] } });
    await openLeases(world, 'req-1');
    await revokeRequest(world, 'req-1', 'caller', undefined);
    await closeLeases(world, 'req-1');
    expect((await world.assignment(keyOf(2))).claims['req-1']?.closedAt).toBeDefined();
  });

  test('tombstones that have served their time make room', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 50; n += 1) {
      await world.open(`old-${n}`, HOUR);
      await world.close(`old-${n}`);
    }
    await world.drain();
    await world.minutes(3 * 60);
    await world.open('new', HOUR);
    expect((await world.assignment()).claims.new).toBeDefined();
  });

  test('one that dies right after a pass is replaced within two minutes', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 3 * HOUR;
    await world.open('lease', 10 * HOUR);
    for (let n = 0; n < 60; n += 1) await world.pass();
    const { epoch } = world.dispatcher.record;
    // world.pass() advanced by the wait: the next pass never comes. (up to 60 s of it have gone)
    for (let m = 0; m < 2; m += 1) {
      world.clock.advance(MINUTE);
      await sweep(world);
    }
    expect(world.dispatcher.record.epoch).toBeGreaterThan(epoch);
  });

  test('work that comes right after the end was written does not wait for the lease of the pass that wrote it', async () => {
    const world = new DispatcherWorld();
    await world.open('first', HOUR);
    const stop = world.dispatcher.stop.bind(world.dispatcher);
    world.dispatcher.stop = async (...args) => {
      const stopped = await stop(...args);
      if (stopped !== undefined) await world.open('second', HOUR, keyOf(2));
      return stopped;
    };
    while (world.dispatcher.record.epoch === 1) {
      const { seconds } = await runPass(world, { epoch: 1, pass: 0 }, LIMITS);
      if ((await world.dispatcher.read()).epoch === 1) world.clock.advance(seconds * 1000);
    }
    world.identityCenter.calls.length = 0;
    await runPass(world, { epoch: 2, pass: 0 }, LIMITS);
    expect(world.identityCenter.calls).not.toEqual([]);
  });

  test('one request that cannot be woken does not hold up the others', async () => {
    const world = new DispatcherWorld();
    for (const [n, id] of [
      [1, 'bad'],
      [2, 'good'],
    ] as const) {
      world.requests.items.set(
        id,
        requestOf(world, {
          id,
          waiting: { signal: 'grant', token: id },
          grantingSince: world.clock.now(),
          status: 'granting',
          resolved: { ...requestOf(world).resolved, accounts: [keyOf(n).accountId] },
        }),
      );
      await world.open(id, HOUR, keyOf(n));
    }
    const answer = world.workflows.answer.bind(world.workflows);
    world.workflows.answer = (token, a) =>
      token === 'bad' ? Promise.reject(new Error('refused')) : answer(token, a);
    for (let n = 0; n < 20; n += 1) await world.pass();
    expect(world.workflows.answers.map(({ token }) => token)).toContain('good');
  });

  test('a lease is not held up by a look that was planned before', () => {
    const now = 1_000_000_000;
    const waitingLook: Assignment = {
      ...unknownAssignment(keyOf()),
      generation: 1,
      seen: { at: now, exists: false },
      operation: {
        kind: 'look',
        state: 'INTENT',
        generation: 1,
        plannedAt: now,
        notBefore: now + 30_000,
        attempts: 0,
      },
    };
    const next = reconcile(
      openClaim(waitingLook, { id: 'l', kind: 'lease', from: now, until: now + HOUR, openedAt: now }),
      now,
    );
    expect(next.operation?.kind).toBe('create');
  });

  test('an ended request that a stale index still calls open is not started again', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set('req-1', requestOf(world, { status: 'ended' }));
    world.workflows.over.add('req-1-1');
    world.requests.open = () => Promise.resolve([{ id: 'req-1', attempt: 1, state: 'other' as const }]);
    await sweep(world);
    expect(world.workflows.started).toEqual([]);
  });

  test('a request that finds no room anywhere ends as failed', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 50; n += 1) await world.open(`other-${n}`, 8 * HOUR);
    world.requests.items.set('req-1', requestOf(world));
    await openLeases(world, 'req-1');
    expect((await announceGrant(world, 'req-1')).next).toBe('closeLeases');
    await closeLeases(world, 'req-1');
    await announceEnd(world, 'req-1');
    expect((await stored(world)).status).toBe('failed');
  });

  test('the dispatcher does not end on an operation that its index does not show yet', async () => {
    const world = new DispatcherWorld();
    const underWay = world.assignments.underWay.bind(world.assignments);
    const waiting = world.assignments.waiting.bind(world.assignments);
    let sentAt = Number.POSITIVE_INFINITY;
    const create = world.identityCenter.createAssignment.bind(world.identityCenter);
    world.identityCenter.createAssignment = (key) => {
      sentAt = world.clock.now();
      return create(key);
    };
    world.assignments.underWay = async () => (world.clock.now() - sentAt < 2_000 ? [] : underWay());
    world.assignments.waiting = waiting;
    // The work was asked for long ago (a retry that has come due), so nothing else keeps the dispatcher up.
    await world.open('lease', HOUR);
    world.clock.advance(10_000);
    await world.drain();
    expect((await world.assignment()).operation).toBeUndefined();
  });
});
