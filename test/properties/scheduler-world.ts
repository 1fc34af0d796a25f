import type { Assignment, AssignmentKey, Claim } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { closeClaim, openClaim } from '../../core/assignments/claims';
import { wakeDispatcher } from '../../core/dispatcher/control';
import { type PassResult, runPass } from '../../core/dispatcher/pass';
import type { DispatcherPorts } from '../../core/dispatcher/ports';
import type { ProvisionTarget } from '../../core/ports/identity-center';
import { askForProvision } from '../../core/provisions/ask';
import { sweep } from '../../core/sweep/sweep';
import { createSeededRandom } from '../../local/clock/seeded-random';
import { LIMITS } from '../support/dispatcher-world';
import { FakeClock, RecordingObserver } from '../support/fake-clock';
import { FunctionLife } from '../support/function-life';
import {
  MemoryAssignments,
  MemoryDispatcher,
  MemoryProvisions,
  MemoryRequests,
} from '../support/memory-ledger';
import { QuotaIdentityCenter } from '../support/quota-identity-center';
import type { QuotaSettings } from '../support/quota-settings';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A function is killed after this long, and lives for a tenth of a second before it does anything (DispatcherTimes.function). */
const FUNCTION_MS = 30 * SECOND;
const START_MS = 100;
const TRANSITION_MS = 50;

/** Retries of a pass that failed (lib/workflows/dispatcher.workflow.ts): the first after 5 s, then doubled, eight of them. */
const RETRIES = 8;

/** A claim as a test asks for it; its times are counted from now. */
export interface ClaimWish extends Pick<Claim, 'id' | 'kind' | 'accounts' | 'rank'> {
  /** Null: without an end of its own. */
  readonly lastsMs: number | null;
}

/**
 * The dispatcher as it runs: its machine goes from pass to pass, each in a function that takes time and may die, a sweep comes every
 * minute, and the service has its quotas. Everything waits for one virtual clock.
 */
export class SchedulerWorld {
  readonly clock = new FakeClock();
  readonly observer = new RecordingObserver();
  readonly assignments = new MemoryAssignments();
  readonly provisions = new MemoryProvisions();
  readonly requests = new MemoryRequests();
  readonly dispatcher = new MemoryDispatcher();
  readonly random = createSeededRandom(1);
  readonly announcer = { publish: () => Promise.resolve() };
  readonly workflows = {
    startDispatcher: (epoch: number): Promise<void> => {
      void this.#execute(epoch);
      return Promise.resolve();
    },
    answer: () => Promise.resolve(),
    startAccessRequest: () => Promise.resolve(),
    accessRequestState: () => Promise.resolve('none' as const),
    runningAccessRequests: () => Promise.resolve(new Set<string>()),
  };
  readonly identityCenter: QuotaIdentityCenter;
  /** Functions that were killed because they had lived for too long. */
  timeouts = 0;
  readonly #limits: typeof LIMITS;
  readonly #stopped = new Set<number>();
  /** Functions that run: of two, one has no lease. */
  readonly #lives = new Set<FunctionLife>();
  #isOver = false;

  constructor(settings: QuotaSettings) {
    this.#limits = { ...LIMITS, slots: settings.slots };
    this.identityCenter = new QuotaIdentityCenter(this.clock, settings);
    this.identityCenter.onCrash = () => {
      this.killPass();
    };
    void this.#sweepEveryMinute();
  }

  now(): number {
    return this.clock.now();
  }

  /** Opens a claim and calls for the dispatcher, as the step of a request does. */
  async open({ lastsMs, ...claim }: ClaimWish, key: AssignmentKey): Promise<void> {
    await this.openQuietly({ lastsMs, ...claim }, key);
    await this.wake();
  }

