/** What a run uses of the services that a design is built on. */
export class Costs {
  /** State transitions of Standard workflows, retries included. */
  transitions = 0;
  lambdaStarts = 0;
  lambdaMs = 0;
  /** Items read and written, and index entries that the writes changed. */
  ledgerReads = 0;
  ledgerWrites = 0;
  /** Messages that were sent, received or deleted. */
  queueRequests = 0;
}
