import type { PassResult } from '../../../core/dispatcher/pass';
import { DispatcherTimes } from '../../../lambdas/dispatcher/contract';
import type { Costs } from '../designs/costs';
import { exponential } from '../engine/chance';
import type { VirtualTime } from '../engine/virtual-time';
import type { Random } from '../../../core/ports/random';
import { FunctionLife } from './function-life';

/** What the platform takes: entering a state of a Standard workflow, and starting a Lambda function. */
const TRANSITION_MS = 50;
const LAMBDA_START_MS = 100;

/** Retries of *Advance operations*, as lib/workflows/dispatcher.workflow.ts has them: 5 s doubled up to 60 s, full jitter, eight times. */
const RETRY = { firstMs: 5_000, longestMs: 60_000, attempts: 8 };

/** One pass, in the life of one invocation. */
export type MakePass = (life: FunctionLife, epoch: number, pass: number) => Promise<PassResult>;

/** What a machine is made of. */
export interface MachineOptions {
  readonly time: VirtualTime;
  readonly costs: Costs;
  readonly pass: MakePass;
  readonly chance: Random;
  /** Mean seconds of work between two random deaths of the function; undefined: it never dies by chance. */
  readonly secondsBetweenCrashes: number | undefined;
}

/** The dispatcher's state machine, state by state: Begin, *Advance operations*, *Operations left?*, *Wait*. */
export class DispatcherMachine {
  readonly #options: MachineOptions;
  readonly #executions: Promise<void>[] = [];
  /** Executions end at their next state: the run is over. */
  isHalted = false;
  crashes = 0;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  /** `StartExecution`: answers when the execution is accepted, which then works by itself. */
  async start(epoch: number): Promise<void> {
    await this.#options.time.sleep(TRANSITION_MS);
    this.#executions.push(this.#execute(epoch));
  }

  /** Resolves when every execution has ended. */
  async over(): Promise<void> {
    // One may start another while it is waited for; an array is walked to its end as it is then.
    for (const execution of this.#executions) await execution;
  }

  async #execute(epoch: number): Promise<void> {
    await this.#enter();
    for (let pass = 0; !this.isHalted; pass += 1) {
      const result = await this.#advance(epoch, pass);
      // The execution fails after the last retry; the sweep puts another in its place.
      if (result === undefined) return;
      await this.#enter();
      if (!result.left) break;
      if (result.seconds === 0) continue;
      await this.#enter();
      await this.#options.time.sleep(result.seconds * 1000);
    }
    await this.#enter();
  }

  /** The task with its retries; undefined: it failed for good. */
  async #advance(epoch: number, pass: number): Promise<PassResult | undefined> {
    const { time, chance } = this.#options;
    for (let attempt = 0; attempt <= RETRY.attempts; attempt += 1) {
      await this.#enter();
      const result = await this.#invoke(epoch, pass);
      if (result !== 'failed') return result;
      const pause = Math.min(RETRY.firstMs * 2 ** attempt, RETRY.longestMs);
      await time.sleep(pause * chance.next());
    }
    return undefined;
  }

  async #invoke(epoch: number, pass: number): Promise<PassResult | 'failed'> {
    const { time, costs } = this.#options;
    await time.sleep(LAMBDA_START_MS);
    const startedAt = time.now();
    const life = new FunctionLife();
    const spare = time.after(this.#lifetime(), () => {
      life.kill();
    });
    let result: PassResult | 'failed';
    try {
      const answer = await life.orKilled(this.#options.pass(life, epoch, pass));
      result = answer === 'killed' ? await this.#died(startedAt) : answer;
    } catch {
      result = 'failed';
    }
    spare();
    costs.lambdaStarts += 1;
    costs.lambdaMs += time.now() - startedAt;
    return result;
  }

  /** Milliseconds until the function is killed: by Lambda after its timeout, or by chance before. */
  #lifetime(): number {
    const { chance, secondsBetweenCrashes } = this.#options;
    const timeout = DispatcherTimes.function * 1000;
    if (secondsBetweenCrashes === undefined) return timeout;
    return Math.min(timeout, exponential(chance, secondsBetweenCrashes * 1000));
  }

  /** Half of the deaths are noticed at once; of the others the state machine learns by its task's timeout. */
  async #died(startedAt: number): Promise<'failed'> {
    const { time, chance } = this.#options;
    this.crashes += 1;
    if (chance.next() < 0.5) await time.sleep(startedAt + DispatcherTimes.task * 1000 - time.now());
    return 'failed';
  }

  async #enter(): Promise<void> {
    this.#options.costs.transitions += 1;
    await this.#options.time.sleep(TRANSITION_MS);
  }
}
