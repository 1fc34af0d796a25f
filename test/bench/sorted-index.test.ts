import { chanceFor } from './engine/chance';
import { SortedIndex } from './ours/sorted-index';

describe('the index in memory', () => {
  test('answers like a sorted list, whatever was added and taken away', () => {
    // GIVEN thousands of changes
    const chance = chanceFor(11, 'index');
    const index = new SortedIndex<string>();
    const plain = new Map<string, string>();
    for (let change = 0; change < 5_000; change += 1) {
      const id = `id-${Math.floor(900 * chance.next())}`;
      const before = plain.get(id);
      if (before === undefined) {
        const sort = String(Math.floor(300 * chance.next())).padStart(4, '0');
        plain.set(id, sort);
        index.add(sort, id, id);
      } else {
        plain.delete(id);
        index.remove(before, id);
      }
    }

    // WHEN both are asked for the first hundred up to a key
    const expected = [...plain]
      .filter(([, sort]) => sort <= '0200')
      .sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x < y ? -1 : 1))
      .map(([id]) => id);

    // THEN they answer the same
    expect(index.first('0200', 100)).toEqual(expected.slice(0, 100));
    expect(index.first('0200', 10_000)).toEqual(expected);
  });

  test('gives an entry that it has the new value, and keeps its place', () => {
    const index = new SortedIndex<string>();
    for (const id of ['a', 'b', 'c']) index.add('1', id, id);
    index.add('1', 'b', 'new');
    expect(index.first('9', 10)).toEqual(['a', 'new', 'c']);
  });

  test('does not take away what it does not have', () => {
    const index = new SortedIndex<string>();
    index.add('1', 'a', 'a');
    index.remove('1', 'b');
    index.remove('2', 'a');
    expect(index.first('9', 10)).toEqual(['a']);
  });
});
