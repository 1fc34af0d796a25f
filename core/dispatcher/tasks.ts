import type { Clock } from '../ports/clock';

/** The things that a pass does at the same time, and waiting for the first of them to end. */
export class Tasks {
  #running = 0;
  #ring: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  /** Whether something is being done. */
  get areRunning(): boolean {
    return this.#running > 0;
  }

  /** Begins something. Its error is `failed`'s: one thing's trouble must not hold up the others. */
  begin(
    work: () => Promise<void>,
    failed: (cause: unknown) => void,
    ended: () => void = () => undefined,
  ): void {
    this.#running += 1;
    const guarded = async (): Promise<void> => {
      try {
        await work();
      } catch (cause) {
        failed(cause);
      } finally {
        ended();
        this.#running -= 1;
        this.#ring();
      }
    };
    void guarded();
  }

  /** Until something that is being done ends, or `until` (epoch ms) has come. */
  wait(until: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#ring = () => undefined;
        resolve();
      };
      const cancel = this.clock.after(Math.max(0, until - this.clock.now()), done);
      this.#ring = done;
    });
  }
}
