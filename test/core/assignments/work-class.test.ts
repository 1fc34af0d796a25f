import * as fc from 'fast-check';
import type { Claim } from '../../../core/assignments/assignment';
import { OVERDUE_MS, workPlace } from '../../../core/assignments/work-class';
import { MINUTE, NOW, SECOND, assignment, lease, operation, standing } from './assignments';

/** The class of a create that these claims wait for. */
function classFor(...claims: readonly Claim[]): string {
  return workPlace(assignment(claims), operation()).class;
}

describe('the class of a waiting create', () => {
  test.each([1, 15])('is that of people for a request for few accounts (%i)', (accounts) => {
    expect(classFor(lease('request', { accounts }))).toBe('people');
  });

  test('is that of people for a request that names no number of accounts', () => {
    expect(classFor(lease('request'))).toBe('people');
  });

  test('is bulk for a request for more accounts than there are slots', () => {
    expect(classFor(lease('request', { accounts: 16 }))).toBe('bulk');
  });

  test('is bulk for a baseline', () => {
    expect(classFor(lease('rule', { kind: 'baseline', until: null }))).toBe('bulk');
  });

  test('is that of people as soon as one person waits for it, whatever else does', () => {
    const baseline = lease('rule', { kind: 'baseline', until: null });

    expect(classFor(baseline, lease('many', { accounts: 400 }), lease('one'))).toBe('people');
  });

  test.each<[string, Partial<Claim>]>([
    ['was granted', { grantedAt: NOW }],
    ['was closed', { closedAt: NOW }],
    ['has ended', { endedAt: NOW }],
  ])('is not that of people for a person whose claim %s', (_how, changes) => {
    expect(classFor(lease('done', changes), lease('many', { accounts: 400 }))).toBe('bulk');
  });

  test('is bulk where nobody waits for it', () => {
    expect(classFor(standing())).toBe('bulk');
  });
});

describe('the class of a waiting delete', () => {
  test('is revoke, whoever had the access', () => {
    const claims = [lease('over', { closedAt: NOW, accounts: 400 })];

    expect(workPlace(assignment(claims), operation({ kind: 'delete' })).class).toBe('revoke');
  });

  test('is overdue from fifteen minutes after it was planned', () => {
    const classAfter = (ms: number) =>
      workPlace(assignment(), operation({ kind: 'delete', plannedAt: NOW, notBefore: NOW + ms })).class;

    expect([OVERDUE_MS - 1, OVERDUE_MS].map(classAfter)).toEqual(['revoke', 'overdue']);
    expect(OVERDUE_MS).toBe(15 * MINUTE);
  });
});

describe('the class of a waiting look', () => {
  test('is look, whoever waits for what it finds', () => {
    expect(workPlace(assignment([lease('request')]), operation({ kind: 'look' })).class).toBe('look');
  });
});

describe('the place in its class', () => {
  test('is that of its time: who waits longest goes first', () => {
    const notBefore = NOW + 1_234;

    expect(workPlace(assignment([lease('request', { rank: 7 })]), operation({ notBefore }))).toEqual({
      class: 'people',
      from: notBefore,
      rank: 0,
    });
  });

  test('is, for bulk work, the turn of its account within one batch', () => {
    const placeOf = (rank: number, notBefore: number) =>
      workPlace(assignment([lease('many', { accounts: 400, rank })]), operation({ notBefore }));

    expect(placeOf(3, NOW)).toEqual({ class: 'bulk', from: NOW, rank: 3 });
    expect(placeOf(0, NOW + 9 * SECOND).from).toBe(NOW);
    expect(placeOf(0, NOW + 10 * SECOND).from).toBe(NOW + 10 * SECOND);
  });

  test('is the first turn of those who wait', () => {
    const claims = [
      lease('many', { accounts: 400, rank: 5 }),
      lease('more', { accounts: 400, rank: 2 }),
      lease('granted', { accounts: 400, rank: 1, grantedAt: NOW }),
    ];

    expect(workPlace(assignment(claims), operation()).rank).toBe(2);
  });

  test('never comes after its time, nor more than ten seconds before it', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.boolean(), (ms, isBulk) => {
        const notBefore = NOW + ms;
        const claim = lease('request', isBulk ? { accounts: 400 } : {});

        const { from } = workPlace(assignment([claim]), operation({ notBefore }));

        expect(from).toBeLessThanOrEqual(notBefore);
        expect(from).toBeGreaterThan(notBefore - 10 * SECOND);
      }),
    );
  });
});
