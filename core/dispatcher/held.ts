import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { workPlace } from '../assignments/work-class';
import type { AdminCall, ProvisionTarget } from '../ports/identity-center';
import type { WorkClass } from '../ports/ledger';
import { type Provision, describeTarget } from '../provisions/provision';
import { placeOf } from './place-looks';
import { type Forecast, learnLatency } from './latencies';
import type { Learned } from './learned';
import type { OpenOperation } from './schedule';
import { groupOf } from './slots';

/** A new operation may be missing from the lists for so long, usually … */
const LIST_LAG_MS = 2_000;

/** … and for no longer than this: of an older one that a list does not have, the slot is free before anybody has asked for its status. */
const LONGEST_LIST_LAG_MS = 10_000;

/** What an operation is about: an assignment, or a provision. */
export type Subject = AssignmentKey | ProvisionTarget;

/** The item of a subject in the ledger. */
export type WorkItem = Assignment | Provision;

/** An operation as a pass holds it: the item as it was last written, and what the pass saw of it. */
export interface Held {
  readonly id: string;
  readonly class: WorkClass;
  readonly subject: Subject;
  /** Absent while it is being sent. */
  item?: WorkItem;
  /** Epoch milliseconds; see {@link OpenOperation}. */
  acceptedAt: number;
  seenAt: number;
  lookAt: number;
  wasListed: boolean;
  isMissing: boolean;
  isBusy: boolean;
}

/** Whether a subject is an assignment. */
export function isAssignmentKey(subject: Subject): subject is AssignmentKey {
  return 'principalId' in subject;
}

/** Whether an item is an assignment's. */
export function isAssignment(item: WorkItem): item is Assignment {
  return 'claims' in item;
}

/** What an item is about. */
export function subjectOf(item: WorkItem): Subject {
  return isAssignment(item) ? item.key : item.target;
}

/** Names a subject; no assignment is named like a provision. */
export function idOf(subject: Subject): string {
  return isAssignmentKey(subject) ? describeKey(subject) : `provision ${describeTarget(subject)}`;
}

/** The place that a subject writes, and its account; a provision of every account has none, its conflicts are answered one by one. */
export function whereIs(subject: Subject): Pick<OpenOperation, 'accountId' | 'place'> {
  const { accountId, permissionSetArn } = subject;
  if (accountId === undefined) return { accountId: undefined, place: undefined };
  return { accountId, place: placeOf({ accountId, permissionSetArn }) };
}

/** An item whose operation is under way, as a pass takes it up; undefined where there is none. */
export function takeUp(item: WorkItem, now: number): Held | undefined {
  const { operation } = item;
  if (operation === undefined || operation.state === 'INTENT') return undefined;
  const subject = subjectOf(item);
  const acceptedAt = operation.acceptedAt ?? operation.submittedAt ?? now;
  return {
    id: idOf(subject),
    class: classOfItem(item),
    subject,
    item,
    acceptedAt,
    seenAt: acceptedAt,
    lookAt: 0,
    // Some list of the pass before had it, or it has ended before one could.
    wasListed: now - acceptedAt >= LONGEST_LIST_LAG_MS,
    isMissing: false,
    isBusy: false,
  };
}

/** What the scheduler is shown of it. */
export function asOpen(held: Held): OpenOperation {
  const { id, item, subject, acceptedAt, seenAt, lookAt, isMissing, isBusy } = held;
  const state = item?.operation?.state ?? 'SUBMITTING';
  const phase = PHASES[state];
  // What left the list has ended, whatever its status turns out to be: slot and place are free.
  const isOver = phase === 'confirming' || (phase === 'following' && isMissing && held.wasListed);
  return {
    id,
    call: callOf(held),
    group: isOver ? undefined : groupOf(held.class),
    ...(isOver ? { accountId: undefined, place: undefined } : whereIs(subject)),
    phase,
    acceptedAt,
    seenAt,
    lookAt,
    isMissing,
    isBusy,
    isUrgent: held.class === 'people',
  };
}

/** The request id under which Identity Center follows it. */
export function requestIdOf({ item }: Held): string | undefined {
  return item?.operation?.state === 'FOLLOWING' ? item.operation.requestId : undefined;
}

/** From this chance on one that no list has shown yet is asked for alone: it may have ended before a list could show it. */
const MAY_HAVE_ENDED = 0.3;

/** Notes what a list of the operations in progress, asked for at `askedAt`, says of one of them. */
export function markListed(held: Held, ids: ReadonlySet<string>, askedAt: number, forecast: Forecast): void {
  const requestId = requestIdOf(held);
  if (requestId === undefined || held.acceptedAt > askedAt) return;
  if (ids.has(requestId)) {
    Object.assign(held, { wasListed: true, isMissing: false, seenAt: Math.max(held.seenAt, askedAt) });
  } else if (askedAt >= held.lookAt) {
    // One that was never listed has not ended, as far as a list that lags can tell.
    const age = askedAt - held.acceptedAt;
    held.isMissing = held.wasListed || age >= LIST_LAG_MS || forecast.endedBy(age) >= MAY_HAVE_ENDED;
  }
}

/** What its end, seen now, teaches about the latency of its call. */
export function learnedFrom(held: Held, learned: Learned, now: number): Learned {
  const { seenAt, acceptedAt } = held;
  const latencies = learnLatency(learned.latencies, callOf(held), seenAt - acceptedAt, now - acceptedAt);
  return { ...learned, latencies };
}

/** The call that started it. */
export function callOf({ item, subject, class: workClass }: Held): AdminCall {
  if (!isAssignmentKey(subject)) return 'provision';
  if (item !== undefined && isAssignment(item) && item.operation !== undefined)
    return item.operation.kind === 'delete' ? 'delete' : 'create';
  return workClass === 'revoke' || workClass === 'overdue' ? 'delete' : 'create';
}

const PHASES = {
  INTENT: 'sending',
  SUBMITTING: 'sending',
  FOLLOWING: 'following',
  CONFIRMING: 'confirming',
  RECOVERING: 'recovering',
} as const;

/** The class of an item's operation, whether it waits or is under way. */
export function classOfItem(item: WorkItem): WorkClass {
  if (!isAssignment(item)) return 'provision';
  return item.operation === undefined ? 'look' : workPlace(item, item.operation).class;
}
