import type { Clock } from '../../core/ports/clock';
import type { Observer } from '../../core/ports/observer';

/** A clock that a test moves; sleeping moves it too. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-24T08:00:00Z');

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    this.#now += ms;
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** Keeps what was noted, for tests that ask. */
export class RecordingObserver implements Observer {
  readonly notes: string[] = [];
  readonly warnings: { readonly what: string; readonly cause?: unknown }[] = [];

  note(what: string): void {
    this.notes.push(what);
  }

  warn(what: string, _fields: Readonly<Record<string, string | number>>, cause?: unknown): void {
    this.warnings.push({ what, cause });
  }
}
