import type { LocalClockOptions } from './clock-options';
import { type Deadline, DeadlineQueue, isBefore } from './deadline-queue';
import type { ClockMode, LocalClock, Timer } from './local-clock';
import { THINNED_TICKS_MS, TickSchedule } from './tick-schedule';
import { VirtualTime } from './virtual-time';
import { WorkUnderWay } from './work-under-way';

/** The longest delay that the machine's timers take (2^31 − 1 ms, 24.8 days); a longer one would fire at once. */
const LONGEST_MACHINE_DELAY_MS = 2 ** 31 - 1;

/**
 * How many turns of the event loop must pass without work before it counts as quiet. A promise continuation needs none, a
 * message between sockets of this process two or three; each turn costs some 10 µs.
 */
const SETTLE_TURNS = 6;

const PATIENCE_MS = 60_000;

/** Makes the clock of a local runtime. Its machine timers do not keep the process alive. */
export function createLocalClock(options: LocalClockOptions): LocalClock {
  return new VirtualClock(options);
}

/** Something that time stops at: a deadline, or a tick of a schedule. */
interface Stop {
  readonly instant: number;
  readonly sequence: number;
  readonly of: Deadline | TickSchedule;
}

/**
 * One virtual present for the whole runtime. Time passes with the machine (`real`, `skips`), is moved to the next deadline
 * when all is quiet (`skips`), or by `advance` (all modes), which lets it stand still at each stop until all is quiet.
 */
class VirtualClock implements LocalClock {
  readonly mode: ClockMode;
  readonly shared: SharedArrayBuffer;
  readonly #time: VirtualTime;
  readonly #deadlines = new DeadlineQueue();
  readonly #schedules = new Set<TickSchedule>();
  readonly #work = new WorkUnderWay();
  readonly #holds = new WorkUnderWay();
  readonly #tickApartMs: number;
  readonly #settleTurns: number;
  readonly #patienceMs: number;
  readonly #onError: (error: unknown) => void;
  #created = 0;
  /** Callbacks that were due when they were asked for, and run in the next turn. */
  #dueAtOnce = 0;
  #machineTimer: NodeJS.Timeout | undefined;
  #advances: Promise<void> = Promise.resolve();
  #advancing = false;
  #skipping = false;
  #stopped = false;

  constructor(options: LocalClockOptions) {
    this.mode = options.mode;
    this.#time = new VirtualTime(Math.floor(options.startAt ?? Date.now()), options.mode === 'manual');
    this.shared = this.#time.shared;
    this.#tickApartMs = options.ticks === 'all' ? 0 : THINNED_TICKS_MS;
    this.#settleTurns = options.settleTurns ?? SETTLE_TURNS;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#onError = options.onError ?? throwInTurnOfItsOwn;
  }

