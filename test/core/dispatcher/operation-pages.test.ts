import { OperationPages } from '../../../core/dispatcher/operation-pages';
import { keyOf } from '../../support/dispatcher-world';
import { FakeClock } from '../../support/fake-clock';
import { FakeIdentityCenter } from '../../support/fake-identity-center';

const SECOND = 1_000;

/** The list of `count` creates, one a second, with ten on a page. */
async function listOf(count: number, order: FakeIdentityCenter['order'] = 'newest first') {
  const clock = new FakeClock();
  const identityCenter = new FakeIdentityCenter(clock);
  Object.assign(identityCenter, { pageSize: 10, order });
  const began = clock.now();
  for (let n = 0; n < count; n += 1) {
    await identityCenter.createAssignment(keyOf(n));
    clock.advance(SECOND);
  }
  const pages = new OperationPages(clock.now(), (from) => identityCenter.operationsPage('create', from));
  /** Reads until nothing is left since the n-th create; answers how many pages that took. */
  const readBackTo = async (n: number): Promise<number> => {
    let read = 0;
    for (; !pages.reaches(began + n * SECOND); read += 1) await pages.readOn();
    return read;
  };
  return { pages, readBackTo };
}

describe('the pages of a list', () => {
  test('are read until one reaches back far enough, where the newest come first', async () => {
    const { pages, readBackTo } = await listOf(100);

    expect(await readBackTo(75)).toBe(3);
    expect(pages.rows).toHaveLength(30);
  });

  test('are one where nothing has begun lately', async () => {
    const { readBackTo } = await listOf(100);

    expect(await readBackTo(500)).toBe(1);
  });

  test('are read on, and not again, for one who looks back further', async () => {
    const { readBackTo } = await listOf(100);

    expect(await readBackTo(75)).toBe(3);
    expect(await readBackTo(75)).toBe(0);
    expect(await readBackTo(55)).toBe(2);
  });

  test('are read to the last one where the oldest come first', async () => {
    const { pages, readBackTo } = await listOf(100, 'oldest first');

    expect(await readBackTo(95)).toBe(10);
    expect(pages.rows).toHaveLength(100);
  });

  test('are read on where one shows no order, since its dates are all the same', async () => {
    const row = (n: number, createdAt: number) => ({
      requestId: `id-${n}`,
      status: 'SUCCEEDED' as const,
      createdAt,
    });
    const all = [row(1, 1_000), row(2, 1_000), row(3, 9_000)] as const;
    const pages = new OperationPages(0, (from) =>
      Promise.resolve(from === undefined ? { rows: all.slice(0, 2), next: '2' } : { rows: all.slice(2) }),
    );
    await pages.readOn();

    expect(pages.reaches(5_000)).toBe(false);
    await pages.readOn();
    expect(pages.reaches(5_000)).toBe(true);
    expect(pages.rows.map(({ requestId }) => requestId)).toContain('id-3');
  });

  test('are twenty at most', async () => {
    const { readBackTo } = await listOf(300, 'oldest first');

    expect(await readBackTo(295)).toBe(20);
  });
});
