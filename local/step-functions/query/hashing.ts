import { createHash } from 'node:crypto';

/** The algorithms of `States.Hash` and `$hash`, by their names there. */
const ALGORITHMS = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/** The hexadecimal digest of a text's UTF-8 bytes; undefined for an algorithm that Step Functions does not have. */
export function digest(text: string, algorithm: string): string | undefined {
  const name = ALGORITHMS.get(algorithm);
  return name === undefined ? undefined : createHash(name).update(text, 'utf8').digest('hex');
}

/** The names that {@link digest} knows, for messages. */
export const HASH_ALGORITHMS = [...ALGORITHMS.keys()].join(', ');
