import { AcceptedIds } from '../../../core/dispatcher/accepted-ids';

/** A ledger that keeps ids when it is told to answer. */
function setUp(kept: readonly string[] = []) {
  const ledger = { ids: kept, reads: 0, writes: 0, isBroken: false };
  const accepted = new AcceptedIds({
    acceptedIds: () => {
      ledger.reads += 1;
      return Promise.resolve(ledger.ids);
    },
    keepAcceptedIds: (ids) => {
      if (ledger.isBroken) return Promise.reject(new Error('throttled'));
      ledger.ids = ids;
      ledger.writes += 1;
      return Promise.resolve();
    },
  });
  const accept = (from: number, to: number): void => {
    for (let n = from; n <= to; n += 1) accepted.add(`id-${n}`);
  };
  return { ledger, accepted, accept };
}

/** Whatever goes on by itself, goes on. */
const aside = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ids that were accepted', () => {
  test('are kept as soon as there are twenty-five, so that a pass that is killed leaves few that nobody knows', async () => {
    const { ledger, accept } = setUp(['before']);

    accept(1, 24);
    await aside();
    const early = ledger.writes;
    accept(25, 25);
    await aside();

    expect(early).toBe(0);
    expect(ledger.ids).toEqual(['before', ...Array.from({ length: 25 }, (_, n) => `id-${n + 1}`)]);
    expect(ledger.writes).toBe(1);
  });

  test('are kept when a search begins, and not again while there are no new ones', async () => {
    const { ledger, accepted, accept } = setUp(['before']);
    accept(1, 2);

    expect(await accepted.all()).toEqual(['before', 'id-1', 'id-2']);
    await accepted.all();
    await aside();

    expect(ledger).toMatchObject({ ids: ['before', 'id-1', 'id-2'], reads: 1, writes: 1 });
  });

  test('are kept at the end of a pass, those that come while others are being kept too', async () => {
    const { ledger, accepted, accept } = setUp();
    accept(1, 25);
    accept(26, 30);

    await accepted.keep();

    expect(ledger.ids).toHaveLength(30);
  });

  test('cost nothing in a pass that has none', async () => {
    const { ledger, accepted } = setUp();

    await accepted.keep();

    expect(ledger).toMatchObject({ reads: 0, writes: 0 });
  });

  test('are the last five hundred', async () => {
    const { ledger, accepted, accept } = setUp();
    accept(1, 600);

    await accepted.keep();

    expect(ledger.ids).toHaveLength(500);
    expect(ledger.ids.at(-1)).toBe('id-600');
  });

  test('that could not be kept are kept with the next ones, and disturb nobody', async () => {
    const { ledger, accepted, accept } = setUp();
    ledger.isBroken = true;
    accept(1, 25);
    const known = await accepted.all();
    await aside();
    ledger.isBroken = false;

    await accepted.keep();

    expect(known).toHaveLength(25);
    expect(ledger.ids).toHaveLength(25);
  });

  test('say at the end of a pass that they could not be kept', async () => {
    const { ledger, accepted, accept } = setUp();
    ledger.isBroken = true;
    accept(1, 1);

    await expect(accepted.keep()).rejects.toThrow('throttled');
  });
});
