import type { Random } from '../../core/ports/random';

/** One distribution, in seconds of the simulator's clock. */
export type SimpleLatency =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number };

/** How long something takes: one distribution, or several of which each draw chooses one by its share. */
export type LatencyModel =
  | SimpleLatency
  | {
      readonly kind: 'mixture';
      /** Shares are above 0 and add up to 1. */
      readonly parts: readonly { readonly share: number; readonly model: SimpleLatency }[];
    };

/** No time at all: the thing happens at the same instant. */
export const NO_LATENCY: LatencyModel = { kind: 'fixed', seconds: 0 };

/** A day. Longer than any operation that was ever seen; a larger number is a slip of the unit. */
const MAX_SECONDS = 86_400;

/** At sigma 4 one draw in a thousand is already 230,000 times the median. */
const MAX_SIGMA = 4;

/** Shares such as 0.1 have no exact binary form: a sum is 1 if it is as near as this. */
const SHARE_TOLERANCE = 1e-9;

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const FORMS = {
  fixed: new RegExp(`^(?:fixed:)?${NUMBER}$`),
  uniform: new RegExp(`^uniform:${NUMBER}-${NUMBER}$`),
  lognormal: new RegExp(`^lognormal:${NUMBER},${NUMBER}$`),
};
const MIXTURE = 'mixture:';
const PART = new RegExp(String.raw`^${NUMBER}\*(.*)$`);

/** What to write instead of a text that stands for no latency. */
export const LATENCY_REMEDY =
  'use seconds such as "3", "fixed:3", "uniform:2-5", "lognormal:4,0.8" (median, sigma) or ' +
  '"mixture:0.95*lognormal:3,0.4|0.05*uniform:30-120" (shares that add up to 1)';

/** A text that stands for no latency. */
export class LatencyTextError extends Error {
  public constructor(
    text: string,
    /** What is wrong, as the end of a sentence about the text; empty for a form that is not known. */
    public readonly problem: string,
  ) {
    super(`latency is "${text}"${problem === '' ? '' : `, ${problem}`}: ${LATENCY_REMEDY}`);
    this.name = 'LatencyTextError';
  }
}

/**
 * Reads a latency model, as `--latency` takes it: `3` or `fixed:3` (seconds), `uniform:2-5`, `lognormal:4,0.8` (median in
 * seconds, sigma of the logarithm), or a mixture of these such as `mixture:0.95*lognormal:3,0.4|0.05*uniform:30-120`.
 * @throws LatencyTextError that shows the text and the forms that are known
 */
export function parseLatency(text: string): LatencyModel {
  const trimmed = text.trim();
  const refuse = (problem: string): never => {
    throw new LatencyTextError(text, problem);
  };
  if (!trimmed.startsWith(MIXTURE)) return parseSimple(trimmed, refuse);
  const parts = trimmed
    .slice(MIXTURE.length)
    .split('|')
    .map((part) => {
      const [, share, model] = PART.exec(part) ?? [];
      if (share === undefined || model === undefined) return refuse(`whose part "${part}" has no share`);
      if (Number(share) === 0) return refuse(`whose part "${part}" has the share 0`);
      return { share: Number(share), model: parseSimple(model, refuse) };
    });
  const sum = parts.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > SHARE_TOLERANCE) return refuse(`whose shares add up to ${Number(sum.toFixed(9))}`);
  return { kind: 'mixture', parts };
}

function parseSimple(text: string, refuse: (problem: string) => never): SimpleLatency {
  const numbers = (form: RegExp): readonly [number, number] | undefined => {
    const match = form.exec(text);
    return match === null ? undefined : [Number(match[1]), Number(match[2])];
  };
  const fixed = numbers(FORMS.fixed);
  const uniform = numbers(FORMS.uniform);
  const lognormal = numbers(FORMS.lognormal);
  const seconds = fixed?.[0] ?? uniform?.[1] ?? lognormal?.[0];
  if (seconds === undefined) return refuse('');
  if (seconds > MAX_SECONDS) return refuse(`which is more than ${MAX_SECONDS} seconds`);
  if (uniform !== undefined) {
    const [from, to] = uniform;
    if (from > to) return refuse('whose first number is larger than its second');
    return { kind: 'uniform', from, to };
  }
  if (lognormal !== undefined) {
    const [median, sigma] = lognormal;
    if (median === 0) return refuse('whose median is zero');
    if (sigma > MAX_SIGMA) return refuse(`whose sigma is larger than ${MAX_SIGMA}`);
    return { kind: 'lognormal', median, sigma };
  }
  return { kind: 'fixed', seconds };
}

/** The model as {@link parseLatency} reads it. */
export function latencyText(model: LatencyModel): string {
  switch (model.kind) {
    case 'fixed':
      return `fixed:${model.seconds}`;
    case 'uniform':
      return `uniform:${model.from}-${model.to}`;
    case 'lognormal':
      return `lognormal:${model.median},${model.sigma}`;
    case 'mixture':
      return MIXTURE + model.parts.map(({ share, model: part }) => `${share}*${latencyText(part)}`).join('|');
  }
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
    case 'mixture':
      return drawLatency(chosenPart(model.parts, random.next()), random);
  }
}

/** The part on which `place`, a number in [0, 1), falls when the shares are laid end to end. */
function chosenPart(
  parts: readonly { readonly share: number; readonly model: SimpleLatency }[],
  place: number,
): LatencyModel {
  let end = 0;
  for (const { share, model } of parts) {
    end += share;
    if (place < end) return model;
  }
  // The shares may add up to a hair less than 1.
  return parts.at(-1)?.model ?? NO_LATENCY;
}
