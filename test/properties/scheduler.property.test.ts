import * as fc from 'fast-check';
import { STANDING_CLAIM } from '../../core/assignments/claims';
import { LIMITS } from '../support/dispatcher-world';
import { QUOTAS, type QuotaSettings } from '../support/quota-settings';
import { EndlessWork, ask, leave } from './crowds';
import { Judge, mostWithin } from './judges';
import { type Happening, calmDown, happen, plainSchedule, service, troubledSchedule } from './schedules';
import { SchedulerWorld } from './scheduler-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * So much after a slot is free: lists, a call, and the *Wait* between two passes, which is for operations under way that nobody waits
 * for: an eighth of their age, at the latencies of this test up to 5 s.
 */
const PROMPTLY_MS = 8 * SECOND;

/** A failure is shrunk for as long as a test may take, and told with what was found by then. */
const PATIENCE = { interruptAfterTimeLimit: 45 * SECOND, markInterruptAsFailure: true };

/** Lets a schedule happen under the eyes of a judge, and `afterwards` say what must hold then. */
async function judged(
  settings: QuotaSettings,
  schedule: readonly Happening[],
  afterwards: (world: SchedulerWorld, judge: Judge) => Promise<void> | void,
): Promise<void> {
  const world = new SchedulerWorld(settings);
  const judge = new Judge(world);
  try {
    await happen(world, schedule, () => {
      judge.look();
    });
    await afterwards(world, judge);
  } finally {
    world.end();
  }
}

/** Whatever was left is done: within half an hour after the last fault. */
async function toRest(world: SchedulerWorld): Promise<void> {
  calmDown(world);
  expect(await world.until(() => world.isQuiet(), HOUR / 2)).toBe(true);
}

describe('the scheduler, whatever is asked of it and whatever goes wrong', () => {
  test('never two open operations on one assignment', async () => {
    let operations = 0;
    await fc.assert(
      fc.asyncProperty(troubledSchedule, service, (schedule, settings) =>
        judged(settings, schedule, async (world, { overlaps }) => {
          await toRest(world);

          expect(overlaps).toEqual([]);
          operations += world.identityCenter.operations.length;
        }),
      ),
      { numRuns: 25, ...PATIENCE },
    );
    // The schedules must lead somewhere.
    expect(operations).toBeGreaterThan(200);
  });

  test('never more than the slots or the rate', async () => {
    const others = troubledSchedule.map((schedule) => schedule.filter(({ what }) => what !== 'others'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(plainSchedule, others), service, (schedule, settings) =>
        judged({ ...settings, burst: 10 }, schedule, async (world) => {
          await toRest(world);
          const { refused, arrivals } = world.identityCenter;

          expect(refused).toMatchObject({ rate: 0, outstanding: 0, provisions: 0 });
          for (const seconds of [1, 10, 60])
            expect(mostWithin(arrivals, seconds * SECOND)).toBeLessThanOrEqual(
              seconds * LIMITS.callsPerSecond + 6,
            );
        }),
      ),
      { numRuns: 15, ...PATIENCE },
    );
  });

  test('every accepted operation is settled or visibly open', async () => {
    await fc.assert(
      fc.asyncProperty(troubledSchedule, service, (schedule, settings) =>
        judged(settings, schedule, async (world, judge) => {
          await toRest(world);

          expect(judge.hidden).toEqual([]);
          expect(judge.unsettled()).toEqual([]);
        }),
      ),
      { numRuns: 15, ...PATIENCE },
    );
  });

  test('a generation is submitted once unless absence was proved', async () => {
    const happenings = { known: 0, lost: 0 };
    await fc.assert(
      fc.asyncProperty(troubledSchedule, service, (schedule, settings) =>
        judged(settings, schedule, async (world, { repeats }) => {
          await toRest(world);

          expect(repeats).toEqual([]);
          for (const { known } of world.identityCenter.submissions)
            happenings[known === 'nothing' ? 'lost' : 'known'] += 1;
        }),
      ),
      { numRuns: 25, ...PATIENCE },
    );
    expect(happenings.lost).toBeGreaterThan(10);
  });

  test('with finite faults everything settles', async () => {
    await fc.assert(
      fc.asyncProperty(troubledSchedule, service, (schedule, settings) =>
        judged(settings, schedule, async (world, judge) => {
          await toRest(world);
          const wrongs = judge.wrongs();
          // Every claim has an end, and lost creates are looked for for an hour.
          await world.pass(2 * HOUR);
          const items = [...world.assignments.items.values()];

          expect(wrongs).toEqual([]);
          expect(world.isQuiet()).toBe(true);
          expect(judge.wrongs()).toEqual([]);
          expect(items.filter(({ key }) => world.identityCenter.exists(key))).toEqual([]);
          expect(items.filter(({ lookAt }) => lookAt !== undefined)).toEqual([]);
          expect(items.filter(({ claims }) => STANDING_CLAIM in claims)).toEqual([]);
          expect(judge.outdated()).toEqual([]);
          for (const { asked, outcome } of world.provisions.items.values())
            expect(outcome?.serves).toBe(asked);
          expect(world.timeouts).toBe(0);
        }),
      ),
      { numRuns: 15, ...PATIENCE },
    );
  });
});

