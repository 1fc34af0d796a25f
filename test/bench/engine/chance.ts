import type { Random } from '../../../core/ports/random';
import { createSeededRandom } from '../../../local/clock/seeded-random';

/**
 * A stream of chance for one purpose: the same seed and words give the same numbers, whatever other streams were used for. So
 * all designs meet the same latencies and tickets, however many jitters they draw.
 */
export function chanceFor(seed: number, ...words: readonly (string | number)[]): Random {
  return createSeededRandom(hashOf(`${seed}|${words.join('|')}`));
}

/** FNV-1a over two halves: 52 bits, as many as a seed carries. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + index), 0x01000193);
  }
  return (high >>> 0) * 2 ** 20 + ((low >>> 0) & 0xfffff);
}

/** An exponentially distributed pause with the given mean: the time to the next of events that come at random. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.next()) * mean;
}

/** A lognormal value (Box-Muller). */
export function lognormal(random: Random, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random.next()));
}
