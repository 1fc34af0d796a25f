import { Backlog } from '../../../core/dispatcher/backlog';
import { DispatcherWorld, keyOf } from '../../support/dispatcher-world';

const HOUR = 60 * 60_000;

/** A key in the place of `keyOf(1)`, of another principal. */
function neighbour(n: number) {
  return { ...keyOf(1), principalId: `906799d2-0000-7000-8000-1${String(n).padStart(11, '0')}` };
}

describe('the backlog', () => {
  test('shows who stands behind a hundred others that want one and the same role', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 150; n += 1) await world.open(`lease-${n}`, HOUR, neighbour(n));
    world.clock.advance(1);
    await world.open('other', HOUR, keyOf(2));
    const backlog = new Backlog(world);

    await backlog.refresh(['people']);

    const accounts = backlog.pages.people.map(({ accountId }) => accountId);
    expect(accounts).toContain(keyOf(2).accountId);
    expect(accounts.length).toBeLessThan(10);
  });

  test('costs one query where a page has many places', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 150; n += 1) await world.open(`lease-${n}`, HOUR, keyOf(n));
    const waiting = jest.spyOn(world.assignments, 'waiting');
    const backlog = new Backlog(world);

    await backlog.refresh(['people']);

    expect(waiting).toHaveBeenCalledTimes(1);
    expect(backlog.pages.people).toHaveLength(100);
    expect(backlog.hasMore('people')).toBe(true);
  });

  test('goes on knowing what moves from one class to another while it is asked', async () => {
    const world = new DispatcherWorld();
    await world.open('lease', HOUR, keyOf(1));
    const [waiting] = await world.assignments.waiting('people', world.clock.now(), 1);
    if (waiting === undefined) throw new Error('the lease does not wait');
    const backlog = new Backlog(world);
    backlog.putBack('bulk', waiting.key, waiting.notBefore);
    await backlog.refresh(['people']);

    await backlog.refresh(['bulk']);

    const [ticket] = backlog.pages.people;
    expect(backlog.take('people', ticket?.id ?? '')).toEqual(keyOf(1));
  });

  test('is not believed to be all that waits while the index is asked for the rest', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 150; n += 1) await world.open(`lease-${n}`, HOUR, keyOf(n));
    const backlog = new Backlog(world);
    await backlog.refresh(['people']);

    const asking = backlog.refresh(['people']);

    expect([backlog.hasMore('people'), backlog.isAllShown('people')]).toEqual([false, false]);
    await asking;
    expect([backlog.hasMore('people'), backlog.isAllShown('people')]).toEqual([true, false]);
  });

  test('is not asked again at once where the index does not answer', async () => {
    const world = new DispatcherWorld();
    for (let n = 0; n < 150; n += 1) await world.open(`lease-${n}`, HOUR, keyOf(n));
    const backlog = new Backlog(world);
    await backlog.refresh(['people']);
    jest.spyOn(world.assignments, 'waiting').mockRejectedValue(new Error('no answer'));

    await expect(backlog.refresh(['people'])).rejects.toThrow('no answer');

    expect(backlog.hasMore('people')).toBe(false);
  });
});
