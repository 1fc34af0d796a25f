import type { Target } from '../../../core/targets/grammar';
import type { TargetFacts } from '../../../core/targets/matcher';
import { resolveTarget } from '../../../core/targets/resolve';
import { pictureOf, unitId } from '../../support/fake-pictures';

const [DEEP, PROD, DEV, TWIN, OTHER_TWIN, CLOSED, ROOTED] = [1, 2, 3, 4, 5, 6, 7].map((n) =>
  String(n).repeat(12),
) as [string, string, string, string, string, string, string];

const PICTURE = pictureOf([
  { id: DEEP, name: 'lake-prod', ou: 'Workloads/Prod/Lake' },
  { id: PROD, name: 'payments-prod', ou: 'Workloads/Prod' },
  { id: DEV, name: 'payments-dev', ou: 'Workloads/Dev' },
  { id: TWIN, name: 'twin', ou: 'Banks/Prod' },
  { id: OTHER_TWIN, name: 'twin', ou: 'Banks' },
  { id: CLOSED, name: 'old-prod', ou: 'Workloads/Prod', state: 'CLOSED' },
  { id: ROOTED, name: 'Zahlungen \u00FC', ou: '' },
]);
const TAGS: TargetFacts = {
  tags: new Map([
    [DEEP, { env: 'prod', 'cost:Zürich': 'A/1' }],
    [PROD, { env: 'prod' }],
    [DEV, { env: 'dev', empty: '' }],
    [TWIN, {}],
    [OTHER_TWIN, {}],
    [ROOTED, { ENV: 'prod' }],
  ]),
};

/** Ids, or the problems. */
function meantBy(target: Target, facts: TargetFacts = TAGS): readonly string[] {
  const resolution = resolveTarget(target, PICTURE, facts);
  switch (resolution.outcome) {
    case 'resolved':
      return resolution.accounts.map(({ id }) => id);
    case 'problems':
      return resolution.problems;
    case 'needs tags':
      return [`needs ${resolution.accountIds.join(', ')}`];
  }
}

