import type { AdminCall } from '../ports/identity-center';
import { WORK_CLASSES, type WorkClass } from '../ports/ledger';
import { Forecast, type Latencies } from './latencies';
import { lookAloneAt, lookTogetherAt, probablyEnded } from './look-times';
import { SlotDesk, type SlotGroup, isHeldByPause } from './slots';

/**
 * The scheduler: what is known at one instant goes in, what is to be done now comes out. Pure, so that the benchmark, the property
 * tests and the Lambda run the same code. A decision costs time in the number of operations under way and in the pages of
 * waiting ones that it is shown (at most 15 and 100 a class), never in the number that wait.
 */

/** An operation under way. Instants are epoch milliseconds. */
export interface OpenOperation {
  readonly id: string;
  readonly call: AdminCall;
  /** Undefined for what takes no assignment slot: provisions, and operations that ended and are only confirmed. */
  readonly group: SlotGroup | undefined;
  readonly accountId: string | undefined;
  /** What conflicts while it is written: account and permission set. Undefined: nothing does. */
  readonly place: string | undefined;
  readonly phase: 'sending' | 'following' | 'confirming' | 'recovering';
  readonly acceptedAt: number;
  /** The latest instant at which it was known to be under way. */
  readonly seenAt: number;
  /** It was asked about alone, or was in a list once, and the last list did not have it. */
  readonly isMissing: boolean;
  /** Nothing is done about it before. */
  readonly lookAt: number;
  /** Something is being done about it. */
  readonly isBusy: boolean;
  /** Somebody waits for it: it is looked at often. The end of a revoke is only reported later where it is seen later. */
  readonly isUrgent: boolean;
}

/** An operation that waits. */
export interface WaitingOperation {
  readonly id: string;
  readonly class: WorkClass;
  readonly accountId: string | undefined;
  readonly place: string | undefined;
  readonly notBefore: number;
}

/** All that a decision depends on. */
export interface ScheduleState {
  readonly now: number;
  /** Calls a second that the dispatcher allows itself. */
  readonly perSecond: number;
  /** Calls that the rate allows at this instant, and when it allows the next. */
  readonly freeCalls: number;
  readonly freeCallAt: number;
  readonly slots: number;
  readonly open: readonly OpenOperation[];
  /** The first page of each class, in its order. */
  readonly waiting: Readonly<Record<WorkClass, readonly WaitingOperation[]>>;
  /** Whether that is all bulk work that is due, and not only a first page. */
  readonly isAllBulkShown: boolean;
  /** When each status list was last asked for; undefined while it is being asked for. */
  readonly listedAt: Readonly<Record<AdminCall, number | undefined>>;
  readonly latencies: Latencies;
  /** When something of a class was last sent, as far as this pass has. */
  readonly sentAt: Readonly<Partial<Record<WorkClass, number>>>;
  /** Whether a place was looked at so lately that bulk work there need not look again. */
  readonly isSurveyed: (place: string) => boolean;
  /** Grants, bulk work and provisions stay where they are. */
  readonly isPaused: boolean;
}

/**
 * - `look`: ask for the list of a call's operations that are in progress
 * - `describe`: ask for the status of one
 * - `check`: read the effect of one, or search for one whose reply was lost
 * - `survey`: look at the place of a bulk grant that is next, while there is no slot for it
 * - `submit`: send a waiting one
 */
export type Decision =
  | { readonly do: 'look'; readonly call: AdminCall }
  | { readonly do: 'describe' | 'check'; readonly id: string }
  | { readonly do: 'survey'; readonly id: string }
  | { readonly do: 'submit'; readonly id: string; readonly class: WorkClass };

/** What to do now, and until when to wait if nothing else happens. */
export interface Schedule {
  readonly decisions: readonly Decision[];
  /** Undefined: nothing is due at any time. */
  readonly waitUntil: number | undefined;
}

/** More than so many of a call are looked at together. */
const FEW = 2;

/**
 * Where latencies hardly vary, operations that begin together end together, round after round, and who comes in between
 * waits for all of them. So bulk work is sent one after the other, the slots filled over this part of a latency (the rest makes up
 * for what comes late): then one is free every L / 15. Latencies that vary more spread the ends by themselves.
 */
