import * as fc from 'fast-check';
import { counts } from '../../core/assignments/claims';
import { describeKey } from '../../core/assignments/assignment';
import { keyOf } from '../support/dispatcher-world';
import { Interleaving } from './interleaving';

const MINUTE = 60_000;

/** What may happen next, wherever everybody else is. */
type Happening =
  | { readonly what: 'steps'; readonly which: readonly number[] }
  | { readonly what: 'invoke'; readonly ago: number }
  | { readonly what: 'open'; readonly key: number; readonly lastsMinutes: number }
  | { readonly what: 'close'; readonly which: number }
  | { readonly what: 'sweep' }
  | { readonly what: 'advance'; readonly seconds: number }
  | { readonly what: 'kill'; readonly which: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      what: fc.constant('steps' as const),
      which: fc.array(fc.nat(7), { minLength: 1, maxLength: 8 }),
    }),
  },
  // Mostly the present epoch, at times one or two before.
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('invoke' as const), ago: fc.constantFrom(0, 0, 0, 1, 2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('open' as const),
      key: fc.constantFrom(1, 2),
      lastsMinutes: fc.constantFrom(2, 600),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('close' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('sweep' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('advance' as const),
      seconds: fc.constantFrom(1, 5, 29, 30, 40, 61, 130),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('kill' as const), which: fc.nat(20) }) },
);

async function happen(world: Interleaving, happenings: readonly Happening[]): Promise<void> {
  const leases: { id: string; key: number }[] = [];
  for (const each of happenings) {
    switch (each.what) {
      case 'steps':
        for (const which of each.which) await world.step(which);
        break;
      case 'invoke':
        await world.invoke(Math.max(1, world.dispatcher.record.epoch - each.ago));
        break;
      case 'open':
        leases.push({ id: `lease-${leases.length}`, key: each.key });
        await world.open(`lease-${leases.length - 1}`, each.key, each.lastsMinutes * MINUTE);
        break;
      case 'close': {
        const { id, key } = leases[each.which % Math.max(leases.length, 1)] ?? { id: 'none', key: 1 };
        await world.close(id, key);
        break;
      }
      case 'sweep':
        await world.sweep();
        break;
      case 'advance':
        world.advance(each.seconds * 1000);
        break;
      case 'kill':
        world.kill(each.which);
    }
  }
}

/** Lease or wait, grace and the sweep's minute together. */
const MINUTES_UNTIL_REPLACED = 2;

describe('the dispatchers, however their passes, callers, sweeps and deaths fall between one another', () => {
  test('never work two at a time, and never without the lease', async () => {
    let passesThatWorked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 30, maxLength: 100 }), async (happenings) => {
        const world = new Interleaving();
        await world.open('first', 1, 600 * MINUTE);

        await happen(world, happenings);

        expect(world.violations).toEqual([]);
        passesThatWorked += world.identityCenter.calls.length;
      }),
      { numRuns: 150 },
    );
    // The tape must lead somewhere: passes have to get as far as Identity Center in many of the runs.
    expect(passesThatWorked).toBeGreaterThan(150);
  });

  test('leave no work behind: the sweep alone brings one back when all of them have died', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 100 }), async (happenings) => {
        const world = new Interleaving();
        await world.open('first', 1, 600 * MINUTE);
        await happen(world, happenings);
        world.calmDown();
        world.workflows.started.length = 0;

        let minutes = 0;
        while (world.workflows.started.length === 0 && world.hasWork() && minutes < 20) {
          await world.quietMinute();
          minutes += 1;
        }

        expect(minutes).toBeLessThanOrEqual(MINUTES_UNTIL_REPLACED);
      }),
      { numRuns: 100 },
    );
  });

  test('bring everything to its end afterwards: access is there exactly where a claim counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 100 }), async (happenings) => {
        const world = new Interleaving();
        await world.open('first', 1, 600 * MINUTE);
        await happen(world, happenings);
        world.calmDown();

        for (let minutes = 0; minutes < 15; minutes += 1) {
          await world.quietMinute();
          if (world.dispatcher.record.running) await world.drain();
        }

        const claims = [...world.assignments.items.values()];
        const counting = claims.filter((item) =>
          Object.values(item.claims).some((claim) => counts(claim, world.now())),
        );
        expect(world.hasWork()).toBe(false);
        for (const key of [1, 2].map(keyOf)) {
          const isWanted = counting.some((item) => describeKey(item.key) === describeKey(key));
          expect(world.identityCenter.rows.has(describeKey(key))).toBe(isWanted);
        }
        expect(world.violations).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
