import type { Refusal } from '../assignments/outcomes';
import type { AdminCall } from '../ports/identity-center';
import { WORK_CLASSES, type WorkClass } from '../ports/ledger';
import { AcceptedIds } from './accepted-ids';
import { Backlog } from './backlog';
import { pauseAfter } from './follow';
import { guardedCalls } from './guarded-calls';
import {
  type Held,
  type Subject,
  type WorkItem,
  asOpen,
  callOf,
  classOfItem,
  idOf,
  isAssignment,
  isAssignmentKey,
  markListed,
  requestIdOf,
  subjectOf,
  takeUp,
} from './held';
import { Forecast } from './latencies';
import type { Learned } from './learned';
import { Lessons } from './lessons';
import { LostReplies } from './lost-replies';
import { Pace } from './pace';
import { PlaceLooks } from './place-looks';
import type { DispatcherPorts, StepPorts, Stepped } from './ports';
import { type Decision, type ScheduleState, decide } from './schedule';
import { isHeldByPause } from './slots';
import { SHARED_LOOK_MS } from './submit';
import { Tasks } from './tasks';
import { Telling } from './tell';
import { itemsUnderWay, readItem, send, step } from './work-steps';

/** A look ahead has to be young enough when its turn comes; see SHARED_LOOK_MS. */
const SURVEYED_MS = SHARED_LOOK_MS - 5_000;

/** What failed for a reason that nobody expected is tried again after this long. */
const TRY_AGAIN_MS = 2_000;

/** A status list that fails, such as for a key that cannot be used, is asked for less and less: all callers share the rate. */
const FAILED_LIST_MS = { first: 250, longest: 8_000 } as const;

/** What a desk is set up with. */
export interface DeskOptions {
  /** When the pass took its lease, and until when it may begin calls (epoch ms). */
  readonly takenAt: number;
  readonly lastCallAt: number;
  readonly learned: Learned;
  readonly isPaused: boolean;
  /** Calls a second that others leave; see {@link Desk.leave}. */
  readonly perSecondLeft: number;
}

/**
 * The work of one pass: holds the operations under way, carries out what the scheduler decides, many things at a time, and takes in
 * what comes of it. Every write goes to the ledger first; what is held here is a copy.
 */
export class Desk {
  readonly #ports: StepPorts;
  readonly #options: DeskOptions;
  readonly #pace: Pace;
  readonly #held = new Map<string, Held>();
  readonly #listedAt: Record<AdminCall, number | undefined>;
  /** How often each status list has failed in a row. */
  readonly #failedLists: Record<AdminCall, number> = { create: 0, delete: 0, provision: 0 };
  /** No look ahead is begun before. */
  #surveyFrom = 0;
  readonly #accepted: AcceptedIds;
  readonly #tasks: Tasks;
  readonly #telling: Telling;
  readonly backlog: Backlog;
  readonly #lessons: Lessons;
  readonly #sentAt: Partial<Record<WorkClass, number>> = {};
  #mostSlots = 0;

  constructor(ports: DispatcherPorts, options: DeskOptions) {
    const { clock } = ports;
    this.#options = options;
    this.#pace = new Pace(clock, options.learned.perSecond);
    this.#lessons = new Lessons(clock, this.#pace, options.learned);
    this.leave(options.perSecondLeft);
    const identityCenter = guardedCalls(
      ports.identityCenter,
      this.#pace,
      clock,
      options.lastCallAt,
      this.#lessons,
    );
    this.#ports = {
      ...ports,
      identityCenter,
      looks: new PlaceLooks(identityCenter, clock),
      lostReplies: new LostReplies(identityCenter, clock, () => this.#knownIds()),
    };
    this.#telling = new Telling(ports);
    this.#accepted = new AcceptedIds(ports.dispatcher);
    this.#tasks = new Tasks(clock);
    this.backlog = new Backlog(ports);
    this.#listedAt = { create: 0, delete: 0, provision: 0 };
  }

  /** What is known of the service, with what this pass has learned. */
  get learned(): Learned {
    return this.#lessons.learned;
  }

  /** Others leave so many calls a second to the dispatcher from now on. */
  leave(perSecond: number): void {
    this.#lessons.leave(perSecond);
  }

  /** Whether operations are under way. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** Whether something is being done. */
  get isBusy(): boolean {
    return this.#tasks.areRunning;
  }

