import type { Finding, FindingId } from '../reconcile/finding';
import type { Assignee, Place } from './identity-center';

/** Open findings, in the order of their names. */
export interface FindingPage {
  readonly findings: readonly Finding[];
  /** The name that the next page goes on after; absent on the last one. */
  readonly next?: string;
}

/** What a walk has to remember beyond what fits into its record. */
export interface WalkNotes {
  /** Users and groups that the ledger or a finding knows. */
  readonly principals: readonly Assignee[];
  /** Permission sets that the ledger knows. */
  readonly permissionSets: readonly string[];
  /** Of those that were looked up: who is in the identity store, and who is not any more. */
  readonly alive: readonly Assignee[];
  readonly gone: readonly Assignee[];
}

/** Nothing to remember. */
export const NO_NOTES: WalkNotes = { principals: [], permissionSets: [], alive: [], gone: [] };

/** What reconciliations found, and what one that runs remembers. Reads are strongly consistent. One reconciliation writes at a time. */
export interface DriftLedger {
  read(id: FindingId): Promise<Finding | undefined>;
  write(finding: Finding): Promise<void>;
  /** Up to `limit` open findings after a name. */
  open(limit: number, after?: string): Promise<FindingPage>;
  /** All open findings at a place. */
  openAt(place: Place): Promise<readonly Finding[]>;
  /** The parts of a walk's notes, in one. */
  notes(walk: number): Promise<WalkNotes>;
  /** Keeps a part, in place of what a walk before kept under this number; a part holds at most 5,000 entries. */
  keepNotes(walk: number, part: number, notes: WalkNotes): Promise<void>;
}
