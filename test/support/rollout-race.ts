import type { PermissionSetDefinition } from '../../core/permission-sets/definition';
import { askIfDue } from '../../core/permission-sets/due';
import { applyRollout } from '../../core/permission-sets/apply-rollout';
import { lookAtRollout } from '../../core/permission-sets/look-at-rollout';
import { planRollout } from '../../core/permission-sets/plan-rollout';
import { reportRollout } from '../../core/permission-sets/report-rollout';
import type { RolloutRecord, RolloutRun, RolloutScope } from '../../core/permission-sets/rollout';
import { type NextStep, askForRollout } from '../../core/permission-sets/steps';
import type { RolloutWorld } from './rollout-world';
import { KilledError } from './rollout-world';

/** A function is ended after so long, whatever it waits for. */
const FUNCTION_TIMEOUT_MS = 120_000;

/** A step that failed is repeated after so long. */
const RETRY_MS = 10_000;

/** What happens when the functions together have made so many calls. */
export type RaceEvent = { readonly call: number } & (
  | { readonly kind: 'ask'; readonly scope: RolloutScope }
  | { readonly kind: 'sweep' }
  /** Whatever step makes that call is invoked a second time beside it. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'deploy'; readonly version: number }
  /** Whoever makes that call dies, before or after it has its effect. */
  | { readonly kind: 'death'; readonly when: 'before' | 'after'; readonly kills: 'function' | 'execution' }
  /** That call takes so long. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** The execution whose function makes that call stands still for so long after it, and somebody sweeps meanwhile. */
  | { readonly kind: 'stall'; readonly seconds: number }
);

/** An asking that was answered. */
export interface AnsweredAsking {
  readonly scope: RolloutScope;
  /** Plans that had begun when it was made. */
  readonly plans: number;
}

/** One invocation of a function. */
interface Invocation {
  readonly id: number;
  readonly what: string;
  readonly until: number;
  isDead: boolean;
  kills: 'function' | 'execution';
  stallMs: number;
  /** Of the execution. */
  readonly number?: number;
  readonly again?: (() => Promise<unknown>) | undefined;
  /** The plan under the lease of this step. */
  plan?: number | undefined;
}

interface Turn {
  readonly at: number;
  readonly go: () => void;
}

/**
 * Executions of the rollout, askings and sweeps that run at one time, one call after the other: whose call is next is chosen by the
 * test, so that every order can come. Time passes where all wait for it.
 */
export class RolloutRace {
  /** Functions, in the order of what they changed; one that went on after another appears twice. */
  readonly workers: string[] = [];
  /** What must not happen, where it happened. */
  readonly violations: string[] = [];
  readonly asked: AnsweredAsking[] = [];
  readonly runs: RolloutRun[] = [];
  /** Executions that have not come to their end. */
  working = 0;
  /** Most executions that were under way at once. */
  mostWorking = 0;
  /** Highest number of an execution that worked. */
  #latest = 0;
  #calls = 0;
  #draws = 0;
  #invocations = 0;
  readonly #turns = new Set<Turn>();
  readonly #started = new Set<number>();
  #events: readonly RaceEvent[];

  constructor(
    readonly world: RolloutWorld,
    private readonly versions: readonly (readonly PermissionSetDefinition[])[],
    events: readonly RaceEvent[],
    private readonly choices: readonly number[],
  ) {
    this.#events = [...events].sort((one, other) => one.call - other.call);
  }

  /** Runs until nobody has anything to do, and everything that was to happen has happened. */
  async play(): Promise<void> {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      await this.#playTurns();
      const [next] = this.#events;
      if (next !== undefined) {
        this.#happen(next.call);
        continue;
      }
      if (rounds > 0 && (await this.#isQuiet())) return;
      this.world.clock.advance(200_000);
      this.#begin(() => this.#sweep());
    }
    this.violations.push('it does not come to an end');
  }

  async #isQuiet(): Promise<boolean> {
    const { run, pending, last } = await this.world.rolloutItem.read();
    return (
      run === undefined && pending === undefined && last?.hash !== undefined && (await this.#isNothingDue())
    );
  }

  /** The sweep would ask for nothing more. */
  async #isNothingDue(): Promise<boolean> {
    const before = this.world.rolloutItem.record;
    this.#begin(() => this.#sweep());
    await this.#playTurns();
    return this.world.rolloutItem.record.plans === before.plans;
  }

