import { createHash } from 'node:crypto';

/** The number in [0, 1) that a seed stands for: 48 bits of its digest. The service's own numbers are not known. */
export function seededFraction(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
}
