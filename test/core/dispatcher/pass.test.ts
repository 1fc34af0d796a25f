import { guardedCalls } from '../../../core/dispatcher/guarded-calls';
import { Pace } from '../../../core/dispatcher/pace';
import { pauseAfter } from '../../../core/dispatcher/follow';
import { runPass } from '../../../core/dispatcher/pass';
import { DispatcherWorld, LIMITS, keyOf } from '../../support/dispatcher-world';
import { FakeClock } from '../../support/fake-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function pass(world: DispatcherWorld, limits = LIMITS) {
  return runPass(world, { epoch: world.dispatcher.record.epoch, pass: 0 }, limits);
}

describe('the lease of a pass', () => {
  test('is taken before the first call, for longer than the pass can live', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const began = world.clock.now();
    const leases: number[] = [];
    const create = world.identityCenter.createAssignment.bind(world.identityCenter);
    world.identityCenter.createAssignment = (key) => {
      leases.push(world.dispatcher.record.leaseUntil);
      return create(key);
    };

    await pass(world);

    expect(leases).toEqual([began + LIMITS.leaseMs]);
  });

  test('is given back at the end, and the next pass is promised', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await world.open('lease', 2 * HOUR);

    const { left, seconds } = await pass(world);

    const now = world.clock.now();
    expect(left).toBe(true);
    expect(world.dispatcher.record.leaseUntil).toBeLessThanOrEqual(now);
    expect(world.dispatcher.record.nextPassBy).toBeGreaterThan(now + seconds * 1000);
  });

  test('of another pass is waited for, without a call', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const now = world.clock.now();
    await world.dispatcher.takeLease(1, now, now + 40_000, now + 100_000);
    world.clock.advance(10_500);

    expect(await pass(world)).toEqual({ left: true, seconds: 30 });
    expect(world.identityCenter.calls).toEqual([]);
  });

  test('is not taken by an execution that has ended before', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.dispatcher.stop(1, world.dispatcher.record.wanted, world.clock.now());

    expect((await pass(world)).left).toBe(false);
    expect(world.identityCenter.calls).toEqual([]);
  });
});

describe('a pass', () => {
  test('stays up for five seconds after the last call for it, since indexes may lag', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.close('lease');

    const calledAt = world.clock.now();

    await world.drain();

    expect(world.dispatcher.record.running).toBe(false);
    expect(world.clock.now() - calledAt).toBeGreaterThanOrEqual(5_000);
    expect(world.clock.now() - calledAt).toBeLessThan(15_000);
  });

  test('does not end within five seconds of a call that came while it was at work', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    world.clock.advance(10_000);
    const list = world.identityCenter.assignees.bind(world.identityCenter);
    let calledAt = 0;
    world.identityCenter.assignees = async (place) => {
      calledAt = world.clock.now();
      await world.dispatcher.want(calledAt);
      return list(place);
    };

    await world.drain();

    expect(world.clock.now() - calledAt).toBeGreaterThanOrEqual(5_000);
  });

  test('does not end where it was called at the very end', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const release = world.dispatcher.releaseLease.bind(world.dispatcher);
    world.dispatcher.releaseLease = async (...args) => {
      await release(...args);
      await world.dispatcher.want(world.clock.now());
    };

    expect((await pass(world)).left).toBe(true);
    expect(world.dispatcher.record.running).toBe(true);
  });

  test('stays a while for operations that are about to end, and no longer than it may', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    const began = world.clock.now();
    await world.open('lease', 2 * HOUR);

    await pass(world);

    expect(world.clock.now() - began).toBeLessThanOrEqual(LIMITS.stayMs + 2_000);
    expect(world.identityCenter.calls.filter((call) => call === 'describe').length).toBeGreaterThan(3);
  });

  test('ends in the first lull of its last two seconds, and the next one follows at once', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await world.open('lease', 2 * HOUR);
    const began = world.clock.now();

    const { seconds } = await pass(world);

    const stayed = world.clock.now() - began;
    expect(seconds).toBe(0);
    expect(stayed).toBeGreaterThanOrEqual(LIMITS.stayMs - 2_000);
    expect(stayed).toBeLessThan(LIMITS.stayMs);
  });

  test('sends no more than there are slots', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    await Promise.all(Array.from({ length: 9 }, (_, n) => world.open('lease', 9 * HOUR, keyOf(n))));

    for (let passes = 0; passes < 5; passes += 1) {
      world.clock.advance((await pass(world, { ...LIMITS, slots: 4 })).seconds * 1000);
    }

    expect(world.identityCenter.accepted()).toHaveLength(4);
  });

  test('sends one operation per account and permission set at a time', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = HOUR;
    const others = { ...keyOf(), principalId: '906799d2-0000-7000-8000-000000000002' };
    await world.open('lease', 9 * HOUR);
    await world.open('lease', 9 * HOUR, others);
    await world.open('lease', 9 * HOUR, keyOf(2));

    for (let passes = 0; passes < 5; passes += 1) {
      world.clock.advance((await pass(world)).seconds * 1000);
    }

    const accounts = world.identityCenter.operations.map(({ key }) => key.accountId);
    expect(accounts.sort()).toEqual([keyOf(1).accountId, keyOf(2).accountId]);
  });

  test('goes on with the others where one assignment makes trouble', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.open('lease', HOUR, keyOf(2));
    const list = world.identityCenter.assignees.bind(world.identityCenter);
    world.identityCenter.assignees = (place) =>
      place.accountId === keyOf().accountId ? Promise.reject(new Error('poison')) : list(place);

    for (let passes = 0; passes < 5; passes += 1) {
      world.clock.advance((await pass(world)).seconds * 1000);
    }

    expect(world.exists(keyOf(2))).toBe(true);
    expect(world.observer.warnings.map(({ what }) => what)).toContain('step of a pass failed');
  });

  test('sends within the same pass what it could neither send nor read again at first', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const began = world.clock.now();
    const broken = (): Promise<never> => Promise.reject(new Error('no answer'));
    jest.spyOn(world.identityCenter, 'assignees').mockImplementationOnce(broken);
    const read = world.assignments.read.bind(world.assignments);
    let reads = 0;
    // The first one is that of the submission, the second asks how far it got.
    world.assignments.read = (key) => ((reads += 1) === 2 ? broken() : read(key));

    await pass(world);

    expect(world.identityCenter.accepted()).toEqual(['create']);
    expect(world.identityCenter.operations[0]?.createdAt).toBeLessThan(began + 6_000);
  });

  test('sends nothing for a lease that has ended while it waited', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', MINUTE);
    world.clock.advance(MINUTE);

    await world.drain();

    expect(world.identityCenter.accepted()).toEqual([]);
    expect((await world.assignment()).operation).toBeUndefined();
  });

  test('asks its state machine to wait for whole seconds, up to thirty, or to come back at once', async () => {
    const world = new DispatcherWorld();
    world.identityCenter.latencyMs = 3 * HOUR;
    await world.open('lease', 9 * HOUR);

    for (let passes = 0; passes < 60; passes += 1) {
      const { seconds } = await pass(world);
      expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= 30).toBe(true);
      world.clock.advance(seconds * 1000);
    }
  });
});

