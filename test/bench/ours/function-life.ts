import type { Clock } from '../../../core/ports/clock';

/** Carries one call of a port: after a pause, counted, or as it is. */
export type Carrier = (call: () => unknown, name: string, args: readonly unknown[]) => Promise<unknown>;

/** The life of one invocation. Once it is killed, nothing that it waits for comes back to it, and it begins nothing more. */
export class FunctionLife {
  #isKilled = false;
  readonly #killed: Promise<'killed'>;
  #onKill: () => void = () => undefined;

  constructor() {
    this.#killed = new Promise((resolve) => {
      this.#onKill = () => {
        resolve('killed');
      };
    });
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  kill(): void {
    this.#isKilled = true;
    this.#onKill();
  }

  /** What the work answers, or `killed`, whichever comes first. */
  orKilled<T>(work: Promise<T>): Promise<T | 'killed'> {
    return Promise.race([work, this.#killed]);
  }

  /** A clock that never rings for the dead. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: (ms) => this.#answered(() => clock.sleep(ms)),
      after: (ms, ring) =>
        clock.after(ms, () => {
          if (!this.#isKilled) ring();
        }),
    };
  }

  /**
   * A port as the invocation sees it: each call goes through `carry`. A call that was on its way when the invocation was killed is
   * carried out, and its answer is lost.
   */
  port<Port extends object>(port: Port, carry: Carrier): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.#answered(() =>
            carry(() => Reflect.apply(member, target, args) as unknown, String(name), args),
          );
      },
    });
  }

  #answered<T>(begin: () => Promise<T>): Promise<T> {
    if (this.#isKilled) return new Promise(() => undefined);
    const work = begin();
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (!this.#isKilled) resolve(value);
        },
        (error: unknown) => {
          if (!this.#isKilled) reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
