import * as fc from 'fast-check';
import { MAX_CLAIMS } from '../../../core/assignments/assignment';
import {
  TooManyClaimsError,
  closeClaim,
  counts,
  isOver,
  openClaim,
  tell,
  unproved,
  wanted,
} from '../../../core/assignments/claims';
import { HOUR, NOW, assignment, lease, standing } from './assignments';

describe('a claim', () => {
  test('counts from its first millisecond to the last before its end', () => {
    const claim = lease('a', { from: NOW, until: NOW + HOUR });

    expect(counts(claim, NOW - 1)).toBe(false);
    expect(counts(claim, NOW)).toBe(true);
    expect(counts(claim, NOW + HOUR - 1)).toBe(true);
    expect(counts(claim, NOW + HOUR)).toBe(false);
  });

  test('without an end of its own counts until it is closed', () => {
    expect(counts(standing(), NOW + 10_000 * HOUR)).toBe(true);
    expect(counts(standing({ closedAt: NOW }), NOW)).toBe(false);
  });

  test('is never over before it begins, and never counts once it is over', () => {
    const instant = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        instant,
        instant,
        fc.option(instant, { nil: null }),
        fc.boolean(),
        (now, from, length, isClosed) => {
          const claim = lease('a', {
            from,
            until: length === null ? null : from + length + 1,
            ...(isClosed ? { closedAt: 0 } : {}),
          });

          expect(counts(claim, now) && isOver(claim, now)).toBe(false);
          expect(counts(claim, now) || isOver(claim, now) || now < claim.from).toBe(true);
        },
      ),
    );
  });

  test('of two that meet at one instant, exactly one counts at every instant', () => {
    const first = lease('a', { from: NOW, until: NOW + HOUR });
    const second = lease('b', { from: NOW + HOUR, until: NOW + 2 * HOUR });

    for (const now of [NOW, NOW + HOUR - 1, NOW + HOUR, NOW + 2 * HOUR - 1]) {
      expect([first, second].filter((claim) => counts(claim, now))).toHaveLength(1);
    }
  });
});

describe('what the claims want', () => {
  test('is presence while a lease or a baseline counts, whatever else is there', () => {
    expect(wanted(assignment([standing(), lease('a')]), NOW)).toBe('present');
    expect(wanted(assignment([lease('rule', { kind: 'baseline', until: null })]), NOW)).toBe('present');
  });

  test('is to keep what is there while only a standing claim counts', () => {
    expect(wanted(assignment([standing(), lease('a', { closedAt: NOW })]), NOW)).toBe('keep');
  });

  test('is absence where nothing counts', () => {
    expect(wanted(assignment(), NOW)).toBe('absent');
    expect(wanted(assignment([lease('later', { from: NOW + 1 })]), NOW)).toBe('absent');
  });

  test('leaves out of the unproved ones standing, proved, future and closed claims', () => {
    const item = assignment([
      standing(),
      lease('proved', { grantedAt: NOW }),
      lease('later', { from: NOW + 1 }),
      lease('closed', { closedAt: NOW }),
      lease('waits'),
    ]);

    expect(unproved(item, NOW).map(({ id }) => id)).toEqual(['waits']);
  });
});

describe('opening and closing claims', () => {
  test('opens a claim once: a repeated step changes nothing', () => {
    const opened = openClaim(assignment(), lease('a'));

    expect(openClaim(opened, lease('a', { until: NOW + 99 * HOUR }))).toBe(opened);
  });

  test('does not open again what was closed: the tombstone stands in the way', () => {
    const closed = closeClaim(openClaim(assignment(), lease('a')), 'a', NOW, 'it was ended early');

    expect(openClaim(closed, lease('a'))).toBe(closed);
    expect(wanted(closed, NOW)).toBe('absent');
  });

  test('closes a claim once: the first reason stays', () => {
    const closed = closeClaim(openClaim(assignment(), lease('a')), 'a', NOW, 'it was ended early');

    expect(closeClaim(closed, 'a', NOW + 1, 'its time was over')).toBe(closed);
    expect(closed.claims.a).toMatchObject({ closedAt: NOW, closedBecause: 'it was ended early' });
  });

  test('closing what is unknown changes nothing', () => {
    const item = assignment([lease('a')]);

    expect(closeClaim(item, 'b', NOW, 'it was ended early')).toBe(item);
  });

  test('refuses a claim too many, and names the assignment', () => {
    const full = assignment(Array.from({ length: MAX_CLAIMS }, (_, n) => lease(`lease-${n}`)));

    expect(() => openClaim(full, lease('one-more'))).toThrow(TooManyClaimsError);
    expect(() => openClaim(full, lease('one-more'))).toThrow(/100000000001.*50 claims/);
  });

  test('tells leases once each, and nobody of standing claims and baselines', () => {
    const item = assignment([], { toTell: ['a'] });
    const rule = lease('rule', { kind: 'baseline', until: null });

    const told = tell(item, [lease('a'), lease('b'), standing(), rule]);

    expect(told.toTell).toEqual(['a', 'b']);
    expect(tell(told, [lease('b')])).toBe(told);
  });
});
