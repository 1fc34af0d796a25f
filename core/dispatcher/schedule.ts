import type { AdminCall } from '../ports/identity-center';
import { WORK_CLASSES, type WorkClass } from '../ports/ledger';
import { Forecast, type Latencies } from './latencies';

/**
 * The scheduler: what is known at one instant goes in, what is to be done now comes out. Pure, so that the benchmark, the property
 * tests and the Lambda run the same code. A decision costs time in the number of operations under way and in the pages of
 * waiting ones that it is shown (at most 15 and 100 a class), never in the number that wait.
 */

/** Who a slot is for: the service lets so many assignment operations be under way, and these share them. */
export type SlotGroup = 'revokes' | 'people' | 'bulk';

/**
 * A group below its floor, with work waiting, goes before every other: nobody starves. The floors are no reserve: a slot that
 * nobody of its group asks for is used by others.
 */
export const SLOT_FLOORS: Readonly<Record<SlotGroup, number>> = { revokes: 2, people: 2, bulk: 1 };

/** Provisions that the service lets be under way. */
export const PROVISION_SLOTS = 3;

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
  /** Somebody waits for it, or access is to end: it is looked at often. */
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
  /** When each status list was last asked for; undefined while it is being asked for. */
  readonly listedAt: Readonly<Record<AdminCall, number | undefined>>;
  readonly latencies: Latencies;
  /** When bulk work was last sent. */
  readonly bulkSentAt: number;
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
 * Slot time that may pass unused, as far as can be expected, before a list is asked for: fewer calls with more, free slots are seen
 * sooner with less. At 15 slots and 4.8 s this is little more than one list an operation, and a seventh of a second until its end is seen.
 */
const IDLE_MS = 60;

/** An operation has probably ended from this chance on; and ends of others that may go unnoticed for it. */
const PROBABLE = 0.6;
const MISSED_AT_MOST = 0.3;

/** Slot time for an operation that nobody waits for. */
const IDLE_ALONE_MS = 700;

/** Slot time for one that somebody waits for. */
const IDLE_URGENT_MS = 120;

/** From the end of an operation until the next one in its slot was accepted, roughly. */
const TURN_MS = 400;

/** Part of the rate that lists may take of what sending, looking and describing leave. */
const LIST_RATE = 0.8;

/** Calls that an operation takes besides lists: it is sent, described, and a few times looked at. */
const CALLS_EACH = 2.3;

/** A list is asked for at most ten times a second, and at the latest after 8 s, whatever is expected. */
const LIST_FLOOR_MS = 100;
const LIST_CEILING_MS = 8_000;

/**
 * Latencies that vary by less are steady: operations that begin together end together, round after round, and who comes in between
 * waits for all of them. So bulk work is sent one after the other, the slots filled over this part of a latency (the rest makes up
 * for what comes late): then one is free every L / 15. Latencies that vary more spread the ends by themselves.
 */
const STEADY_VARIATION = 0.25;
const SPREAD_SHARE = 0.85;

/** Before anything is known of latencies the slots are filled over this part of what is believed. */
const UNLEARNED_SPREAD_SHARE = 0.5;

/** Where less bulk work waits it is soon over, and is sent as it comes. */
const SPREAD_FROM = 30;

/** Places of bulk grants that are looked at ahead: what is sent within the next second or two. */
const SURVEYED_AHEAD = 4;

/** Of the last ones, those go first at whose place the most wait: they go one after the other, and would be the end of it. */
const LAST_ONES = 50;

/** Calls that a submission needs: a grant looks first. */
const SUBMIT_CALLS: Readonly<Record<WorkClass, number>> = {
  overdue: 1,
  revoke: 1,
  people: 2,
  provision: 1,
  bulk: 2,
  look: 1,
};

