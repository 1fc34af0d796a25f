import { closeClaim, openClaim } from '../../../core/assignments/claims';
import { changeAssignment } from '../../../core/assignments/change';
import { closeLeases, openLeases } from '../../../core/requests/change-leases';
import { keyOf } from '../../support/dispatcher-world';
import { FIRST, HOUR, MINUTE, NOW, RequestWorld, SECOND, decided } from './requests';

async function claimIn(world: RequestWorld, account: 1 | 2) {
  return (await world.assignment(keyOf(account))).claims['req-1'];
}

describe('opening leases', () => {
  test('claims every pinned account for one and the same time, and calls the dispatcher once', async () => {
    const world = RequestWorld.with(decided([FIRST, SECOND]));

    const next = await openLeases(world, 'req-1');

    const lease = { kind: 'lease', from: NOW, until: NOW + 4 * HOUR };
    expect(next).toEqual({ next: 'awaitGrant', seconds: 900 });
    expect(await claimIn(world, 1)).toMatchObject(lease);
    expect(await claimIn(world, 2)).toMatchObject(lease);
    expect(world.workflows.started).toEqual(['dispatcher-1']);
    expect(await world.request()).toMatchObject({ status: 'granting', grantingSince: NOW });
  });

  test('writes a report for each account, after its claim', async () => {
    const world = RequestWorld.with(decided([FIRST, SECOND]));

    await openLeases(world, 'req-1');

    expect((await world.requests.reports('req-1')).map(({ status }) => status)).toEqual([
      'waiting',
      'waiting',
    ]);
  });

  test('may be repeated: nothing is opened or said twice', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    const before = [await world.assignment(), await world.words()];

    await openLeases(world, 'req-1');

    expect([await world.assignment(), await world.words()]).toEqual(before);
  });

  test('goes on where it was interrupted between two accounts', async () => {
    const world = RequestWorld.with(decided([FIRST, SECOND]));
    const { write } = world.assignments;
    world.assignments.write = (next) =>
      next.key.accountId === SECOND
        ? Promise.reject(new Error('the function died'))
        : write.call(world.assignments, next);
    await expect(openLeases(world, 'req-1')).rejects.toThrow('the function died');

    world.assignments.write = write;
    await openLeases(world, 'req-1');

    expect(await claimIn(world, 1)).toBeDefined();
    expect(await claimIn(world, 2)).toBeDefined();
  });

  test('waits no longer than the lease lasts', async () => {
    const world = RequestWorld.with(decided());
    world.clock.advance(4 * HOUR - MINUTE);

    expect((await openLeases(world, 'req-1')).seconds).toBe(60);
  });

  test.each([
    ['its time is over', {}, 4 * HOUR],
    ['a person has ended it', { revocation: { at: NOW, by: 'somebody' } }, 0],
    ['it is ending', { status: 'ending' as const, grantingSince: NOW }, 0],
  ])('opens nothing where %s', async (_why, change, later) => {
    const world = RequestWorld.with(decided([FIRST], change));
    world.clock.advance(later);

    expect((await openLeases(world, 'req-1')).next).toBe('closeLeases');
    expect(await claimIn(world, 1)).toBeUndefined();
  });

  test('opens nothing for what is over', async () => {
    const world = RequestWorld.with(decided([FIRST], { status: 'ended' }));

    expect((await openLeases(world, 'req-1')).next).toBe('announceEnd');
    expect(await claimIn(world, 1)).toBeUndefined();
  });

  test('leaves out an account that has no room, says so, and goes on with the others', async () => {
    const world = RequestWorld.with(decided([FIRST, SECOND]));
    for (let n = 0; n < 50; n += 1) await world.open(`other-${n}`, 9 * HOUR);

    const next = await openLeases(world, 'req-1');

    const [first] = await world.requests.reports('req-1');
    expect(next.next).toBe('awaitGrant');
    expect(first).toMatchObject({ accountId: FIRST, status: 'failed' });
    expect(first?.reason).toMatch(/already has 50 claims/);
    expect(await claimIn(world, 2)).toBeDefined();
  });
});

describe('closing leases', () => {
  test('closes every claim, says why, and calls the dispatcher', async () => {
    const world = RequestWorld.with(decided([FIRST, SECOND]));
    await openLeases(world, 'req-1');
    await world.drain();
    await world.requests.change('req-1', (present) => ({ ...present, revocation: { at: NOW, by: 'x' } }));

    const next = await closeLeases(world, 'req-1');

    expect(next.next).toBe('awaitRevoke');
    for (const account of [1, 2] as const) {
      expect(await claimIn(world, account)).toMatchObject({ closedBecause: 'it was ended early' });
      expect((await world.assignment(keyOf(account))).operation?.kind).toBe('delete');
    }
    expect(world.workflows.started).toEqual(['dispatcher-1', 'dispatcher-2']);
  });

  test('may be repeated: the first close counts', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    world.clock.advance(4 * HOUR);
    await closeLeases(world, 'req-1');
    const before = [(await claimIn(world, 1))?.closedAt, await world.words()];

    world.clock.advance(MINUTE);
    await closeLeases(world, 'req-1');

    expect([(await claimIn(world, 1))?.closedAt, await world.words()]).toEqual(before);
  });

  test('leaves a tombstone where the lease was never opened: a step that comes late does not open it', async () => {
    const revocation = { at: NOW, by: 'somebody' };
    const world = RequestWorld.with(decided([FIRST], { status: 'granting', grantingSince: NOW, revocation }));
    await closeLeases(world, 'req-1');

    await changeAssignment(world, keyOf(), (present) =>
      openClaim(present, { id: 'req-1', kind: 'lease', from: NOW, until: NOW + 4 * HOUR, openedAt: NOW }),
    );
    await world.drain();

    expect(await claimIn(world, 1)).toMatchObject({ closedAt: NOW, endedAs: 'never granted' });
    expect(world.identityCenter.accepted()).toEqual([]);
  });

  test('leaves what other requests hold as it is', async () => {
    const world = RequestWorld.with(decided());
    await world.open('other', 9 * HOUR);
    await openLeases(world, 'req-1');
    await world.drain();

    world.clock.advance(4 * HOUR);
    await closeLeases(world, 'req-1');
    await world.drain();

    const [report] = await world.requests.reports('req-1');
    expect(world.exists()).toBe(true);
    expect(report).toMatchObject({ status: 'ended', endedAs: 'kept', keptBy: 'lease' });
  });

  test('closes nothing where leases were never asked for', async () => {
    const world = RequestWorld.with(decided([FIRST], { revocation: { at: NOW, by: 'somebody' } }));

    expect((await closeLeases(world, 'req-1')).next).toBe('announceEnd');
    expect(world.assignments.items.size).toBe(0);
    expect(world.workflows.started).toEqual([]);
  });

  test('does not touch the report of a claim that has served its time', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    await world.drain();
    await world.minutes(4 * 60 + 5);
    const before = await world.requests.reports('req-1');

    await closeLeases(world, 'req-1');

    expect(before[0]).toMatchObject({ status: 'ended', endedAs: 'revoked' });
    expect(await world.requests.reports('req-1')).toEqual(before);
  });

  test('of a claim that was closed before changes neither its time nor its reason', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    await changeAssignment(world, keyOf(), (present, now) =>
      closeClaim(present, 'req-1', now, 'no such user'),
    );

    world.clock.advance(4 * HOUR - 1);
    await closeLeases(world, 'req-1');

    expect(await claimIn(world, 1)).toMatchObject({ closedAt: NOW, closedBecause: 'no such user' });
  });
});
