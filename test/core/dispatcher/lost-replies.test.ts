import { LostReplies, type LostOperation } from '../../../core/dispatcher/lost-replies';
import { type AssignmentKey, describeKey } from '../../../core/assignments/assignment';
import { keyOf } from '../../support/dispatcher-world';
import { FakeClock } from '../../support/fake-clock';
import { FakeIdentityCenter } from '../../support/fake-identity-center';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function setUp(knownIds: readonly string[] = []) {
  const clock = new FakeClock();
  const identityCenter = new FakeIdentityCenter(clock);
  const lostReplies = new LostReplies(identityCenter, clock, () => Promise.resolve(new Set(knownIds)));
  /** A create that was accepted; answers its id. */
  const create = (key: AssignmentKey) => identityCenter.createAssignment(key);
  const asked = () => identityCenter.calls.filter((call) => call === 'describe').length;
  const lists = () => identityCenter.calls.filter((call) => call === 'list').length;
  /** Searches to the end, step by step. */
  const find = async (operation: LostOperation): Promise<string | undefined> => {
    for (;;) {
      const step = await lostReplies.search(operation);
      if (step.is !== 'going on') return step.is === 'found' ? step.requestId : undefined;
      await clock.sleep(step.goOnAt - clock.now());
    }
  };
  return { clock, identityCenter, lostReplies, create, asked, lists, find };
}

/** A create of `key` whose reply was lost. */
function lost(key: AssignmentKey, submittedAt: number, changes: Partial<LostOperation> = {}): LostOperation {
  return {
    name: describeKey(key),
    call: 'create',
    submittedAt,
    knownIds: [],
    isAbout: ({ accountId, principalId }) => accountId === key.accountId && principalId === key.principalId,
    ...changes,
  };
}

describe('an operation whose reply was lost', () => {
  test('is found while it is under way', async () => {
    const { clock, find, create } = setUp();
    await create(keyOf(1));
    const id = await create(keyOf(2));

    expect(await find(lost(keyOf(2), clock.now()))).toBe(id);
  });

  test('is found after it has ended', async () => {
    const { clock, find, create } = setUp();
    const submittedAt = clock.now();
    const id = await create(keyOf());
    clock.advance(MINUTE);

    expect(await find(lost(keyOf(), submittedAt))).toBe(id);
  });

  test('is not found where the call was never accepted', async () => {
    const { clock, find, create } = setUp();
    await create(keyOf(1));

    expect(await find(lost(keyOf(2), clock.now()))).toBeUndefined();
  });

  test('is not found while the lists do not show it yet, and is found when they do', async () => {
    const { clock, identityCenter, find, create } = setUp();
    identityCenter.listLagMs = 2 * SECOND;
    const submittedAt = clock.now();
    const id = await create(keyOf());

    expect(await find(lost(keyOf(), submittedAt))).toBeUndefined();
    clock.advance(3 * SECOND);
    expect(await find(lost(keyOf(), submittedAt))).toBe(id);
  });

  test('is not found among those of another call', async () => {
    const { clock, identityCenter, find } = setUp();
    await identityCenter.deleteAssignment(keyOf());

    expect(await find(lost(keyOf(), clock.now()))).toBeUndefined();
  });

  test('is none that began long before the call', async () => {
    const { clock, find, create } = setUp();
    await create(keyOf());
    clock.advance(10 * MINUTE);

    expect(await find(lost(keyOf(), clock.now()))).toBeUndefined();
  });

  test('is found where the clock of the service is a minute off', async () => {
    const { clock, find, create } = setUp();
    const id = await create(keyOf());
    const acceptedAt = clock.now();
    clock.advance(5 * MINUTE);

    for (const submittedAt of [acceptedAt + 59 * SECOND, acceptedAt - 59 * SECOND]) {
      clock.advance(2 * SECOND);
      expect(await find(lost(keyOf(), submittedAt))).toBe(id);
    }
  });

  test('is never one that the ledger knows as that of another', async () => {
    const { clock, find, create, asked } = setUp(['operation-1']);
    await create(keyOf());

    expect(await find(lost(keyOf(), clock.now()))).toBeUndefined();
    expect(asked()).toBe(0);
  });

  test('is never one that was accepted for the same assignment before', async () => {
    const { clock, find, create } = setUp();
    const earlier = await create(keyOf());
    clock.advance(10 * SECOND);

    expect(await find(lost(keyOf(), clock.now(), { knownIds: [earlier] }))).toBeUndefined();
  });
});

describe('two operations that cannot be told apart', () => {
  test('are one under way before one that has ended', async () => {
    const { clock, find, create } = setUp();
    const submittedAt = clock.now();
    await create(keyOf());
    clock.advance(10 * SECOND);
    const underWay = await create(keyOf());

    expect(await find(lost(keyOf(), submittedAt))).toBe(underWay);
  });

  test('are the one that began nearest to the call, where both have ended', async () => {
    const { clock, find, create } = setUp();
    await create(keyOf());
    clock.advance(10 * SECOND);
    const submittedAt = clock.now();
    const nearest = await create(keyOf());
    clock.advance(15 * SECOND);
    await create(keyOf());
    clock.advance(15 * SECOND);

    expect(await find(lost(keyOf(), submittedAt))).toBe(nearest);
  });
});

