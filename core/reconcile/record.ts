import type { AssignmentKey } from '../assignments/assignment';
import type { Place } from '../ports/identity-center';
import { NO_RUN, type RunRecord, withNextNumber } from '../runs/run';
import { type FindingCounts, type FindingKind, NO_FINDINGS } from './finding';
import { type ReconcileScope, joinedScopes } from './scope';

/**
 * Where a reconciliation stands. Listings are not trusted to keep their order: what they answer is sorted, and a position is the last
 * one that was done, or the window of the next ones.
 */
export type ReconcileCursor =
  /** The cursor of `applyEverywhere`, as it answered it; absent at the beginning. */
  | { readonly phase: 'claims'; readonly position?: unknown }
  | { readonly phase: 'places'; readonly done: number }
  /** Collects from the ledger whom and what to ask about; accounts up to this one are done. */
  | { readonly phase: 'gather'; readonly after: string }
  | { readonly phase: 'principals'; readonly after: string }
  /** The next permission sets and, of the first of them, the next accounts; `isRest`: no others come after them. */
  | {
      readonly phase: 'pairs';
      readonly after: string;
      readonly sets: readonly string[];
      readonly isRest: boolean;
      readonly accounts?: { readonly ids: readonly string[]; readonly isRest: boolean };
      readonly afterAccount: string;
    }
  | { readonly phase: 'second looks'; readonly done: number }
  | { readonly phase: 'close'; readonly after: string }
  | { readonly phase: 'reserve'; readonly after: string; readonly count: number }
  | { readonly phase: 'enforce'; readonly after: string; readonly left: number }
  | { readonly phase: 'report' };

/** What a reconciliation did beside looking. */
export interface ReconcileCounts {
  /** Assignments whose item a look changed. */
  readonly looks: number;
  /** Unknown ones that became standing. */
  readonly adopted: number;
  /** Unknown ones whose removal was planned. */
  readonly removed: number;
  /** Missing ones whose claim was opened again. */
  readonly restored: number;
  /** Removals that the guard held back. */
  readonly held: number;
  /** Calls of the admin API. */
  readonly calls: number;
}

/** See {@link ReconcileCounts}. */
export const NOTHING_DONE: ReconcileCounts = {
  looks: 0,
  adopted: 0,
  removed: 0,
  restored: 0,
  held: 0,
  calls: 0,
};

/** What is told of a finding; ids only. */
export interface FindingExample extends AssignmentKey {
  readonly kind: FindingKind;
}

/** The reconciliation that is being worked on. */
export interface ReconcileRun {
  readonly scope: ReconcileScope;
  /** Counts the reconciliations. */
  readonly walk: number;
  readonly since: number;
  readonly cursor: ReconcileCursor;
  readonly done: ReconcileCounts;
  /** Open findings as the closing counts them, those that are new, and the first of these. */
  readonly found: FindingCounts;
  readonly news: FindingCounts;
  readonly examples: readonly FindingExample[];
  /** Places of looks that a second one has to confirm, and when the last of them was made. */
  readonly doubts: readonly Place[];
  readonly doubtedAt: number;
  /** Parts of its notes that were kept. */
  readonly parts: number;
  /** Places that were asked for meanwhile: the next step begins with them. */
  readonly urgent?: readonly Place[];
  /** The service cannot be asked at present: since when, how often in a row, and why. */
  readonly trouble?: { readonly since: number; readonly tries: number; readonly reason: string };
}

/** How a reconciliation ended. `held`: the guard let nothing be removed. `failed`: it broke off, and concluded nothing. */
export interface LastReconciliation {
  readonly at: number;
  readonly since: number;
  readonly number: number;
  readonly walk?: 'principals' | 'complete';
  readonly outcome: 'done' | 'held' | 'failed';
  readonly reason?: string;
  readonly done: ReconcileCounts;
  readonly found: FindingCounts;
  readonly news: FindingCounts;
}

