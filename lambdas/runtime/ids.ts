import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/ports/clock';
import type { IdSource } from '../../core/ports/id-source';

/** Crockford's alphabet in lower case: no letter is mistaken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids of 26 characters: 48 bits of time, 80 of chance, as a ULID has them. */
export function timeOrderedIds(clock: Clock): IdSource {
  return {
    next: () => {
      const time = Buffer.alloc(6);
      time.writeUIntBE(clock.now(), 0, 6);
      return base32(Buffer.concat([time, randomBytes(10)])).slice(0, 26);
    },
  };
}

/** The same id for the same parts, always; different parts do not meet (128 bits of SHA-256). */
export function derivedId(parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return base32(digest.subarray(0, 16)).slice(0, 26);
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function base32(bytes: Buffer): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let digits = Math.ceil((bytes.length * 8) / 5); digits > 0; digits -= 1) {
    text = (ALPHABET[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return text;
}
