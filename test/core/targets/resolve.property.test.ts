import * as fc from 'fast-check';
import type { Target } from '../../../core/targets/grammar';
import { resolveTarget } from '../../../core/targets/resolve';
import { PATHS, selectors, targets, type World, worlds } from './worlds';

/** Ids that a target means, granted or skipped; undefined where it is refused. */
function meant(target: Target, { picture, facts }: World): Set<string> | undefined {
  const resolution = resolveTarget(target, picture, facts);
  if (resolution.outcome === 'needs tags') throw new Error('the tags of all accounts are known');
  if (resolution.outcome === 'problems') return undefined;
  return new Set([...resolution.accounts, ...resolution.skipped].map(({ id }) => id));
}

function isWithin(part: Set<string> | undefined, whole: Set<string> | undefined): boolean {
  return part === undefined || whole === undefined || [...part].every((id) => whole.has(id));
}

describe('resolveTarget, properties', () => {
  test('an exception never adds an account, and what is excepted is not there', () => {
    fc.assert(
      fc.property(worlds, selectors, targets, (world, selector, except) => {
        const without = meant([selector], world);
        const found = meant([{ ...selector, except }], world);
        const excepted = meant(except, world);

        expect(isWithin(found, without)).toBe(true);
        expect([...(found ?? [])].filter((id) => excepted?.has(id))).toEqual([]);
      }),
    );
  });

  test('a unit with all below it means at least what it means alone', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...PATHS.slice(1)), (world, ou) => {
        const alone = meant([{ ou, direct: true }], world);
        const whole = meant([{ ou }], world);

        expect(alone === undefined || (whole !== undefined && isWithin(alone, whole))).toBe(true);
      }),
    );
  });

  test('a list means what its entries mean, all together', () => {
    fc.assert(
      fc.property(worlds, targets, (world, target) => {
        const each = target.map((entry) => meant([entry], world));
        const expected = each.includes(undefined)
          ? undefined
          : new Set(each.flatMap((found) => [...(found ?? [])]));

        expect(meant(target, world)).toEqual(expected);
      }),
    );
  });

  test('the order of entries, accounts and units does not matter', () => {
    const orders = fc
      .tuple(worlds, targets)
      .chain(([world, target]) =>
        fc.tuple(
          fc.constant({ world, target }),
          fc.shuffledSubarray(target, { minLength: target.length }),
          fc.shuffledSubarray([...world.picture.accounts], { minLength: world.picture.accounts.length }),
          fc.shuffledSubarray([...world.picture.units], { minLength: world.picture.units.length }),
        ),
      );
    const inOrder = (resolution: ReturnType<typeof resolveTarget>) =>
      resolution.outcome === 'problems'
        ? { ...resolution, problems: [...resolution.problems].sort() }
        : resolution;

    fc.assert(
      fc.property(orders, ([{ world, target }, shuffled, accounts, units]) => {
        const other = resolveTarget(shuffled, { ...world.picture, accounts, units }, world.facts);
        expect(inOrder(other)).toEqual(inOrder(resolveTarget(target, world.picture, world.facts)));
      }),
    );
  });

  test('it is enough to read the tags that are asked for', () => {
    fc.assert(
      fc.property(worlds, targets, ({ picture, facts }, target) => {
        const first = resolveTarget(target, picture);
        if (first.outcome !== 'needs tags') return;
        const tags = new Map(first.accountIds.map((id) => [id, facts.tags?.get(id) ?? {}]));
        const second = resolveTarget(target, picture, { tags });
        const whole = resolveTarget(target, picture, facts);

        expect(second.outcome).not.toBe('needs tags');
        if (second.outcome !== 'resolved' || whole.outcome !== 'resolved') return;
        expect(second.accounts).toEqual(whole.accounts);
      }),
    );
  });

  test('nothing is granted but accounts that are active', () => {
    fc.assert(
      fc.property(worlds, targets, ({ picture, facts }, target) => {
        const resolution = resolveTarget(target, picture, facts);
        const states = resolution.outcome === 'resolved' ? resolution.accounts.map(({ state }) => state) : [];
        expect(states.filter((state) => state !== 'ACTIVE')).toEqual([]);
      }),
    );
  });
});
