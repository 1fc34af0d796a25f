import { meaningOf, meantAccounts, withinBounds } from '../../../core/policy/policy-targets';
import { accountNumber } from '../../support/organizations';

const IDS = Array.from({ length: 500 }, (_, n) => accountNumber(n));

describe('what rules mean for the accounts of a request', () => {
  test('is said by the smaller side', () => {
    const [first = '', ...others] = IDS.slice(0, 3);
    expect(meantAccounts(IDS, () => true)).toBe('all');
    expect(meantAccounts(IDS, () => false)).toBe('none');
    expect(meantAccounts([first, ...others], (id) => id === first)).toEqual([first]);
    expect(meantAccounts([first, ...others], (id) => id !== first)).toEqual({ except: [first] });
  });

  test('stays below 50,000 characters with 500 rules and 500 accounts; what does not fit is not known', () => {
    const half = IDS.filter((_, n) => n % 2 === 0);
    const rules = new Map(
      Array.from({ length: 500 }, (_, n) => [`${n}`.padStart(64, 'r'), n === 0 ? ('all' as const) : half]),
    );

    const kept = withinBounds(rules);

    expect(JSON.stringify(kept).length).toBeLessThan(50_100);
    const targets = { policyHash: 'hash', ...kept };
    expect(meaningOf(targets, '0'.padStart(64, 'r'), IDS[1] ?? '')).toEqual({ meant: 'yes' });
    expect(meaningOf(targets, '499'.padStart(64, 'r'), IDS[0] ?? '')).toEqual({
      meant: 'unknown',
      why: 'what all rules mean does not fit into one request of so many accounts, ask for fewer at a time',
    });
  });

  test('is not known of an account that the listing did not have', () => {
    const [id = ''] = IDS;
    const targets = { policyHash: 'hash', rules: { dev: 'all' as const }, unseen: [id] };
    expect(meaningOf(targets, 'dev', id)).toMatchObject({ meant: 'unknown' });
    expect(meaningOf(targets, 'dev', IDS[1] ?? '')).toEqual({ meant: 'yes' });
  });
});