  /** Opens one of many claims, for all of which the dispatcher is called once: see {@link wake}. */
  async openQuietly({ lastsMs, ...claim }: ClaimWish, key: AssignmentKey): Promise<void> {
    await changeAssignment(this, key, (present, now) =>
      openClaim(present, {
        ...claim,
        from: now,
        until: lastsMs === null ? null : now + lastsMs,
        openedAt: now,
      }),
    );
  }

  /** Closes a claim before its end. */
  async close(id: string, key: AssignmentKey): Promise<void> {
    await changeAssignment(this, key, (present, now) => closeClaim(present, id, now, 'ended early'));
    await wakeDispatcher(this, this.now());
  }

  /** Calls for the dispatcher. */
  wake(): Promise<void> {
    return wakeDispatcher(this, this.now());
  }

  /** Asks for a provision; answers the asking's number. */
  provision(target: ProvisionTarget): Promise<number> {
    return askForProvision(this, target);
  }

  /** The pass that runs dies, if one runs. */
  killPass(): void {
    for (const life of this.#lives) life.end();
  }

  /** The execution ends; a pass of it that runs goes on to its end. */
  stopExecution(): void {
    this.#stopped.add(this.dispatcher.record.epoch);
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.clock.sleep(ms);
  }

  /** Lets time pass until it is so, looking every second; answers whether it was within `ms`. */
  async until(isSo: () => boolean, ms: number): Promise<boolean> {
    const end = this.now() + ms;
    while (!isSo() && this.now() < end) await this.pass(SECOND);
    return isSo();
  }

  /** Whether no operation is open, nobody is to be told, and the dispatcher has ended. */
  isQuiet(): boolean {
    const isAtRest = ({ operation, toTell }: Assignment): boolean =>
      operation === undefined && toTell.length === 0;
    return (
      !this.dispatcher.record.running &&
      [...this.assignments.items.values()].every(isAtRest) &&
      [...this.provisions.items.values()].every(({ operation }) => operation === undefined)
    );
  }

  /** Nothing goes on after this. */
  end(): void {
    this.#isOver = true;
    this.killPass();
  }

  async #execute(epoch: number): Promise<void> {
    let [pass, failures] = [0, 0];
    while (!this.#isOver && !this.#stopped.has(epoch) && failures <= RETRIES) {
      const result = await this.#invoke(epoch, pass);
      if (result === 'failed') {
        await this.pass(Math.min(5 * 2 ** failures, 60) * SECOND * this.random.next());
        failures += 1;
        continue;
      }
      if (!result.left) return;
      [pass, failures] = [pass + 1, 0];
      await this.pass(result.seconds * SECOND + TRANSITION_MS);
    }
  }

  #invoke(epoch: number, pass: number): Promise<PassResult | 'failed'> {
    return new Promise((answer) => {
      const life = new FunctionLife(() => {
        this.#lives.delete(life);
        cancel();
        answer('failed');
      });
      const cancel = this.clock.after(FUNCTION_MS, () => {
        this.timeouts += 1;
        life.end();
      });
      this.#lives.add(life);
      const clock = life.clock(this.clock);
      const run = async (): Promise<void> => {
        await clock.sleep(START_MS);
        answer(await runPass(this.#portsOf(life, clock), { epoch, pass }, this.#limits));
        this.#lives.delete(life);
        cancel();
      };
      run().catch((cause: unknown) => {
        this.observer.warn('a pass failed', {}, cause);
        life.end();
      });
    });
  }

  #portsOf(life: FunctionLife, clock: DispatcherPorts['clock']): DispatcherPorts {
    return {
      clock,
      observer: this.observer,
      random: this.random,
      assignments: life.port(this.assignments),
      provisions: life.port(this.provisions),
      requests: life.port(this.requests),
      dispatcher: life.port(this.dispatcher),
      workflows: life.port(this.workflows),
      identityCenter: life.port(this.identityCenter),
    };
  }

  async #sweepEveryMinute(): Promise<void> {
    for (;;) {
      await this.pass(MINUTE);
      if (this.#isOver) return;
      await sweep(this);
    }
  }
}