const SPREAD_SHARE = 0.75;

/** Before anything is known of latencies the slots are filled over this part of what is believed. */
const UNLEARNED_SPREAD_SHARE = 0.5;

/** Where less bulk work waits it is soon over, and is sent as it comes. */
const SPREAD_FROM = 30;

/** Places of bulk grants that are looked at ahead: what is sent within the next second or two. */
const SURVEYED_AHEAD = 4;

/** A place where an operation is under way is looked at ahead when it may end so soon: what waits there goes next. */
const SURVEYED_BEFORE_MS = 3_000;

/** Calls that looks ahead leave free, for a list that comes due at the next instant. */
const SPARED_CALLS = 2;

/** Ended operations that are still to be described or confirmed. Where sending takes all calls more would pile up: then they go first. */
const UNFINISHED_AT_MOST = 5;

/** A class that has sent nothing for so long gets a call before all others: nobody starves of calls either. */
const SHARE_MS = 1_000;

/** Calls that a submission needs: a grant looks first. */
const SUBMIT_CALLS: Readonly<Record<WorkClass, number>> = {
  overdue: 1,
  revoke: 1,
  people: 2,
  provision: 1,
  bulk: 2,
  look: 1,
};

interface Candidate {
  readonly decision: Decision;
  /** Smaller goes first. */
  readonly rank: number;
  readonly calls: number;
}

const RANK = { urgent: 0, status: 1, confirm: 2, bulk: 3, over: 4, survey: 5 } as const;

/** Decides. The order within one rank is that of the state. */
export function decide(state: ScheduleState): Schedule {
  const forecasts = forecastsOf(state);
  const due: Candidate[] = [];
  const later: number[] = [];
  followUp(state, forecasts, due, later);
  submissions(state, forecasts, due, later);
  const decisions: Decision[] = [];
  let { freeCalls } = state;
  for (const { decision, calls, rank } of due.sort((a, b) => a.rank - b.rank)) {
    if (rank === RANK.survey && freeCalls <= SPARED_CALLS) break;
    if (freeCalls <= 0) {
      later.push(state.freeCallAt);
      break;
    }
    freeCalls -= calls;
    decisions.push(decision);
  }
  return {
    decisions,
    waitUntil: later.length === 0 ? undefined : Math.min(...later),
  };
}

type Forecasts = (call: AdminCall) => Forecast;

function forecastsOf({ latencies }: ScheduleState): Forecasts {
  const made = new Map<AdminCall, Forecast>();
  return (call) => {
    const forecast = made.get(call) ?? new Forecast(latencies, call);
    made.set(call, forecast);
    return forecast;
  };
}

/** What the operations under way need: statuses, effects, searches. */
function followUp(state: ScheduleState, forecasts: Forecasts, due: Candidate[], later: number[]): void {
  const take = (at: number, candidate: Candidate): void => {
    if (at <= state.now) due.push(candidate);
    else later.push(at);
  };
  const free = state.open.filter(({ isBusy }) => !isBusy);
  const ended = free.filter(
    (each) => each.group === undefined && isUnfinished(each) && each.lookAt <= state.now,
  );
  const isPilingUp = ended.length > UNFINISHED_AT_MOST;
  for (const operation of free.filter(isUnfinished)) {
    const isUrgent = operation.isUrgent || (isPilingUp && operation.group === undefined);
    const candidate =
      operation.phase === 'following'
        ? describeOf(operation, isUrgent ? RANK.urgent : rankOfMissing(operation))
        : checkOf(operation, isUrgent ? RANK.urgent : RANK.confirm);
    take(operation.lookAt, candidate);
  }
  const following = free.filter(({ phase, isMissing }) => phase === 'following' && !isMissing);
  for (const call of ['create', 'delete', 'provision'] as const) {
    const ofCall = following.filter((operation) => operation.call === call);
    if (ofCall.length === 0) continue;
    const forecast = forecasts(call);
    if (ofCall.length <= FEW) {
      for (const each of ofCall) take(lookAloneAt(each, forecast), describeOf(each, RANK.status));
      continue;
    }
    const listedAt = state.listedAt[call];
    if (listedAt === undefined) continue;
    const lookAt = lookTogetherAt(ofCall, listedAt, forecast, state);
    const ended = lookAt <= state.now ? probablyEnded(ofCall, forecast, state.now) : undefined;
    if (ended === undefined) {
      const candidate = { decision: { do: 'look', call }, rank: RANK.status, calls: 1 } as const;
      take(lookAt, candidate);
    } else due.push(...ended.map((each) => describeOf(each, RANK.status)));
  }
}

