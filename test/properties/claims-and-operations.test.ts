import * as fc from 'fast-check';
import { describeKey } from '../../core/assignments/assignment';
import { STANDING_CLAIM, counts } from '../../core/assignments/claims';
import { idOf } from '../../core/dispatcher/held';
import { DispatcherWorld, keyOf } from '../support/dispatcher-world';
import { type CallFault, refusals } from '../support/fake-identity-center';

const MINUTE = 60_000;

/** What may happen to one assignment, in any order. */
type Happening =
  | { readonly what: 'open'; readonly lastsMinutes: number }
  | { readonly what: 'close'; readonly which: number }
  | { readonly what: 'pass' }
  | { readonly what: 'fault'; readonly fault: CallFault }
  | { readonly what: 'minutes'; readonly count: number }
  | { readonly what: 'latency'; readonly seconds: number };

const fault: fc.Arbitrary<CallFault> = fc.constantFrom<CallFault>(
  { at: 'before', refusal: refusals.THROTTLED },
  { at: 'before', refusal: refusals.TIMED_OUT },
  { at: 'after', refusal: refusals.TIMED_OUT },
  { at: 'end', reason: 'Obtaining permissions to manage your AWS account takes longer than usual.' },
  { at: 'end', reason: 'Received a 404 status error: Not supported policy' },
  { at: 'crash before' },
  { at: 'crash after' },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ what: fc.constant('open' as const), lastsMinutes: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ what: fc.constant('close' as const), which: fc.nat(5) }),
  fc.record({ what: fc.constant('pass' as const) }),
  fc.record({ what: fc.constant('fault' as const), fault }),
  fc.record({ what: fc.constant('minutes' as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ what: fc.constant('latency' as const), seconds: fc.integer({ min: 1, max: 75 }) }),
);

async function apply(world: DispatcherWorld, each: Happening, leases: string[]): Promise<void> {
  switch (each.what) {
    case 'open': {
      const id = `lease-${leases.length}`;
      leases.push(id);
      await world.open(id, each.lastsMinutes * MINUTE);
      return;
    }
    case 'close':
      await world.close(leases[each.which % Math.max(leases.length, 1)] ?? 'none');
      return;
    case 'pass':
      await world.pass();
      return;
    case 'fault':
      world.identityCenter.faults.push(each.fault);
      return;
    case 'minutes':
      await world.minutes(each.count);
      return;
    case 'latency':
      world.identityCenter.latencyMs = each.seconds * 1000;
  }
}

/** Operations on one assignment that were under way at the same time. */
function overlaps(world: DispatcherWorld): number {
  const byKey = new Map<string, number>();
  let overlapping = 0;
  const { operations } = world.identityCenter;
  for (const { key, endsAt } of operations) {
    const id = idOf(key);
    if (endsAt - world.identityCenter.latencyMs < (byKey.get(id) ?? 0)) overlapping += 1;
    byKey.set(id, endsAt);
  }
  return overlapping;
}

describe('claims and operations, whatever happens in whatever order', () => {
  test('after the last fault, access is there exactly while a claim counts, and gone when none does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 25 }),
        fc.boolean(),
        async (happenings, isStanding) => {
          const world = new DispatcherWorld();
          if (isStanding) world.identityCenter.rows.add(describeKey(keyOf()));
          const leases: string[] = [];
          for (const each of happenings) await apply(world, each, leases);
          world.identityCenter.faults.length = 0;

          await world.minutes(15);
          const settled = await world.assignment();
          const now = world.clock.now();
          const counting = Object.values(settled.claims).some((claim) => counts(claim, now));
          const whileLeased = world.exists();
          await world.minutes(120);
          const { claims, operation, lookAt } = await world.assignment();

          expect(whileLeased).toBe(counting || isStanding);
          expect(world.exists()).toBe(isStanding);
          expect(operation).toBeUndefined();
          expect(lookAt).toBeUndefined();
          expect(
            Object.values(claims).filter(({ id, endedAt }) => id !== STANDING_CLAIM && endedAt === undefined),
          ).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a standing assignment is never deleted, however leases come and go', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
        const world = new DispatcherWorld();
        world.identityCenter.rows.add(describeKey(keyOf()));
        const leases: string[] = [];

        for (const each of happenings) await apply(world, each, leases);
        await world.minutes(90);

        expect(world.identityCenter.accepted()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('two operations never meet on one assignment', async () => {
    const sameLatency = happening.filter(({ what }) => what !== 'latency');
    await fc.assert(
      fc.asyncProperty(fc.array(sameLatency, { maxLength: 25 }), async (happenings) => {
        const world = new DispatcherWorld();
        const leases: string[] = [];

        for (const each of happenings) await apply(world, each, leases);

        expect(overlaps(world)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
