import type { Random } from '../../core/ports/random';

/**
 * A source of chance that a seed determines: the same seed gives the same numbers on every machine. The generator is sfc32
 * ("small fast counter", 128 bits of state, by Chris Doty-Humphrey), far from secret and good enough for simulation.
 */
export function createSeededRandom(seed: number): Random {
  // Any number may be a seed: the two halves of its bits and the counter fill the state.
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, seed);
  let a = bits.getInt32(0);
  let b = bits.getInt32(4);
  let c = 0x9e3779b9 | 0;
  let counter = 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };

  // The seed needs about a dozen rounds to reach every bit of the state.
  for (let round = 0; round < 15; round += 1) next();
  return { next };
}

/** A UUID of version 4 (RFC 9562) in lower case, drawn from `random`. */
export function uuidFrom(random: Random): string {
  const digits = (count: number): string => hexDigits(random, count);
  const variant = (8 + Math.floor(random.next() * 4)).toString(16);
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}

/** So many hexadecimal digits, drawn from `random`. */
export function hexDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random.next() * 16).toString(16)).join('');
}
