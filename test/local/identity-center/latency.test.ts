import * as fc from 'fast-check';

import { createSeededRandom } from '../../../local/clock/seeded-random';
import { drawLatency, parseLatency, type LatencyModel } from '../../../local/identity-center/latency';

const drawMany = (model: LatencyModel): number[] => {
  const random = createSeededRandom(3);
  return Array.from({ length: 4001 }, () => drawLatency(model, random)).sort((a, b) => a - b);
};

describe('latency', () => {
  test.each<[string, LatencyModel]>([
    ['3', { kind: 'fixed', seconds: 3 }],
    ['0.5', { kind: 'fixed', seconds: 0.5 }],
    ['fixed:0', { kind: 'fixed', seconds: 0 }],
    ['uniform:2-5', { kind: 'uniform', from: 2, to: 5 }],
    [' uniform:0.5-0.5 ', { kind: 'uniform', from: 0.5, to: 0.5 }],
    ['lognormal:4,0.8', { kind: 'lognormal', median: 4, sigma: 0.8 }],
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

  test('the longest tail ends at a day', () => {
    expect(drawMany({ kind: 'lognormal', median: 86_400, sigma: 4 }).at(-1)).toBe(86_400_000);
  });
});
