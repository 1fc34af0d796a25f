import * as fc from 'fast-check';
import { createSeededRandom, uuidFrom } from '../../../local/clock/seeded-random';

const draw = (seed: number, count: number): number[] => {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('createSeededRandom', () => {
  test('gives the same numbers for the same seed and others for another', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, other) => {
        fc.pre(seed !== other);
        expect(draw(seed, 5)).toEqual(draw(seed, 5));
        expect(draw(seed, 5)).not.toEqual(draw(other, 5));
      }),
    );
  });

  test('gives numbers from 0 to below 1, evenly spread', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const number of draw(7, 10_000)) {
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
    }

    // 1,000 expected in each; five standard deviations are 150.
    expect(tenths.every((count) => count > 850 && count < 1150)).toBe(true);
  });
});

describe('uuidFrom', () => {
  test('draws lower-case UUIDs of version 4 that differ from each other', () => {
    const random = createSeededRandom(1);
    const uuids = Array.from({ length: 500 }, () => uuidFrom(random));

    const wellFormed = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(uuids.every((uuid) => wellFormed.test(uuid))).toBe(true);
    expect(new Set(uuids).size).toBe(500);
  });
});
