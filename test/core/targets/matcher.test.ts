import type { Target } from '../../../core/targets/grammar';
import { needsTags, tagKeysOf, TargetMatcher } from '../../../core/targets/matcher';
import { OrganizationIndex } from '../../../core/targets/organization-index';
import { pictureOf } from '../../support/fake-pictures';

const PICTURE = pictureOf([
  { id: '111111111111', name: 'payments', ou: 'Workloads/Prod' },
  { id: '222222222222', name: 'twin', ou: 'Workloads/Dev' },
  { id: '333333333333', name: 'twin', ou: 'Workloads' },
]);
const TWIN_UNIT = { id: 'ou-k3f9-another1', name: 'Workloads', parentId: 'r-k3f9' };
const tags = new Map(PICTURE.accounts.map(({ id }) => [id, { env: 'prod' }] as const));

const matcher = new TargetMatcher(new OrganizationIndex(PICTURE), { tags });

describe('TargetMatcher, errors', () => {
  test.each<[string, Target, RegExp]>([
    ['an unknown unit', [{ ou: 'Prod' }], /^there is no organizational unit Prod below the root/],
    ['an unknown unit in an exception', [{ all: true, except: [{ ou: 'X' }] }], /^there is no .* unit X/],
    ['a name of two accounts', [{ accountName: 'twin' }], /^the account name twin is ambiguous/],
    [
      'an account to be kept out that nobody finds',
      [{ all: true, except: [{ accountName: 'payment' }] }],
      /^no account has the name payment, check the spelling/,
    ],
  ])('are told for %s', (_case, target, error) => {
    expect(matcher.errorsOf(target)).toEqual([expect.stringMatching(error)]);
    expect(matcher.notesOf(target)).toEqual([]);
  });

  test('are told for a path that two units have', () => {
    const index = new OrganizationIndex({ ...PICTURE, units: [...PICTURE.units, TWIN_UNIT] });

    expect(new TargetMatcher(index, {}).errorsOf([{ ou: 'Workloads' }])).toEqual([
      expect.stringMatching(/^the organizational unit Workloads is ambiguous/),
    ]);
  });

  test('are none where everything is there once', () => {
    const target = [{ ou: 'Workloads/Prod' }, { accountName: 'payments' }, { accountName: 'tw*' }];

    expect(matcher.errorsOf(target)).toEqual([]);
    expect(matcher.notesOf(target)).toEqual([]);
  });
});

describe('TargetMatcher, notes', () => {
  test.each<[string, Target, RegExp]>([
    ['an account that is not there', [{ account: '999999999999' }], /^account 9{12} is not in the organ/],
    ['a name that is not there', [{ accountName: 'nope' }], /^no account has the name nope/],
    ['a pattern that nothing fits', [{ accountName: 'x*' }], /^no account has a name like x\*/],
    ['a pattern in an exception', [{ all: true, except: [{ accountName: 'x*' }] }], /^no account has a name/],
    ['a tag that nothing has', [{ tag: { env: 'dev' } }], /^tag env=dev means no account$/],
    ['a unit without own accounts', [{ ou: 'Workloads/Prod', except: [{ all: true }] }], /means no account$/],
  ])('are told for %s, which is no error', (_case, target, note) => {
    expect(matcher.notesOf(target)).toEqual([expect.stringMatching(note)]);
    expect(matcher.errorsOf(target)).toEqual([]);
  });

  test('say nothing of tags that nobody has read', () => {
    const unread = new TargetMatcher(new OrganizationIndex(PICTURE), {});

    expect(unread.notesOf([{ tag: { env: 'dev' } }])).toEqual([]);
  });
});

describe('needsTags', () => {
  test('is so where the target, an exception or an exception of it looks at tags', () => {
    expect(needsTags([{ tag: { env: 'prod' } }])).toBe(true);
    expect(needsTags([{ all: true, except: [{ ou: 'X', except: [{ tag: { 'cost:Zürich': '*' } }] }] }])).toBe(
      true,
    );
    expect(needsTags([{ all: true, except: [{ ou: 'X' }] }])).toBe(false);
  });

  test('names every key once', () => {
    const target = [{ tag: { b: '1', a: '2' } }, { ou: 'X', except: [{ tag: { a: '3' } }] }];

    expect(tagKeysOf(target)).toEqual(['b', 'a']);
  });
});
