import * as fc from 'fast-check';
import { Forecast, type Latencies, learnLatency } from '../../../core/dispatcher/latencies';

const NOW = Date.parse('2026-11-24T08:00:00Z');

/** Enough to be believed: 64 values. */
const sample = fc.array(fc.integer({ min: 10, max: 120_000 }), { minLength: 64, maxLength: 64 });
const age = fc.integer({ min: 0, max: 300_000 });
const operations = fc.array(fc.record({ age, unseen: fc.integer({ min: 0, max: 5_000 }) }), {
  minLength: 1,
  maxLength: 15,
});

function forecastOf(create: readonly number[]): Forecast {
  return new Forecast({ create }, 'create');
}

function followed(drawn: readonly { readonly age: number; readonly unseen: number }[]) {
  return drawn.map((each) => ({
    acceptedAt: NOW - each.age,
    seenAt: NOW - Math.min(each.unseen, each.age),
  }));
}

/** Ends to be expected between the last look and `at`, from the shares that the forecast tells. */
function expectedEnds(forecast: Forecast, drawn: ReturnType<typeof followed>, at: number): number {
  return drawn.reduce((sum, { acceptedAt, seenAt }) => {
    const [before, by] = [forecast.endedBy(seenAt - acceptedAt), forecast.endedBy(at - acceptedAt)];
    return sum + Math.max(0, (by - before) / (1 - before));
  }, 0);
}

describe('a forecast', () => {
  test('says that ever more have ended, and never that all have', () => {
    fc.assert(
      fc.property(sample, age, age, (values, one, other) => {
        const forecast = forecastOf(values);
        const [younger, older] = [Math.min(one, other), Math.max(one, other)];

        expect(forecast.endedBy(younger)).toBeLessThanOrEqual(forecast.endedBy(older));
        expect(forecast.endedBy(0)).toBe(0);
        expect(forecast.endedBy(older)).toBeLessThan(1);
      }),
    );
  });

  test('believes its sample: half have ended by the age in its middle', () => {
    const forecast = forecastOf(Array.from({ length: 64 }, (_, n) => 1_000 + 100 * n));

    expect(forecast.endedBy(forecast.quantile(0.5))).toBeCloseTo(0.5, 1);
    expect(forecast.endedBy(forecast.quantile(0.9))).toBeCloseTo(0.9, 1);
    expect(forecast.mean).toBe(1_000 + 50 * 63);
  });

  test('knows latencies of one length: nearly all end right there', () => {
    const forecast = forecastOf(Array.from({ length: 64 }, () => 2_000));

    expect(forecast.endedBy(1_500)).toBeLessThan(0.05);
    expect(forecast.endedBy(2_050)).toBeGreaterThan(0.95);
    expect(forecast.variation).toBe(0);
  });

  test('still expects an end of what has outlived the whole sample', () => {
    const forecast = forecastOf(Array.from({ length: 64 }, () => 2_000));
    const old = [{ acceptedAt: NOW - 60_000, seenAt: NOW }];

    expect(forecast.worthLookingAt(old, 500, NOW, NOW + 3_600_000)).toBeLessThan(NOW + 60_000);
  });

  test('believes that it takes seconds until it has seen enough, and what it saw from then on', () => {
    const unseen = new Forecast({}, 'create');
    const few = forecastOf([100_000, 100_000, 100_000]);
    const enough = forecastOf(Array.from({ length: 8 }, () => 100_000));

    expect(few.mean).toBe(unseen.mean);
    expect(unseen.mean).toBeGreaterThan(1_000);
    expect(unseen.mean).toBeLessThan(15_000);
    expect(enough.mean).toBe(100_000);
  });

  test('tells creates, deletes and provisions apart', () => {
    const latencies: Latencies = { create: Array.from({ length: 64 }, () => 60_000) };

    expect(new Forecast(latencies, 'delete').mean).toBe(new Forecast({}, 'delete').mean);
  });
});

