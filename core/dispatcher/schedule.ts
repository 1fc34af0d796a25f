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
  readonly ramp: Ramp;
  /** Grants, bulk work and provisions stay where they are. */
  readonly isPaused: boolean;
}

/**
 * Bulk work fills the slots over one latency rather than at once. Operations of one length that start together end together,
 * for ever, and who comes in between waits for all of them; spread out, a slot is free every L / 15. What has ended is replaced
 * at once (`refills`).
 */
export interface Ramp {
  readonly refills: number;
  readonly grownAt: number;
}

/**
 * - `look`: ask for the list of a call's operations that are in progress
 * - `describe`: ask for the status of one
 * - `check`: read the effect of one, or search for one whose reply was lost
 * - `submit`: send a waiting one
 */
export type Decision =
  | { readonly do: 'look'; readonly call: AdminCall }
  | { readonly do: 'describe' | 'check'; readonly id: string }
  | { readonly do: 'submit'; readonly id: string; readonly class: WorkClass };

/** What to do now, and until when to wait if nothing else happens. */
export interface Schedule {
  readonly decisions: readonly Decision[];
  /** Undefined: nothing is due at any time. */
  readonly waitUntil: number | undefined;
  readonly ramp: Ramp;
}

/** More than so many of a call are looked at together. */
const FEW = 2;

/** Ends that are to be expected before a list is asked for: fewer calls with more, free slots are seen sooner with less. */
const LIST_SHARE = 0.5;

/** A list is asked for at most ten times a second, and at the latest after 8 s, whatever is expected. */
const LIST_FLOOR_MS = 100;
const LIST_CEILING_MS = 8_000;

/** Bulk work ramps up where at least so much of it waits; what is soon over is sent as it comes. */
const RAMP_FROM = 30;

/** The slots are filled over this part of a latency. */
const RAMP_SHARE = 0.8;

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

const RANK = { urgent: 0, status: 1, confirm: 2, bulk: 3 } as const;

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
    ramp: afterwards(state, decisions),
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
      else take(operation.lookAt, describeOf(operation, RANK.urgent));
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
    const candidate = { decision: { do: 'look', call }, rank: RANK.status, calls: 1 } as const;
    take(lookTogetherAt(ofCall, listedAt, forecast), candidate);
  }
}

function describeOf({ id }: OpenOperation, rank: number): Candidate {
  return { decision: { do: 'describe', id }, rank, calls: 1 };
}

/**
 * When to ask for the status of one operation: when its end is rather to be expected than not, but, since a sample can be wrong, after
 * a short interval at the latest. Where somebody waits, that is every 0.7 s for the first 14 s, then a twentieth of the age.
 */
function lookAloneAt(operation: OpenOperation, forecast: Forecast): number {
  const { acceptedAt, seenAt, lookAt, isUrgent } = operation;
  const age = seenAt - acceptedAt;
  const ceiling = isUrgent
    ? Math.min(Math.max(age / 20, 700), 10_000)
    : Math.min(Math.max(age / 8, 1_500), 60_000);
  const floor = isUrgent ? 300 : 500;
  const expected = forecast.expects(
    [operation],
    isUrgent ? 0.3 : LIST_SHARE,
    seenAt + floor,
    seenAt + ceiling,
  );
  return Math.max(expected, lookAt);
}

/** When to ask for the list: when half an end is to be expected among all of them, or when somebody who waits is due alone. */
function lookTogetherAt(operations: readonly OpenOperation[], listedAt: number, forecast: Forecast): number {
  const floor = listedAt + LIST_FLOOR_MS;
  const oldest = Math.min(...operations.map(({ seenAt }) => seenAt));
  const expected = forecast.expects(
    operations,
    LIST_SHARE,
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
  const isRamped = state.waiting.bulk.length >= RAMP_FROM;
  const growAt = state.ramp.grownAt + (RAMP_SHARE * forecasts('create').mean) / state.slots;
  let mayGrow = growAt <= state.now;
  let { refills } = state.ramp;
  for (let next = desk.next(); next !== undefined; next = desk.next()) {
    if (next.class === 'bulk' && isRamped) {
      if (refills > 0) refills -= 1;
      else if (mayGrow) mayGrow = false;
      else {
        later.push(growAt > state.now ? growAt : state.now + LIST_FLOOR_MS);
        desk.close('bulk');
        continue;
      }
    }
    const isBelowFloor = desk.take(next);
    due.push({
      decision: { do: 'submit', id: next.id, class: next.class },
      rank: isBelowFloor || SOMEBODY_WAITS.has(next.class) ? RANK.urgent : RANK.bulk,
      calls: SUBMIT_CALLS[next.class],
    });
  }
}

const SOMEBODY_WAITS: ReadonlySet<WorkClass> = new Set(['overdue', 'revoke', 'people']);

/** Whether a pause keeps a class from being sent: everything but revokes, and looks, which only read. */
export function isHeldByPause(workClass: WorkClass): boolean {
  return workClass === 'people' || workClass === 'bulk' || workClass === 'provision';
}

/** The ramp counts what is really sent, not what the rate put off. */
function afterwards({ ramp, now }: ScheduleState, decisions: readonly Decision[]): Ramp {
  const sent = decisions.filter((each) => each.do === 'submit' && each.class === 'bulk').length;
  const refills = Math.max(0, ramp.refills - sent);
  return sent > ramp.refills ? { refills, grownAt: now } : { ...ramp, refills };
}

/** Hands out the slots, one waiting operation after the other. */
class SlotDesk {
  readonly #state: ScheduleState;
  readonly #used: Record<SlotGroup, number> = { revokes: 0, people: 0, bulk: 0 };
  readonly #places: Set<string>;
  readonly #accounts: Set<string>;
  readonly #taken = new Set<string>();
  readonly #closed = new Set<WorkClass>();
  #provisions: number;

  constructor(state: ScheduleState) {
    this.#state = state;
    const writing = state.open.filter(({ phase }) => phase === 'sending' || phase === 'following');
    this.#places = new Set(writing.flatMap(({ place }) => place ?? []));
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

  #first(workClass: WorkClass): WaitingOperation | undefined {
    const { now, waiting, isPaused } = this.#state;
    if (this.#closed.has(workClass) || (isPaused && isHeldByPause(workClass)) || !this.#hasRoom(workClass))
      return undefined;
    let second: WaitingOperation | undefined;
    for (const each of waiting[workClass]) {
      if (each.notBefore > now || this.#taken.has(each.id)) continue;
      if (each.place !== undefined && this.#places.has(each.place)) continue;
      // Where the service writes one role of an account at a time, a second one would only hold a slot.
      const isElsewhere = each.accountId === undefined || !this.#accounts.has(each.accountId);
      if (workClass !== 'bulk' || isElsewhere) return each;
      second ??= each;
    }
    return second;
  }

  #hasRoom(workClass: WorkClass): boolean {
    if (workClass === 'provision') return this.#provisions < PROVISION_SLOTS;
    if (workClass === 'look') return true;
    const { revokes, people, bulk } = this.#used;
    return revokes + people + bulk < this.#state.slots;
  }
}