describe('a search', () => {
  test('asks for each id once: what it is about never changes', async () => {
    const { clock, find, create, asked } = setUp();
    await create(keyOf(1));
    await create(keyOf(2));
    const first = await find(lost(keyOf(3), clock.now()));
    const before = asked();
    clock.advance(5 * SECOND);

    await find(lost(keyOf(4), clock.now()));

    expect(first).toBeUndefined();
    expect(before).toBe(2);
    expect(asked()).toBe(before);
  });

  test('shares its lists with those that begin within a second, however long it takes', async () => {
    const { clock, find, lists, create, asked } = setUp();
    for (let n = 101; n <= 120; n += 1) await create(keyOf(n));

    await Promise.all([2, 3, 4].map((n) => find(lost(keyOf(n), clock.now()))));
    const together = lists();
    clock.advance(2 * SECOND);
    await find(lost(keyOf(5), clock.now()));

    expect(together).toBe(2);
    expect(asked()).toBe(20);
    expect(lists()).toBe(4);
  });

  test('takes steps of at most four calls, and rests as long as the last one took', async () => {
    const { clock, identityCenter, lostReplies, create } = setUp();
    const submittedAt = clock.now();
    for (let n = 1; n <= 20; n += 1) await create(keyOf(n));
    identityCenter.calls.length = 0;
    const describe = identityCenter.describe.bind(identityCenter);
    identityCenter.describe = async (...args) => {
      await clock.sleep(700);
      return describe(...args);
    };
    const steps: number[] = [];
    const rests: number[] = [];
    for (let step = 0; step < 3; step += 1) {
      const before = identityCenter.calls.length;
      const searched = await lostReplies.search(lost(keyOf(99), submittedAt));
      steps.push(identityCenter.calls.length - before);
      if (searched.is !== 'going on') continue;
      rests.push(searched.goOnAt - clock.now());
      clock.advance(searched.goOnAt - clock.now());
    }

    expect(steps).toEqual([4, 4, 4]);
    expect(rests).toEqual([700, 700, 700]);
  });

  test('waits, without a call, while another one has the turn', async () => {
    const { clock, identityCenter, lostReplies, create } = setUp();
    for (let n = 1; n <= 20; n += 1) await create(keyOf(n));
    await lostReplies.search(lost(keyOf(98), clock.now()));
    const before = identityCenter.calls.length;

    const waiting = await lostReplies.search(lost(keyOf(99), clock.now()));

    expect(waiting).toEqual({ is: 'going on', goOnAt: clock.now() + 250 });
    expect(identityCenter.calls).toHaveLength(before);
  });

  test('looks among those under way before another one goes through all that have ended', async () => {
    const { clock, lostReplies, create } = setUp();
    const submittedAt = clock.now();
    for (let n = 1; n <= 40; n += 1) await create(keyOf(n));
    clock.advance(10 * SECOND);
    const id = await create(keyOf(99));
    await lostReplies.search(lost(keyOf(98), submittedAt));

    const searched = await lostReplies.search(lost(keyOf(99), clock.now()));

    expect(searched).toEqual({ is: 'found', requestId: id });
  });

  test('does not wait for one that nobody goes on with', async () => {
    const { clock, lostReplies, create, find } = setUp();
    for (let n = 1; n <= 20; n += 1) await create(keyOf(n));
    await lostReplies.search(lost(keyOf(98), clock.now()));
    const began = clock.now();

    expect(await find(lost(keyOf(20), began))).toBe('operation-20');
    expect(clock.now() - began).toBeLessThan(8 * SECOND);
  });

  test('does not hold up the others when a call fails, and begins anew', async () => {
    const { clock, identityCenter, lostReplies, create, find } = setUp();
    const id = await create(keyOf(1));
    jest.spyOn(identityCenter, 'inProgress').mockRejectedValueOnce(new Error('throttled'));
    await expect(lostReplies.search(lost(keyOf(2), clock.now()))).rejects.toThrow('throttled');

    expect(await lostReplies.search(lost(keyOf(1), clock.now()))).toEqual({ is: 'found', requestId: id });
    expect(await find(lost(keyOf(2), clock.now()))).toBeUndefined();
  });

  test('ends after six seconds, and the next one goes on where it stopped', async () => {
    const { clock, identityCenter, create, find, asked } = setUp();
    const submittedAt = clock.now();
    for (let n = 1; n <= 100; n += 1) await create(keyOf(n));
    clock.advance(30 * SECOND);
    const describe = identityCenter.describe.bind(identityCenter);
    identityCenter.describe = async (...args) => {
      await clock.sleep(300);
      return describe(...args);
    };
    const searches: number[] = [];
    let found: string | undefined;
    while (found === undefined && searches.length < 10) {
      const began = clock.now();
      found = await find(lost(keyOf(1), submittedAt - 10 * SECOND));
      searches.push(clock.now() - began);
      clock.advance(2 * SECOND);
    }

    expect(found).toBe('operation-1');
    expect(Math.max(...searches)).toBeLessThan(7 * SECOND);
    expect(asked()).toBe(100);
  });
});
