import type { AccessRequest } from '../../../core/requests/access-request';
import { sweep } from '../../../core/sweep/sweep';
import { DispatcherWorld } from '../../support/dispatcher-world';

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

    expect(before).toEqual(Array.from({ length: 14 }, () => 0));
    expect(during).toEqual([1, 1, 1]);
    expect(world.observer.measured('OverdueRevokes').at(-1)).toBe(0);
  });
});
