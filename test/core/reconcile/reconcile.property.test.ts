import * as fc from 'fast-check';
import { describeKey } from '../../../core/assignments/assignment';
import { wanted } from '../../../core/assignments/claims';
import type { DriftMode } from '../../../core/baselines/baseline';
import {
  ACCOUNTS,
  HOST,
  MANAGEMENT,
  ReconcileWorld,
  SETS,
  SUSPENDED,
  assigned,
} from '../../support/reconcile-world';

const PRINCIPALS = ['group-ops', 'group-dev', 'group-tower', 'user-ann', 'user-bob', 'user-left'];

const keys = fc.record({
  account: fc.constantFrom(...ACCOUNTS, MANAGEMENT, HOST, SUSPENDED),
  set: fc.constantFrom(...SETS),
  principal: fc.constantFrom(...PRINCIPALS),
});

/** What happens before the walk, in this order. */
const happening = fc.record({
  key: keys,
  what: fc.constantFrom(
    'added by hand',
    'wanted by the rule',
    'wanted, and removed by hand',
    'leased',
    'leased, and removed by hand',
  ),
});

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

async function worldAfter(happenings: readonly Happening[], mode: DriftMode): Promise<ReconcileWorld> {
  const world = new ReconcileWorld();
  world.mode = mode;
  for (const [index, { key: where, what }] of happenings.entries()) {
    const key = assigned(where.account, where.set, where.principal);
    if (what === 'added by hand') world.add(key);
    else if (what.startsWith('wanted')) await world.grant('ops', key);
    else {
      await world.open(`req-${index}`, 100 * 24 * 60 * 60_000, key);
      await world.drain();
      world.settle();
    }
    if (what.endsWith('removed by hand')) world.remove(key);
  }
  world.settle();
  return world;
}

/** What no mode touches. */
function isGuarded({ account, set, principal }: Happening['key']): boolean {
  return (
    [MANAGEMENT, HOST, SUSPENDED].includes(account) ||
    set === 'Guarded' ||
    set === 'AWSControlTowerAdmin' ||
    principal === 'group-tower'
  );
}

test('after a complete walk that enforces, what is assigned is what is claimed, and what is guarded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 8 }), async (happenings) => {
      const world = await worldAfter(happenings, 'enforce');

      await world.reconcile();

      const guarded = new Set(
        happenings
          .filter(({ key }) => isGuarded(key))
          .map(({ key }) => describeKey(assigned(key.account, key.set, key.principal))),
      );
      const now = world.clock.now();
      const claimed = [...world.assignments.items.values()]
        .filter((each) => wanted(each, now) !== 'absent')
        .map(({ key }) => describeKey(key));
      const unguarded = (names: readonly string[]): string[] =>
        names.filter((name) => !guarded.has(name)).sort();
      expect(unguarded([...world.identityCenter.rows])).toEqual(unguarded(claimed));
    }),
    { numRuns: 60 },
  );
});

test('in the mode that reports nothing changes what is assigned, and no claim comes from a walk', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 8 }),
      fc.constantFrom('principals', 'complete'),
      async (happenings, walk) => {
        const world = await worldAfter(happenings, 'report');
        const before = [...world.identityCenter.rows].filter((row) => !row.endsWith('user-left')).sort();
        const items = [...world.assignments.items.keys()];
        const standing = standingOf(world);

        await world.reconcile({ walk });

        const after = [...world.identityCenter.rows].filter((row) => !row.endsWith('user-left')).sort();
        expect(after).toEqual(before);
        expect([...world.assignments.items.keys()]).toEqual(items);
        expect(standing).toEqual(expect.arrayContaining(standingOf(world)));
      },
    ),
    { numRuns: 60 },
  );
});

function standingOf(world: ReconcileWorld): string[] {
  return [...world.assignments.items.values()]
    .filter(({ claims }) => claims.standing !== undefined)
    .map(({ key }) => describeKey(key));
}
