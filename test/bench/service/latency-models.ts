import type { Random } from '../../../core/ports/random';
import { lognormal } from '../engine/chance';

/** Names of the models of how long an accepted operation takes. */
export type LatencyName = keyof typeof LATENCY_MODELS;

/** A model: what it is called in tables, and how one latency (seconds) is drawn. */
interface LatencyModel {
  readonly title: string;
  readonly draw: (random: Random) => number;
}

/**
 * Nobody has published a distribution, only bounds (fewer than 1 of 400 operations took over 15 s in the one field report), so
 * there are five: two constants in that range, one beyond it, one with the spread of a usual remote call, one with a heavy tail.
 */
export const LATENCY_MODELS = {
  two: { title: '2 s', draw: () => 2 },
  ln4: { title: 'lognormal 4 s', draw: (random) => lognormal(random, 4, 0.6) },
  ten: { title: '10 s', draw: () => 10 },
  sixty: { title: '60 s', draw: () => 60 },
  tail: {
    title: 'heavy tail',
    draw: (random) => (random.next() < 0.95 ? lognormal(random, 3, 0.4) : 30 + 90 * random.next()),
  },
} as const satisfies Record<string, LatencyModel>;

/** All models, in the order of the tables. */
export const LATENCY_NAMES = Object.keys(LATENCY_MODELS) as readonly LatencyName[];