describe('the instant at which a look is worth it', () => {
  const idle = fc.integer({ min: 20, max: 2_000 });

  test('lies between the earliest and the latest that are allowed', () => {
    fc.assert(
      fc.property(sample, operations, age, age, idle, (values, open, from, span, idleMs) => {
        const [earliest, latest] = [NOW + from, NOW + from + span];

        const at = forecastOf(values).worthLookingAt(followed(open), idleMs, earliest, latest);

        expect(at).toBeGreaterThanOrEqual(earliest);
        expect(at).toBeLessThanOrEqual(latest);
      }),
    );
  });

  test('is when those that have ended may be expected to have waited for so long together', () => {
    fc.assert(
      fc.property(sample, operations, idle, (values, drawn, idleMs) => {
        const forecast = forecastOf(values);
        const open = followed(drawn);
        const until = NOW + 10_000;

        const at = forecast.worthLookingAt(open, idleMs, NOW, until);

        let waited = 0;
        for (let instant = NOW; instant < at; instant += 10)
          waited += 10 * expectedEnds(forecast, open, instant);
        // Sums in steps of 40 ms and more, against sums in steps of 10 ms.
        expect(at === until || waited > 0.5 * idleMs - 100).toBe(true);
        expect(waited).toBeLessThan(1.5 * idleMs + 40 * open.length + 100);
      }),
    );
  });

  test('is later for more time, and no later among more operations', () => {
    fc.assert(
      fc.property(sample, operations, operations, (values, some, others) => {
        const forecast = forecastOf(values);
        const at = (drawn: typeof some, idleMs: number) =>
          forecast.worthLookingAt(followed(drawn), idleMs, NOW, NOW + 60_000);

        // The instant is found to a step of the walk, which grows with the way.
        expect(at(some, 100)).toBeLessThanOrEqual(at(some, 1_000) + 100);
        expect(at([...some, ...others], 500)).toBeLessThanOrEqual(at(some, 500) * 1.0000001 + 2_000);
      }),
    );
  });

  test('is the latest one where nothing is under way', () => {
    expect(forecastOf([]).worthLookingAt([], 500, NOW, NOW + 1_000)).toBe(NOW + 1_000);
  });
});

describe('learning', () => {
  test('takes the middle between the last look that found it under way and the first that did not', () => {
    expect(learnLatency({}, 'create', 3_000, 4_000)).toEqual({ create: [3_500] });
  });

  test('finds the end between the two looks, or learns nothing where they lie too far apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 60_000 }),
        fc.nat(5_000),
        fc.nat(5_000),
        (took, before, after) => {
          const [from, to] = [Math.max(0, took - before), took + after];

          const [learned = 0] = learnLatency({}, 'create', from, to).create ?? [];

          // Kept to ten milliseconds.
          const isTooFar = to - from > Math.max(1_000, to / 2);
          expect(isTooFar ? learned === 0 : learned >= from - 5).toBe(true);
          expect(learned).toBeLessThanOrEqual(to + 5);
        },
      ),
    );
  });

  test('keeps the last ones of each call and forgets the others', () => {
    let latencies: Latencies = { delete: [7_000] };
    for (let n = 1; n <= 100; n += 1) latencies = learnLatency(latencies, 'create', n * 1_000, n * 1_000);

    expect(latencies.create).toHaveLength(64);
    expect(latencies.create?.at(-1)).toBe(100_000);
    expect(latencies.create?.[0]).toBe(37_000);
    expect(latencies.delete).toEqual([7_000]);
  });

  test('follows a service that has become slower within 64 operations', () => {
    let latencies: Latencies = { create: Array.from({ length: 64 }, () => 2_000) };
    for (let n = 0; n < 64; n += 1) latencies = learnLatency(latencies, 'create', 9_900, 10_100);

    expect(new Forecast(latencies, 'create').mean).toBeCloseTo(10_000, -2);
  });

  test('stays below 1.5 KB a call in the ledger', () => {
    let latencies: Latencies = {};
    for (let n = 0; n < 200; n += 1) latencies = learnLatency(latencies, 'create', 999_900, 999_999);

    expect(JSON.stringify(latencies).length).toBeLessThan(1_500);
  });
});
