import * as fc from 'fast-check';
import { NO_BASELINE_STATE } from '../../../core/baselines/account-record';
import { ALWAYS_MAY_END } from '../../../core/baselines/baseline';
import { endingsLeft, reserveEndings } from '../../../core/baselines/guard';
import { FakeClock } from '../../support/fake-clock';
import { MemoryBaselines } from '../../support/memory-baselines';

const HOUR_MS = 60 * 60_000;

const guards = fc.record({
  most: fc.integer({ min: 0, max: 60 }),
  percent: fc.integer({ min: 0, max: 100 }),
});
const askings = fc.array(
  fc.record({
    count: fc.integer({ min: 0, max: 30 }),
    // Seconds, and near an hour, where the window moves on.
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: 120_000 }),
      fc.integer({ min: HOUR_MS - 120_000, max: HOUR_MS + 120_000 }),
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

/** A guard with its state in memory. */
function guardOf(guard: { readonly most: number; readonly percent: number }, claims: number) {
  const baselines = new MemoryBaselines();
  baselines.shared = { ...NO_BASELINE_STATE, claims };
  return { baselines, guard, clock: new FakeClock() };
}

describe('the guard against mass change', () => {
  test('lets no more claims end within any hour than its limit', async () => {
    await fc.assert(
      fc.asyncProperty(guards, fc.nat({ max: 200 }), askings, async (guard, claims, asked) => {
        const ports = guardOf(guard, claims);
        const limit = Math.max(ALWAYS_MAY_END, Math.min(guard.most, (claims * guard.percent) / 100));
        const granted: { readonly at: number; readonly count: number }[] = [];

        for (const { count, afterMs } of asked) {
          ports.clock.advance(afterMs);
          if ((await reserveEndings(ports, count)) === 'granted')
            granted.push({ at: ports.clock.now(), count });
        }

        for (const { at: end } of granted) {
          const within = granted.filter(({ at }) => at <= end && at > end - HOUR_MS);
          expect(within.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  test('lets a few always end, whatever its figures are, where none has in the last hour', async () => {
    await fc.assert(
      fc.asyncProperty(
        guards,
        fc.nat({ max: 200 }),
        fc.integer({ min: 1, max: ALWAYS_MAY_END }),
        async (guard, claims, count) => {
          const ports = guardOf(guard, claims);

          await expect(reserveEndings(ports, count)).resolves.toBe('granted');
          // By minutes: what ended in the first one is gone from the window a minute later at the latest.
          ports.clock.advance(HOUR_MS + 60_000);
          await expect(reserveEndings(ports, count)).resolves.toBe('granted');
        },
      ),
    );
  });

  test('keeps no more than an hour of minutes in its item', async () => {
    await fc.assert(
      fc.asyncProperty(askings, async (asked) => {
        const ports = guardOf({ most: 1_000, percent: 100 }, 1_000);

        for (const { count, afterMs } of asked) {
          ports.clock.advance(afterMs);
          await reserveEndings(ports, count);
        }

        expect(ports.baselines.shared.endings.length).toBeLessThanOrEqual(61);
      }),
    );
  });

  test('counts what others reserve at the same moment', async () => {
    const ports = guardOf({ most: 30, percent: 100 }, 100);

    const verdicts = await Promise.all(Array.from({ length: 8 }, () => reserveEndings(ports, 5)));

    expect(verdicts.filter((verdict) => verdict === 'granted')).toHaveLength(6);
    expect(endingsLeft(ports.baselines.shared, ports.guard, ports.clock.now())).toBe(0);
  });

  test('writes nothing where nothing ends', async () => {
    const ports = guardOf({ most: 0, percent: 0 }, 0);

    await expect(reserveEndings(ports, 0)).resolves.toBe('granted');

    expect(ports.baselines.shared).toEqual(NO_BASELINE_STATE);
  });
});
