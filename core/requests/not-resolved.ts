/** A name of the ticket that means nothing, or more than one thing: the request ends as failed, with this sentence. */
export class NotResolvedError extends Error {
  override readonly name = 'NotResolvedError';
}