/** Whether something is to be done about the operation itself: it left the list, or is to be confirmed, searched for, given up. */
function isUnfinished({ phase, isMissing }: OpenOperation): boolean {
  return phase !== 'following' || isMissing;
}

/** One whose slot is free already can wait for the calls of others. */
function rankOfMissing({ group }: OpenOperation): number {
  return group === undefined ? RANK.over : RANK.status;
}

function checkOf({ id }: OpenOperation, rank: number): Candidate {
  return { decision: { do: 'check', id }, rank, calls: 1 };
}

function describeOf({ id }: OpenOperation, rank: number): Candidate {
  return { decision: { do: 'describe', id }, rank, calls: 1 };
}

/** What is sent now. */
function submissions(state: ScheduleState, forecasts: Forecasts, due: Candidate[], later: number[]): void {
  const desk = new SlotDesk(state);
  for (const workClass of WORK_CLASSES) {
    if (state.isPaused && isHeldByPause(workClass)) continue;
    for (const { notBefore } of state.waiting[workClass]) if (notBefore > state.now) later.push(notBefore);
  }
  const apart = apartMs(state, forecasts('create'));
  const nextBulkAt = (state.sentAt.bulk ?? 0) + apart;
  let isBulkSent = false;
  const served = new Set<WorkClass>();
  for (let next = desk.next(); next !== undefined; next = desk.next()) {
    if (next.class === 'bulk' && apart > 0) {
      if (isBulkSent || nextBulkAt > state.now) {
        later.push(isBulkSent ? state.now + apart : nextBulkAt);
        desk.close('bulk');
        continue;
      }
      isBulkSent = true;
    }
    desk.take(next);
    const isFirst = !served.has(next.class) && state.now - (state.sentAt[next.class] ?? 0) >= SHARE_MS;
    served.add(next.class);
    due.push({
      decision: { do: 'submit', id: next.id, class: next.class },
      rank: isFirst || SOMEBODY_WAITS.has(next.class) ? RANK.urgent : RANK.bulk,
      calls: callsOf(next, state),
    });
  }
  surveys(state, forecasts, desk, due);
}

/** Milliseconds between two bulk operations; 0 where they need not be spread. */
function apartMs({ waiting, slots }: ScheduleState, forecast: Forecast): number {
  const isSteady = !forecast.isLearned || forecast.isSteady;
  const isSpread = isSteady && waiting.bulk.length >= SPREAD_FROM;
  const share = forecast.isLearned ? SPREAD_SHARE : UNLEARNED_SPREAD_SHARE;
  return isSpread ? (share * forecast.mean) / slots : 0;
}

/** Looks ahead: while the slots are full, calls are often free. */
function surveys(state: ScheduleState, forecasts: Forecasts, desk: SlotDesk, due: Candidate[]): void {
  if (state.isPaused || state.freeCalls <= SPARED_CALLS || state.waiting.bulk.length === 0) return;
  const ending = state.open.filter(
    ({ call, acceptedAt }) => forecasts(call).quantile(0.1) - (state.now - acceptedAt) <= SURVEYED_BEFORE_MS,
  );
  const soonFree = new Set(ending.flatMap(({ place }) => place ?? []));
  for (const { id, place } of desk.comingUp(soonFree, SURVEYED_AHEAD)) {
    if (place === undefined || state.isSurveyed(place)) continue;
    due.push({ decision: { do: 'survey', id }, rank: RANK.survey, calls: 1 });
  }
}

function callsOf({ class: workClass, place }: WaitingOperation, { isSurveyed }: ScheduleState): number {
  const isSpared = workClass === 'bulk' && place !== undefined && isSurveyed(place);
  return isSpared ? 1 : SUBMIT_CALLS[workClass];
}

const SOMEBODY_WAITS: ReadonlySet<WorkClass> = new Set(['overdue', 'revoke', 'people']);
