import type { Random } from '../../core/ports/random';

/** How long something takes, in seconds of the simulator's clock. */
export type LatencyModel =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number };

/** No time at all: the thing happens at the same instant. */
export const NO_LATENCY: LatencyModel = { kind: 'fixed', seconds: 0 };

/** A day. Longer than any operation that was ever seen; a larger number is a slip of the unit. */
const MAX_SECONDS = 86_400;

/** At sigma 4 one draw in a thousand is already 230,000 times the median. */
const MAX_SIGMA = 4;

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const FORMS = {
  fixed: new RegExp(`^(?:fixed:)?${NUMBER}$`),
  uniform: new RegExp(`^uniform:${NUMBER}-${NUMBER}$`),
  lognormal: new RegExp(`^lognormal:${NUMBER},${NUMBER}$`),
};

function refuse(text: string, why: string): never {
  throw new Error(
    `latency is "${text}"${why}: use seconds such as "3", "fixed:3", "uniform:2-5" or "lognormal:4,0.8" (median, sigma)`,
  );
}

/**
 * Reads a latency model, as `--latency` takes it: `3` or `fixed:3` (seconds), `uniform:2-5`, `lognormal:4,0.8` (median in
 * seconds, sigma of the logarithm).
 * @throws Error that shows the text and the forms that are known
 */
export function parseLatency(text: string): LatencyModel {
  const numbers = (form: RegExp): readonly [number, number] | undefined => {
    const match = form.exec(text.trim());
    return match === null ? undefined : [Number(match[1]), Number(match[2])];
  };
  const fixed = numbers(FORMS.fixed);
  const uniform = numbers(FORMS.uniform);
  const lognormal = numbers(FORMS.lognormal);
  const seconds = fixed?.[0] ?? uniform?.[1] ?? lognormal?.[0];
  if (seconds === undefined) refuse(text, '');
  if (seconds > MAX_SECONDS) refuse(text, `, which is more than ${MAX_SECONDS} seconds`);
  if (uniform !== undefined) {
    const [from, to] = uniform;
    if (from > to) refuse(text, ', whose first number is larger than its second');
    return { kind: 'uniform', from, to };
  }
  if (lognormal !== undefined) {
    const [median, sigma] = lognormal;
    if (median === 0) refuse(text, ', whose median is zero');
    if (sigma > MAX_SIGMA) refuse(text, `, whose sigma is larger than ${MAX_SIGMA}`);
    return { kind: 'lognormal', median, sigma };
  }
  return { kind: 'fixed', seconds };
}

/** Draws one duration, in whole milliseconds. A fixed model draws nothing from `random`, so that it disturbs no other draw. */
export function drawLatency(model: LatencyModel, random: Random): number {
  switch (model.kind) {
    case 'fixed':
      return Math.round(model.seconds * 1000);
    case 'uniform':
      return Math.round((model.from + random.next() * (model.to - model.from)) * 1000);
    case 'lognormal': {
      // Box-Muller; 1 - u keeps the logarithm's argument above zero.
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const normal = radius * Math.cos(2 * Math.PI * random.next());
      return Math.round(Math.min(model.median * Math.exp(model.sigma * normal), MAX_SECONDS) * 1000);
    }
  }
}
