import { WORK_CLASSES, type DispatcherRecord } from '../ports/ledger';
import { URGENT_CLASSES } from './backlog';
import { PROMISE_GRACE_MS, handOver } from './control';
import { Desk } from './desk';
import { grown, learnedAtFirst, type Learned } from './learned';
import type { DispatcherPorts } from './ports';
import { rateLeft } from './registered-rate';

/** Times and limits of a pass, in milliseconds. */
export interface PassLimits {
  /** What a pass leases: longer than its function can live. */
  readonly leaseMs: number;
  /** How long a pass stays while operations are about to end, for people and under bulk load. */
  readonly stayMs: number;
  readonly bulkStayMs: number;
  /** An execution hands over after this many passes. */
  readonly passes: number;
  /** Outstanding asynchronous assignment operations that the service allows. */
  readonly slots: number;
  /** Calls a second that the dispatcher allows itself: the service takes 20 over all admin APIs and all callers. */
  readonly callsPerSecond: number;
}

/** The dispatcher ends only if nobody has called for it for this long: indexes may lag behind a call. */
const QUIET_MS = 5_000;

/** The longest that an execution waits between two passes, in seconds; see PROMISE_GRACE_MS. */
const LONGEST_WAIT_S = 30;

/**
 * A pass does not stay for work that is due later than this: the state machine waits for it. For operations under way it stays in
 * any case: a second of the function costs a tenth of a cent per thousand, the three transitions of another pass twenty times that.
 */
const WORTH_STAYING_MS = 2_000;

/** From the end of a pass until the next one is at work, apart from the *Wait*: two transitions and the start of a function. */
const NEXT_PASS_MS = 250;

/** So long before its time is over a pass ends as soon as nothing is due before the next one can be at work. */
const LULL_MS = 2_000;

/** How often a pass looks whether somebody has called: one strongly consistent read. Often under load, where it stays for long. */
const CALL_LOOK_MS = { bulk: 250, people: 700, quiet: 1_000 } as const;

/** The indexes are asked again so long after a call, since they may not have shown yet what it was for. */
const INDEX_LAG_MS = 1_000;

/** Everything is asked for at least so often. */
const FULL_REFRESH_MS = 5_000;

/** A bulk page that has fewer left is asked for again. */
const BULK_LOW = 60;

/**
 * Past its stay a pass begins no more calls after this long: 20 s + 2 s, then at most one call of two tries and 3 s each, stay
 * below the function's 30 s. A pass that is killed all the same loses nothing, but its operations have to be recovered.
 */
const LAST_CALL_MS = 2_000;

/** What the state machine is told: whether to come back, and after how many whole seconds (0: at once). */
export interface PassResult {
  readonly left: boolean;
  readonly seconds: number;
}

/**
 * One pass of the dispatcher: takes the lease, then looks at what is under way, tells who waits, and sends what is waiting, until
 * nothing is due soon or its time is over.
 */
export async function runPass(
  ports: DispatcherPorts,
  { epoch, pass }: { readonly epoch: number; readonly pass: number },
  limits: PassLimits,
): Promise<PassResult> {
  const { clock, dispatcher } = ports;
  const takenAt = clock.now();
  if (pass >= limits.passes) {
    await handOver(ports, epoch, takenAt);
    return { left: false, seconds: 1 };
  }
  const leaseUntil = takenAt + limits.leaseMs;
  const lease = await dispatcher.takeLease(epoch, takenAt, leaseUntil, leaseUntil + PROMISE_GRACE_MS);
  if (lease === undefined) return waitForLease(ports, epoch, takenAt);
  const { nextAt, calls, learned } = await new Pass(ports, lease, takenAt, limits).run();
  const now = clock.now();
  const seconds = secondsLeft(calls, nextAt, now);
  // Given back before the end is written: whoever is called right after it need not wait for a lease that nobody uses.
  const nextPassBy = now + (seconds ?? 1) * 1000 + PROMISE_GRACE_MS;
  await dispatcher.releaseLease(epoch, leaseUntil, now, nextPassBy, learned);
  if (seconds !== undefined) return { left: true, seconds };
  const stopped = await dispatcher.stop(epoch, calls.wanted, now);
  return { left: stopped === undefined, seconds: 1 };
}

/** Somebody else has the lease: a pass whose function died, or another epoch. */
async function waitForLease(
  { dispatcher }: DispatcherPorts,
  epoch: number,
  now: number,
): Promise<PassResult> {
  const record = await dispatcher.read();
  if (record.epoch !== epoch || !record.running) return { left: false, seconds: 1 };
  return { left: true, seconds: Math.max(1, Math.ceil((record.leaseUntil - now) / 1000)) };
}

/** Whole seconds until the next pass; undefined where nothing is left and nobody has called for a while. */
function secondsLeft({ wantedAt }: Calls, nextAt: number | undefined, now: number): number | undefined {
  const quietAt = wantedAt + QUIET_MS;
  const dueAt = nextAt ?? (now < quietAt ? quietAt : undefined);
  if (dueAt === undefined) return undefined;
  return Math.min(Math.max(0, Math.floor((dueAt - now - NEXT_PASS_MS) / 1000)), LONGEST_WAIT_S);
}

/** The calls for work that a pass knows of. */
type Calls = Pick<DispatcherRecord, 'wanted' | 'wantedAt'>;

