import { changeAssignment } from '../../../core/assignments/change';
import { failedForNow, neverShown } from '../../../core/assignments/operations';
import type { AccessRequest } from '../../../core/requests/access-request';
import { sweep } from '../../../core/sweep/sweep';
import { CallRefusedError } from '../../../core/ports/identity-center';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { resolved } from '../requests/requests';

const MINUTE = 60_000;

async function ending(world: DispatcherWorld, change: Partial<AccessRequest> = {}): Promise<void> {
  const now = world.clock.now();
  await world.requests.create({
    id: 'req-1',
    version: 0,
    attempt: 1,
    caller: 'arn:aws:iam::222233334444:role/LatchkeyServiceDesk',
    bodyHash: 'hash',
    ticket: {
      principal: { by: 'user', value: 'alice' },
      permissionSet: { by: 'name', value: 'ReadOnlyAccess' },
      accounts: ['100000000001'],
      startsAt: now,
      expiresAt: now + MINUTE,
      durationMs: MINUTE,
      endIsGiven: false,
      justification: 'a test',
    },
    createdAt: now,
    status: 'ending',
    grantingSince: now,
    endingSince: now,
    announced: [],
    timeline: [],
    ...change,
  });
  await world.workflows.startAccessRequest('req-1', 1);
}

/** Sweeps once a minute. */
async function sweepFor(world: DispatcherWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.clock.advance(MINUTE);
    await sweep(world);
  }
}

/** A request of a minute that was granted, and whose execution has not noticed that its time is over. */
async function granted(world: DispatcherWorld): Promise<void> {
  await ending(world, { status: 'active' });
  await world.requests.change('req-1', ({ endingSince: _notYet, ...rest }) => rest);
  await world.open('req-1', MINUTE);
  await world.drain();
}

async function requestOf(world: DispatcherWorld): Promise<AccessRequest> {
  const request = await world.requests.read('req-1');
  if (request === undefined) throw new Error('the world has no request');
  return request;
}

/** Minutes of which each has a sweep and a pass; what each of these sweeps measured. */
async function workFor(world: DispatcherWorld, minutes: number): Promise<number[]> {
  const before = world.observer.measured('OverdueRevokes').length;
  for (let minute = 0; minute < minutes; minute += 1) {
    const nextAt = world.clock.now() + MINUTE;
    await sweep(world);
    if (world.dispatcher.record.running) await world.pass();
    world.clock.advance(nextAt - world.clock.now());
  }
  return world.observer.measured('OverdueRevokes').slice(before);
}

/** So many sweeps that each found as many overdue revokes. */
function eachOf(sweeps: number, overdue: number): number[] {
  return Array.from({ length: sweeps }, () => overdue);
}