describe('the scheduler, however much is asked of it', () => {
  test('revokes are not delayed by any amount of other work beyond the slots in use', async () => {
    const crowd = fc.record({
      latencyMs: fc.integer({ min: 500, max: 20 * SECOND }),
      slots: fc.constantFrom(10, 15),
      bulk: fc.oneof(fc.nat(20), fc.integer({ min: 100, max: 300 })),
      people: fc.nat(40),
      leavers: fc.integer({ min: 1, max: 6 }),
      afterMs: fc.nat(40 * SECOND),
    });
    await fc.assert(
      fc.asyncProperty(crowd, async ({ latencyMs, slots, bulk, people, leavers, afterMs }) => {
        const world = new SchedulerWorld({ ...QUOTAS, slots, latencyMs: () => latencyMs });
        await ask(world, 'leavers', 0, leavers);
        await world.until(() => world.isQuiet(), 10 * MINUTE);
        await ask(world, 'bulk', 0, bulk);
        await ask(world, 'people', 0, people);
        await world.pass(afterMs);

        const leftAt = world.now();
        await leave(world, leavers);
        await world.until(() => deletesOf(world).length === leavers, 10 * MINUTE);

        const readyAt = slotsFreeAt(world, leavers, leftAt);
        const deletes = deletesOf(world);
        expect(deletes).toHaveLength(leavers);
        expect(Math.max(...deletes) - readyAt).toBeLessThan(PROMPTLY_MS);
        world.end();
      }),
      { numRuns: 8, ...PATIENCE },
    );
  });

  test('no class starves', async () => {
    // An overdue revoke is a revoke: of the two, the older ones always go first.
    const classes = fc
      .tuple(
        fc.constantFrom('overdue' as const, 'revoke' as const),
        fc.subarray(['people', 'provision', 'bulk', 'look'] as const, { minLength: 2 }),
      )
      .map(([revokes, others]) => [revokes, ...others]);
    await fc.assert(
      fc.asyncProperty(
        classes,
        fc.integer({ min: 500, max: 5 * SECOND }),
        fc.constantFrom(5, 10, 15),
        async (endless, latencyMs, slots) => {
          const world = new SchedulerWorld({ ...QUOTAS, slots, latencyMs: () => latencyMs });
          const work = new EndlessWork(world, endless);
          const lastAt = new Map(endless.map((each) => [each, world.now()]));
          let longest = 0;
          for (let second = 0; second < 80; second += 1) {
            const before = work.sent();
            await work.refill(15);
            await world.pass(SECOND);
            const sent = work.sent();
            for (const each of endless) {
              if (sent[each] > before[each]) lastAt.set(each, world.now());
              longest = Math.max(longest, world.now() - (lastAt.get(each) ?? 0));
            }
          }
          world.end();

          expect(longest).toBeLessThanOrEqual(MINUTE);
        },
      ),
      { numRuns: 3, ...PATIENCE },
    );
  });
});

/** When deletes arrived. */
function deletesOf({ identityCenter }: SchedulerWorld): number[] {
  return identityCenter.submissions.flatMap(({ call, at }) => (call === 'delete' ? [at] : []));
}

/** When enough of the slots that were in use at an instant are free again for so many more. */
function slotsFreeAt({ identityCenter }: SchedulerWorld, count: number, at: number): number {
  // What was on its way to the service at that instant had a slot already; a group below its floor goes first for one.
  const [onItsWay, floor] = [SECOND, 1];
  const ends = identityCenter.operations
    .filter(({ call, acceptedAt, endsAt }) => call === 'create' && acceptedAt <= at + onItsWay && endsAt > at)
    .map(({ endsAt }) => endsAt)
    .sort((a, b) => a - b);
  const missing = ends.length + count + floor - identityCenter.settings.slots;
  return missing <= 0 ? at : (ends[missing - 1] ?? at);
}