/** How a pass ended; `nextAt`: when the earliest of what is left is due. */
interface PassEnd {
  readonly nextAt: number | undefined;
  readonly calls: Calls;
  readonly learned: Learned;
}

/** The rounds of one pass. */
class Pass {
  readonly #ports: DispatcherPorts;
  readonly #desk: Desk;
  readonly #takenAt: number;
  readonly #limits: PassLimits;
  #calls: Calls;
  #callLookAt = 0;
  /** When the urgent classes, and everything, are asked for next. */
  #urgentAt = Infinity;
  #fullAt = 0;
  /** When everything was asked for last. */
  #refreshedAt = 0;
  #emptySince: number | undefined;

  constructor(ports: DispatcherPorts, lease: DispatcherRecord, takenAt: number, limits: PassLimits) {
    this.#ports = ports;
    this.#takenAt = takenAt;
    this.#limits = limits;
    this.#calls = lease;
    const ceiling = { slots: limits.slots, perSecond: limits.callsPerSecond };
    this.#desk = new Desk(ports, {
      takenAt,
      lastCallAt: takenAt + limits.bulkStayMs + LAST_CALL_MS,
      learned: grown(lease.learned ?? learnedAtFirst(ceiling, takenAt), ceiling, takenAt),
      isPaused: lease.paused === true,
      perSecondLeft: rateLeft(limits.callsPerSecond, lease, takenAt),
    });
    this.#callLookAt = takenAt + CALL_LOOK_MS.people;
  }

  async run(): Promise<PassEnd> {
    const { clock } = this.#ports;
    const desk = this.#desk;
    let nextAt: number | undefined;
    for (;;) {
      const now = clock.now();
      const isOver = now >= this.#stayUntil();
      if (!isOver) {
        this.#refresh(now);
        nextAt = earliest(desk.work(), desk.tellAt);
      }
      desk.tell();
      if (!desk.isBusy) {
        if (isOver) break;
        if (desk.isEmpty) {
          this.#emptySince ??= now;
          const quietAt = this.#emptySince + QUIET_MS;
          // The index may not show yet what has just been sent or called for: nothing is nothing when it is so after a while.
          if (this.#refreshedAt >= quietAt) break;
          this.#fullAt = Math.max(now, Math.min(this.#fullAt, quietAt));
        } else {
          this.#emptySince = undefined;
          const isWorthStaying = desk.isHolding ? this.#stayUntil() : now + WORTH_STAYING_MS;
          if (nextAt === undefined || nextAt > isWorthStaying) break;
          if (now >= this.#stayUntil() - LULL_MS && nextAt > now + NEXT_PASS_MS) break;
        }
      }
      const until = earliest(nextAt, this.#refreshAt(), this.#stayUntil()) ?? now;
      await desk.wait(isOver ? now + WORTH_STAYING_MS : Math.max(until, now + 1));
    }
    await this.#guarded(() => desk.close());
    const isQuiet =
      desk.isEmpty && this.#emptySince !== undefined && this.#refreshedAt >= this.#emptySince + QUIET_MS;
    return {
      nextAt: isQuiet ? undefined : (earliest(desk.dueAt(), desk.tellAt) ?? clock.now() + CALL_LOOK_MS.quiet),
      calls: this.#calls,
      learned: desk.learned,
    };
  }

  #stayUntil(): number {
    return this.#takenAt + (this.#desk.isBulk ? this.#limits.bulkStayMs : this.#limits.stayMs);
  }

  #refreshAt(): number {
    return Math.min(this.#callLookAt, this.#urgentAt, this.#fullAt);
  }

  /** Asks the indexes for what may have come, as often as it is worth it. */
  #refresh(now: number): void {
    const desk = this.#desk;
    if (now >= this.#fullAt) {
      this.#fullAt = now + FULL_REFRESH_MS;
      this.#refreshedAt = now;
      desk.refresh(WORK_CLASSES, true);
      return;
    }
    if (now >= this.#urgentAt) {
      this.#urgentAt = Infinity;
      desk.refresh(URGENT_CLASSES, false);
    }
    const { bulk } = desk.backlog.pages;
    if (desk.backlog.hasMore('bulk') && bulk.length < BULK_LOW) desk.refresh(['bulk'], false);
    if (now < this.#callLookAt) return;
    this.#callLookAt = Infinity;
    desk.alongside('look for calls', () => this.#lookForCalls());
  }

  /**
   * Somebody who writes work raises `wanted`: where it has not changed, the indexes have nothing new to show. Rates that others register
   * are on the same record.
   */
  async #lookForCalls(): Promise<void> {
    const { clock, dispatcher } = this.#ports;
    const desk = this.#desk;
    const pace = desk.isEmpty ? CALL_LOOK_MS.quiet : desk.isBulk ? CALL_LOOK_MS.bulk : CALL_LOOK_MS.people;
    try {
      const record = await dispatcher.read();
      const { wanted, wantedAt } = record;
      desk.leave(rateLeft(this.#limits.callsPerSecond, record, clock.now()));
      if (wanted === this.#calls.wanted) return;
      this.#calls = { wanted, wantedAt };
      this.#emptySince = undefined;
      this.#urgentAt = clock.now();
      this.#fullAt = Math.min(this.#fullAt, clock.now() + INDEX_LAG_MS);
    } finally {
      this.#callLookAt = clock.now() + pace;
    }
  }

  /** What is only looked up or kept for later must not end a pass. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#ports.observer.warn('step of a pass failed', {}, cause);
    }
  }
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
