import type { Clock } from '../../core/ports/clock';
import type { Measure, Measures, Observer } from '../../core/ports/observer';

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

/** A value that was measured, with what tells it apart. */
export interface Measured {
  readonly name: Measure;
  readonly value: number;
  readonly dimension?: Measures[Measure];
}

/** Keeps what was noted and measured, for tests that ask. */
export class RecordingObserver implements Observer {
  readonly notes: string[] = [];
  readonly warnings: { readonly what: string; readonly cause?: unknown }[] = [];
  readonly measures: Measured[] = [];

  note(what: string): void {
    this.notes.push(what);
  }

  warn(what: string, _fields: Readonly<Record<string, string | number>>, cause?: unknown): void {
    this.warnings.push({ what, cause });
  }

  measure<Name extends Measure>(name: Name, value: number, dimension?: Measures[Name]): void {
    this.measures.push({ name, value, ...(dimension === undefined ? {} : { dimension }) });
  }

  /** The values of one measure in their order, whatever their dimension. */
  measured(name: Measure): number[] {
    return this.measures.filter((each) => each.name === name).map(({ value }) => value);
  }
}
