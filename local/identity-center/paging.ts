import { createHash } from 'node:crypto';

import { validationError } from './exceptions';
import type { Sequenced } from './sequenced-rows';

/** What a list call is paged by. */
export interface PageRequest {
  /** 0 where the page is to be empty on demand (see page-sizes.ts); no client can ask for that. */
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** One page, and the token of the next where there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: { readonly NextToken?: string };
}

/** Which way the numbers of a list go. */
export type PageOrder = 'ascending' | 'descending';

/** The page size where a call gives none: the largest that the admin API takes. */
const DEFAULT_PAGE_SIZE = 100;

/** Before the first row of a list, by its order. Sequence numbers are from 0 and have up to 15 digits. */
const START = { ascending: -1, descending: 999_999_999_999_999 } as const;

/**
 * Cuts one page from a list. A token names the last item that was answered, not a count, so that what is added or removed
 * between two pages neither repeats nor hides another item. Finding the place costs O(log n).
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
  const listOrder = orderOf(list, sequenceOf);
  const place = token === undefined ? startOf(listOrder) : decode(token);
  const start = token === undefined ? 0 : startAfter(list, sequenceOf, place);
  const items = list.slice(start, start + size);
  if (start + size >= list.length) return { items, nextToken: {} };
  const last = items.at(-1);
  const next =
    last === undefined ? laterAt(place) : { order: listOrder, sequence: sequenceOf(last), empty: 0 };
  return { items, nextToken: { NextToken: encode(next) } };
}

/**
 * As {@link pageOf}, for rows that are read one after the other from where the token says: a page costs what it holds.
 * @param rowsBeyond the rows whose number is above the one given, or below it where the order is descending
 * @param order of the first page; later ones keep it
 */
export function pageOfRows<T extends Sequenced>(
  rowsBeyond: (sequence: number, order: PageOrder) => Iterable<T>,
  { NextToken: token, MaxResults: size = DEFAULT_PAGE_SIZE }: PageRequest,
  order: PageOrder = 'ascending',
): Page<T> {
  const place = token === undefined ? startOf(order) : decode(token);
  const items: T[] = [];
  for (const row of rowsBeyond(place.sequence, place.order)) {
    if (items.length === size) {
      const last = items.at(-1);
      const next = last === undefined ? laterAt(place) : { ...place, sequence: last.sequence, empty: 0 };
      return { items, nextToken: { NextToken: encode(next) } };
    }
    items.push(row);
  }
  return { items, nextToken: {} };
}

/**
 * As {@link pageOf}, for a short list without numbers, in the order of its keys.
 * @param keyOf tells the items of the list apart
 */
export function pageByKey<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
  defaultSize = DEFAULT_PAGE_SIZE,
): Page<T> {
  const { NextToken: token, MaxResults: size = defaultSize } = request;
  const keyed = list.map((item) => ({ item, key: placeKey(keyOf(item)) }));
  keyed.sort((a, b) => compare(a.key, b.key));
  const place = token === undefined ? { key: '', empty: 0 } : decodeKey(token);
  const rest = keyed.filter(({ key }) => compare(key, place.key) > 0);
  const page = rest.slice(0, size);
  const items = page.map(({ item }) => item);
  if (size >= rest.length) return { items, nextToken: {} };
  const last = page.at(-1);
  const next = last === undefined ? { ...place, empty: place.empty + 1 } : { key: last.key, empty: 0 };
  return { items, nextToken: { NextToken: encodeKey(next) } };
}

/** As {@link pageOf}, for a list that never changes: the place is the index. */
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
  readonly order: PageOrder;
  readonly sequence: number;
  /** Empty pages so far in this place: a client that sees the same token twice takes it for an endless list. */
  readonly empty: number;
}

function startOf(order: PageOrder): Place {
  return { order, sequence: START[order], empty: 0 };
}

/** The place where a page was empty: the same, with another token. */
function laterAt(place: Place): Place {
  return { ...place, empty: place.empty + 1 };
}

function orderOf<T>(list: readonly T[], sequenceOf: (item: T) => number): PageOrder {
  const [first, second] = list;
  const isDescending = first !== undefined && second !== undefined && sequenceOf(first) > sequenceOf(second);
  return isDescending ? 'descending' : 'ascending';
}

/** The first index whose item is beyond the place. */
function startAfter<T>(
  list: readonly T[],
  sequenceOf: (item: T) => number,
  { sequence, order }: Place,
): number {
  const isBeyond = (item: T): boolean =>
    order === 'descending' ? sequenceOf(item) < sequence : sequenceOf(item) > sequence;
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = list[middle];
    if (item !== undefined && !isBeyond(item)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function encode({ order, sequence, empty }: Place): string {
  return opaque(`${order === 'descending' ? '<' : '>'}${sequence}.${empty}`);
}

function decode(token: string): Place {
  const [, order, sequence, empty] = /^([<>])(-?\d{1,15})\.(\d{1,9})$/.exec(clear(token)) ?? [];
  if (order === undefined) throw foreignToken();
  return {
    order: order === '<' ? 'descending' : 'ascending',
    sequence: Number(sequence),
    empty: Number(empty),
  };
}

/** Keys up to this many characters are their own place; a token has room for 2,048. */
const LONGEST_KEY = 300;

function placeKey(key: string): string {
  if (key.length <= LONGEST_KEY) return key;
  return key.slice(0, LONGEST_KEY) + createHash('sha256').update(key).digest('hex');
}

function encodeKey({ key, empty }: { readonly key: string; readonly empty: number }): string {
  return opaque(`=${empty}.${key}`);
}

function decodeKey(token: string): { key: string; empty: number } {
  const [, empty, key] = /^=(\d{1,9})\.([^]*)$/.exec(clear(token)) ?? [];
  if (key === undefined) throw foreignToken();
  return { key, empty: Number(empty) };
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function opaque(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function clear(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function foreignToken(): Error {
  return validationError('Invalid NextToken: use the token that the previous page answered');
}
