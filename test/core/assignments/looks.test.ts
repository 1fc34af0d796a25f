import { STANDING_CLAIM } from '../../../core/assignments/claims';
import { SECOND_LOOK_MS, SETTLING_MS, recordLook, recordOwnEffect } from '../../../core/assignments/looks';
import { STRAY_MS } from '../../../core/assignments/operations';
import { MINUTE, NOW, assignment, lease, standing } from './assignments';

const there = (at: number) => ({ at, exists: true });
const absent = (at: number) => ({ at, exists: false });

describe('a look that shows the assignment', () => {
  test('makes it standing where the ledger has never looked', () => {
    const looked = recordLook(assignment([lease('a')]), there(NOW));

    expect(looked.claims[STANDING_CLAIM]).toMatchObject({ kind: 'standing', from: NOW, until: null });
    expect(looked.claims.a?.grantedAt).toBe(NOW);
    expect(looked.toTell).toEqual(['a']);
  });

  test('makes it standing where its absence was proved before', () => {
    const looked = recordLook(assignment([], { seen: absent(NOW - 1) }), there(NOW));

    expect(looked.claims[STANDING_CLAIM]).toBeDefined();
  });

  test('makes nothing standing that was seen before', () => {
    const looked = recordLook(assignment([lease('a')], { seen: there(NOW - 1) }), there(NOW));

    expect(looked.claims[STANDING_CLAIM]).toBeUndefined();
    expect(looked.claims.a?.grantedAt).toBe(NOW);
  });

  test('makes nothing standing while an own create may have worked', () => {
    const looked = recordLook(assignment([lease('a')], { mayExist: true }), there(NOW));

    expect(looked.claims[STANDING_CLAIM]).toBeUndefined();
  });

  test('takes what appears after a lost create for its own, and keeps in mind that it has to go', () => {
    const before = assignment([], {
      seen: absent(NOW - SETTLING_MS),
      ownOperationAt: NOW - SETTLING_MS,
      strayUntil: NOW + STRAY_MS,
    });

    const looked = recordLook(before, there(NOW));

    expect(looked.claims[STANDING_CLAIM]).toBeUndefined();
    expect(looked.mayExist).toBe(true);
  });

  test('marks as granted only claims that count', () => {
    const claims = [lease('counts'), lease('later', { from: NOW + 1 }), lease('closed', { closedAt: NOW })];

    const looked = recordLook(assignment(claims, { seen: there(NOW - 1) }), there(NOW));

    expect(Object.values(looked.claims).filter(({ grantedAt }) => grantedAt !== undefined)).toEqual([
      expect.objectContaining({ id: 'counts' }),
    ]);
  });

  test('does not move the instant at which a claim was granted first', () => {
    const before = assignment([lease('a', { grantedAt: NOW - MINUTE })], { seen: there(NOW - MINUTE) });

    expect(recordLook(before, there(NOW)).claims.a?.grantedAt).toBe(NOW - MINUTE);
  });
});

describe('a look that shows nothing', () => {
  test('twice ends the standing claim and the leases that had been granted: somebody took it away', () => {
    const claims = [standing(), lease('granted', { grantedAt: NOW }), lease('waits')];
    const second = NOW + SECOND_LOOK_MS;

    const doubted = recordLook(assignment(claims, { seen: there(NOW) }), absent(NOW));
    const looked = recordLook(doubted, absent(second));

    expect(doubted.claims.granted?.closedAt).toBeUndefined();
    expect(looked.claims.granted).toMatchObject({ closedAt: second, lostBy: 'removal' });
    expect(looked.claims[STANDING_CLAIM]?.closedAt).toBe(second);
    expect(looked.claims.waits?.closedAt).toBeUndefined();
    expect(looked.toTell).toEqual(['granted']);
  });

  test('concludes nothing where absence was known, or nothing was', () => {
    const granted = lease('a', { grantedAt: NOW });

    for (const before of [
      assignment([granted]),
      assignment([granted], { seen: absent(NOW - SETTLING_MS), ownOperationAt: NOW - 2 * SETTLING_MS }),
    ]) {
      expect(recordLook(before, absent(NOW)).claims).toEqual({ a: granted });
    }
  });

  test('proves that an own create did not work', () => {
    expect(recordLook(assignment([], { mayExist: true }), absent(NOW)).mayExist).toBeUndefined();
  });
});

describe('a look that contradicts the last one soon after an own operation', () => {
  const settling = assignment([lease('a', { grantedAt: NOW })], { seen: there(NOW), ownOperationAt: NOW });

  test('is a doubt at first: nothing is concluded from it', () => {
    const doubted = recordLook(settling, absent(NOW + MINUTE));

    expect(doubted).toEqual({ ...settling, doubt: absent(NOW + MINUTE) });
  });

  test('is believed when a second one agrees at least 30 seconds later', () => {
    const doubted = recordLook(settling, absent(NOW + MINUTE));

    const early = recordLook(doubted, absent(NOW + MINUTE + SECOND_LOOK_MS - 1));
    const late = recordLook(doubted, absent(NOW + MINUTE + SECOND_LOOK_MS));

    expect(early).toEqual(doubted);
    expect(late.doubt).toBeUndefined();
    expect(late.claims.a?.lostBy).toBe('removal');
  });

  test('is forgotten when the next one agrees with what was proved', () => {
    const doubted = recordLook(settling, absent(NOW + MINUTE));

    const looked = recordLook(doubted, there(NOW + 2 * MINUTE));

    expect(looked.doubt).toBeUndefined();
    expect(looked.claims).toEqual(settling.claims);
  });

  test('is believed at once when the own operation is long ago', () => {
    const deleted = assignment([], { seen: absent(NOW), ownOperationAt: NOW });

    expect(recordLook(deleted, there(NOW + SETTLING_MS)).claims[STANDING_CLAIM]).toBeDefined();
    expect(recordLook(deleted, there(NOW + SETTLING_MS - 1)).doubt).toBeDefined();
  });

  test('does not make a standing claim of the echo of an own delete', () => {
    const deleted = assignment([], { seen: absent(NOW), ownOperationAt: NOW });

    const echoed = recordLook(deleted, there(NOW + 5_000));

    expect(echoed.claims).toEqual({});
    expect(recordLook(echoed, absent(NOW + 40_000))).toMatchObject({
      claims: {},
      seen: absent(NOW + 40_000),
    });
  });
});

describe('the effect of an own operation', () => {
  test('is proof at once, and settles every doubt', () => {
    const before = assignment([lease('a')], { doubt: absent(NOW - 1), mayExist: true });

    const own = recordOwnEffect(before, there(NOW));

    expect(own).toMatchObject({ seen: there(NOW), ownOperationAt: NOW });
    expect(own.doubt ?? own.mayExist).toBeUndefined();
    expect(own.claims.a?.grantedAt).toBe(NOW);
  });

  test('of a delete blames nobody', () => {
    const before = assignment([lease('over', { closedAt: NOW, grantedAt: NOW - 1 })], {
      seen: there(NOW - 1),
    });

    const own = recordOwnEffect(before, absent(NOW));

    expect(own.claims).toEqual(before.claims);
    expect(own.seen?.exists).toBe(false);
  });
});
