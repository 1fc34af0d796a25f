import type { Item } from './table';

/** A page token that was not made by the query that it came with. */
export class BadPageTokenError extends Error {
  constructor() {
    super('the page token does not belong to this query');
    this.name = 'BadPageTokenError';
  }
}

/** An opaque token for the page after an item's key; it holds keys only, and no right to anything. */
export function writePageToken(last: Item): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

/** Reads a token; one of another query, or of no query at all, is refused. */
export function readPageToken(token: string, partitionKey: string, partition: string): Item {
  const key = parse(token);
  const isKey =
    Object.keys(key).length === 4 && Object.values(key).every((value) => typeof value === 'string');
  if (!isKey || key[partitionKey] !== partition) throw new BadPageTokenError();
  return key;
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
