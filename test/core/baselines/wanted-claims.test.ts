import {
  type AccountFacts,
  factsHashOf,
  rulesNeedTags,
  targetNotes,
  type WantedClaims,
  wantedClaims,
} from '../../../core/baselines/wanted-claims';
import type { Target } from '../../../core/targets/grammar';
import { TargetMatcher } from '../../../core/targets/matcher';
import { OrganizationIndex, type PlacedAccount } from '../../../core/targets/organization-index';
import { pictureOf } from '../../support/fake-pictures';
import { OPERATE, READ, resolvedRule, resolvedRules, rule } from './rules';

const [DEEP, TWIN, OTHER_TWIN, SUSPENDED, CLOSED, HOST] = [1, 2, 3, 4, 5, 6].map((n) =>
  String(n).repeat(12),
) as [string, string, string, string, string, string];

const INDEX = new OrganizationIndex(
  pictureOf([
    { id: DEEP, name: 'lake', ou: 'Workloads/Prod/Lake' },
    { id: TWIN, name: 'twin', ou: 'Banks/Prod' },
    { id: OTHER_TWIN, name: 'twin', ou: 'Workloads' },
    { id: SUSPENDED, state: 'SUSPENDED' },
    { id: CLOSED, state: 'CLOSED' },
    { id: HOST },
  ]),
);
const NEVER = new Map([[HOST, 'it is the account that Latchkey runs in, in which nothing can be granted']]);

function account(id: string): PlacedAccount {
  const found = INDEX.account(id);
  if (found === undefined) throw new Error(`there is no account ${id}`);
  return found;
}

function factsOf(id: string, tags?: AccountFacts['tags']): AccountFacts {
  return { index: INDEX, account: account(id), tags, never: NEVER };
}

/** What one rule with this target wants in an account. */
function wantedBy(target: Target, id: string, tags?: AccountFacts['tags']): WantedClaims {
  return wantedClaims(resolvedRules(resolvedRule({ target })), factsOf(id, tags));
}

