import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { openLeases } from '../../../core/requests/change-leases';
import { sweep } from '../../../core/sweep/sweep';
import { countedPort } from '../../support/counted-port';
import { keyOf } from '../../support/dispatcher-world';
import { FIRST, HOUR, MINUTE, NOW, RequestWorld, decided, pending } from '../requests/requests';

/** A lease that was written by somebody who died before calling for the dispatcher. */
async function openUnheard(world: RequestWorld, lastsMs = HOUR, key = keyOf()): Promise<void> {
  await changeAssignment(world, key, (present, now) =>
    openClaim(present, { id: 'lease', kind: 'lease', from: now, until: now + lastsMs, openedAt: now }),
  );
}

describe('a sweep that finds nothing', () => {
  test('writes nothing, starts nothing, and does not even list executions', async () => {
    const world = new RequestWorld();
    world.workflows.runningAccessRequests = () => Promise.reject(new Error('should not be asked'));
    await world.open('lease', HOUR);
    await world.drain();
    const before = [await world.assignment(), world.dispatcher.record, [...world.workflows.started]];

    const result = await sweep(world);

    expect(result).toEqual({ looked: 0, restarted: 0, overdue: 0 });
    expect([await world.assignment(), world.dispatcher.record, world.workflows.started]).toEqual(before);
  });

  test('costs nine queries and one read', async () => {
    const world = new RequestWorld();
    await world.open('lease', HOUR);
    await world.drain();
    const calls: string[] = [];
    const { clock, observer, announcer } = world;

    await sweep({
      clock,
      observer,
      announcer,
      assignments: countedPort('assignments', world.assignments, calls),
      provisions: countedPort('provisions', world.provisions, calls),
      requests: countedPort('requests', world.requests, calls),
      dispatcher: countedPort('dispatcher', world.dispatcher, calls),
      workflows: countedPort('workflows', world.workflows, calls),
    });

    expect(calls.sort()).toEqual([
      'assignments.due',
      'assignments.underWay',
      ...Array.from({ length: 5 }, () => 'assignments.waiting'),
      'dispatcher.read',
      'provisions.open',
      'requests.open',
    ]);
  });

  test('is not hidden by any number of grants that wait', async () => {
    const world = new RequestWorld();
    await world.open('ends', 10 * MINUTE, keyOf(9_999));
    await world.drain();
    world.dispatcher.record = { ...world.dispatcher.record, paused: true };
    for (let n = 0; n < 5_001; n += 1) await openUnheard(world, 24 * HOUR, keyOf(10_000 + n));

    await world.minutes(11);

    expect(world.exists(keyOf(9_999))).toBe(false);
  });

  test('leaves a request alone whose execution runs', async () => {
    const world = RequestWorld.with(decided());

    expect((await sweep(world)).restarted).toBe(0);
    expect(world.workflows.started).toEqual([]);
  });
});

describe('a sweep', () => {
  test('calls the dispatcher for work that nobody called it for', async () => {
    const world = new RequestWorld();
    await openUnheard(world);

    await sweep(world);

    expect(world.workflows.started).toEqual(['dispatcher-1']);
  });

  test('notices the beginning of a lease', async () => {
    const world = new RequestWorld();
    await world.open('later', HOUR, keyOf(), 30 * MINUTE);
    await world.drain();

    world.clock.advance(30 * MINUTE);
    await sweep(world);

    expect((await world.assignment()).operation?.kind).toBe('create');
  });

  test('notices the end of a lease', async () => {
    const world = new RequestWorld();
    await world.open('lease', HOUR);
    await world.drain();

    world.clock.advance(HOUR);
    await sweep(world);

    expect((await world.assignment()).operation?.kind).toBe('delete');
    expect(world.dispatcher.record.running).toBe(true);
  });

  test('goes on with the others where one assignment cannot be read', async () => {
    const world = new RequestWorld();
    await world.open('lease', HOUR);
    await world.open('lease', HOUR, keyOf(2));
    await world.drain();
    world.clock.advance(HOUR);
    const { read } = world.assignments;
    world.assignments.read = (key) =>
      key.accountId === FIRST ? Promise.reject(new Error('poison')) : read.call(world.assignments, key);

    const result = await sweep(world);

    expect(result.looked).toBe(2);
    expect(world.observer.warnings.map(({ what }) => what)).toEqual(['step of a sweep failed']);
    expect((await world.assignment(keyOf(2))).operation?.kind).toBe('delete');
    expect(world.dispatcher.record.running).toBe(true);
  });
});

