import * as fc from 'fast-check';

import { inOneOrder, SequencedRows, type Sequenced } from '../../../local/identity-center/sequenced-rows';

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 50 }));

function rowsOf(sequences: readonly number[]): SequencedRows<Sequenced> {
  const rows = new SequencedRows<Sequenced>();
  for (const sequence of sequences.toSorted((a, b) => a - b)) rows.append({ sequence });
  return rows;
}

const sequencesOf = (rows: Iterable<Sequenced>): number[] => [...rows].map(({ sequence }) => sequence);

describe('rows in sequence', () => {
  test('what is left after removals is read from any place on', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 0, max: 51 }), (added, removed, from) => {
        const rows = rowsOf(added);
        for (const sequence of removed) rows.remove(sequence);

        const left = added.filter((sequence) => !removed.includes(sequence)).sort((a, b) => a - b);
        expect(sequencesOf(rows.after(0))).toEqual(left);
        expect(sequencesOf(rows.after(from))).toEqual(left.filter((sequence) => sequence > from));
        expect(rows.size).toBe(left.length);
      }),
    );
  });

  test('several lists are read as one', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 4 }), (all, count) => {
        const lists = Array.from({ length: count }, (_, index) =>
          rowsOf(all.filter((sequence) => sequence % count === index)).after(0),
        );
        expect(sequencesOf(inOneOrder(lists))).toEqual(all.toSorted((a, b) => a - b));
      }),
    );
  });

  test('a row that does not come last is refused', () => {
    const rows = rowsOf([3, 7]);
    expect(() => {
      rows.append({ sequence: 7 });
    }).toThrow('sequence 7 does not follow 7');
  });
});
