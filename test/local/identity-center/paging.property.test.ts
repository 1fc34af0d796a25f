import * as fc from 'fast-check';

import { pageOf } from '../../../local/identity-center/paging';

/** Walks all pages of a list that `change` may alter between two of them. */
function walk(list: number[], size: number, change: (page: number) => void): number[] {
  const seen: number[] = [];
  let token: string | undefined;
  for (let page = 0; page < 200; page += 1) {
    const { items, nextToken } = pageOf(list, (item) => item, { MaxResults: size, NextToken: token });
    expect(items.length).toBeLessThanOrEqual(size);
    seen.push(...items);
    token = nextToken.NextToken;
    if (token === undefined) return seen;
    expect(token).toMatch(/^[-a-zA-Z0-9+=/_]{1,2048}$/);
    change(page);
  }
  throw new Error('the pages do not end');
}

const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 60 })
  .map((list) => list.sort((a, b) => a - b));

describe('paging', () => {
  test.each(['up', 'down'])('all pages together are the list, sorted %s (W8)', (order) => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: 1, max: 20 }), (sorted, size) => {
        const list = order === 'up' ? sorted : [...sorted].reverse();

        expect(walk(list, size, () => undefined)).toEqual(list);
      }),
    );
  });

  test('removals between pages hide nothing that stays, and repeat nothing (W8)', () => {
    fc.assert(
      fc.property(
        ascending,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        (sorted, size, chance) => {
          const list = [...sorted];
          const removed = new Set<number>();

          const seen = walk(list, size, () => {
            const index = (chance.next().value ?? 0) % (list.length + 1);
            for (const item of list.splice(index, 1)) removed.add(item);
          });

          expect(new Set(seen).size).toBe(seen.length);
          for (const item of list) expect(seen).toContain(item);
          for (const item of seen) expect(sorted).toContain(item);
        },
      ),
    );
  });
});