/** The one item by which reconciliations exclude each other: `RECONCILE` / `STATE`. At most some 30 KB. */
export interface ReconcileRecord extends RunRecord {
  /** Counts the reconciliations. */
  readonly walks: number;
  /** What has been asked for and was not begun. */
  readonly pending?: ReconcileScope;
  readonly run?: ReconcileRun;
  readonly last?: LastReconciliation;
  /** When the last walk of any kind, and the last complete one, began that came to its end. */
  readonly dailyAt?: number;
  readonly completeAt?: number;
  /** When the service last refused to list by principal. */
  readonly refusedByPrincipalAt?: number;
}

/** Before the first one. */
export const NO_RECONCILIATION: ReconcileRecord = { ...NO_RUN, walks: 0 };

/** A refusal to list by principal is believed for so long. */
export const REFUSAL_BELIEVED_MS = 24 * 60 * 60_000;

/** Whether listing by principal is known to be refused. */
export function isRefusedByPrincipal({ refusedByPrincipalAt }: ReconcileRecord, now: number): boolean {
  return refusedByPrincipalAt !== undefined && now - refusedByPrincipalAt < REFUSAL_BELIEVED_MS;
}

/** Adds an asking. Where no execution works, or the one that did is dead, the next number is to be started. */
export function asked(record: ReconcileRecord, scope: ReconcileScope, now: number): ReconcileRecord {
  return restarted({ ...record, pending: joinedScopes(record.pending, scope) }, now);
}

/** Gives the next execution its number where none works and there is something to do. */
export function restarted(record: ReconcileRecord, now: number): ReconcileRecord {
  const isWork = record.pending !== undefined || record.run !== undefined;
  return isWork ? withNextNumber(record, now) : record;
}

/** Takes up what was asked for, if nothing is being worked on. */
export function begun(record: ReconcileRecord, now: number): ReconcileRecord {
  const { pending, ...rest } = record;
  if (record.run !== undefined || pending === undefined) return record;
  const isRefused = pending.walk === 'principals' && isRefusedByPrincipal(record, now);
  const scope: ReconcileScope = isRefused ? { ...pending, walk: 'complete' } : pending;
  const walks = record.walks + 1;
  const run: ReconcileRun = {
    scope,
    walk: walks,
    since: now,
    cursor: scope.claims === true ? { phase: 'claims' } : { phase: 'places', done: 0 },
    done: NOTHING_DONE,
    found: NO_FINDINGS,
    news: NO_FINDINGS,
    examples: [],
    doubts: [],
    doubtedAt: 0,
    parts: 0,
  };
  return { ...rest, walks, run };
}

/** Takes up the places that were asked for while a reconciliation goes on: they are not kept waiting for the end of a walk of hours. */
export function withUrgentPlaces(record: ReconcileRecord): ReconcileRecord {
  const { pending: { places = [], ...others } = {}, run, ...rest } = record;
  if (run === undefined || places.length === 0) return record;
  const isMore = Object.keys(others).length > 0;
  const { places: urgent = [] } = joinedScopes({ places: run.urgent ?? [] }, { places });
  // More of them than one asking may gather are left to the walk that is asked for in their place.
  if (urgent.length === 0) return record;
  return { ...rest, ...(isMore ? { pending: others } : {}), run: { ...run, urgent } };
}

/** The record after a reconciliation came to its end. */
export function ended(
  record: ReconcileRecord,
  run: ReconcileRun,
  outcome: Pick<LastReconciliation, 'outcome' | 'reason'>,
  now: number,
): ReconcileRecord {
  const { run: _over, ...rest } = record;
  const { scope, since, done, found, news } = run;
  const { walk } = scope;
  const isWhole = outcome.outcome !== 'failed' && walk !== undefined;
  return {
    ...rest,
    running: record.pending !== undefined,
    last: {
      at: now,
      since,
      number: run.walk,
      ...outcome,
      ...(walk === undefined ? {} : { walk }),
      done,
      found,
      news,
    },
    ...(isWhole ? { dailyAt: since } : {}),
    ...(isWhole && walk === 'complete' ? { completeAt: since } : {}),
  };
}