describe('wantedClaims', () => {
  test('has one claim for each permission set of a rule that means the account', () => {
    const rules = resolvedRules(resolvedRule({ mode: 'enforce', target: [{ ou: 'Workloads' }] }));

    expect(wantedClaims(rules, factsOf(DEEP))).toEqual({
      wanted: [OPERATE, READ].map((permissionSetArn, rank) => ({
        key: {
          accountId: DEEP,
          permissionSetArn,
          principalType: 'GROUP',
          principalId: 'id-of-Platform',
        },
        claimId: 'baseline:operate',
        rule: 'operate',
        mode: 'enforce',
        rank,
      })),
      undecided: [],
      keepsAll: false,
      notes: [],
    });
  });

  test.each<[string, Target, string, number]>([
    ['a unit three levels above', [{ ou: 'Workloads' }], DEEP, 2],
    ['the unit itself, three levels deep', [{ ou: 'Workloads/Prod/Lake', direct: true }], DEEP, 2],
    ['not a unit above alone', [{ ou: 'Workloads', direct: true }], DEEP, 0],
    ['the unit of that name under its parent', [{ ou: 'Banks/Prod' }], TWIN, 2],
    ['not the unit of that name under another parent', [{ ou: 'Workloads/Prod' }], TWIN, 0],
    ['not what is excepted', [{ all: true, except: [{ account: DEEP }] }], DEEP, 0],
  ])('means %s', (_case, target, id, count) => {
    expect(wantedBy(target, id).wanted).toHaveLength(count);
  });

  test('finds a tag with a colon and Unicode, in whatever normal form', () => {
    const target = [{ tag: { 'cost:Zürich': 'Ä/*' } }];

    expect(wantedBy(target, DEEP, { 'cost:Zu\u0308rich': 'A\u0308/1' }).wanted).toHaveLength(2);
    expect(wantedBy(target, DEEP, { 'cost:Zurich': 'Ä/1' })).toEqual({
      wanted: [],
      undecided: [],
      keepsAll: false,
      notes: [],
    });
  });

  test('is undecided by a name that two accounts have, for every account', () => {
    for (const id of [TWIN, DEEP]) {
      expect(wantedBy([{ accountName: 'twin' }, { account: DEEP }], id)).toEqual({
        wanted: [],
        undecided: ['operate'],
        keepsAll: false,
        notes: [expect.stringMatching(/^rule operate: the account name twin is ambiguous/)],
      });
    }
  });

  test('is undecided by a unit that nobody finds', () => {
    expect(wantedBy([{ ou: 'Prod' }, { all: true }], DEEP).undecided).toEqual(['operate']);
  });

  test('is undecided where tags decide and were not read, and only there', () => {
    const target = [{ ou: 'Banks' }, { ou: 'Workloads', except: [{ tag: { env: 'x' } }] }];

    expect(wantedBy(target, DEEP)).toEqual({
      wanted: [],
      undecided: ['operate'],
      keepsAll: false,
      notes: ['rule operate: it depends on tags of the account, which were not read'],
    });
    expect(wantedBy(target, TWIN).wanted).toHaveLength(2);
  });

  test('decides by an account that is not there any more: nothing else is meant by it', () => {
    const target = [{ account: '999999999999' }, { accountName: 'gone' }, { account: DEEP }];

    expect(wantedBy(target, DEEP)).toMatchObject({ undecided: [], wanted: [{}, {}] });
  });

  test('is undecided by every rule with a problem, and has what is clear of it', () => {
    const rules = {
      ...resolvedRules(resolvedRule({ permissionSets: ['Read'] })),
      problems: [
        { baseline: 'operate', problem: 'permission set Operate does not exist' },
        { baseline: 'lost', problem: 'group Lost was not found' },
      ],
    };

    expect(wantedClaims(rules, factsOf(DEEP))).toMatchObject({
      wanted: [{ rule: 'operate', key: { permissionSetArn: READ } }],
      undecided: ['lost', 'operate'],
      keepsAll: false,
      notes: ['rule lost: group Lost was not found', 'rule operate: permission set Operate does not exist'],
    });
  });

  test('leaves an account that is not active as it is', () => {
    expect(wantedBy([{ account: DEEP }], SUSPENDED)).toEqual({
      wanted: [],
      undecided: ['operate'],
      keepsAll: true,
      notes: ['the account is SUSPENDED'],
    });
  });

  test.each([
    ['one that is closed', CLOSED, 'the account is CLOSED'],
    ['that of Latchkey', HOST, 'it is the account that Latchkey runs in, in which nothing can be granted'],
  ])('wants nothing in an account such as %s, and decides so', (_case, id, note) => {
    const rules = { ...resolvedRules(resolvedRule()), problems: [{ baseline: 'lost', problem: 'x' }] };

    expect(wantedClaims(rules, factsOf(id))).toEqual({
      wanted: [],
      undecided: [],
      keepsAll: false,
      notes: [note],
    });
  });

  test('has two claims on an assignment that two rules want, of one rank', () => {
    const rules = resolvedRules(
      resolvedRule({ name: 'b' }),
      resolvedRule({ name: 'a', permissionSets: ['Read'] }),
    );

    const { wanted } = wantedClaims(rules, factsOf(DEEP));

    expect(wanted.map(({ claimId, key, rank }) => [claimId, key.permissionSetArn, rank])).toEqual([
      ['baseline:b', OPERATE, 0],
      ['baseline:a', READ, 1],
      ['baseline:b', READ, 1],
    ]);
  });

  test('gives up to four grants of one set a turn together, and the next set the next turn', () => {
    const groups = Array.from({ length: 6 }, (_, n) =>
      resolvedRule({ name: `r${n}`, principal: { group: `G${n}` }, permissionSets: ['Operate'] }),
    );
    const rules = resolvedRules(...groups, resolvedRule({ name: 'read', permissionSets: ['Read'] }));

    expect(wantedClaims(rules, factsOf(DEEP)).wanted.map(({ rank }) => rank)).toEqual([0, 0, 0, 0, 1, 1, 2]);
  });
});

describe('factsHashOf', () => {
  const tagged = [rule({ target: [{ all: true, except: [{ tag: { env: 'prod' } }] }] })];

  test('is the same for the same facts, in whatever order and normal form', () => {
    expect(factsHashOf(tagged, account(DEEP), { env: 'é', x: '1' })).toBe(
      factsHashOf(tagged, account(DEEP), { x: '2', env: 'e\u0301' }),
    );
  });

  test('does not look at tags where no rule does', () => {
    expect(rulesNeedTags([rule()])).toBe(false);
    expect(rulesNeedTags(tagged)).toBe(true);
    expect(factsHashOf([rule()], account(DEEP), { env: 'prod' })).toBe(factsHashOf([rule()], account(DEEP)));
  });

  test.each<[string, Partial<PlacedAccount>]>([
    ['name', { name: 'other' }],
    ['state', { state: 'SUSPENDED' }],
    ['place', { line: ['r-k3f9'] }],
    ['name of a unit above', { ouPath: 'Workloads/Production/Lake' }],
  ])('changes with the %s', (_what, change) => {
    expect(factsHashOf([], { ...account(DEEP), ...change })).not.toBe(factsHashOf([], account(DEEP)));
  });
});

describe('targetNotes', () => {
  test('name the rule and what means no account', () => {
    const matcher = new TargetMatcher(INDEX, {});

    expect(targetNotes([rule({ target: [{ account: '999999999999' }] }), rule()], matcher)).toEqual([
      'rule operate: account 999999999999 is not in the organization, check its digits',
    ]);
  });
});
