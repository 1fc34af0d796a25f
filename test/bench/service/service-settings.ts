import type { LatencyName } from './latency-models';

/** Shares (0 to 1) of calls that go wrong, beside what the quotas refuse. */
export interface FaultShares {
  /** Refused with `ThrottlingException`, though there was room. */
  readonly throttled: number;
  /** Creates, deletes and provisions refused with `ConflictException`, though nothing conflicts. */
  readonly conflict: number;
  /** Answered with HTTP 500, not carried out. */
  readonly serverError: number;
  /** Never arrived; the caller notices by its timeout. */
  readonly lostBefore: number;
  /** Carried out, and the reply never came. */
  readonly lostAfter: number;
}

/** A service that does as it is told. */
export const NO_FAULTS: FaultShares = {
  throttled: 0,
  conflict: 0,
  serverError: 0,
  lostBefore: 0,
  lostAfter: 0,
};

/** Calls that take longer than the round trip, seeded; what comes on top is half on the way there and half on the way back. */
export interface SlowCalls {
  /** Share (0 to 1) of all calls. */
  readonly share: number;
  readonly leastExtraMs: number;
  readonly mostExtraMs: number;
}

/** What the service allows and how it behaves. */
export interface ServiceSettings {
  readonly latency: LatencyName;
  /** Outstanding creates and deletes together. */
  readonly slots: number;
  /** Outstanding provisions. */
  readonly provisions: number;
  /** Admin calls a second, everybody's together, and how many may come at once. */
  readonly callsPerSecond: number;
  readonly burst: number;
  /** A call and its answer: half before the service's instant, half after. */
  readonly roundTripMs: number;
  /** @default - every call takes the round trip */
  readonly slowCalls?: SlowCalls;
  /** A new request id stays invisible in the status lists for a random time up to this. */
  readonly listLagMs: number;
  /** An effect stays invisible in `ListAccountAssignments` for a random time up to this after its operation ended. */
  readonly effectLagMs: number;
  /** Calls a second that other clients make, at random instants. */
  readonly otherCallsPerSecond: number;
  /** After this long without an answer the caller's SDK gives up. */
  readonly replyTimeoutMs: number;
  readonly faults: FaultShares;
}

/**
 * The quotas as AWS documents them (20 calls a second, 15 outstanding assignments, 3 provisions); the burst is a guess, the
 * round trip was read off a peer's published chart, the lag is what `List` calls of other services show.
 */
export const SERVICE: ServiceSettings = {
  latency: 'ln4',
  slots: 15,
  provisions: 3,
  callsPerSecond: 20,
  burst: 20,
  roundTripMs: 100,
  listLagMs: 2_000,
  effectLagMs: 0,
  otherCallsPerSecond: 0,
  replyTimeoutMs: 3_000,
  faults: NO_FAULTS,
};
