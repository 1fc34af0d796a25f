import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { ResolvedBaselines } from '../../../core/baselines/baseline';
import {
  factsHashOf,
  rulesNeedTags,
  type WantedClaims,
  wantedClaims,
} from '../../../core/baselines/wanted-claims';
import type { OrganizationPicture } from '../../../core/ports/organization-picture';
import type { Target } from '../../../core/targets/grammar';
import { TargetMatcher } from '../../../core/targets/matcher';
import { OrganizationIndex } from '../../../core/targets/organization-index';
import { resolveTarget } from '../../../core/targets/resolve';
import { PATHS, targets, type World, worlds } from '../targets/worlds';
import { resolvedRule, resolvedRules } from './rules';

const NEVER = new Map<string, string>();

/** Rules of one target each, for groups of their own. */
function rulesOf(written: readonly Target[]): ResolvedBaselines {
  return resolvedRules(
    ...written.map((target, index) =>
      resolvedRule({ name: `rule-${index}`, principal: { group: `G${index}` }, target }),
    ),
  );
}

/** What the rules want in every account of a world, by account id. */
function wantedIn(
  rules: ResolvedBaselines,
  { facts }: World,
  picture: OrganizationPicture,
): ReadonlyMap<string, WantedClaims> {
  const index = new OrganizationIndex(picture);
  return new Map(
    index.accounts.map((account) => [
      account.id,
      wantedClaims(rules, { index, account, tags: facts.tags?.get(account.id), never: NEVER }),
    ]),
  );
}

/** Ids of the accounts in which something is wanted, in their order. */
function idsWanted(claims: ReadonlyMap<string, WantedClaims>): string[] {
  return [...claims].flatMap(([id, { wanted }]) => (wanted.length > 0 ? [id] : [])).sort();
}

describe('wantedClaims, properties', () => {
  test('a rule means an account exactly where a request for the same target would have it', () => {
    fc.assert(
      fc.property(worlds, targets, (world, target) => {
        const resolution = resolveTarget(target, world.picture, world.facts);
        fc.pre(resolution.outcome === 'resolved');

        const found = wantedIn(rulesOf([target]), world, world.picture);

        expect(idsWanted(found)).toEqual(resolution.accounts.map(({ id }) => id));
      }),
    );
  });

  test('entries that mean nothing add nothing to those beside them, and take nothing away', () => {
    fc.assert(
      fc.property(worlds, targets, (world, target) => {
        const nothing = [{ account: '999999999999' }, { accountName: 'nobody' }, { tag: { none: '*' } }];

        expect(wantedIn(rulesOf([[...nothing, ...target]]), world, world.picture)).toEqual(
          wantedIn(rulesOf([target]), world, world.picture),
        );
      }),
    );
  });

  test('where nobody knows what a rule means, nothing of it is opened or closed in any active account', () => {
    fc.assert(
      fc.property(worlds, targets, targets, (world, clear, target) => {
        const index = new OrganizationIndex(world.picture);
        const isUnclear = (each: Target): boolean =>
          new TargetMatcher(index, world.facts).errorsOf(each).length > 0;
        fc.pre(!isUnclear(clear));
        const rules = rulesOf([clear, [...target, { ou: 'Nowhere' }]]);

        for (const [id, { wanted, undecided }] of wantedIn(rules, world, world.picture)) {
          if (index.account(id)?.state !== 'ACTIVE') continue;
          expect(undecided).toEqual(['rule-1']);
          expect(wanted.filter(({ rule }) => rule === 'rule-1')).toEqual([]);
        }
      }),
    );
  });

  test('the order of rules, accounts and units does not matter', () => {
    const orders = fc
      .tuple(worlds, fc.array(targets, { minLength: 1, maxLength: 4 }))
      .chain(([world, written]) => {
        const { rules } = rulesOf(written);
        const { accounts, units } = world.picture;
        return fc.record({
          world: fc.constant(world),
          rules: fc.constant(rules),
          shuffledRules: fc.shuffledSubarray([...rules], { minLength: rules.length }),
          accounts: fc.shuffledSubarray([...accounts], { minLength: accounts.length }),
          units: fc.shuffledSubarray([...units], { minLength: units.length }),
        });
      });

    fc.assert(
      fc.property(orders, ({ world, rules, shuffledRules, accounts, units }) => {
        const shuffled = { ...world.picture, accounts, units };
        const byId = (claims: ReadonlyMap<string, WantedClaims>) =>
          [...claims].sort(([a], [b]) => (a < b ? -1 : 1));

        expect(byId(wantedIn(resolvedRules(...shuffledRules), world, shuffled))).toEqual(
          byId(wantedIn(resolvedRules(...rules), world, world.picture)),
        );
      }),
    );
  });

  test('the hash of an account changes exactly with what rules look at, and without it the claims do not', () => {
    const facts = fc.record({
      name: fc.constantFrom('one', 'two'),
      state: fc.constantFrom('ACTIVE', 'SUSPENDED'),
      path: fc.constantFrom(...PATHS.slice(0, 3)),
      tags: fc.record({ env: fc.constantFrom('prod', 'dev'), other: fc.constantFrom('1', '2') }),
    });
    fc.assert(
      fc.property(worlds, targets, facts, facts, (world, target, before, after) => {
        const { picture } = world;
        const rules = rulesOf([target]);
        const baselines = rules.rules.map(({ baseline }) => baseline);
        const look = ({ name, state, path, tags }: typeof before) => {
          const parentId =
            path === '' ? picture.rootId : (new OrganizationIndex(picture).unitsMeant(path)[0] ?? '');
          const [first, ...rest] = picture.accounts;
          const changed = { ...picture, accounts: [{ id: first?.id ?? '', name, state, parentId }, ...rest] };
          const index = new OrganizationIndex(changed);
          const account = index.account(first?.id ?? '');
          if (account === undefined) throw new Error('the account is there');
          return {
            hash: factsHashOf(baselines, account, tags),
            claims: wantedClaims(rules, { index, account, tags, never: NEVER }),
          };
        };
        const [one, other] = [look(before), look(after)];
        const looksAtTags = rulesNeedTags(baselines);
        const mattering = ({ name, state, path, tags }: typeof before): unknown => [
          name,
          state,
          path,
          ...(looksAtTags ? [tags.env] : []),
        ];
        const isSameHash = one.hash === other.hash;

        expect(isSameHash).toBe(isDeepStrictEqual(mattering(before), mattering(after)));
        expect(isSameHash && !isDeepStrictEqual(one.claims, other.claims)).toBe(false);
      }),
    );
  });
});
