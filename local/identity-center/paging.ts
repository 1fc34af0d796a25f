import { validationError } from './exceptions';
import type { Sequenced } from './sequenced-rows';

/** What a list call is paged by. */
export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** One page, and the token of the next where there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: { readonly NextToken?: string };
}

/** The page size where a call gives none: the largest that the admin API takes. */
const DEFAULT_PAGE_SIZE = 100;

/**
 * Cuts one page from a list. A token names the last item that was answered, not a count, so that what is added or removed
 * between two pages neither repeats nor hides another item.
 * @param sequenceOf the item's place; the list must be sorted by it, up or down
 * @throws AwsError `ValidationException` for a token that was not made here
 */
export function pageOf<T>(
  list: readonly T[],
  sequenceOf: (item: T) => number,
  request: PageRequest,
  defaultSize = DEFAULT_PAGE_SIZE,
): Page<T> {
  const { NextToken: token, MaxResults: size = defaultSize } = request;
  const start = token === undefined ? 0 : startAfter(list, sequenceOf, decode(token));
  const items = list.slice(start, start + size);
  const last = items.at(-1);
  if (last === undefined || start + size >= list.length) return { items, nextToken: {} };
  const descending = isDescending(list, sequenceOf);
  return { items, nextToken: { NextToken: encode(sequenceOf(last), descending) } };
}

/**
 * As {@link pageOf}, for rows that are read one after the other from where the token says: a page costs what it holds.
 * @param rowsAfter the rows whose number is above the one given, in their order
 */
export function pageOfRows<T extends Sequenced>(
  rowsAfter: (sequence: number) => Iterable<T>,
  { NextToken: token, MaxResults: size = DEFAULT_PAGE_SIZE }: PageRequest,
): Page<T> {
  const items: T[] = [];
  for (const row of rowsAfter(token === undefined ? 0 : decode(token).sequence)) {
    const last = items.at(-1);
    if (last !== undefined && items.length === size) {
      return { items, nextToken: { NextToken: encode(last.sequence, false) } };
    }
    items.push(row);
  }
  return { items, nextToken: {} };
}

/** As {@link pageOf}, for a list that never changes its order: the place is the index. */
export function pageOfFixed<T>(
  list: readonly T[],
  request: PageRequest,
  defaultSize = DEFAULT_PAGE_SIZE,
): Page<T> {
  const indexed = list.map((item, index) => ({ item, index }));
  const { items, nextToken } = pageOf(indexed, ({ index }) => index, request, defaultSize);
  return { items: items.map(({ item }) => item), nextToken };
}

interface Place {
  readonly sequence: number;
  readonly descending: boolean;
}

function isDescending<T>(list: readonly T[], sequenceOf: (item: T) => number): boolean {
  const [first, second] = list;
  return first !== undefined && second !== undefined && sequenceOf(first) > sequenceOf(second);
}

function startAfter<T>(
  list: readonly T[],
  sequenceOf: (item: T) => number,
  { sequence, descending }: Place,
): number {
  const index = list.findIndex((item) =>
    descending ? sequenceOf(item) < sequence : sequenceOf(item) > sequence,
  );
  return index === -1 ? list.length : index;
}

function encode(sequence: number, descending: boolean): string {
  return Buffer.from(`${descending ? '<' : '>'}${sequence}`).toString('base64url');
}

function decode(token: string): Place {
  const match = /^([<>])(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null)
    throw validationError('Invalid NextToken: use the token that the previous page answered');
  return { sequence: Number(match[2]), descending: match[1] === '<' };
}
