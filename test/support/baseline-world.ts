import { type AssignmentKey, describeKey } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { SECOND_LOOK_MS, SETTLING_MS, recordLook } from '../../core/assignments/looks';
import { advanceBaseline } from '../../core/baselines/account-run';
import { type EverywhereCursor, applyEverywhere } from '../../core/baselines/apply-everywhere';
import { askForAccountBaseline, replaceDeadBaseline } from '../../core/baselines/ask';
import type {
  Baseline,
  BaselineGuard,
  DeployedBaselines,
  ResolvedBaselines,
} from '../../core/baselines/baseline';
import { deployedBaselines } from '../../core/baselines/deployed-baselines';
import type { NextBaselineStep } from '../../core/baselines/next-step';
import type { BaselinePorts } from '../../core/baselines/ports';
import { sweepAccounts } from '../../core/baselines/sweep-accounts';
import type { ResultEvent } from '../../core/ports/announcer';
import { STEP_TIMES } from '../../core/runs/run';
import { sweep } from '../../core/sweep/sweep';
import { DispatcherWorld } from './dispatcher-world';
import { FakeOrganization } from './fake-organization';
import { MemoryBaselines, inAccount } from './memory-baselines';

const MINUTE = 60_000;
const SETS = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-';

export const MANAGEMENT = '111122223333';
export const HOST = '444455556666';
/** The account that tests are about. */
export const ACCOUNT = '100000000001';

/** ARN of a permission set; tests name sets as they like. */
export function setArn(name: string): string {
  return `${SETS}${name.toLowerCase()}`;
}

/** The assignment of a group, by the names of group and permission set. */
export function given(group: string, set: string, accountId = ACCOUNT): AssignmentKey {
  return { accountId, permissionSetArn: setArn(set), principalType: 'GROUP', principalId: `id-of-${group}` };
}

/** What ends a function in the middle of its work: nobody catches it, since nobody is there any more. */
export class KilledError extends Error {}

/** A call of a port, by its number, before or after whose effect the function dies, alone or with its execution. */
export interface Death {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly kills: 'function' | 'execution';
}

/** An execution as its state machine has it. */
export interface BaselineExecution {
  readonly accountId: string;
  readonly number: number;
  readonly next: NextBaselineStep;
  readonly steps: number;
}

/** After this long an execution that broke its promise counts as dead: its lease of 130 s, and 30 s of grace. */
const SWEEP_AFTER_MS = 200_000;

/** Steps of one execution: more than any story takes. */
const MOST_STEPS = 1_000;

/**
 * Baselines over the dispatcher's world: an organization and rules that a test changes, account runs as the state machine would make them,
 * and the dispatcher with an Identity Center that keeps what it is told. Nobody sleeps: the clock is moved.
 */
export class BaselineWorld extends DispatcherWorld {
  readonly organization = new FakeOrganization(this.clock);
  readonly baselines = new MemoryBaselines();
  readonly events: ResultEvent[] = [];
  /** Executions that were started and have not begun. */
  readonly started: BaselineExecution[] = [];
  /** Names of all that were ever started. */
  readonly startedEver: string[] = [];
  rules: readonly Baseline[] = [];
  guard: BaselineGuard = { most: 100, percent: 100 };
  /** Names of rules that cannot be looked up. */
  readonly unresolvable = new Set<string>();
  /** Hears of each call of a port before it is made. */
  onCall: (port: string, method: string) => void = () => undefined;
  /** Calls of any port, made so far. */
  calls = 0;
  killAt: Death | undefined;
  #isDead = false;

  constructor() {
    super();
    for (const id of [MANAGEMENT, HOST]) this.organization.set(id);
  }

  get deployed(): DeployedBaselines {
    return deployedBaselines({ baselines: this.rules, mode: 'report', guard: this.guard }, []);
  }

