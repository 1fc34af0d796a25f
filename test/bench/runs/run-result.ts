import type { RunSpec } from './run-spec';

/** What was measured in one run. Times are seconds of virtual time. */
export interface RunResult {
  readonly spec: RunSpec;
  /** From the beginning to the last assignment that was said to be done. */
  readonly makespan: number;
  /** What the quotas allow to one who does not know the latencies beforehand; see `limitOf`. */
  readonly limit: number;
  readonly operations: number;
  readonly lost: number;
  readonly wrong: number;
  /** Creates that were accepted beyond the one that each assignment needs. */
  readonly repeated: number;
  /** Calls that were sent, `ListAccountAssignments` apart: standing looks and read-backs. */
  readonly calls: number;
  readonly looks: number;
  readonly throttled: number;
  readonly conflicts: number;
  /** Time to grant of the bulk work. */
  readonly grant: { readonly median: number; readonly p95: number };
  readonly tickets: readonly TicketResult[];
  /** Of ours, where the bulk work is leases: how the requests behind it were told. */
  readonly requests?: RequestResults;
  readonly transitions: number;
  readonly passes: number;
  /** Of ours: deaths of its function, and what it warned of. */
  readonly crashes: number;
  readonly warnings: Readonly<Record<string, number>>;
  readonly dollars: number | undefined;
  /** Share of the slots in use until the last grant. */
  readonly slotsUsed: number;
  /** The most creates and deletes that were outstanding at one time. */
  readonly mostSlots: number;
  readonly trace?: SlotTrace;
  readonly events: number;
}

/** What became of one ticket, in seconds. */
export interface TicketResult {
  /** From its arrival until its create was accepted, less its own looks. */
  readonly slotWait: number;
  /** From its arrival until it was said to be done. */
  readonly grant: number;
  /** How long Identity Center itself took. */
  readonly latency: number;
  /** Of ours: from the end of the operation in Identity Center until the ledger had the proof of it … */
  readonly proof?: number;
  /** … and from there until the waiting request was answered. */
  readonly tell?: number;
}

/** How requests for many accounts were told that they are granted. */
export interface RequestResults {
  readonly asked: number;
  readonly answered: number;
  /** Of each that was answered when all its accounts were granted: seconds from the proof of the last one. */
  readonly tells: readonly number[];
}

/** Slots in use over time: the mean of each of many equal pieces of `seconds`. */
export interface SlotTrace {
  readonly seconds: number;
  readonly means: readonly number[];
}