describe('an open request without an execution', () => {
  test('is started as it was meant to be, where it never was', async () => {
    const world = new RequestWorld();
    world.requests.items.set('req-1', pending());

    await sweep(world);

    expect(world.workflows.started).toEqual(['req-1-1']);
    expect((await world.request()).attempt).toBe(1);
  });

  test('gets an execution of the next number, where the last one is over', async () => {
    const world = new RequestWorld();
    world.requests.items.set('req-1', pending());
    world.workflows.over.add('req-1-1');

    const { restarted } = await sweep(world);

    expect(restarted).toBe(1);
    expect(world.workflows.started).toEqual(['req-1-2']);
    expect((await world.request()).attempt).toBe(2);
  });

  test('is tried with the same number again where the start failed after the number was written', async () => {
    const world = new RequestWorld();
    world.requests.items.set('req-1', pending());
    world.workflows.over.add('req-1-1');
    const { startAccessRequest } = world.workflows;
    world.workflows.startAccessRequest = () => Promise.reject(new Error('throttled'));
    await sweep(world);

    world.workflows.startAccessRequest = startAccessRequest;
    await sweep(world);

    expect(world.workflows.started).toEqual(['req-1-2']);
  });

  test('is started once by two sweeps at one time', async () => {
    const world = new RequestWorld();
    world.requests.items.set('req-1', pending());
    world.workflows.over.add('req-1-1');

    await Promise.all([sweep(world), sweep(world)]);

    expect(new Set(world.workflows.started)).toEqual(new Set(['req-1-2']));
    expect((await world.request()).attempt).toBe(2);
  });

  test('is not started where the list of running ones is only late', async () => {
    const world = RequestWorld.with(pending());
    world.workflows.runningAccessRequests = () => Promise.resolve(new Set<string>());

    expect((await sweep(world)).restarted).toBe(0);
  });

  test('does not hold up the next one where it cannot be started', async () => {
    const world = new RequestWorld();
    for (const id of ['req-1', 'req-2']) world.requests.items.set(id, pending({ id }));
    const { startAccessRequest } = world.workflows;
    world.workflows.startAccessRequest = (id, attempt) =>
      id === 'req-1'
        ? Promise.reject(new Error('throttled'))
        : startAccessRequest.call(world.workflows, id, attempt);

    await sweep(world);

    expect(world.workflows.started).toEqual(['req-2-1']);
  });

  test.each(['ended', 'denied', 'failed'] as const)('is left alone when it is %s', async (status) => {
    const world = new RequestWorld();
    world.requests.items.set('req-1', decided([FIRST], { status }));

    await sweep(world);

    expect(world.workflows.started).toEqual([]);
  });
});

describe('an early end that nobody noticed', () => {
  test('wakes who waits, minute by minute until it is taken up', async () => {
    const world = RequestWorld.with(
      decided([FIRST], {
        status: 'active',
        grantingSince: NOW,
        waiting: { signal: 'end', token: 't' },
        revocation: { at: NOW, by: 'somebody' },
      }),
    );

    await sweep(world);

    expect(world.workflows.answers).toEqual([{ token: 't', answer: { signal: 'end' } }]);
  });
});

describe('with every execution gone', () => {
  test('the sweep starts request and dispatcher again, and the access goes in time', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    world.workflows.running.clear();
    world.workflows.over.add('req-1-1');
    world.workflows.started.length = 0;

    await world.minutes(5);
    const wasThere = world.exists();
    await world.minutes(4 * 60);

    expect(wasThere).toBe(true);
    expect(world.workflows.started).toContain('req-1-2');
    expect(world.exists()).toBe(false);
  });
});
