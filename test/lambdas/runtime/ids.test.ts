import fc from 'fast-check';
import { derivedId, sha256, timeOrderedIds } from '../../../lambdas/runtime/ids';
import { FakeClock } from '../../support/fake-clock';

const ID = /^[0-9a-hjkmnp-tv-z]{26}$/;

describe('timeOrderedIds', () => {
  test('makes ids of 26 letters and digits that are not mistaken for one another', () => {
    const ids = timeOrderedIds(new FakeClock());

    expect(ids.next()).toMatch(ID);
  });

  test('never makes the same id twice in one millisecond', () => {
    const ids = timeOrderedIds(new FakeClock());

    expect(new Set(Array.from({ length: 1_000 }, () => ids.next())).size).toBe(1_000);
  });

  test('makes ids that sort as their times do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 ** 11 }), { minLength: 1, maxLength: 20 }),
        (steps) => {
          const clock = new FakeClock();
          const ids = timeOrderedIds(clock);
          const made = steps.map((step) => {
            clock.advance(step);
            return ids.next();
          });
          return made.every((id, index) => index === 0 || (made[index - 1] ?? '') < id);
        },
      ),
    );
  });
});

describe('derivedId', () => {
  test('is the same for the same parts and looks like any other id', () => {
    expect(derivedId(['arn:aws:iam::222233334444:role/Desk', 'key'])).toBe(
      derivedId(['arn:aws:iam::222233334444:role/Desk', 'key']),
    );
    expect(derivedId(['a'])).toMatch(ID);
  });

  test('is another for other parts, also where they read the same in a row', () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        return (derivedId(one) === derivedId(other)) === isSame;
      }),
    );
    expect(derivedId(['ab', 'c'])).not.toBe(derivedId(['a', 'bc']));
  });
});

describe('sha256', () => {
  test('is the published digest of a known text', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
