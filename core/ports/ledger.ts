import type { Assignment, AssignmentKey } from '../assignments/assignment';
import type { Learned } from '../dispatcher/learned';
import type { Provision } from '../provisions/provision';
import type { ProvisionTarget } from './identity-center';
import type { AccountReport } from '../assignments/report';
import type { AccessRequest, RequestStatus } from '../requests/access-request';

/**
 * Classes of waiting work, in the order of their right of way: `overdue` revokes should have been done 15 minutes ago; `people`
 * wait for a grant in few accounts; `look` only reads.
 */
export const WORK_CLASSES = ['overdue', 'revoke', 'people', 'provision', 'bulk', 'look'] as const;

/** See {@link WORK_CLASSES}. */
export type WorkClass = (typeof WORK_CLASSES)[number];

/** A waiting operation, as the work index knows it. */
export interface WaitingWork {
  readonly key: AssignmentKey;
  readonly notBefore: number;
}

/** The assignments of the ledger. Indexes lag and are hints; `read` is strongly consistent. */
export interface AssignmentLedger {
  read(key: AssignmentKey): Promise<Assignment | undefined>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  write(next: Assignment): Promise<Assignment | undefined>;
  /** Assignments with an operation under way, or a request to tell. */
  underWay(): Promise<AssignmentKey[]>;
  /** Waiting operations of a class that are due by `until`, the longest-waiting first. */
  waiting(workClass: WorkClass, until: number, limit: number): Promise<WaitingWork[]>;
  /** Assignments whose `lookAt` is at or before `now`, the earliest first. */
  due(now: number, limit: number): Promise<AssignmentKey[]>;
}

/** An open provision, as the work index knows it. */
export interface OpenProvision {
  readonly target: ProvisionTarget;
  /** Whether it waits to be sent; else it is under way. */
  readonly isWaiting: boolean;
  readonly notBefore: number;
}

/** The provisions of the ledger; the index lags and is a hint, `read` is strongly consistent. */
export interface ProvisionLedger {
  read(target: ProvisionTarget): Promise<Provision | undefined>;
  /** Writes `next` if the ledger still has the version that it was made from; answers what was written, or undefined. */
  write(next: Provision): Promise<Provision | undefined>;
  /** Provisions with an open operation: those under way, then those that wait, the longest-waiting first. */
  open(limit: number): Promise<OpenProvision[]>;
}

/** Which requests to list. */
export type RequestQuery =
  | { readonly by: 'ticket'; readonly system?: string; readonly id: string }
  | { readonly by: 'principal'; readonly name: string }
  | { readonly by: 'status'; readonly status: RequestStatus };

/** One page; `next` is opaque and only good for the same query. */
export interface RequestPage {
  readonly requests: readonly AccessRequest[];
  readonly next?: string;
}

/** A request that is not over. */
export interface OpenRequest {
  readonly id: string;
  readonly attempt: number;
  /** `wake`: it is to end early, and whoever waits may not know yet. `ending`: it is being taken away. */
  readonly state: 'wake' | 'ending' | 'other';
}

/** The requests of the ledger. */
export interface RequestLedger {
  read(id: string): Promise<AccessRequest | undefined>;
  /** Stores a new request; where its id is taken, answers the one that has it. */
  create(request: AccessRequest): Promise<{ readonly created: boolean; readonly request: AccessRequest }>;
  /** Applies `change` to the present record until a write wins; an unchanged record is not written. */
  change(id: string, change: (request: AccessRequest) => AccessRequest): Promise<AccessRequest>;
  reports(id: string): Promise<AccountReport[]>;
  /** Stores an account's report unless a newer one is there. */
  report(id: string, report: AccountReport): Promise<void>;
  /** Newest first. */
  find(query: RequestQuery, limit: number, after?: string): Promise<RequestPage>;
  /** Lets requests be found by the principal that their names turned out to mean. */
  rememberPrincipal(request: AccessRequest): Promise<void>;
  /** Requests that are not over, as the index knows them. */
  open(): Promise<OpenRequest[]>;
}

/** Who may call Identity Center's admin APIs beside the dispatcher, at a rate of their own. */
export const RATE_HOLDERS = ['rollout', 'plan', 'reconcile'] as const;

/** See {@link RATE_HOLDERS}. */
export type RateHolder = (typeof RATE_HOLDERS)[number];

/** Calls a second that the dispatcher leaves to somebody else until an instant (epoch ms, exclusive). */
export interface RegisteredRate {
  readonly perSecond: number;
  readonly until: number;
}

/** The one item by which dispatchers exclude each other. */
export interface DispatcherRecord {
  /** Number of the execution that may work. */
  readonly epoch: number;
  /** No pass begins before this instant. */
  readonly leaseUntil: number;
  /** The running execution promised to begin a pass by then; later it counts as dead. */
  readonly nextPassBy: number;
  /** Counts the calls for work; an execution ends only if it has not changed. */
  readonly wanted: number;
  readonly wantedAt: number;
  readonly running: boolean;
  /** What passes have learned of the service; absent before the first. */
  readonly learned?: Learned;
  /** Set by hand: grants, bulk work and provisions are not sent. */
  readonly paused?: boolean;
  /** What others have registered; a dispatcher goes slower by that much. */
  readonly registered?: Readonly<Partial<Record<RateHolder, RegisteredRate>>>;
}

/**
 * When the next epoch may begin: `nobody works` (not running, or lease and promise are over), `no pass` (no pass is at work: not
 * running, or the lease is over), `always` (whoever hands over is the pass).
 */
export type NextEpoch = 'nobody works' | 'no pass' | 'always';

/** Single-item conditional writes on the dispatcher's record. Each answers the record after the write, or undefined if refused. */
export interface DispatcherLedger {
  read(): Promise<DispatcherRecord>;
  /** `wanted + 1`; never refused. */
  want(now: number): Promise<DispatcherRecord>;
  /** `epoch + 1, running` if the epoch is still `from` and the condition holds. */
  nextEpoch(
    from: number,
    now: number,
    nextPassBy: number,
    condition: NextEpoch,
  ): Promise<DispatcherRecord | undefined>;
  /** Takes the lease if the epoch is still this one and the lease is over. */
  takeLease(
    epoch: number,
    now: number,
    leaseUntil: number,
    nextPassBy: number,
  ): Promise<DispatcherRecord | undefined>;
  /** Gives the lease back, if the epoch and the lease are still the ones that were taken, and keeps what was learned. */
  releaseLease(
    epoch: number,
    leaseUntil: number,
    now: number,
    nextPassBy: number,
    learned: Learned,
  ): Promise<void>;
  /** `running = false` if neither epoch nor `wanted` has changed, and no pass has taken the lease since it was given back at `releasedAt`. */
  stop(epoch: number, wanted: number, releasedAt: number): Promise<DispatcherRecord | undefined>;
  /** Registers a rate until an instant, in place of what this holder had; never refused. */
  register(holder: RateHolder, perSecond: number, until: number): Promise<void>;
  /** Gives the holder's rate back; never refused. */
  unregister(holder: RateHolder): Promise<void>;
  /** The request ids that were accepted last, at most 500. */
  acceptedIds(): Promise<readonly string[]>;
  /** Replaces them. A hint that spares calls: what is lost here is asked for again. */
  keepAcceptedIds(ids: readonly string[]): Promise<void>;
}

/** Thrown where many writers met on one item again and again: nothing was written, the step is to be repeated. */
export class LedgerContentionError extends Error {
  constructor(what: string, attempts: number) {
    super(`${what} was changed by others ${attempts} times in a row, repeat the step`);
    this.name = 'LedgerContentionError';
  }
}
