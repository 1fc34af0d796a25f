import * as fc from 'fast-check';
import type { OrganizationPicture } from '../../../core/ports/organization-picture';
import type { Selector, TargetEntry } from '../../../core/targets/grammar';
import type { TargetFacts } from '../../../core/targets/matcher';
import { pictureOf } from '../../support/fake-pictures';

export const PATHS = ['', 'A', 'A/B', 'A/B/C', 'B', 'B/A', 'B/B'] as const;
const NAMES = ['one', 'two', 'two-a', 'three'] as const;
const VALUES = ['prod', 'dev'] as const;

/** An organization whose tags are all known. */
export interface World {
  readonly picture: OrganizationPicture;
  readonly facts: TargetFacts;
}

export const worlds: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      ou: fc.constantFrom(...PATHS),
      state: fc.constantFrom('ACTIVE', 'ACTIVE', 'SUSPENDED'),
      env: fc.option(fc.constantFrom(...VALUES), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const accounts = drawn.map((account, index) => ({ ...account, id: accountId(index) }));
    const tags = new Map(accounts.map(({ id, env }) => [id, env === undefined ? {} : { env }]));
    // Every unit that a target may name is there.
    const withUnits = pictureOf([...accounts, ...PATHS.map((ou) => ({ id: 'none', ou }))]);
    const picture = { ...withUnits, accounts: withUnits.accounts.filter(({ id }) => id !== 'none') };
    return { picture, facts: { tags } };
  });

/** What is right in every world but for names that two accounts have, and accounts that are not there. */
export const selectors: fc.Arbitrary<Selector> = fc.oneof(
  fc.nat(11).map((index) => ({ account: accountId(index) })),
  fc.constantFrom('*', 't*', '*o*', 'one').map((accountName) => ({ accountName })),
  fc.record({ ou: fc.constantFrom('/', ...PATHS.slice(1)) }),
  fc.constantFrom(...PATHS.slice(1)).map((ou) => ({ ou, direct: true as const })),
  fc.constantFrom('*', ...VALUES).map((env) => ({ tag: { env } })),
  fc.constant({ all: true as const }),
);
const entries: fc.Arbitrary<TargetEntry> = fc.oneof(
  selectors,
  fc
    .tuple(selectors, fc.array(selectors, { minLength: 1, maxLength: 3 }))
    .map(([selector, except]) => ({ ...selector, except })),
);
export const targets = fc.array(entries, { minLength: 1, maxLength: 4 });

function accountId(index: number): string {
  return String(100_000_000_000 + index);
}