  /** Whether nothing is under way, nothing waits but for what a pause holds back, and nobody is to be told. */
  get isEmpty(): boolean {
    const isIdle = this.backlog.isEmptyBut(this.#options.isPaused ? isHeldByPause : () => false);
    return this.#held.size === 0 && isIdle && !this.#telling.hasAny;
  }

  /** Whether there is more than a few people's operations. */
  get isBulk(): boolean {
    const { bulk, provision } = this.backlog.pages;
    return bulk.length > 0 || provision.length > 0 || this.#held.size > 5;
  }

  /** When the next request is to be told, if any is. */
  get tellAt(): number | undefined {
    return this.#telling.nextAt;
  }

  /** Keeps the ids that were accepted in this pass, and measures what it saw. A read and a write, where there are any. */
  async close(): Promise<void> {
    const { clock, observer } = this.#ports;
    observer.measure('SlotsUsed', this.#mostSlots);
    for (const workClass of WORK_CLASSES) {
      const age = this.backlog.age(workClass, clock.now());
      if (age !== undefined) observer.measure('QueueAge', age, { class: workClass });
    }
    await this.#accepted.keep();
  }

  /** Until something that is being done ends, or `until` has come. */
  wait(until: number): Promise<void> {
    return this.#tasks.wait(until);
  }

  /** Lets the scheduler decide, and begins what it decides. Answers until when there is nothing more to do. */
  work(): number | undefined {
    const schedule = decide(this.#state());
    for (const decision of schedule.decisions) this.#carryOut(decision);
    return schedule.waitUntil;
  }

  /** When the scheduler would have something to do next; undefined: never. */
  dueAt(): number | undefined {
    const { decisions, waitUntil } = decide(this.#state());
    return decisions.length > 0 ? this.#ports.clock.now() : waitUntil;
  }

  /** Takes in what the indexes show: operations under way that this desk does not hold, and what waits in these classes. */
  refresh(classes: readonly WorkClass[], withUnderWay: boolean): void {
    this.#run('refresh', undefined, async () => {
      await this.backlog.refresh(classes);
      if (withUnderWay) await this.#takeUpUnderWay();
    });
  }

  /** Does something else of the pass's among all that. */
  alongside(what: string, work: () => Promise<void>): void {
    this.#run(what, undefined, work);
  }

  /** Tells who waits, if it is time. */
  tell(): void {
    if (this.#telling.isDue) this.#run('tell', undefined, () => this.#telling.tell());
  }

  #state(): ScheduleState {
    const open = [...this.#held.values()].map(asOpen);
    const used = open.filter(({ group }) => group !== undefined).length;
    this.#mostSlots = Math.max(this.#mostSlots, used);
    const now = this.#ports.clock.now();
    return {
      now,
      perSecond: this.#lessons.perSecond,
      freeCalls: this.#pace.free(),
      freeCallAt: this.#pace.freeAt,
      slots: this.learned.slots,
      open,
      waiting: this.backlog.pages,
      isAllBulkShown: this.backlog.isAllShown('bulk'),
      listedAt: this.#listedAt,
      latencies: this.learned.latencies,
      sentAt: this.#sentAt,
      isSurveyed: (place) => this.#ports.looks.isKnown(place, now - SURVEYED_MS),
      isPaused: this.#options.isPaused,
    };
  }

  #carryOut(decision: Decision): void {
    switch (decision.do) {
      case 'look':
        this.#look(decision.call);
        return;
      case 'describe':
      case 'check':
        this.#stepOn(decision.id, decision.do);
        return;
      case 'survey':
        this.#survey(decision.id);
        return;
      case 'submit':
        this.#submit(decision.class, decision.id);
    }
  }

  /** One list for all operations of a call: those that are in it are under way, those that left it are asked for one by one. */
  #look(call: AdminCall): void {
    const { clock, identityCenter } = this.#ports;
    const askedAt = clock.now();
    this.#listedAt[call] = undefined;
    this.#run(`look for ${call}s`, undefined, async () => {
      let failures = this.#failedLists[call] + 1;
      try {
        const ids = await identityCenter.inProgress(call);
        const forecast = new Forecast(this.learned.latencies, call);
        for (const held of this.#held.values())
          if (callOf(held) === call) markListed(held, ids, askedAt, forecast);
        failures = 0;
      } finally {
        this.#failedLists[call] = failures;
        this.#listedAt[call] = clock.now() + pauseAfterFailures(failures);
      }
    });
  }

  #stepOn(id: string, kind: 'describe' | 'check'): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    const { item, subject } = held;
    held.isBusy = true;
    this.#run(`${kind} ${id}`, held, async () => {
      if (item === undefined) {
        await this.#afterBrokenSubmission(held, subject);
        return;
      }
      const stepped = await step(this.#ports, item, kind, this.#options.takenAt);
      if (kind === 'describe' && stepped.seenAt === undefined && stepped.lookAt === undefined)
        this.#lessons.ended(held);
      this.#takeIn(held, stepped);
      if (stepped.seenAt !== undefined && held.isMissing) {
        // The list lags, or left it out: it is asked for alone until the list shows it again.
        const age = stepped.seenAt - held.acceptedAt;
        Object.assign(held, { isMissing: false, lookAt: this.#ports.clock.now() + pauseAfter(age) / 2 });
      }
    });
  }