  now(): number {
    return this.#time.now();
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.at(this.now() + Math.max(0, ms), resolve));
  }

  after(ms: number, ring: () => void): () => void {
    const timer = this.at(this.now() + Math.max(0, ms), ring);
    return () => {
      timer.cancel();
    };
  }

  at(instant: number, callback: () => void): Timer {
    if (!Number.isFinite(instant)) {
      throw new Error(`a deadline must be a finite number of epoch milliseconds, got ${instant}`);
    }
    // Rounded up: a deadline may be late by a part of a millisecond, never early.
    const deadline = { instant: Math.ceil(instant), sequence: (this.#created += 1), callback };
    if (deadline.instant <= this.now()) return this.#runInNextTurn(callback);
    this.#deadlines.add(deadline);
    this.#timersChanged();
    return {
      cancel: () => {
        this.#deadlines.remove(deadline);
      },
    };
  }

  schedule(nextAfter: (instant: number) => number, callback: () => void): Timer {
    const sequence = (this.#created += 1);
    const schedule = new TickSchedule(sequence, nextAfter, callback, this.now(), this.#tickApartMs);
    this.#schedules.add(schedule);
    this.#timersChanged();
    return {
      cancel: () => {
        this.#schedules.delete(schedule);
      },
    };
  }

  enter(what: string): () => void {
    return this.#work.enter(what, () => {
      this.#considerSkip();
    });
  }

  hold(why: string): () => void {
    return this.#holds.enter(why, () => {
      this.#considerSkip();
    });
  }

  async advance(ms: number): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new Error(`time moves ahead by a whole number of milliseconds, got ${ms}`);
    }
    const turn = this.#advances.then(() => this.#advanceBy(ms));
    // One that fails must not stop those behind it; its own caller gets the error.
    this.#advances = turn.catch(() => undefined);
    await turn;
  }

  async quiet(): Promise<void> {
    let calmTurns = 0;
    let seen = this.#activity();
    while (calmTurns < this.#settleTurns) {
      this.#failIfStopped();
      await this.#work.untilIdle();
      await nextTurn();
      const activity = this.#activity();
      calmTurns = this.#work.idle && this.#dueAtOnce === 0 && activity === seen ? calmTurns + 1 : 0;
      seen = activity;
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#machineTimer);
    this.#deadlines.clear();
    this.#schedules.clear();
    this.#work.wakeWaiters();
  }

  #failIfStopped(): void {
    if (this.#stopped) throw new Error('the clock was stopped while it was waited for');
  }

  /** A number that grows with everything that starts; two equal ones mean that nothing began between them. */
  #activity(): number {
    return this.#created + this.#work.entered;
  }

  #runInNextTurn(callback: () => void): Timer {
    let cancelled = false;
    this.#dueAtOnce += 1;
    setImmediate(() => {
      this.#dueAtOnce -= 1;
      if (!cancelled && !this.#stopped) this.#call(callback);
    });
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  }

  #call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#onError(error);
    }
  }

  #timersChanged(): void {
    if (this.#stopped) {
      this.#deadlines.clear();
      this.#schedules.clear();
      return;
    }
    this.#arm();
    this.#considerSkip();
  }

  /** Asks the machine to wake this clock for what is due first as time passes. */
  #arm(): void {
    clearTimeout(this.#machineTimer);
    if (this.#stopped || this.#time.frozen) return;
    const first = this.#firstOf('next');
    if (first === undefined) return;
    const delay = Math.min(Math.max(0, first.instant - this.now()), LONGEST_MACHINE_DELAY_MS);
    this.#machineTimer = setTimeout(() => {
      this.#runDue();
    }, delay);
    this.#machineTimer.unref();
  }

  /** Runs what is due by now. The machine's timer may be up to 1 ms early, and a long delay comes in parts: then nothing. */
  #runDue(): void {
    for (;;) {
      const first = this.#stopped || this.#time.frozen ? undefined : this.#firstOf('next');
      if (first === undefined || first.instant > this.now()) break;
      this.#run(first);
    }
    this.#timersChanged();
  }

  #run(stop: Stop): void {
    if (stop.of instanceof TickSchedule) {
      stop.of.ticked(stop.instant, this.now());
    } else {
      this.#deadlines.remove(stop.of);
      for (const schedule of this.#schedules) schedule.deadlineRan(stop.instant);
    }
    this.#call(stop.of.callback);
  }

  /** What comes first: `next` counts every regular tick (time passes), `stop` the thinned ones (time is moved). */
  #firstOf(tick: 'next' | 'stop'): Stop | undefined {
    const deadline = this.#deadlines.first;
    let first: Stop | undefined = deadline && { ...deadline, of: deadline };
    for (const schedule of this.#schedules) {
      const candidate = { instant: schedule[tick], sequence: schedule.sequence, of: schedule };
      if (candidate.instant === Infinity) continue;
      if (first === undefined || isBefore(candidate, first)) first = candidate;
    }
    return first;
  }

  #moveTo(instant: number): void {
    const present = this.#time.moveTo(instant);
    for (const schedule of this.#schedules) schedule.movedTo(present);
  }

  #maySkip(): boolean {
    const waiting = this.#deadlines.size > 0 && this.#work.idle && this.#holds.idle;
    return waiting && !this.#advancing && !this.#stopped;
  }

  /** Called whenever quiet may have begun. Whoever ends the quiet again (an `enter`, a hold) need not say so: it is seen. */
  #considerSkip(): void {
    if (this.mode !== 'skips' || this.#skipping || !this.#maySkip()) return;
    this.#skipping = true;
    void this.#skipWhileQuiet();
  }

  async #skipWhileQuiet(): Promise<void> {
    try {
      while ((await this.#staysQuiet()) && this.#maySkip()) {
        const stop = this.#firstOf('stop');
        if (stop === undefined) break;
        this.#moveTo(stop.instant);
        // A tick that was only due as a stop is due as a regular one now, so that both kinds of stop run here, in order.
        this.#runDue();
      }
    } finally {
      this.#skipping = false;
    }
  }

  /** Answers whether nothing began to work for a few turns; new timers begin the count anew, as more may come with them. */
  async #staysQuiet(): Promise<boolean> {
    let seen = this.#activity();
    for (let turns = 0; turns < this.#settleTurns; turns += 1) {
      await nextTurn();
      if (!this.#maySkip()) return false;
      const activity = this.#activity();
      if (activity !== seen || this.#dueAtOnce > 0) turns = -1;
      seen = activity;
    }
    return true;
  }

  async #advanceBy(ms: number): Promise<void> {
    this.#failIfStopped();
    this.#advancing = true;
    this.#time.freeze();
    const target = this.now() + ms;
    try {
      // What is under way already may be about to set a deadline on the way.
      await this.#quietInTime();
      for (let stop = this.#firstOf('stop'); stop !== undefined; stop = this.#firstOf('stop')) {
        if (stop.instant > target) break;
        this.#moveTo(stop.instant);
        this.#run(stop);
        await this.#quietInTime();
      }
      this.#moveTo(target);
    } finally {
      this.#advancing = false;
      if (this.mode !== 'manual') this.#time.unfreeze();
      this.#timersChanged();
    }
  }

  async #quietInTime(): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const outOfPatience = new Promise<never>((_resolve, reject) => {
      patience = setTimeout(() => {
        const what = this.#work.describe() || 'nothing, but new deadlines of the same instant keep coming';
        const at = new Date(this.now()).toISOString();
        reject(
          new Error(
            `time stopped at ${at}: no quiet within ${this.#patienceMs} ms; still under way: ${what}`,
          ),
        );
      }, this.#patienceMs);
    });
    try {
      await Promise.race([this.quiet(), outOfPatience]);
    } finally {
      clearTimeout(patience);
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function throwInTurnOfItsOwn(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
