import { AwsError } from '../aws-api/json-service';
import { pageOfFixed, pageOfRows, type Page, type PageRequest } from './paging';
import type { Sequenced } from './sequenced-rows';

/** The largest page of Organizations' lists, and the one that a call without `MaxResults` gets. */
const PAGE_SIZE = 20;

/** Cuts a page from a list that never changes its order, as Organizations does: small ones, with its own refusal of tokens. */
export function organizationsPage<T>(list: readonly T[], request: PageRequest): Page<T> {
  return withOwnRefusal(() => pageOfFixed(list, request, PAGE_SIZE));
}

/** The same for rows that are read from where the token says. */
export function organizationsPageOfRows<T extends Sequenced>(
  rowsAfter: (sequence: number) => Iterable<T>,
  { NextToken, MaxResults = PAGE_SIZE }: PageRequest,
): Page<T> {
  return withOwnRefusal(() => pageOfRows(rowsAfter, { NextToken, MaxResults }));
}

function withOwnRefusal<T>(cut: () => Page<T>): Page<T> {
  try {
    return cut();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidInputException', error.message, 400, { Reason: 'INVALID_NEXT_TOKEN' });
  }
}