  /** The ports of all steps, each call of which is counted and may be the last. */
  get baselinePorts(): BaselinePorts {
    const ports: BaselinePorts = {
      deployed: this.deployed,
      rules: { newest: (deployed) => Promise.resolve(this.#resolved(deployed)) },
      pictures: this.organization,
      accountFacts: this.organization,
      settings: { managementAccountId: MANAGEMENT, hostAccountId: HOST },
      baselines: this.baselines,
      finder: { inAccount: (id, arn) => inAccount(this.assignments, id, arn) },
      assignments: this.assignments,
      dispatcher: this.dispatcher,
      workflows: {
        startDispatcher: (epoch) => this.workflows.startDispatcher(epoch),
        startAccountBaseline: (accountId, number) => {
          this.#start(accountId, number);
          return Promise.resolve();
        },
      },
      announcer: {
        publish: (event) => {
          this.events.push(event);
          return Promise.resolve();
        },
      },
      clock: this.clock,
      observer: this.observer,
    };
    const notCounted = ['deployed', 'settings', 'clock', 'observer'];
    const mortal = Object.entries(ports).map(([name, port]: [string, object]) => [
      name,
      notCounted.includes(name) ? port : this.#mortal(name, port),
    ]);
    return Object.fromEntries(mortal) as BaselinePorts;
  }

  /** Whether the death that was set is still to come. */
  get isToDie(): boolean {
    return this.killAt !== undefined;
  }

  /** An event about the account came: whoever hears it is called until it has asked. */
  async ask(accountId = ACCOUNT): Promise<void> {
    await this.#untilDone(() => askForAccountBaseline(this.baselinePorts, accountId));
  }

  /** The sweep of accounts: finds what no event told. */
  async sweepAccounts(): Promise<void> {
    await this.#untilDone(() =>
      sweepAccounts({ ...this.baselinePorts, askForEveryAccount: () => this.applyEverywhere() }),
    );
    await this.run();
  }

  /** Works out the claims of all accounts, step by step, as a reconciliation would; then what that has started. */
  async applyEverywhere(
    budgetMs: number = STEP_TIMES.budgetMs,
    onCursor: (cursor: EverywhereCursor) => void = () => undefined,
  ): Promise<void> {
    let cursor: EverywhereCursor | undefined;
    for (let steps = 0; ; steps += 1) {
      if (steps > MOST_STEPS) throw new Error('working out all accounts does not come to its end');
      const before = cursor;
      const answer = await this.#untilDone(() =>
        applyEverywhere(this.baselinePorts, before, this.clock.now() + budgetMs),
      );
      if (answer === 'done') break;
      // A state machine has it as JSON.
      cursor = JSON.parse(JSON.stringify(answer.cursor)) as EverywhereCursor;
      onCursor(cursor);
    }
    await this.run();
  }

  /** Asks, and runs everything to its end. */
  async look(accountId = ACCOUNT): Promise<void> {
    await this.ask(accountId);
    await this.run();
  }

  /** Runs every execution that was started to its end, and whatever the sweep starts in the place of those that died. */
  async run(): Promise<void> {
    for (;;) {
      for (let next = this.started.shift(); next !== undefined; next = this.started.shift())
        await this.execute(next);
      await this.dispatch();
      if (![...this.baselines.items.values()].some(({ running }) => running)) return;
      this.clock.advance(SWEEP_AFTER_MS);
      await this.replaceDead();
      if (this.started.length === 0) throw new Error('an account is running, and nobody works on it');
    }
  }

