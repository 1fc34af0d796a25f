import type { Settle } from './strand';

/** Takes one answer, whether it comes before or after somebody waits for it. */
export class Mailbox<T> {
  #deliver: ((settle: Settle<T>) => void) | undefined;
  #waiting: Settle<T> | undefined;

  /** The answer is here. */
  put(value: T): void {
    this.#arrived((settle) => {
      settle.resolve(value);
    });
  }

  /** The answer is a failure. */
  fail(error: Error): void {
    this.#arrived((settle) => {
      settle.reject(error);
    });
  }

  /** Begins to wait for the answer. */
  readonly take = (settle: Settle<T>): (() => void) => {
    this.#waiting = settle;
    this.#deliver?.(settle);
    return () => {
      this.#waiting = undefined;
    };
  };

  #arrived(deliver: (settle: Settle<T>) => void): void {
    this.#deliver = deliver;
    if (this.#waiting !== undefined) deliver(this.#waiting);
  }
}
