import * as fc from 'fast-check';
import { createLocalClock } from '../../../local/clock/virtual-clock';

const START = Date.parse('2026-12-01T08:00:00Z');
const MINUTE = 60_000;

/** Steps of a story told to a clock; delays are up to two hours so that thinning and ties both occur. */
const delay = fc.oneof(
  fc.integer({ min: -5, max: 20 }),
  fc.integer({ min: 0, max: 120 }).map((m) => m * MINUTE),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('at' as const), delay, thenAfter: fc.option(delay, { nil: undefined }) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('advance' as const), ms: delay.map(Math.abs) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Told {
  readonly id: number;
  readonly wanted: number;
  readonly setAt: number;
  cancelled: boolean;
  ranAt?: number;
}

/** Plays the steps on a manual clock; answers what was asked of it, what ran in which order, and what time it showed. */
async function play(
  steps: readonly Step[],
): Promise<{ told: Told[]; order: Told[]; nows: number[]; end: number }> {
  const clock = createLocalClock({ mode: 'manual', startAt: START });
  const told: Told[] = [];
  const order: Told[] = [];
  const nows: number[] = [];
  const cancels: (() => void)[] = [];

  const tell = (after: number, thenAfter?: number): void => {
    const entry: Told = {
      id: told.length,
      wanted: clock.now() + after,
      setAt: clock.now(),
      cancelled: false,
    };
    told.push(entry);
    const timer = clock.at(entry.wanted, () => {
      entry.ranAt = clock.now();
      order.push(entry);
      nows.push(clock.now());
      if (thenAfter !== undefined) tell(thenAfter);
    });
    cancels.push(() => {
      if (entry.ranAt === undefined) entry.cancelled = true;
      timer.cancel();
    });
  };

  let end = START;
  for (const each of steps) {
    if (each.kind === 'at') tell(each.delay, each.thenAfter);
    else if (each.kind === 'cancel') cancels[each.which]?.();
    else {
      end += each.ms;
      await clock.advance(each.ms);
    }
    nows.push(clock.now());
  }
  // One last look, so that what was due at once has run.
  await clock.advance(0);
  const result = { told, order, nows, end };
  expect(clock.now()).toBe(end);
  clock.stop();
  return result;
}

const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? number));

describe('any story told to a manual clock', () => {
  test('runs each deadline once, at its own instant, in order, and none that was cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { told, order, nows, end } = await play(steps);

        for (const entry of told) {
          const due = !entry.cancelled && entry.wanted <= end;
          // Never early, never late: at its instant, or at once if that was past.
          expect(entry.ranAt).toBe(due ? Math.max(entry.wanted, entry.setAt) : undefined);
        }
        expect(new Set(order).size).toBe(order.length);
        expect(ascending(nows)).toBe(true);
        // At one instant: in order of creation, among those that were set before that instant came.
        const early = order.filter((entry) => entry.wanted > entry.setAt);
        const swapped = early.filter((entry, index) => {
          const before = early[index - 1];
          return before?.ranAt === entry.ranAt && (before?.id ?? -1) > entry.id;
        });
        expect(swapped).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('ticks at regular instants, within a period of every deadline, and else 15 minutes apart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300 * MINUTE }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 10 }),
        async (delays, minutes) => {
          const period = minutes * MINUTE;
          const clock = createLocalClock({ mode: 'manual', startAt: START });
          const ticks: number[] = [];
          clock.schedule(
            (instant) => (Math.floor(instant / period) + 1) * period,
            () => ticks.push(clock.now()),
          );
          for (const each of delays) clock.at(START + each, () => undefined);
          await clock.advance(300 * MINUTE);
          clock.stop();

          const deadlines = delays.map((each) => START + each);
          expect(ticks.every((tick) => tick % period === 0)).toBe(true);
          for (const deadline of deadlines.filter((each) => each + period <= START + 300 * MINUTE)) {
            expect(ticks.some((tick) => tick > deadline && tick <= deadline + period)).toBe(true);
          }
          for (const [index, tick] of ticks.entries()) {
            const before = ticks[index - 1];
            if (before === undefined || deadlines.some((each) => each >= before && each < tick)) continue;
            expect(tick - before).toBeGreaterThanOrEqual(15 * MINUTE);
            expect(tick - before).toBeLessThan(15 * MINUTE + period);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('any set of sleepers on a skipping clock', () => {
  test('wakes them all in order, none early', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 }),
        async (minutes) => {
          const clock = createLocalClock({ mode: 'skips', startAt: START });
          const woke: { wanted: number; now: number }[] = [];
          await Promise.all(
            minutes.map(async (each) => {
              const wanted = clock.now() + each * MINUTE;
              await clock.sleep(each * MINUTE);
              woke.push({ wanted, now: clock.now() });
            }),
          );
          clock.stop();

          expect(woke.every(({ wanted, now }) => now >= wanted && now < wanted + MINUTE)).toBe(true);
          expect(ascending(woke.map(({ wanted }) => wanted))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