  #survey(id: string): void {
    const { clock, looks } = this.#ports;
    const subject = this.backlog.subject(id);
    if (subject === undefined || !isAssignmentKey(subject) || clock.now() < this.#surveyFrom) return;
    this.#run(`survey for ${id}`, undefined, async () => {
      try {
        await looks.sight(subject, clock.now());
      } catch (cause) {
        this.#surveyFrom = clock.now() + TRY_AGAIN_MS;
        throw cause;
      }
    });
  }

  #submit(workClass: WorkClass, id: string): void {
    const { clock } = this.#ports;
    const subject = this.backlog.take(workClass, id);
    if (subject === undefined || this.#held.has(id)) return;
    const now = clock.now();
    this.#sentAt[workClass] = now;
    const fresh = { acceptedAt: now, seenAt: now, lookAt: 0, wasListed: false, isMissing: false };
    const held: Held = { id, class: workClass, subject, ...fresh, isBusy: true };
    this.#held.set(id, held);
    // A provision has a quota of its own, which says nothing about slots.
    const sending = isAssignmentKey(subject) ? this.#lessons.begin(this.#slotsUsed() - 1) : undefined;
    this.#run(`submit ${id}`, held, async () => {
      let refusal: Refusal | undefined;
      try {
        const sent = await send(this.#ports, workClass, subject);
        refusal = sent.refusal;
        const { operation } = sent.item;
        held.acceptedAt = held.seenAt = operation?.acceptedAt ?? clock.now();
        if (operation?.state === 'FOLLOWING' && operation.requestId !== undefined)
          this.#accepted.add(operation.requestId);
        this.#takeIn(held, { item: sent.item });
      } catch (cause) {
        await this.#afterBrokenSubmission(held, subject);
        throw cause;
      } finally {
        if (sending !== undefined) this.#lessons.answered(sending, this.#slotsUsed(), refusal);
        else if (refusal !== undefined) this.#lessons.refused(refusal);
      }
    });
  }

  /** Nobody knows how far it got: the item tells. What was not sent waits, what may have been sent is held until it is resolved. */
  async #afterBrokenSubmission(held: Held, subject: Subject): Promise<void> {
    const item = await readItem(this.#ports, subject);
    const tryAgainAt = this.#ports.clock.now() + TRY_AGAIN_MS;
    if (item?.operation === undefined || item.operation.state === 'INTENT') {
      this.#held.delete(held.id);
      if (item?.operation !== undefined) this.backlog.putBack(held.class, subject, tryAgainAt);
      return;
    }
    Object.assign(held, { item, lookAt: tryAgainAt });
  }

  /** Takes in what a step left: still under way, waiting again, or over. */
  #takeIn(held: Held, { item, lookAt = 0, seenAt }: Stepped<WorkItem>): void {
    if (isAssignment(item) && item.toTell.length > 0) this.#telling.add(item);
    const { operation } = item;
    if (operation !== undefined && operation.state !== 'INTENT') {
      Object.assign(held, { item, lookAt, seenAt: Math.max(held.seenAt, seenAt ?? 0) });
      return;
    }
    this.#held.delete(held.id);
    if (operation === undefined) {
      this.backlog.leave(held.id);
      return;
    }
    // An item that is still to tell is in another part of the index until it has been told.
    const workClass = classOfItem(item);
    this.backlog.putBack(workClass, held.subject, operation.notBefore);
  }

  async #takeUpUnderWay(): Promise<void> {
    const { clock } = this.#ports;
    const isHeld = (id: string): boolean => this.#held.has(id);
    const items = await itemsUnderWay(this.#ports, this.backlog.provisionsUnderWay, isHeld);
    for (const item of items) {
      if (isAssignment(item) && item.toTell.length > 0) this.#telling.add(item);
      const id = idOf(subjectOf(item));
      if (this.#held.has(id)) continue;
      const held = takeUp(item, clock.now());
      if (held !== undefined) this.#held.set(id, held);
      // What waits while somebody is to be told is not among the waiting ones of the index.
      else if (item.operation !== undefined)
        this.backlog.putBack(classOfItem(item), subjectOf(item), item.operation.notBefore);
    }
  }

  #slotsUsed(): number {
    return [...this.#held.values()].filter((held) => asOpen(held).group !== undefined).length;
  }

  async #knownIds(): Promise<ReadonlySet<string>> {
    const underWay = [...this.#held.values()].map(requestIdOf).filter((id) => id !== undefined);
    return new Set([...(await this.#accepted.all()), ...underWay]);
  }

  #run(what: string, held: Held | undefined, work: () => Promise<void>): void {
    const { clock, observer } = this.#ports;
    this.#tasks.begin(
      work,
      (cause) => {
        observer.warn('step of a pass failed', { step: what }, cause);
        if (held !== undefined) held.lookAt = clock.now() + TRY_AGAIN_MS;
        if (cause instanceof Error) this.#lessons.refused(refusalOf(cause));
      },
      () => {
        if (held !== undefined) held.isBusy = false;
      },
    );
  }
}

/** What the error of a reading call says, as a refusal says it. */
function refusalOf(error: Error): Pick<Refusal, 'name' | 'message' | 'reason'> {
  const { Reason: reason } = error as { readonly Reason?: string };
  return { name: error.name, message: error.message, ...(reason === undefined ? {} : { reason }) };
}

function pauseAfterFailures(failures: number): number {
  const { first, longest } = FAILED_LIST_MS;
  return failures === 0 ? 0 : Math.min(first * 2 ** (failures - 1), longest);
}