describe('the pace', () => {
  test('lets a few calls go at once and spreads the others evenly', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock, 18);
    const began = clock.now();

    for (let calls = 0; calls < 37; calls += 1) await pace.turn();

    expect(clock.now() - began).toBeGreaterThanOrEqual(1_750);
    expect(clock.now() - began).toBeLessThan(2_100);
  });

  test('saves no more than five calls up while nobody calls', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock, 18);
    clock.advance(MINUTE);
    const began = clock.now();
    const free = pace.free();

    for (let calls = 0; calls < 19; calls += 1) await pace.turn();

    expect(free).toBe(5);
    expect(clock.now() - began).toBeGreaterThanOrEqual(770);
  });

  test('holds for every kind of call', async () => {
    const world = new DispatcherWorld();
    const { clock } = world;
    const identityCenter = guardedCalls(world.identityCenter, new Pace(clock, 1), clock, Infinity);
    const began = clock.now();

    await identityCenter.createAssignment(keyOf());
    await identityCenter.describe('create', 'operation-1');
    await identityCenter.inProgress('create');
    await identityCenter.operationsPage('create');
    await identityCenter.assignees(keyOf());
    await identityCenter.deleteAssignment(keyOf(2));
    await identityCenter.provision({ permissionSetArn: keyOf().permissionSetArn });
    await identityCenter.staleAccounts(keyOf().permissionSetArn);

    expect(clock.now() - began).toBe(3_000);
  });

  test('sends nothing once its pass is over', async () => {
    const world = new DispatcherWorld();
    const { clock } = world;
    const identityCenter = guardedCalls(world.identityCenter, new Pace(clock, 1), clock, clock.now() + 500);
    for (let calls = 0; calls < 5; calls += 1) await identityCenter.describe('create', 'operation-1');

    await expect(identityCenter.createAssignment(keyOf())).rejects.toMatchObject({
      refusal: { name: 'PassIsOver', fault: 'client' },
    });
    expect(world.identityCenter.accepted()).toEqual([]);
  });
});

describe('the pause between two looks at an operation', () => {
  test('is a second at first, then an eighth of its age, and a minute at most', () => {
    expect([0, 8_000, 80_000, HOUR].map(pauseAfter)).toEqual([1_000, 1_000, 10_000, MINUTE]);
  });
});

describe('the end of a dispatcher', () => {
  test('does not come while another pass of the same execution is at work', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    const release = world.dispatcher.releaseLease.bind(world.dispatcher);
    world.dispatcher.releaseLease = async (...args) => {
      await release(...args);
      const now = world.clock.now();
      await world.dispatcher.takeLease(1, now, now + 40_000, now + 60_000);
    };
    await world.close('lease');

    let left = true;
    for (let passes = 0; passes < 3 && left; passes += 1) ({ left } = await pass(world));

    expect(left).toBe(true);
    expect(world.dispatcher.record.running).toBe(true);
  });

  test('comes only once the indexes were asked again after the quiet: they may lag by seconds', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR);
    await world.drain();
    await world.dispatcher.nextEpoch(1, world.clock.now(), world.clock.now() + 20_000, 'no pass');
    const shownFrom = world.clock.now() + 4_000;
    const waiting = world.assignments.waiting.bind(world.assignments);
    world.assignments.waiting = (...args) =>
      world.clock.now() < shownFrom ? Promise.resolve([]) : waiting(...args);
    await world.open('second', HOUR, keyOf(2));

    await world.drain();

    expect(world.exists(keyOf(2))).toBe(true);
  });
});
