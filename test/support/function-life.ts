import type { Clock } from '../../core/ports/clock';

/** The life of one function: when it is over, nothing that it began goes on, and nobody hears of it. */
export class FunctionLife {
  readonly #onEnd: () => void;
  #isOver = false;

  /** @param onEnd hears of a life that was ended from outside */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Kills the function, wherever it is. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
  }

  /** The same port, but calls of a dead function are not made, and answers do not reach it. */
  port<Port extends object>(port: Port): Port {
    const hear = this.#hear.bind(this);
    return new Proxy(port, {
      get(target, name): unknown {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => hear(() => Reflect.apply(member, target, args) as unknown);
      },
    });
  }

  /** The same clock, but a dead function is not woken. */
  clock(clock: Clock): Clock {
    const after = (ms: number, ring: () => void): (() => void) =>
      clock.after(ms, () => {
        if (!this.#isOver) ring();
      });
    return {
      now: () => clock.now(),
      sleep: (ms) =>
        new Promise((resolve) => {
          after(ms, resolve);
        }),
      after,
    };
  }

  #hear(call: () => unknown): unknown {
    if (this.#isOver) return new Promise(() => undefined);
    const answer = call();
    if (!(answer instanceof Promise)) return answer;
    return new Promise((resolve, reject) => {
      answer.then(
        (value: unknown) => {
          if (!this.#isOver) resolve(value);
        },
        (cause: unknown) => {
          if (!this.#isOver) reject(cause instanceof Error ? cause : new Error(String(cause)));
        },
      );
    });
  }
}
