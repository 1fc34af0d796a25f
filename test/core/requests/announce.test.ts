import { announceEnd, announceGrant } from '../../../core/requests/announce';
import { resultEvent } from '../../../core/requests/results';
import { FIRST, HOUR, MINUTE, NOW, RequestWorld, SECOND, decided, report } from './requests';

const granting = (accounts = [FIRST, SECOND]) =>
  decided(accounts, { status: 'granting', grantingSince: NOW });

async function reported(world: RequestWorld, ...reports: ReturnType<typeof report>[]): Promise<RequestWorld> {
  for (const each of reports) await world.requests.report('req-1', each);
  return world;
}

describe('announcing a grant', () => {
  test('makes the request active, says how many accounts, and waits for the end of the lease', async () => {
    const world = await reported(
      RequestWorld.with(granting()),
      report(FIRST),
      report(SECOND, { status: 'failed' }),
    );

    const next = await announceGrant(world, 'req-1');

    expect(next).toEqual({ next: 'awaitEnd', seconds: 4 * 3_600 });
    expect((await world.request()).status).toBe('active');
    expect(await world.words()).toContain('active: access is there in 1 account(s), 1 failed');
    expect(world.announced).toEqual(['AccessGranted']);
  });

  test('is made once, however often the step is repeated', async () => {
    const world = await reported(RequestWorld.with(granting([FIRST])), report(FIRST));

    await announceGrant(world, 'req-1');
    await announceGrant(world, 'req-1');

    expect(world.announced).toEqual(['AccessGranted']);
    expect((await world.words()).filter((text) => text.startsWith('active'))).toHaveLength(1);
  });

  test('goes back to waiting while accounts wait, no longer than fifteen minutes or the lease', async () => {
    const world = await reported(RequestWorld.with(granting()), report(FIRST));

    expect(await announceGrant(world, 'req-1')).toEqual({ next: 'awaitGrant', seconds: 900 });
    const { decision, ...rest } = granting();
    const lease = { from: NOW, until: NOW + MINUTE };
    const short = RequestWorld.with({
      ...rest,
      decision: { effect: 'allow', rules: [], policyHash: 'hash', at: NOW, ...decision, lease },
    });
    expect(await announceGrant(short, 'req-1')).toEqual({ next: 'awaitGrant', seconds: 60 });
  });

  test('is not made after a quarter of an hour for nobody', async () => {
    const world = RequestWorld.with(granting());
    world.clock.advance(16 * MINUTE);

    expect((await announceGrant(world, 'req-1')).next).toBe('awaitGrant');
    expect(world.announced).toEqual([]);
  });

  test('gives way to the end where the lease is over', async () => {
    const world = await reported(RequestWorld.with(granting([FIRST])), report(FIRST));
    world.clock.advance(4 * HOUR);

    expect((await announceGrant(world, 'req-1')).next).toBe('closeLeases');
    expect(world.announced).toEqual([]);
  });

  test('gives way to the end where no account was granted and none will be', async () => {
    const failed = report(FIRST, { status: 'failed', endedAt: NOW });
    const world = await reported(RequestWorld.with(granting([FIRST])), failed);

    expect((await announceGrant(world, 'req-1')).next).toBe('closeLeases');
  });

  test('does not stop the workflow where it fails', async () => {
    const world = await reported(RequestWorld.with(granting([FIRST])), report(FIRST));
    world.announcer.publish = () => Promise.reject(new Error('the bus is down'));

    expect((await announceGrant(world, 'req-1')).next).toBe('awaitEnd');
    expect((await world.request()).status).toBe('active');
    expect((await world.request()).announced).toEqual([]);
  });

  test('has nothing to say of what is over', async () => {
    const world = RequestWorld.with({ ...granting(), status: 'ended' });

    expect((await announceGrant(world, 'req-1')).next).toBe('done');
  });
});

describe('announcing the end', () => {
  const ending = (accounts = [FIRST, SECOND]) =>
    decided(accounts, { status: 'ending', grantingSince: NOW, endingSince: NOW });
  const gone = { status: 'ended', endedAt: NOW, endedAs: 'revoked' } as const;

  test('waits until the access is gone everywhere', async () => {
    const world = await reported(RequestWorld.with(ending()), report(FIRST, gone), report(SECOND));

    expect(await announceEnd(world, 'req-1')).toEqual({ next: 'awaitRevoke', seconds: 900 });
    expect((await world.request()).status).toBe('ending');
  });

  test('looks once an hour after a day: no state machine spins for ever', async () => {
    const world = await reported(RequestWorld.with(ending()), report(FIRST, gone));
    world.clock.advance(25 * HOUR);

    expect((await announceEnd(world, 'req-1')).seconds).toBe(3_600);
  });

  test('ends the request, and says so once', async () => {
    const world = await reported(RequestWorld.with(ending()), report(FIRST, gone), report(SECOND, gone));

    const next = await announceEnd(world, 'req-1');
    await announceEnd(world, 'req-1');

    expect(next.next).toBe('done');
    expect((await world.request()).status).toBe('ended');
    expect(await world.words()).toContain('ended: access is gone');
    expect(world.announced).toEqual(['AccessRevoked']);
  });

  test('says where something else keeps the access', async () => {
    const kept = { status: 'ended', endedAt: NOW, endedAs: 'kept', keptBy: 'standing' } as const;
    const partly = await reported(RequestWorld.with(ending()), report(FIRST, gone), report(SECOND, kept));
    const wholly = await reported(RequestWorld.with(ending([FIRST])), report(FIRST, kept));

    await announceEnd(partly, 'req-1');
    await announceEnd(wholly, 'req-1');

    expect((await partly.words()).at(-1)).toContain('the assignment stays in 1 of 2 accounts');
    expect((await wholly.words()).at(-1)).toBe(
      'ended: the assignment stays: it was there before the request',
    );
  });

  test('fails a request of which no account was granted, with the words of the first', async () => {
    const failed = { accountId: FIRST, status: 'failed', endedAt: NOW, reason: 'no such user' } as const;
    const world = await reported(RequestWorld.with(ending([FIRST])), { ...failed, assignmentVersion: 1 });

    await announceEnd(world, 'req-1');

    expect(await world.request()).toMatchObject({ status: 'failed', reason: 'no such user' });
    expect(world.announced).toEqual(['AssignmentFailed']);
  });

  test('tells of a denial', async () => {
    const world = RequestWorld.with(decided([FIRST], { status: 'denied', reason: 'no rule permits it' }));

    expect((await announceEnd(world, 'req-1')).next).toBe('done');
    expect(world.announced).toEqual(['AccessDenied']);
  });

  test('ends at once what was ended before leases were asked for', async () => {
    const world = RequestWorld.with(decided([FIRST], { revocation: { at: NOW, by: 'somebody' } }));

    expect((await announceEnd(world, 'req-1')).next).toBe('done');
    expect(await world.request()).toMatchObject({ status: 'ended' });
    expect((await world.words()).at(-1)).toBe('ended before access was granted');
  });
});

describe('a result event', () => {
  test('has ids, counts and words, and no name of a person', () => {
    const reports = [report(FIRST), report(SECOND, { status: 'failed' })];

    const event = resultEvent('AccessGranted', granting(), reports);

    expect(event).toMatchObject({
      type: 'AccessGranted',
      detail: { requestId: 'req-1', status: 'granting', accounts: { granted: 1, failed: 1 } },
    });
    expect(JSON.stringify(event)).not.toMatch(/alice|payments/);
  });
});
