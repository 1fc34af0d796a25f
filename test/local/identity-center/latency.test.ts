import * as fc from 'fast-check';

import { createSeededRandom } from '../../../local/clock/seeded-random';
import {
  drawLatency,
  latencyText,
  parseLatency,
  type LatencyModel,
} from '../../../local/identity-center/latency';

const drawMany = (model: LatencyModel): number[] => {
  const random = createSeededRandom(3);
  return Array.from({ length: 4001 }, () => drawLatency(model, random)).sort((a, b) => a - b);
};

/** Operations of which one in twenty takes ten times as long, and more. */
const TAIL: LatencyModel = {
  kind: 'mixture',
  parts: [
    { share: 0.95, model: { kind: 'lognormal', median: 3, sigma: 0.4 } },
    { share: 0.05, model: { kind: 'uniform', from: 30, to: 120 } },
  ],
};

const simple = fc.oneof(
  fc.nat(86_400).map((seconds): LatencyModel => ({ kind: 'fixed', seconds })),
  fc.tuple(fc.nat(100), fc.nat(100)).map(([from, more]): LatencyModel => ({
    kind: 'uniform',
    from: from / 8,
    to: (from + more) / 8,
  })),
  fc.tuple(fc.integer({ min: 1, max: 999 }), fc.nat(40)).map(([median, sigma]): LatencyModel => ({
    kind: 'lognormal',
    median: median / 8,
    sigma: sigma / 10,
  })),
);

describe('latency', () => {
  test.each<[string, LatencyModel]>([
    ['3', { kind: 'fixed', seconds: 3 }],
    ['0.5', { kind: 'fixed', seconds: 0.5 }],
    ['fixed:0', { kind: 'fixed', seconds: 0 }],
    ['uniform:2-5', { kind: 'uniform', from: 2, to: 5 }],
    [' uniform:0.5-0.5 ', { kind: 'uniform', from: 0.5, to: 0.5 }],
    ['lognormal:4,0.8', { kind: 'lognormal', median: 4, sigma: 0.8 }],
    ['mixture:0.95*lognormal:3,0.4|0.05*uniform:30-120', TAIL],
    [
      'mixture:0.3*1|0.3*fixed:2|0.4*3',
      {
        kind: 'mixture',
        parts: [
          { share: 0.3, model: { kind: 'fixed', seconds: 1 } },
          { share: 0.3, model: { kind: 'fixed', seconds: 2 } },
          { share: 0.4, model: { kind: 'fixed', seconds: 3 } },
        ],
      },
    ],
  ])('%p is read (F6)', (text, model) => {
    expect(parseLatency(text)).toEqual(model);
  });

  test.each([
    ['', 'latency is "": use seconds'],
    ['-1', 'latency is "-1": use seconds'],
    ['3s', 'latency is "3s": use seconds'],
    ['normal:3,1', 'latency is "normal:3,1": use seconds'],
    ['uniform:5-2', 'latency is "uniform:5-2", whose first number is larger than its second: use'],
    ['lognormal:0,1', 'latency is "lognormal:0,1", whose median is zero: use'],
    ['lognormal:4,9', 'latency is "lognormal:4,9", whose sigma is larger than 4: use'],
    ['86401', 'latency is "86401", which is more than 86400 seconds: use'],
    ['uniform:1-99999', 'which is more than 86400 seconds'],
    ['mixture:', 'latency is "mixture:", whose part "" has no share: use'],
    ['mixture:3', 'whose part "3" has no share: use'],
    ['mixture:0.5*3|uniform:1-2', 'whose part "uniform:1-2" has no share: use'],
    ['mixture:1*3|0*4', 'whose part "0*4" has the share 0: use'],
    ['mixture:0.5*3|0.4*4', 'whose shares add up to 0.9: use'],
    ['mixture:95*3|5*4', 'whose shares add up to 100: use'],
    ['mixture:0.5*3|0.5*4s', 'latency is "mixture:0.5*3|0.5*4s": use'],
    ['mixture:0.5*uniform:5-2|0.5*4', 'whose first number is larger than its second: use'],
    ['mixture:0.5*3|0.5*mixture:1*4', 'latency is "mixture:0.5*3|0.5*mixture:1*4": use'],
  ])('%p is refused with what is known (F6)', (text, message) => {
    expect(() => parseLatency(text)).toThrow(message);
  });

  test('no text is taken silently for something else (F6)', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let model: LatencyModel;
        try {
          model = parseLatency(text);
        } catch (error) {
          return String(error).includes(text);
        }
        return model.kind !== 'fixed' || model.seconds === Number(text.trim().replace('fixed:', ''));
      }),
    );
  });

  test('what is written of a model reads as the same model (F6)', () => {
    fc.assert(
      fc.property(simple, simple, fc.integer({ min: 1, max: 99 }), (one, other, percent) => {
        expect(parseLatency(latencyText(one))).toEqual(one);
        const parts = [
          { share: percent / 100, model: one },
          { share: (100 - percent) / 100, model: other },
        ];
        const mixture = { kind: 'mixture', parts } as LatencyModel;
        expect(parseLatency(latencyText(mixture))).toEqual(mixture);
      }),
    );
  });

  test('a fixed latency draws nothing, so it disturbs no other draw', () => {
    const random = createSeededRandom(1);

    expect(drawLatency({ kind: 'fixed', seconds: 1.5 }, random)).toBe(1500);
    expect(random.next()).toBe(createSeededRandom(1).next());
  });

  test('a uniform latency stays within its bounds and fills them', () => {
    const drawn = drawMany({ kind: 'uniform', from: 2, to: 5 });

    expect(drawn[0]).toBeGreaterThanOrEqual(2000);
    expect(drawn[0]).toBeLessThan(2010);
    expect(drawn.at(-1)).toBeLessThanOrEqual(5000);
    expect(drawn.at(-1)).toBeGreaterThan(4990);
  });

  test('a lognormal latency has its median, and its sigma', () => {
    const drawn = drawMany({ kind: 'lognormal', median: 4, sigma: 0.8 });

    // The 84th percentile of a lognormal lies one sigma above the median.
    expect(drawn[2000]).toBeGreaterThan(3800);
    expect(drawn[2000]).toBeLessThan(4200);
    expect(drawn[Math.floor(4001 * 0.8413)]).toBeGreaterThan(4000 * Math.exp(0.8) * 0.93);
    expect(drawn[Math.floor(4001 * 0.8413)]).toBeLessThan(4000 * Math.exp(0.8) * 1.07);
  });

  test('a mixture draws each part as often as its share says', () => {
    const drawn = drawMany(TAIL);
    const long = drawn.filter((ms) => ms >= 30_000);

    // 200 of 4,001 are expected; 4 standard deviations are 55.
    expect(long.length).toBeGreaterThan(145);
    expect(long.length).toBeLessThan(255);
    expect(long.at(-1)).toBeLessThanOrEqual(120_000);
    expect(drawn[2000]).toBeGreaterThan(2800);
    expect(drawn[2000]).toBeLessThan(3300);
  });

  test('the longest tail ends at a day', () => {
    expect(drawMany({ kind: 'lognormal', median: 86_400, sigma: 4 }).at(-1)).toBe(86_400_000);
  });
});
