import { AwsError } from '../../aws-api/json-service';

/** One page, with the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/**
 * Cuts a page out of a list. A token names the last item of the page before by its key, so that items that come to the front
 * of the list meanwhile move nothing. Throws `InvalidToken`.
 *
 * @param list what is paged, such as the operation with its filters: a token of another list is refused
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  list: string,
  maxResults: number,
  token: string | undefined,
): Page<T> {
  const start = token === undefined ? 0 : positionAfter(items, keyOf, list, token);
  const page = items.slice(start, start + maxResults);
  const last = page.at(-1);
  const isLast = last === undefined || start + maxResults >= items.length;
  return { items: page, nextToken: isLast ? undefined : encode(list, keyOf(last)) };
}

/** A token is found by making those of all items: nothing needs to be kept, and a foreign one is never found. */
function positionAfter<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  list: string,
  token: string,
): number {
  const at = items.findIndex((item) => encode(list, keyOf(item)) === token);
  if (at < 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return at + 1;
}

/** Base64, so that nobody takes it for something to be read. */
function encode(list: string, key: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString('base64');
}
