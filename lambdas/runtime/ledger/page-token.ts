import type { Item } from './table';

/** A page token that was not made by the query that it came with. */
export class BadPageTokenError extends Error {
  constructor() {
    super('the page token does not belong to this query');
    this.name = 'BadPageTokenError';
  }
}

/** Names of an index's two attributes. */
export interface IndexKeys {
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** The most that DynamoDB takes in a sort key, in bytes; what it does not take must not be sent, or it is a 500. */
const LONGEST_KEY_BYTES = 1_024;

/** An opaque token for the page after an item's key; it holds keys only, and no right to anything. */
export function writePageToken(last: Item): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

/**
 * Reads a token into the key of an item of the index, or of the table itself; one of another query, or of no query at all, is refused.
 * @throws BadPageTokenError
 */
export function readPageToken(token: string, { partitionKey, sortKey }: IndexKeys, partition: string): Item {
  const key = parse(token);
  const names = [...new Set(['pk', 'sk', partitionKey, sortKey])];
  const isKey =
    Object.keys(key).length === names.length &&
    names.every((name) => Object.hasOwn(key, name) && isKeyValue(key[name]));
  if (!isKey || key[partitionKey] !== partition) throw new BadPageTokenError();
  return key;
}

function isKeyValue(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= LONGEST_KEY_BYTES;
}

function parse(token: string): Item {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Item;
  } catch {
    // Not JSON: no token of ours.
  }
  throw new BadPageTokenError();
}
