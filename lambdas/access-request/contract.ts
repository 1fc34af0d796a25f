/**
 * The access-request workflow: what its states send to its functions and what they get back. Executions carry ids only;
 * functions read the rest from the ledger.
 */

/** The input of an execution, named `<requestId>-<attempt>`, and the part that every task's input starts from. */
export interface AccessRequestInput {
  readonly requestId: string;
  readonly attempt: number;
}

/** Where the workflow goes after *Resolve principal and accounts*. */
export interface ResolveOutput {
  readonly next: 'decide' | 'announceEnd';
}

/** Where it goes after *Decide*; `seconds` (≥ 1) is how long *Await start* may wait. */
export interface DecideOutput {
  readonly next: 'awaitStart' | 'openLeases' | 'announceEnd';
  readonly seconds: number;
}

/** Input of the function behind *Open leases* and *Close leases*. */
export interface ChangeLeasesInput extends AccessRequestInput {
  readonly change: 'open' | 'close';
}

/** `seconds` (≥ 1) is how long the *Await* that follows may wait before it looks again. */
export interface ChangeLeasesOutput {
  readonly next: 'awaitGrant' | 'awaitRevoke' | 'closeLeases' | 'announceEnd';
  readonly seconds: number;
}

/** What an *Await* state waits for. */
export type AwaitedSignal = 'start' | 'grant' | 'end' | 'revoke';

/** Input of the function behind the four *Await* states; it stores the token and answers it at once if it need not wait. */
export interface AwaitSignalInput extends AccessRequestInput {
  readonly signal: AwaitedSignal;
  readonly token: string;
}

/** Input of the function behind *Announce grant* and *Announce end*. */
export interface AnnounceInput extends AccessRequestInput {
  readonly announce: 'grant' | 'end';
}

/** Where it goes after an announcement; `seconds` (≥ 1) is how long the *Await* that follows may wait. */
export interface AnnounceOutput {
  readonly next: 'awaitGrant' | 'awaitEnd' | 'closeLeases' | 'awaitRevoke' | 'done';
  readonly seconds: number;
}
