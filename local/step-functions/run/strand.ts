import type { JsonObject } from '../json';
import type { Execution } from './execution';
import type { EventDetails } from './history';
import type { Scope } from './scope';
import type { Variables } from './variables';

/** How a wait ends. */
export interface Settle<T> {
  /** Ends the wait with a value. Only the first end counts. */
  resolve(value: T): void;
  /** Ends the wait with a failure. */
  reject(error: Error): void;
}

/** Begins something that settles later; answers what takes it back. */
export type Begin<T> = (settle: Settle<T>) => () => void;

/**
 * One line of states that run one after the other: an execution's own, a branch's or an iteration's.
 *
 * A strand keeps the clock from jumping for as long as it works. It lets go only while it waits for something outside, and
 * takes hold again in the very call that ends the wait, so that no moment is left in which time could jump.
 */
export class Strand {
  #leave: (() => void) | undefined;

  constructor(
    readonly execution: Execution,
    readonly scope: Scope,
    readonly variables: Variables,
    /** `$$.Map`, inside of an iteration. */
    readonly mapContext: JsonObject | undefined,
    /** The event that this strand's next one follows. */
    public lastEventId: number,
  ) {
    this.#enter();
  }

  /** Adds an event after this strand's last one. Throws the reason if the strand was called off. */
  record(type: string, details: EventDetails = {}): number {
    this.scope.check();
    return this.recordAnyway(type, details);
  }

  /** Adds an event even if the strand was called off: that itself is an event. */
  recordAnyway(type: string, details: EventDetails = {}): number {
    this.lastEventId = this.execution.record(type, this.lastEventId, details);
    return this.lastEventId;
  }

  /** Waits while others work, or time passes: the clock may jump. Rejects with the reason if `scope` is called off. */
  wait<T>(begin: Begin<T>, scope: Scope = this.scope): Promise<T> {
    return this.#waitFor(begin, scope, true);
  }

  /** Waits for a call that is itself work of this strand: the clock stays held. */
  work<T>(call: () => Promise<T>, scope: Scope = this.scope): Promise<T> {
    return this.#waitFor<T>(settledBy(call), scope, false);
  }

  /** Waits until an instant, epoch milliseconds. */
  async sleepUntil(instant: number): Promise<void> {
    await this.wait((settle: Settle<undefined>) => {
      const timer = this.execution.ports.clock.at(instant, () => {
        settle.resolve(undefined);
      });
      return () => {
        timer.cancel();
      };
    });
  }

  /** The strand is over. */
  end(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  // Entering twice is entering once: a strand that never let go keeps the hold that it has.
  #enter(): void {
    this.#leave ??= this.execution.ports.clock.enter(`execution ${this.execution.start.name}`);
  }

  async #waitFor<T>(begin: Begin<T>, scope: Scope, letGo: boolean): Promise<T> {
    scope.check();
    return await new Promise<T>((resolve, reject) => {
      const wait = { settled: false, takeBack: (): void => undefined };
      const settle = (act: () => void): void => {
        if (wait.settled) return;
        wait.settled = true;
        stopListening();
        wait.takeBack();
        this.#enter();
        act();
      };
      const fail = (error: Error): void => {
        settle(() => {
          reject(error);
        });
      };
      const stopListening = scope.onCancel(fail);
      const takeBack = begin({
        resolve: (value) => {
          settle(() => {
            resolve(value);
          });
        },
        reject: fail,
      });
      // It may have settled at once, before there was anything to take back.
      if (wait.settled) takeBack();
      else wait.takeBack = takeBack;
      if (letGo && !wait.settled) this.end();
    });
  }
}

/** Turns a call into something that can be waited for, and given up. */
export function settledBy<T>(call: () => Promise<T>): Begin<T> {
  return (settle) => {
    call().then(
      (value) => {
        settle.resolve(value);
      },
      (error: unknown) => {
        settle.reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
    return () => undefined;
  };
}
