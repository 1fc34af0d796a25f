import { LostReplies, type LostOperation } from '../../../core/dispatcher/lost-replies';
import type { AssignmentKey } from '../../../core/assignments/assignment';
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
  return { clock, identityCenter, lostReplies, create, asked };
}

/** A create of `key` whose reply was lost. */
function lost(key: AssignmentKey, submittedAt: number, changes: Partial<LostOperation> = {}): LostOperation {
  return {
    call: 'create',
    submittedAt,
    knownIds: [],
    isAbout: ({ accountId, principalId }) => accountId === key.accountId && principalId === key.principalId,
    ...changes,
  };
}

describe('an operation whose reply was lost', () => {
  test('is found while it is under way', async () => {
    const { clock, lostReplies, create } = setUp();
    await create(keyOf(1));
    const id = await create(keyOf(2));

    expect(await lostReplies.find(lost(keyOf(2), clock.now()))).toBe(id);
  });

  test('is found after it has ended', async () => {
    const { clock, lostReplies, create } = setUp();
    const submittedAt = clock.now();
    const id = await create(keyOf());
    clock.advance(MINUTE);

    expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBe(id);
  });

  test('is not found where the call was never accepted', async () => {
    const { clock, lostReplies, create } = setUp();
    await create(keyOf(1));

    expect(await lostReplies.find(lost(keyOf(2), clock.now()))).toBeUndefined();
  });

  test('is not found while the lists do not show it yet, and is found when they do', async () => {
    const { clock, identityCenter, lostReplies, create } = setUp();
    identityCenter.listLagMs = 2 * SECOND;
    const submittedAt = clock.now();
    const id = await create(keyOf());

    expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBeUndefined();
    clock.advance(3 * SECOND);
    expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBe(id);
  });

  test('is not found among those of another call', async () => {
    const { clock, identityCenter, lostReplies } = setUp();
    await identityCenter.deleteAssignment(keyOf());

    expect(await lostReplies.find(lost(keyOf(), clock.now()))).toBeUndefined();
  });

  test('is none that began long before the call', async () => {
    const { clock, lostReplies, create } = setUp();
    await create(keyOf());
    clock.advance(10 * MINUTE);

    expect(await lostReplies.find(lost(keyOf(), clock.now()))).toBeUndefined();
  });

  test('is found where the clock of the service is a minute off', async () => {
    const { clock, lostReplies, create } = setUp();
    const id = await create(keyOf());
    const acceptedAt = clock.now();
    clock.advance(5 * MINUTE);

    for (const submittedAt of [acceptedAt + 59 * SECOND, acceptedAt - 59 * SECOND]) {
      clock.advance(2 * SECOND);
      expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBe(id);
    }
  });

  test('is never one that the ledger knows as that of another', async () => {
    const { clock, lostReplies, create, asked } = setUp(['operation-1']);
    await create(keyOf());

    expect(await lostReplies.find(lost(keyOf(), clock.now()))).toBeUndefined();
    expect(asked()).toBe(0);
  });

  test('is never one that was accepted for the same assignment before', async () => {
    const { clock, lostReplies, create } = setUp();
    const earlier = await create(keyOf());
    clock.advance(10 * SECOND);

    expect(await lostReplies.find(lost(keyOf(), clock.now(), { knownIds: [earlier] }))).toBeUndefined();
  });
});

describe('two operations that cannot be told apart', () => {
  test('are one under way before one that has ended', async () => {
    const { clock, lostReplies, create } = setUp();
    const submittedAt = clock.now();
    await create(keyOf());
    clock.advance(10 * SECOND);
    const underWay = await create(keyOf());

    expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBe(underWay);
  });

  test('are the one that began nearest to the call, where both have ended', async () => {
    const { clock, lostReplies, create } = setUp();
    await create(keyOf());
    clock.advance(10 * SECOND);
    const submittedAt = clock.now();
    const nearest = await create(keyOf());
    clock.advance(15 * SECOND);
    await create(keyOf());
    clock.advance(15 * SECOND);

    expect(await lostReplies.find(lost(keyOf(), submittedAt))).toBe(nearest);
  });
});

describe('a search', () => {
  test('asks for each id once: what it is about never changes', async () => {
    const { clock, lostReplies, create, asked } = setUp();
    await create(keyOf(1));
    await create(keyOf(2));
    const first = await lostReplies.find(lost(keyOf(3), clock.now()));
    const before = asked();
    clock.advance(5 * SECOND);

    await lostReplies.find(lost(keyOf(4), clock.now()));

    expect(first).toBeUndefined();
    expect(before).toBe(2);
    expect(asked()).toBe(before);
  });

  test('shares its lists with those that come within a second', async () => {
    const { clock, identityCenter, lostReplies, create } = setUp();
    await create(keyOf(1));
    const lists = () => identityCenter.calls.filter((call) => call === 'list').length;

    await Promise.all([2, 3, 4].map((n) => lostReplies.find(lost(keyOf(n), clock.now()))));
    const together = lists();
    clock.advance(2 * SECOND);
    await lostReplies.find(lost(keyOf(5), clock.now()));

    expect(together).toBe(2);
    expect(lists()).toBe(4);
  });

  test('asks for thirty ids at most of a list, and the next one goes on where it stopped', async () => {
    const { clock, lostReplies, create, asked } = setUp();
    const submittedAt = clock.now();
    for (let n = 1; n <= 100; n += 1) await create(keyOf(n));
    clock.advance(MINUTE);
    const searches: number[] = [];
    let found: string | undefined;
    while (found === undefined && searches.length < 10) {
      const before = asked();
      found = await lostReplies.find(lost(keyOf(100), submittedAt));
      searches.push(asked() - before);
      clock.advance(2 * SECOND);
    }

    expect(found).toBe('operation-100');
    expect(Math.max(...searches)).toBeLessThanOrEqual(30);
    expect(searches.reduce((sum, each) => sum + each, 0)).toBe(100);
  });
});