  /** Some steps of what was started: each execution in its turn, those that are not over stay. */
  async workOn(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const execution = this.started.shift();
      if (execution === undefined) return;
      const after = await this.step(execution);
      if (after !== undefined) this.started.push(after);
    }
  }

  /** What the sweep does about executions that broke their promise. */
  async replaceDead(): Promise<void> {
    for (const id of await this.baselines.overdueAccounts(this.clock.now(), 100))
      await replaceDeadBaseline(this.baselinePorts, id);
  }

  /** One execution to its end, or until it dies. */
  async execute(execution: BaselineExecution): Promise<void> {
    let present: BaselineExecution | undefined = execution;
    for (let steps = 0; present !== undefined; steps += 1) {
      if (steps > MOST_STEPS) throw new Error('the baseline does not come to its end');
      present = await this.step(present);
    }
  }

  /** One step, with the wait before it; undefined where the execution is over. */
  async step(execution: BaselineExecution): Promise<BaselineExecution | undefined> {
    const { accountId, number, next, steps } = execution;
    if (next.next === 'done') return undefined;
    if (next.next === 'wait') {
      await this.letPass(next.seconds * 1000);
      return { ...execution, next: { ...next, next: next.step } };
    }
    const { next: step } = next;
    const answer = await this.#survive(() =>
      advanceBaseline(this.baselinePorts, { accountId, number, step, steps }),
    );
    if (answer === 'execution died') return undefined;
    // A function that died is called again by its state machine.
    return answer === undefined ? execution : { ...execution, next: answer, steps: steps + 1 };
  }

  /** Time goes by, with the dispatcher at work, and the sweep that calls for it every minute. */
  async letPass(ms: number): Promise<void> {
    await this.dispatch();
    const end = this.clock.now() + ms;
    for (let left = ms; left > 0; left = end - this.clock.now()) {
      this.clock.advance(Math.min(left, MINUTE));
      if (left >= MINUTE) await sweep(this);
      await this.dispatch();
    }
  }

  /** Everything that the dispatcher has to do now. */
  async dispatch(): Promise<void> {
    if (this.dispatcher.record.running) await this.drain();
  }

  /** What is assigned, as `account/set/type/principal`, sorted. */
  assigned(): string[] {
    return [...this.identityCenter.rows].sort();
  }

  /** Whether Identity Center has it. */
  has(key: AssignmentKey): boolean {
    return this.identityCenter.rows.has(describeKey(key));
  }

  /** It was there before Latchkey, which finds that out when it looks. */
  standsAlready(key: AssignmentKey): void {
    this.identityCenter.rows.add(describeKey(key));
  }

  /** Somebody removes an assignment by hand, and the ledger hears of it by two looks, long after what Latchkey did itself. */
  async removeByHand(key: AssignmentKey): Promise<void> {
    this.identityCenter.rows.delete(describeKey(key));
    this.clock.advance(SETTLING_MS);
    for (let look = 0; look < 2; look += 1) {
      await changeAssignment(this, key, (present, at) => recordLook(present, { at, exists: false }));
      this.clock.advance(SECOND_LOOK_MS);
    }
  }

  #resolved(deployed: DeployedBaselines): ResolvedBaselines {
    const { baselines, hash } = deployed;
    const rules = baselines
      .filter(({ name }) => !this.unresolvable.has(name))
      .map((baseline) => {
        const name = 'group' in baseline.principal ? baseline.principal.group : 'somebody';
        return {
          baseline,
          principal: { type: 'GROUP' as const, id: `id-of-${name}`, name },
          permissionSets: baseline.permissionSets.map((set) => ({ name: set, arn: setArn(set) })),
        };
      });
    const problems = baselines
      .filter(({ name }) => this.unresolvable.has(name))
      .map(({ name }) => ({ baseline: name, problem: 'there is no such group' }));
    return { hash, rules, problems };
  }

  #start(accountId: string, number: number): void {
    const name = `${accountId}-${number}`;
    if (this.startedEver.includes(name)) return;
    this.startedEver.push(name);
    this.started.push({ accountId, number, next: { next: 'ready', seconds: 1, step: 'ready' }, steps: 0 });
  }

  /** Whoever dies is called again. */
  async #untilDone<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      const done = await this.#survive(work);
      if (done !== undefined && done !== 'execution died') return done;
    }
  }

  /** Undefined where the function was killed: what it held is free when its time is over, and the task is tried again then. */
  async #survive<T>(work: () => Promise<T>): Promise<T | 'execution died' | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      const kills = this.killAt?.kills;
      this.#isDead = false;
      this.killAt = undefined;
      if (kills === 'execution') return 'execution died';
      this.clock.advance(STEP_TIMES.leaseMs + 10_000);
      return undefined;
    }
  }

  #mortal<Port extends object>(name: string, port: Port): Port {
    const call = async (method: string, work: () => unknown): Promise<unknown> => {
      if (this.#isDead) throw new KilledError();
      this.calls += 1;
      const isLast = this.killAt?.call === this.calls;
      if (isLast && this.killAt?.when === 'before') this.#die();
      this.onCall(name, method);
      const answer = await work();
      if (isLast) this.#die();
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

  #die(): never {
    this.#isDead = true;
    throw new KilledError();
  }
}