describe('a revoke that takes too long', () => {
  test('is said once, after fifteen minutes', async () => {
    const world = new DispatcherWorld();
    await ending(world);

    await sweepFor(world, 14);
    const before = [...world.announced];
    await sweepFor(world, 60);

    expect(before).toEqual([]);
    expect(world.announced).toEqual(['RevokeOverdue']);
    expect((await world.requests.read('req-1'))?.overdueSince).toBeDefined();
  });

  test('is said as soon as it can be, where the bus did not take the event', async () => {
    const world = new DispatcherWorld();
    await ending(world);
    const { publish } = world.announcer;
    world.announcer.publish = () => Promise.reject(new Error('the bus is down'));
    await sweepFor(world, 20);

    world.announcer.publish = publish;
    await sweepFor(world, 3);

    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('is said too where the request was ended early and no execution got as far as ending it', async () => {
    const world = new DispatcherWorld();
    await ending(world, { status: 'active', revocation: { at: world.clock.now(), by: 'somebody' } });
    await world.requests.change('req-1', ({ endingSince: _notYet, ...rest }) => rest);

    await sweepFor(world, 20);

    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('is measured by every sweep while it lasts, and as 0 before and after', async () => {
    const world = new DispatcherWorld();
    await ending(world);

    await sweepFor(world, 14);
    const before = world.observer.measured('OverdueRevokes');
    await sweepFor(world, 3);
    const during = world.observer.measured('OverdueRevokes').slice(before.length);
    await world.requests.change('req-1', (request) => ({ ...request, status: 'ended' }));
    await sweepFor(world, 1);

    expect(before).toEqual(eachOf(14, 0));
    expect(during).toEqual([1, 1, 1]);
    expect(world.observer.measured('OverdueRevokes').at(-1)).toBe(0);
  });
});

describe('the number of overdue revokes', () => {
  test('has one that is tried seldom in every minute, although its request still says active', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    const refusal = { name: 'AccessDeniedException', message: 'not you', fault: 'client' } as const;
    world.identityCenter.deleteAssignment = () => Promise.reject(new CallRefusedError(refusal));

    const early = await workFor(world, 14);
    await workFor(world, 2);
    const late = await workFor(world, 20);

    expect(early).toEqual(eachOf(14, 0));
    expect(late).toEqual(eachOf(20, 1));
    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('has one that the service never ends in every minute', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    world.identityCenter.latencyMs = Infinity;

    await workFor(world, 18);
    const late = await workFor(world, 5);

    expect(late).toEqual(eachOf(5, 1));
  });

  test('has one whose request calls itself ended, and says which: the claim is the authority', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    world.identityCenter.latencyMs = Infinity;
    await world.requests.change('req-1', (request) => ({ ...request, status: 'ended' }));

    await workFor(world, 18);
    const late = await workFor(world, 5);

    expect(late).toEqual(eachOf(5, 1));
    expect(world.observer.warnings.map(({ what }) => what)).toContain(
      'access is not gone, although its request is over',
    );
    expect(world.announced).toEqual([]);
  });

  test('has one whose request is not there at all', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    world.identityCenter.latencyMs = Infinity;
    world.requests.items.clear();

    await workFor(world, 18);

    expect(await workFor(world, 5)).toEqual(eachOf(5, 1));
  });

  test('has what a create left that was believed to have failed, in a request that goes on', async () => {
    const world = new DispatcherWorld();
    await ending(world, { status: 'ended' });
    await world.open('req-2', 60 * MINUTE, keyOf(2));
    await changeAssignment(world, keyOf(2), (present, now) =>
      present.operation === undefined ? undefined : neverShown(present, present.operation, now),
    );
    await changeAssignment(world, keyOf(2), (present, now) =>
      present.operation === undefined
        ? undefined
        : failedForNow(present, present.operation, 'not now', now + 50 * MINUTE),
    );
    world.requests.items.set('req-2', { ...(await requestOf(world)), id: 'req-2', status: 'active' });

    await sweepFor(world, 14);
    const before = world.observer.measured('OverdueRevokes');
    await sweepFor(world, 10);

    expect(before).toEqual(eachOf(14, 0));
    expect(world.observer.measured('OverdueRevokes').slice(15)).toEqual(eachOf(9, 1));
    expect(world.announced).toEqual(['RevokeOverdue']);
  });

  test('has one whose request cannot be read, with a warning, and the next one is told all the same', async () => {
    const world = new DispatcherWorld();
    await ending(world);
    world.requests.items.set('req-2', { ...(await requestOf(world)), id: 'req-2' });
    await sweepFor(world, 16);
    const read = world.requests.read.bind(world.requests);
    world.requests.read = (id) => (id === 'req-1' ? Promise.reject(new Error('poison')) : read(id));

    await sweepFor(world, 2);

    expect(world.observer.measured('OverdueRevokes').slice(-3)).toEqual(eachOf(3, 2));
    expect(world.observer.warnings.map(({ what }) => what)).toContain('step of a sweep failed');
    expect(world.announced).toEqual(['RevokeOverdue', 'RevokeOverdue']);
  });

  test.each(['reports', 'change'] as const)('has one although %s of its request fail', async (method) => {
    const world = new DispatcherWorld();
    await ending(world);
    Object.assign(world.requests, { [method]: () => Promise.reject(new Error('poison')) });

    await sweepFor(world, 16);

    expect(world.observer.measured('OverdueRevokes').at(-1)).toBe(1);
  });

  test('has no access that is gone, although whoever waits for that cannot be woken', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    await world.requests.change('req-1', (request) => ({
      ...request,
      resolved: resolved(),
      waiting: { signal: 'end', token: 't' },
    }));
    world.announcer.publish = () => Promise.reject(new Error('the bus is down'));
    world.workflows.answer = () => Promise.reject(new Error('throttled'));

    await workFor(world, 18);

    expect(world.exists()).toBe(false);
    expect(world.observer.measured('OverdueRevokes')).toEqual(eachOf(18, 0));
  });

  test('has no revoke of the last quarter of an hour, and no grant, however long it takes', async () => {
    const world = new DispatcherWorld();
    await granted(world);
    world.identityCenter.latencyMs = Infinity;
    await world.open('req-2', 60 * MINUTE, keyOf(2));

    await workFor(world, 3);
    await sweepFor(world, 11);

    expect((await world.assignment()).operation?.kind).toBe('delete');
    expect((await world.assignment(keyOf(2))).operation?.kind).toBe('create');
    expect(world.observer.measured('OverdueRevokes')).toEqual(eachOf(14, 0));
  });
});