describe('resolveTarget', () => {
  test.each<[string, Target, readonly string[]]>([
    ['an account', [{ account: PROD }], [PROD]],
    ['a name', [{ accountName: 'payments-dev' }], [DEV]],
    ['a name in another normal form', [{ accountName: 'Zahlungen \u00FC' }], [ROOTED]],
    ['a pattern of names', [{ accountName: '*-prod' }], [DEEP, PROD]],
    ['a pattern that two accounts of one name fit', [{ accountName: 'tw*' }], [TWIN, OTHER_TWIN]],
    ['a unit with all below it', [{ ou: 'Workloads' }], [DEEP, PROD, DEV]],
    ['a unit by its id', [{ ou: unitId('Workloads/Prod') }], [DEEP, PROD]],
    ['a unit alone', [{ ou: 'Workloads/Prod', direct: true }], [PROD]],
    ['one of two units of a name', [{ ou: 'Banks/Prod' }], [TWIN]],
    ['the root', [{ ou: '/' }], [DEEP, PROD, DEV, TWIN, OTHER_TWIN, ROOTED]],
    ['the root alone', [{ ou: 'r-k3f9', direct: true }], [ROOTED]],
    ['a tag', [{ tag: { env: 'prod' } }], [DEEP, PROD]],
    ['all of several tags', [{ tag: { env: '*', 'cost:Zürich': 'A*' } }], [DEEP]],
    ['a tag without a value', [{ tag: { empty: '' } }], [DEV]],
    ['everything', [{ all: true }], [DEEP, PROD, DEV, TWIN, OTHER_TWIN, ROOTED]],
    ['a list', [{ account: DEV }, { ou: 'Banks' }, { account: DEV }], [DEV, TWIN, OTHER_TWIN]],
    ['less an exception', [{ ou: 'Workloads', except: [{ tag: { env: 'prod' } }] }], [DEV]],
    [
      'an exception that has one itself',
      [{ ou: 'Workloads', except: [{ ou: 'Workloads/Prod', except: [{ account: DEEP }] }] }],
      [DEEP, DEV],
    ],
    [
      'an exception of one entry only',
      [{ all: true, except: [{ all: true, except: [{ account: DEV }] }] }, { account: PROD }],
      [PROD, DEV],
    ],
  ])('finds %s', (_case, target, accounts) => {
    expect(meantBy(target)).toEqual(accounts);
  });

  test.each<[string, Target, RegExp]>([
    [
      'an account that is not there',
      [{ account: '9'.repeat(12) }],
      /^account 9{12} is not in the organization/,
    ],
    ['a name that is not there', [{ accountName: 'Payments-dev' }], /^no account has the name Payments-dev/],
    ['a pattern that nothing fits', [{ accountName: 'x*' }], /^no account has a name like x\*/],
    ['a unit that is not there', [{ ou: 'Prod' }], /^there is no organizational unit Prod below the root/],
    [
      'a unit id that is not there',
      [{ ou: 'ou-k3f9-00000000' }],
      /^there is no organizational unit ou-k3f9-0/,
    ],
    ['a tag that nothing has', [{ tag: { env: 'test' } }], /^tag env=test means no account/],
    ['a tag of another case', [{ tag: { Env: 'prod' } }], /^tag Env=prod means no account/],
    [
      'tags of which each is somewhere else',
      [{ tag: { ENV: '*', env: '*' } }],
      /^tags ENV=\*, env=\* means no account/,
    ],
    [
      'a unit without accounts of its own',
      [{ ou: 'Workloads', direct: true }],
      /^organizational unit Workloads \(its own accounts only\) means no account/,
    ],
    [
      'what is excepted whole',
      [{ ou: 'Banks', except: [{ all: true }] }],
      /^organizational unit Banks \(with its exceptions\) means no account/,
    ],
    [
      'a wrong entry beside a right one',
      [{ all: true }, { ou: 'Nope' }],
      /^there is no organizational unit Nope/,
    ],
    [
      'a misspelled exception',
      [{ all: true, except: [{ accountName: 'payment-prod' }] }],
      /^no account has the name payment-prod/,
    ],
  ])('says what was looked for where it is %s', (_case, target, problem) => {
    expect(meantBy(target)).toEqual([expect.stringMatching(problem)]);
  });

  test('refuses a name that two accounts have, with both ids', () => {
    expect(meantBy([{ accountName: 'twin' }])).toEqual([
      `the account name twin is ambiguous (${TWIN}, ${OTHER_TWIN}), name the one that is meant by its id`,
    ]);
  });

  test('refuses a path that two units have, with both ids', () => {
    const units = [...PICTURE.units, { id: 'ou-k3f9-another1', name: 'Banks', parentId: 'r-k3f9' }];

    expect(resolveTarget([{ ou: 'Banks' }], { ...PICTURE, units })).toMatchObject({
      outcome: 'problems',
      problems: [expect.stringContaining(`Banks is ambiguous (${unitId('Banks')}, ou-k3f9-another1)`)],
    });
  });

  test('tells every problem once', () => {
    const target = [{ ou: 'A' }, { ou: 'A' }, { account: '9'.repeat(12), except: [{ ou: 'B' }] }];

    expect(meantBy(target)).toHaveLength(3);
  });

  test('skips accounts that are not active, and those that never get anything, each with its reason', () => {
    const never = new Map([[PROD, 'it is the management account']]);

    expect(resolveTarget([{ ou: 'Workloads/Prod' }], PICTURE, { never })).toEqual({
      outcome: 'resolved',
      accounts: [{ id: DEEP, name: 'lake-prod', state: 'ACTIVE', ouPath: 'Workloads/Prod/Lake' }],
      skipped: [
        {
          id: PROD,
          name: 'payments-prod',
          state: 'ACTIVE',
          ouPath: 'Workloads/Prod',
          reason: 'it is the management account',
        },
        {
          id: CLOSED,
          name: 'old-prod',
          state: 'CLOSED',
          ouPath: 'Workloads/Prod',
          reason: 'the account is CLOSED',
        },
      ],
    });
  });

  test.each<[string, Target, readonly string[]]>([
    [
      'all that a tag may mean',
      [{ tag: { env: 'prod' } }],
      [`needs ${[DEEP, PROD, DEV, TWIN, OTHER_TWIN, ROOTED].join(', ')}`],
    ],
    [
      'what a tag may take away',
      [{ ou: 'Workloads', except: [{ tag: { env: 'dev' } }] }],
      [`needs ${[DEEP, PROD, DEV].join(', ')}`],
    ],
    [
      'not what is taken away without it',
      [{ ou: 'Workloads', except: [{ ou: 'Workloads/Prod' }, { tag: { env: 'x' } }] }],
      [`needs ${DEV}`],
    ],
    [
      'not what others mean anyway',
      [{ tag: { env: 'prod' } }, { ou: '/', except: [{ account: DEEP }] }],
      [`needs ${DEEP}`],
    ],
    [
      'nothing where no tag counts',
      [{ account: DEV, except: [{ ou: 'Banks', except: [{ tag: { a: 'b' } }] }] }],
      [DEV],
    ],
  ])('asks for the tags of %s', (_case, target, answer) => {
    expect(meantBy(target, {})).toEqual(answer);
  });

  test('does not work with a picture whose accounts have no way to the root', () => {
    const units = PICTURE.units.filter(({ name }) => name !== 'Workloads');

    expect(() => resolveTarget([{ all: true }], { ...PICTURE, units })).toThrow('read it again');
  });
});
