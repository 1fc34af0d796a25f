import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock } from '../../core/ports/clock';

/** A call of a port that nobody has answered yet. */
export interface Call {
  readonly id: number;
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Port, method and arguments: calls with the same text are the same. */
  readonly text: string;
}

/** How a call, or a whole actor, came out. */
export type Outcome = ({ readonly value: unknown } | { readonly error: unknown }) & {
  /** Outcomes with the same text are the same. */
  readonly text: string;
};

/** What an actor is told, and when: the answer to a call, or that one of its timers rang. */
export type Told = { readonly at: number } & (
  { readonly call: number; readonly outcome: Outcome } | { readonly timer: number }
);

/** What runs: production code that knows the world by its ports and its clock only. */
export type Program = (
  call: (port: string, method: string, args: readonly unknown[]) => Promise<unknown>,
  clock: Clock,
) => Promise<unknown>;

/** A run of a program that stands still wherever it needs an answer. */
class Run {
  readonly calls = new Map<number, Call & { readonly answer: (outcome: Outcome) => void }>();
  readonly timers = new Map<
    number,
    { readonly id: number; readonly at: number; readonly ring: () => void }
  >();
  end: Outcome | undefined;
  #now: number;
  #ids = 0;

  constructor(program: Program, bornAt: number) {
    this.#now = bornAt;
    const clock: Clock = {
      now: () => this.#now,
      sleep: (ms) => new Promise((resolve) => this.#after(ms, resolve)),
      after: (ms, ring) => this.#after(ms, ring),
    };
    void program((port, method, args) => this.#call(port, method, args), clock).then(
      (value) => {
        this.end = { value, text: textOf(value) };
      },
      (error: unknown) => {
        this.end = { error, text: textOf(error) };
      },
    );
  }

  async tell(told: Told): Promise<void> {
    this.#now = told.at;
    if ('timer' in told) {
      const timer = this.timers.get(told.timer);
      this.timers.delete(told.timer);
      timer?.ring();
    } else {
      const call = this.calls.get(told.call);
      this.calls.delete(told.call);
      call?.answer(told.outcome);
    }
    await macrotask();
  }

  #call(port: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const id = (this.#ids += 1);
    return new Promise((resolve, reject) => {
      const answer = (outcome: Outcome): void => {
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error)));
      };
      this.calls.set(id, { id, port, method, args, text: textOf([port, method, args]), answer });
    });
  }

  #after(ms: number, ring: () => void): () => void {
    const id = (this.#ids += 1);
    this.timers.set(id, { id, at: Math.ceil(this.#now + Math.max(0, ms)), ring });
    return () => this.timers.delete(id);
  }
}

/**
 * Where an actor stands after it was told something: what it has asked for, and until when it sleeps. Code that reads nothing but
 * ports and clock does the same whenever it is told the same, so that a stand is known by what led to it.
 */
export interface Stand {
  readonly id: number;
  readonly calls: readonly Call[];
  readonly timers: readonly { readonly id: number; readonly at: number }[];
  /** How it ended; undefined: it has not. */
  readonly end: Outcome | undefined;
  readonly tell: (told: Told) => Promise<Stand>;
}

/** All the stands that an exploration has come to. */
export class Stands {
  #known = 0;

  /** Lets a program begin at an instant. */
  async begin(program: Program, bornAt: number): Promise<Stand> {
    const again = async (): Promise<Run> => {
      const run = new Run(program, bornAt);
      await macrotask();
      return run;
    };
    return this.#stand(await again(), again);
  }

  /** Where a run stands; `again`: how to come here anew. */
  #stand(run: Run, again: () => Promise<Run>): Stand {
    let live: Run | undefined = run;
    const known = new Map<string, Stand>();
    return {
      id: (this.#known += 1),
      calls: [...run.calls.values()],
      timers: [...run.timers.values()].map(({ id, at }) => ({ id, at })),
      end: run.end,
      tell: async (told) => {
        const what = 'timer' in told ? `timer ${told.timer}` : `call ${told.call} ${told.outcome.text}`;
        const key = `${told.at} ${what}`;
        const before = known.get(key);
        if (before !== undefined) return before;
        // The first that comes may go on with the run itself, every other one needs a run of its own up to here.
        const next = live ?? (await again());
        live = undefined;
        await next.tell(told);
        const stand = this.#stand(next, async () => {
          const repeated = await again();
          await repeated.tell(told);
          return repeated;
        });
        known.set(key, stand);
        return stand;
      },
    };
  }
}

/** Values as text, sets too: what has the same text is the same. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => {
    if (each instanceof Set) return ['set', ...(each as Set<unknown>)];
    return each instanceof Error ? ['error', each.name, each.message] : each;
  });
}