/** The group whose slots a class takes. */
export function groupOf(workClass: WorkClass): SlotGroup | undefined {
  switch (workClass) {
    case 'overdue':
    case 'revoke':
      return 'revokes';
    case 'people':
      return 'people';
    case 'bulk':
      return 'bulk';
    case 'provision':
    case 'look':
      return undefined;
  }
}

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
  for (const { decision, calls } of due.sort((a, b) => a.rank - b.rank)) {
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
  const following: OpenOperation[] = [];
  for (const operation of state.open) {
    if (operation.isBusy) continue;
    if (operation.phase === 'following') {
      if (!operation.isMissing) following.push(operation);
      else take(operation.lookAt, describeOf(operation, rankOfMissing(operation)));
      continue;
    }
    const rank = operation.isUrgent ? RANK.urgent : RANK.confirm;
    take(operation.lookAt, { decision: { do: 'check', id: operation.id }, rank, calls: 1 });
  }
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

/**
 * Where it is all but certain which ones have ended, they are asked for at once, and the list is spared: it is worth a call as long as
 * less than one of them is expected to be under way still, and hardly any of the others to have ended. Undefined: ask for the list.
 */
function probablyEnded(
  operations: readonly OpenOperation[],
  forecast: Forecast,
  now: number,
): readonly OpenOperation[] | undefined {
  const ended: OpenOperation[] = [];
  let wasted = 0;
  let missed = 0;
  for (const operation of operations) {
    const chance = forecast.endedSince(operation, now);
    if (chance >= PROBABLE && operation.lookAt <= now) {
      ended.push(operation);
      wasted += 1 - chance;
    } else missed += chance;
  }
  return ended.length > 0 && wasted < 1 && missed < MISSED_AT_MOST ? ended : undefined;
}

/** One whose slot is free already can wait for the calls of others, unless somebody waits for it. */
function rankOfMissing({ isUrgent, group }: OpenOperation): number {
  if (isUrgent) return RANK.urgent;
  return group === undefined ? RANK.over : RANK.status;
}

function describeOf({ id }: OpenOperation, rank: number): Candidate {
  return { decision: { do: 'describe', id }, rank, calls: 1 };
}

/**
 * When to ask for the status of one operation: when its end is rather to be expected than not, but, since a sample can be wrong, after
 * a short interval at the latest. Where somebody waits that is 2 s while it is younger than operations usually get, then half a
 * second, and from an age of 10 s on a twentieth of the age.
 */
function lookAloneAt(operation: OpenOperation, forecast: Forecast): number {
  const { acceptedAt, seenAt, lookAt, isUrgent } = operation;
  const age = seenAt - acceptedAt;
  const youth = 0.95 * forecast.earliest - age;
  const ceiling = isUrgent
    ? Math.max(Math.min(youth, 2_000), Math.min(Math.max(age / 20, 500), 10_000))
    : Math.min(Math.max(age / 8, 1_500), 60_000);
  const floor = isUrgent ? 250 : 500;
  const idleMs = isUrgent ? IDLE_URGENT_MS : IDLE_ALONE_MS;
  return Math.max(forecast.worthLookingAt([operation], idleMs, seenAt + floor, seenAt + ceiling), lookAt);
}

/** When to ask for the list: when ends are to be expected among all of them, or when one that somebody waits for is due alone. */
function lookTogetherAt(
  operations: readonly OpenOperation[],
  listedAt: number,
  forecast: Forecast,
  { slots, perSecond }: ScheduleState,
): number {
  const ends = (1000 * Math.min(operations.length, slots)) / (forecast.mean + TURN_MS);
  // With n ends a second, lists come √(n / 2 idle) times a second: no more than the rate leaves to them.
  const lists = Math.max(LIST_RATE * (perSecond - CALLS_EACH * ends), 1);
  // Where ends are known beforehand no list is needed, and none need be spared.
  const isSteady = forecast.variation < STEADY_VARIATION;
  const idleMs = isSteady ? IDLE_MS : Math.max(IDLE_MS, (1000 * ends) / (2 * lists ** 2));
  const floor = listedAt + LIST_FLOOR_MS;
  const oldest = Math.min(...operations.map(({ seenAt }) => seenAt));
  const expected = forecast.worthLookingAt(
    operations,
    idleMs,
    floor,
    Math.max(Math.max(oldest, listedAt) + LIST_CEILING_MS, floor),
  );
  const urgent = operations.filter(({ isUrgent }) => isUrgent).map((each) => lookAloneAt(each, forecast));
  return Math.max(floor, Math.min(expected, ...urgent));
}

/** What is sent now. */
function submissions(state: ScheduleState, forecasts: Forecasts, due: Candidate[], later: number[]): void {
  const desk = new SlotDesk(state);
  for (const workClass of WORK_CLASSES) {
    if (state.isPaused && isHeldByPause(workClass)) continue;
    for (const { notBefore } of state.waiting[workClass]) if (notBefore > state.now) later.push(notBefore);
  }
  const apart = apartMs(state, forecasts('create'));
  const nextBulkAt = state.bulkSentAt + apart;
  let isBulkSent = false;
  for (let next = desk.next(); next !== undefined; next = desk.next()) {
    if (next.class === 'bulk' && apart > 0) {
      if (isBulkSent || nextBulkAt > state.now) {
        later.push(isBulkSent ? state.now + apart : nextBulkAt);
        desk.close('bulk');
        continue;
      }
      isBulkSent = true;
    }
    const isBelowFloor = desk.take(next);
    due.push({
      decision: { do: 'submit', id: next.id, class: next.class },
      rank: isBelowFloor || SOMEBODY_WAITS.has(next.class) ? RANK.urgent : RANK.bulk,
      calls: callsOf(next, state),
    });
  }
  surveys(state, desk, due);
}

/** Milliseconds between two bulk operations; 0 where they need not be spread. */
function apartMs({ waiting, slots }: ScheduleState, forecast: Forecast): number {
  const isSteady = !forecast.isLearned || forecast.variation < STEADY_VARIATION;
  const isSpread = isSteady && waiting.bulk.length >= SPREAD_FROM;
  const share = forecast.isLearned ? SPREAD_SHARE : UNLEARNED_SPREAD_SHARE;
  return isSpread ? (share * forecast.mean) / slots : 0;
}

/** Looks ahead: while the slots are full, calls are often free. */
function surveys({ isSurveyed, isPaused }: ScheduleState, desk: SlotDesk, due: Candidate[]): void {
  if (isPaused) return;
  for (const { id, place } of desk.comingUp(SURVEYED_AHEAD)) {
    if (place === undefined || isSurveyed(place)) continue;
    due.push({ decision: { do: 'survey', id }, rank: RANK.survey, calls: 1 });
  }
}

function callsOf({ class: workClass, place }: WaitingOperation, { isSurveyed }: ScheduleState): number {
  const isSpared = workClass === 'bulk' && place !== undefined && isSurveyed(place);
  return isSpared ? 1 : SUBMIT_CALLS[workClass];
}

const SOMEBODY_WAITS: ReadonlySet<WorkClass> = new Set(['overdue', 'revoke', 'people']);

/** Whether a pause keeps a class from being sent: everything but revokes, and looks, which only read. */
export function isHeldByPause(workClass: WorkClass): boolean {
  return workClass === 'people' || workClass === 'bulk' || workClass === 'provision';
}

/** Hands out the slots, one waiting operation after the other. */
class SlotDesk {
  readonly #state: ScheduleState;
  readonly #used: Record<SlotGroup, number> = { revokes: 0, people: 0, bulk: 0 };
  readonly #places: Set<string>;
  readonly #accounts: Set<string>;
  readonly #taken = new Set<string>();
  readonly #closed = new Set<WorkClass>();
  /** How many of the last bulk operations wait at each place; undefined while there are more. */
  readonly #left: ReadonlyMap<string, number> | undefined;
  #provisions: number;

  constructor(state: ScheduleState) {
    this.#state = state;
    const writing = state.open.filter(({ phase }) => phase === 'sending' || phase === 'following');
    this.#places = new Set(writing.flatMap(({ place }) => place ?? []));
    const { bulk } = state.waiting;
    this.#left = bulk.length < LAST_ONES ? countBy(bulk) : undefined;
    this.#accounts = new Set(writing.flatMap(({ accountId }) => accountId ?? []));
    this.#provisions = state.open.filter(
      ({ call, phase }) => call === 'provision' && phase !== 'confirming',
    ).length;
    for (const { id, group } of state.open) {
      this.#taken.add(id);
      if (group !== undefined) this.#used[group] += 1;
    }
  }

  /** The next one that may be sent: of a group below its floor, else by the order of the classes. */
  next(): WaitingOperation | undefined {
    for (const workClass of WORK_CLASSES) {
      const group = groupOf(workClass);
      if (group === undefined || this.#used[group] >= SLOT_FLOORS[group]) continue;
      const found = this.#first(workClass);
      if (found !== undefined) return found;
    }
    for (const workClass of WORK_CLASSES) {
      const found = this.#first(workClass);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Answers whether its group had less than its floor. */
  take({ id, class: workClass, place, accountId }: WaitingOperation): boolean {
    this.#taken.add(id);
    if (place !== undefined) this.#places.add(place);
    if (accountId !== undefined) this.#accounts.add(accountId);
    const group = groupOf(workClass);
    if (workClass === 'provision') this.#provisions += 1;
    if (group === undefined) return false;
    this.#used[group] += 1;
    return this.#used[group] <= SLOT_FLOORS[group];
  }

  /** Nothing more of this class for now. */
  close(workClass: WorkClass): void {
    this.#closed.add(workClass);
  }

  /** The next bulk operations that only wait for a slot, each at a place of its own. */
  comingUp(count: number): WaitingOperation[] {
    const found = new Map<string, WaitingOperation>();
    for (const each of this.#ready('bulk')) {
      if (found.size >= count) break;
      if (each.place !== undefined && !found.has(each.place)) found.set(each.place, each);
    }
    return [...found.values()];
  }

  #first(workClass: WorkClass): WaitingOperation | undefined {
    const { isPaused } = this.#state;
    if (this.#closed.has(workClass) || (isPaused && isHeldByPause(workClass)) || !this.#hasRoom(workClass))
      return undefined;
    if (workClass !== 'bulk') return this.#ready(workClass).next().value;
    let best: WaitingOperation | undefined;
    let mostLeft = -1;
    for (const each of this.#ready('bulk')) {
      // Where the service writes one role of an account at a time, a second one would only hold a slot.
      const isElsewhere = each.accountId === undefined || !this.#accounts.has(each.accountId);
      const left = this.#leftAt(each.place) + (isElsewhere ? LAST_ONES : 0);
      if (left > mostLeft) [best, mostLeft] = [each, left];
      if (isElsewhere && this.#left === undefined) break;
    }
    return best;
  }

  /** Those of a class that are due, and at whose place nothing is being written. */
  *#ready(workClass: WorkClass): Generator<WaitingOperation, undefined> {
    for (const each of this.#state.waiting[workClass]) {
      if (each.notBefore > this.#state.now || this.#taken.has(each.id)) continue;
      if (each.place === undefined || !this.#places.has(each.place)) yield each;
    }
  }

  #leftAt(place: string | undefined): number {
    return place === undefined ? 0 : (this.#left?.get(place) ?? 0);
  }

  #hasRoom(workClass: WorkClass): boolean {
    if (workClass === 'provision') return this.#provisions < PROVISION_SLOTS;
    if (workClass === 'look') return true;
    const { revokes, people, bulk } = this.#used;
    return revokes + people + bulk < this.#state.slots;
  }
}

function countBy(operations: readonly WaitingOperation[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { place } of operations)
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}
