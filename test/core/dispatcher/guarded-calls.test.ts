import { describeKey } from '../../../core/assignments/assignment';
import { guardedCalls } from '../../../core/dispatcher/guarded-calls';
import { Pace } from '../../../core/dispatcher/pace';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';
import { refusals } from '../../support/fake-identity-center';

const SECOND = 1_000;
const SET = keyOf().permissionSetArn;

/** Lists of eight pages, one call a second, none after `lastsMs`. */
async function setUp(lastsMs = Infinity) {
  const { clock, identityCenter } = new DispatcherWorld();
  for (let n = 0; n < 8; n += 1) {
    await identityCenter.createAssignment(keyOf(n));
    identityCenter.rows.add(describeKey({ ...keyOf(), principalId: `principal-${n}` }));
  }
  identityCenter.stale.set(
    SET,
    Array.from({ length: 8 }, (_, n) => keyOf(n).accountId),
  );
  Object.assign(identityCenter, { pageSize: 1, latencyMs: 3_600 * SECOND });
  identityCenter.calls.length = 0;
  const calls = guardedCalls(identityCenter, new Pace(clock, 1), clock, clock.now() + lastsMs);
  return { clock, identityCenter, calls };
}

type Calls = Awaited<ReturnType<typeof setUp>>['calls'];

const LISTS: readonly (readonly [string, (calls: Calls) => Promise<unknown>])[] = [
  ['operations in progress', (calls) => calls.inProgress('create')],
  ['a place', (calls) => calls.assignees(keyOf())],
  ['stale accounts', (calls) => calls.staleAccounts(SET)],
];

describe('a try that the adapter repeats by itself', () => {
  test('takes a turn as well, after the fact, and teaches what it was refused for', async () => {
    const { clock, identityCenter } = await setUp();
    const learned: unknown[] = [];
    const lessons = { refused: (refusal: unknown) => void learned.push(refusal) };
    const calls = guardedCalls(identityCenter, new Pace(clock, 1), clock, Infinity, lessons);
    const began = clock.now();

    for (let tries = 0; tries < 4; tries += 1) {
      identityCenter.onRepeat?.(refusals.THROTTLED);
      await calls.describe('create', 'operation-1');
    }

    // Eight tries: five may go at once, and three take a second each.
    expect(clock.now() - began).toBe(3 * SECOND);
    expect(learned).toEqual(Array(4).fill(refusals.THROTTLED));
  });
});

describe('a list of several pages', () => {
  test.each(LISTS)('takes a turn for each of them: %s', async (_what, list) => {
    const { clock, calls } = await setUp();
    const began = clock.now();

    await list(calls);

    // Five may go at once, and three wait for a second each.
    expect(clock.now() - began).toBe(3 * SECOND);
  });

  test.each(LISTS)('ends where its pass is over, between two pages: %s', async (_what, list) => {
    const { identityCenter, calls } = await setUp(1.5 * SECOND);

    await expect(list(calls)).rejects.toMatchObject({ refusal: { name: 'PassIsOver' } });

    expect(identityCenter.calls).toHaveLength(6);
  });
});