  async #playTurns(): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      if (this.#turns.size === 0) return;
      const now = this.world.clock.now();
      let ready = [...this.#turns].filter(({ at }) => at <= now);
      if (ready.length === 0) {
        const next = Math.min(...[...this.#turns].map(({ at }) => at));
        this.world.clock.advance(next - now);
        ready = [...this.#turns].filter(({ at }) => at <= next);
      }
      const turn = ready[this.#draw() % ready.length];
      if (turn === undefined) throw new Error('nobody is ready');
      this.#turns.delete(turn);
      turn.go();
    }
  }

  #draw(): number {
    const choice = this.choices[this.#draws % this.choices.length] ?? 0;
    this.#draws += 1;
    return choice;
  }

  #turn(ms = 0): Promise<void> {
    return new Promise((go) => {
      this.#turns.add({ at: this.world.clock.now() + ms, go });
    });
  }

  #begin(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.violations.push(String(error));
    });
  }

  /** Everything that is due at this call; answers what concerns the one who makes it. */
  #happen(call: number): RaceEvent[] {
    const due = this.#events.filter((each) => each.call <= call);
    this.#events = this.#events.slice(due.length);
    for (const event of due) {
      if (event.kind === 'ask') this.#begin(() => this.#ask(event.scope));
      if (event.kind === 'sweep') this.#begin(() => this.#sweep());
      if (event.kind === 'deploy') this.world.definitions = this.versions[event.version] ?? [];
    }
    return due;
  }

  async #ask(scope: RolloutScope): Promise<void> {
    const invocation = this.#invocation('ask');
    try {
      const { plans } = this.world.rolloutItem.record;
      await askForRollout(this.#ports(invocation), scope);
      this.asked.push({ scope, plans });
    } catch (error) {
      // Whoever asked hears of it, and asks again.
      if (!(error instanceof KilledError)) throw error;
    }
  }

  async #sweep(): Promise<void> {
    try {
      await askIfDue(this.#ports(this.#invocation('sweep')));
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
    }
  }

  async #execute(number: number): Promise<void> {
    this.working += 1;
    this.mostWorking = Math.max(this.mostWorking, this.working);
    let step: NextStep = { next: 'look', seconds: 1 };
    for (let steps = 0; step.next !== 'done'; steps += 1) {
      await this.#turn();
      if (step.next === 'wait') {
        await this.#turn(step.seconds * 1000);
        await this.world.dispatch();
        step = { next: 'look', seconds: 1 };
        continue;
      }
      const done = await this.#step(step.next, number, steps);
      if (done === 'execution died') break;
      step = done ?? step;
    }
    this.working -= 1;
  }

  async #step(
    next: 'look' | 'plan' | 'apply' | 'report',
    number: number,
    steps: number,
  ): Promise<NextStep | 'execution died' | undefined> {
    const again = (): Promise<unknown> => this.#step(next, number, steps);
    const invocation = { ...this.#invocation(`${next} of ${number}`), number, again };
    const ports = this.#ports(invocation);
    try {
      if (next === 'look') return await lookAtRollout(ports, number, steps);
      if (next === 'plan') return await planRollout(ports, number);
      if (next === 'apply') return await applyRollout(ports, number);
      return await reportRollout(ports, number);
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      if (invocation.kills === 'execution') return 'execution died';
      await this.#turn(RETRY_MS);
      return undefined;
    } finally {
      if (invocation.stallMs > 0) await this.#stall(invocation.stallMs);
    }
  }

  async #stall(ms: number): Promise<void> {
    this.#begin(async () => {
      await this.#turn(ms / 2);
      await this.#sweep();
    });
    await this.#turn(ms);
  }

  #invocation(what: string): Invocation {
    this.#invocations += 1;
    const until = this.world.clock.now() + FUNCTION_TIMEOUT_MS;
    return { id: this.#invocations, what, until, isDead: false, kills: 'function', stallMs: 0 };
  }

  /** The ports of one invocation: each call waits for its turn, and may be its last. */
  #ports(invocation: Invocation) {
    const { ports } = this.world;
    const works = (): void => {
      this.#works(invocation);
    };
    const { clock } = this.world;
    return {
      ...ports,
      rollouts: this.#watched(ports.rollouts, invocation, () => undefined, {
        write: (written) => {
          this.#wrote(invocation, written as RolloutRecord | undefined);
        },
      }),
      records: this.#watched(ports.records, invocation, (method) => {
        if (method === 'write') works();
      }),
      names: this.#watched(ports.names, invocation, works),
      admin: this.#watched(ports.admin, invocation, works),
      provisions: this.#watched(ports.provisions, invocation, works),
      announcer: this.#watched(ports.announcer, invocation, works),
      workflows: this.#watched(
        {
          startRollout: (number: number) => {
            if (!this.#started.has(number)) this.#begin(() => this.#execute(number));
            this.#started.add(number);
            return Promise.resolve();
          },
          startDispatcher: () => Promise.resolve(),
        },
        invocation,
        () => undefined,
      ),
      clock: {
        now: () => clock.now(),
        sleep: (ms: number) => this.#turn(ms),
        after: clock.after.bind(clock),
      },
    };
  }

  #works({ id, what, plan, number = 0 }: Invocation): void {
    const worker = `${id} (${what})`;
    if (number < this.#latest) this.violations.push(`${worker} works after execution ${this.#latest}`);
    this.#latest = Math.max(this.#latest, number);
    if (this.workers.at(-1) !== worker) this.workers.push(worker);
    const { run } = this.world.rolloutItem.record;
    if (plan !== undefined && run?.plan !== plan) this.violations.push(`${worker} works for an ended plan`);
  }

  #wrote(invocation: Invocation, written: RolloutRecord | undefined): void {
    const run = written?.run;
    if (run === undefined) {
      invocation.plan = undefined;
      return;
    }
    if (invocation.what.startsWith('ask') || invocation.what.startsWith('sweep')) return;
    invocation.plan = run.plan;
    if (this.runs.at(-1)?.plan !== run.plan) this.runs.push(run);
  }

  #watched<Port extends object>(
    port: Port,
    invocation: Invocation,
    before: (method: string) => void,
    after: Readonly<Record<string, (answer: unknown) => void>> = {},
  ): Port {
    const die = (): never => {
      invocation.isDead = true;
      throw new KilledError();
    };
    const call = async (method: string, work: () => unknown): Promise<unknown> => {
      if (invocation.isDead) die();
      await this.#turn();
      this.#calls += 1;
      const due = this.#happen(this.#calls);
      const death = due.find((each) => each.kind === 'death');
      if (death?.kind === 'death') invocation.kills = death.kills;
      if (death?.kind === 'death' && death.when === 'before') die();
      before(method);
      const answer = await work();
      after[method]?.(answer);
      if (death !== undefined) die();
      for (const each of due)
        if (each.kind === 'twice')
          this.#begin(async () => {
            await invocation.again?.();
          });
      for (const each of due) if (each.kind === 'stall') invocation.stallMs = each.seconds * 1000;
      for (const each of due) if (each.kind === 'slow') await this.#turn(each.seconds * 1000);
      // Lambda has ended it meanwhile.
      if (this.world.clock.now() >= invocation.until) die();
      return answer;
    };
    return new Proxy(port, {
      get: (target, method): unknown => {
        const member: unknown = Reflect.get(target, method);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          call(String(method), () => Reflect.apply(member, target, args) as unknown);
      },
    });
  }
}
