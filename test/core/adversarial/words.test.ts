import { DispatcherWorld } from '../../support/dispatcher-world';
import { reportOf } from '../../../core/assignments/report';
import { sweep } from '../../../core/sweep/sweep';
import { closeLeases, openLeases } from '../../../core/requests/change-leases';
import { announceEnd, announceGrant } from '../../../core/requests/announce';
import { MINUTE, HOUR, requestOf, stored, portsOf } from './decided-request';

/** Asked of the domain: what would break if this happened, in this order? */
describe('what could be told wrongly', () => {
  test('a revoke that is done is not reported as overdue', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set('req-1', requestOf(world));
    await openLeases(world, 'req-1');
    await world.drain();
    await announceGrant(world, 'req-1');
    world.workflows.running.add('req-1-1');
    world.clock.advance(4 * HOUR);
    await closeLeases(world, 'req-1');
    await world.drain();
    expect(world.exists()).toBe(false);
    await world.minutes(20);
    expect(world.announced).not.toContain('RevokeOverdue');
  });

  test('an ended request that a stale index still calls ending is not reported as overdue', async () => {
    const world = new DispatcherWorld();
    const now = world.clock.now();
    world.requests.items.set(
      'req-1',
      requestOf(world, { status: 'ended', grantingSince: now, endingSince: now }),
    );
    world.requests.open = () => Promise.resolve([{ id: 'req-1', attempt: 1, state: 'ending' as const }]);
    world.workflows.running.add('req-1-1');
    world.clock.advance(20 * MINUTE);
    await sweep(world);
    expect(world.announced).toEqual([]);
  });

  test('the overdue event is published again where publishing failed', async () => {
    const world = new DispatcherWorld();
    const now = world.clock.now();
    world.requests.items.set(
      'req-1',
      requestOf(world, { status: 'ending', grantingSince: now, endingSince: now }),
    );
    world.workflows.running.add('req-1-1');
    world.clock.advance(20 * MINUTE);
    let failing = true;
    const announcer = {
      publish: (e: { type: string }) =>
        failing ? Promise.reject(new Error('throttled')) : world.announcer.publish(e),
    };
    const ports = { ...world.ports, ...portsOf(world), announcer };
    await sweep(ports);
    failing = false;
    await sweep(ports);
    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('a request whose accounts all failed does not end because the time is over', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set('req-1', requestOf(world));
    world.identityCenter.faults.push({
      at: 'end',
      reason: 'Received a 404 status error: Not supported policy',
    });
    await openLeases(world, 'req-1');
    await world.drain();
    const after = await announceGrant(world, 'req-1');
    expect(after.next).toBe('closeLeases');
    await closeLeases(world, 'req-1');
    await world.drain();
    await announceEnd(world, 'req-1');
    const texts = (await stored(world)).timeline.map(({ text }) => text);
    expect(texts).not.toContain('ending: the time is over');
  });

  test('nothing is announced as revoked that was never granted', async () => {
    const world = new DispatcherWorld();
    const now = world.clock.now();
    world.requests.items.set('req-1', requestOf(world, { revocation: { at: now, by: 'x' } }));
    await announceEnd(world, 'req-1');
    expect(world.announced).not.toContain('AccessRevoked');
  });

  test('an account whose create succeeded after the lease was closed tells of create and delete', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 30_000;
    await world.open('lease', HOUR);
    await world.pass();
    await world.close('lease');
    await world.drain();
    const { claims } = await world.assignment();
    expect(claims.lease?.endedAs).toBe('revoked');
  });

  test('a create is evidence for the claims that it served only', async () => {
    const world = new DispatcherWorld();
    await world.open('dropped', 4 * HOUR);
    await world.close('dropped');
    await world.drain();
    await world.open('lease', HOUR);
    await world.drain();
    expect(reportOf(await world.assignment(), 'dropped', world.clock.now())?.creation).toBeUndefined();
  });

  test('overdue revokes are reported although executions cannot be listed', async () => {
    const world = new DispatcherWorld();
    const now = world.clock.now();
    world.requests.items.set(
      'req-1',
      requestOf(world, { status: 'ending', grantingSince: now, endingSince: now }),
    );
    world.workflows.runningAccessRequests = () => Promise.reject(new Error('throttled'));
    world.clock.advance(20 * MINUTE);
    await sweep(world).catch(() => undefined);
    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('access that outlives its lease is reported although the workflow stands still', async () => {
    const world = new DispatcherWorld();
    world.requests.items.set('req-1', requestOf(world));
    await openLeases(world, 'req-1');
    await world.drain();
    await announceGrant(world, 'req-1');
    world.workflows.running.add('req-1-1');
    for (let n = 0; n < 100; n += 1)
      world.identityCenter.faults.push({ at: 'end', reason: 'Received a 500 status error' });
    await world.minutes(4 * 60 + 30);
    expect({ exists: world.exists(), announced: world.announced }).toEqual({
      exists: true,
      announced: ['AccessGranted', 'RevokeOverdue'],
    });
  });
});
