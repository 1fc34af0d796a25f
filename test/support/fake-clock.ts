import type { Clock } from '../../core/ports/clock';
import type { Fields, Measure, Observer } from '../../core/ports/observer';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * A clock that a test moves, and that moves by itself when everybody sleeps: once all that could go on without time has gone on, it
 * jumps to the next timer. What is under test must not wait for anything but promises and this clock.
 */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-24T08:00:00Z');
  readonly #timers = new Set<Timer>();
  #isTicking = false;

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  after(ms: number, ring: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), ring };
    this.#timers.add(timer);
    this.#tickSoon();
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  #tickSoon(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    setImmediate(() => {
      this.#isTicking = false;
      this.#tick();
    });
  }

  #tick(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.ring();
    if (this.#timers.size > 0) this.#tickSoon();
  }
}

/** Keeps what was noted and measured, for tests that ask. */
export class RecordingObserver implements Observer {
  readonly notes: string[] = [];
  readonly warnings: { readonly what: string; readonly cause?: unknown }[] = [];
  readonly measures: { readonly name: Measure; readonly value: number; readonly dimension?: unknown }[] = [];

  note(what: string): void {
    this.notes.push(what);
  }

  warn(what: string, _fields: Fields, cause?: unknown): void {
    this.warnings.push({ what, cause });
  }

  measure(name: Measure, value: number, dimension?: unknown): void {
    this.measures.push({ name, value, ...(dimension === undefined ? {} : { dimension }) });
  }

  /** The values of a measure, in their order. */
  measured(name: Measure): number[] {
    return this.measures.filter((each) => each.name === name).map(({ value }) => value);
  }
}
