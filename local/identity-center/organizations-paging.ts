import { AwsError } from '../aws-api/json-service';
import { pageOfFixed, type Page, type PageRequest } from './paging';

/** The largest page of Organizations' lists, and the one that a call without `MaxResults` gets. */
const PAGE_SIZE = 20;

/** Cuts a page as Organizations does: small ones, and its own exception for a token that is not one. */
export function organizationsPage<T>(list: readonly T[], request: PageRequest): Page<T> {
  try {
    return pageOfFixed(list, request, PAGE_SIZE);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidInputException', error.message, 400, { Reason: 'INVALID_NEXT_TOKEN' });
  }
}
