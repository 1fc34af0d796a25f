import { applyRollout } from '../../core/permission-sets/apply-rollout';
import { type PermissionSetDefinition, definitionsHash } from '../../core/permission-sets/definition';
import { askIfDue } from '../../core/permission-sets/due';
import { lookAtRollout } from '../../core/permission-sets/look-at-rollout';
import type { RolloutRules } from '../../core/permission-sets/plan';
import { planRollout } from '../../core/permission-sets/plan-rollout';
import type { PermissionSetRecord } from '../../core/permission-sets/record';
import { reportRollout } from '../../core/permission-sets/report-rollout';
import { NO_ROLLOUT, type RolloutRecord, type RolloutScope } from '../../core/permission-sets/rollout';
import { type NextStep, askForRollout } from '../../core/permission-sets/steps';
import { STEP_TIMES } from '../../core/runs/run';
import type { ResultEvent } from '../../core/ports/announcer';
import type {
  PermissionSetLedger,
  PermissionSetNames,
  RolloutLedger,
} from '../../core/ports/permission-set-ledger';
import { endedProvision } from '../../core/provisions/provision';
import { FakeClock, RecordingObserver } from './fake-clock';
import { FakePermissionSets } from './fake-permission-sets';
import { MemoryAssignments, MemoryDispatcher, MemoryProvisions } from './memory-ledger';

/** The permission sets of the ledger in memory, with the same conditional writes. */
export class MemoryPermissionSets implements PermissionSetLedger {
  readonly items = new Map<string, PermissionSetRecord>();

  all(): Promise<readonly PermissionSetRecord[]> {
    return Promise.resolve([...this.items.values()].sort((one, other) => (one.name < other.name ? -1 : 1)));
  }

  read(name: string): Promise<PermissionSetRecord | undefined> {
    return Promise.resolve(this.items.get(name));
  }

  write(next: PermissionSetRecord): Promise<PermissionSetRecord | undefined> {
    if ((this.items.get(next.name)?.version ?? 0) !== next.version) return Promise.resolve(undefined);
    const written = { ...next, version: next.version + 1 };
    this.items.set(next.name, written);
    return Promise.resolve(written);
  }
}

class MemoryRollouts implements RolloutLedger {
  record: RolloutRecord = NO_ROLLOUT;

  read(): Promise<RolloutRecord> {
    return Promise.resolve(this.record);
  }

  write(next: RolloutRecord): Promise<RolloutRecord | undefined> {
    if (this.record.version !== next.version) return Promise.resolve(undefined);
    this.record = { ...next, version: next.version + 1 };
    return Promise.resolve(this.record);
  }
}

class MemoryNames implements PermissionSetNames {
  names: ReadonlyMap<string, string> = new Map();

  read(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.names);
  }

  write(names: ReadonlyMap<string, string>): Promise<void> {
    this.names = names;
    return Promise.resolve();
  }
}

/** After this long an execution that broke its promise counts as dead. */
const SWEEP_AFTER_MS = 200_000;

/** What a killed function's last call ends with: nobody catches it, since nobody is there any more. */
export class KilledError extends Error {}

/** A call of a port, by its number, before or after whose effect the function dies, alone or with its execution. */
export interface Death {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly kills: 'function' | 'execution';
}

/** A definition for tests. */
export function definition(
  name: string,
  change: Partial<PermissionSetDefinition> = {},
): PermissionSetDefinition {
  return {
    name,
    sessionDuration: 'PT1H',
    tags: {},
    awsManagedPolicies: [],
    customerManagedPolicies: [],
    adopt: false,
    protected: false,
    ...change,
  };
}

/** The rollout with its ports in memory, run as the state machine would, without AWS; the dispatcher does at once what it is asked. */
export class RolloutWorld {
  readonly clock = new FakeClock();
  readonly observer = new RecordingObserver();
  readonly service = new FakePermissionSets();
  readonly sets = new MemoryPermissionSets();
  readonly rolloutItem = new MemoryRollouts();
  readonly nameIndex = new MemoryNames();
  readonly provisionItems = new MemoryProvisions();
  readonly assignmentItems = new MemoryAssignments();
  readonly dispatcherItem = new MemoryDispatcher();
  readonly events: ResultEvent[] = [];
  bus: 'up' | 'down' = 'up';
  /** Executions that were started and have not run. */
  readonly started: number[] = [];
  definitions: readonly PermissionSetDefinition[] = [];
  rules: RolloutRules = { prune: true, mostDeletions: 5, mostDeletionsPercent: 100, setsPerInstance: 3500 };
  /** Reasons why accounts cannot be provisioned. */
  readonly broken = new Map<string, string>();
  /** Awaited before each call of the service. */
  onCall: () => Promise<void> = () => Promise.resolve();
  /** Calls of any port, made so far. */
  calls = 0;
  /** Kills the function at this call, before or after the call has its effect. */
  killAt: Death | undefined;
  #isDead = false;

  /** The ports of all steps, each call of which is counted and may be the last. */
  get ports() {
    return {
      deployed: { definitions: this.definitions, hash: definitionsHash(this.definitions) },
      rules: this.rules,
      managementAccountId: '111122223333',
      rollouts: this.#mortal(this.rolloutItem),
      records: this.#mortal(this.sets),
      names: this.#mortal(this.nameIndex),
      admin: this.#mortal(this.service, () => this.onCall()),
      provisions: this.#mortal(this.provisionItems),
      assignments: this.#mortal(this.assignmentItems),
      dispatcher: this.#mortal(this.dispatcherItem),
      workflows: this.#mortal({
        startRollout: (number: number) => {
          if (!this.started.includes(number)) this.started.push(number);
          return Promise.resolve();
        },
        startDispatcher: () => Promise.resolve(),
      }),
      announcer: this.#mortal({
        publish: (event: ResultEvent) => {
          if (this.bus === 'down') return Promise.reject(new Error('the bus does not answer'));
          this.events.push(event);
          return Promise.resolve();
        },
      }),
      clock: this.clock,
      observer: this.observer,
      random: { next: () => 0.5 },
    };
  }

  /** Asks, and runs to the end. */
  async rollOut(scope: RolloutScope = {}): Promise<void> {
    await this.#survive(() => askForRollout(this.ports, scope));
    await this.run();
  }

  /** As the sweep does. */
  due(): ReturnType<typeof askIfDue> {
    return askIfDue(this.ports);
  }

  /** Runs every execution that was started, to its end. */
  async run(): Promise<void> {
    for (let number = this.started.shift(); number !== undefined; number = this.started.shift()) {
      await this.#execute(number);
      if (this.started.length > 0 || !this.rolloutItem.record.running) continue;
      await this.clock.sleep(SWEEP_AFTER_MS);
      await this.due();
    }
  }

  async #execute(number: number): Promise<void> {
    let step: NextStep = { next: 'look', seconds: 1 };
    for (let looks = 0; step.next !== 'done';) {
      const { next } = step;
      if (next === 'wait') {
        await this.clock.sleep(step.seconds * 1000);
        await this.dispatch();
        step = { next: 'look', seconds: 1 };
        continue;
      }
      if (next === 'look') looks += 1;
      if (looks > 1_000) throw new Error('the rollout does not come to its end');
      const done = await this.#survive(() => this.step(next, number, looks));
      if (done === 'execution died') return;
      step = done ?? step;
    }
  }

  /** One step of the state machine. */
  step(next: 'look' | 'plan' | 'apply' | 'report', number: number, looks = 0): Promise<NextStep> {
    switch (next) {
      case 'look':
        return lookAtRollout(this.ports, number, looks);
      case 'plan':
        return planRollout(this.ports, number);
      case 'apply':
        return applyRollout(this.ports, number);
      case 'report':
        return reportRollout(this.ports, number);
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
      await this.clock.sleep(STEP_TIMES.leaseMs + 10_000);
      return undefined;
    }
  }

  /** What the dispatcher would do: provisions what was asked for, deletes the assignments that nobody claims. */
  async dispatch(): Promise<void> {
    for (const { target } of await this.provisionItems.open(100)) {
      const provision = await this.provisionItems.read(target);
      const set = this.service.sets.get(target.permissionSetArn);
      if (provision?.operation === undefined || set === undefined) continue;
      const accounts = target.accountId === undefined ? [...set.accounts.keys()] : [target.accountId];
      const failed = accounts.flatMap((id) => this.broken.get(id) ?? []);
      for (const id of accounts) if (!this.broken.has(id)) set.accounts.set(id, set.version);
      const sent = { ...provision.operation, serves: provision.asked };
      await this.provisionItems.write(
        endedProvision(
          provision,
          sent,
          failed.length > 0 ? 'FAILED' : 'SUCCEEDED',
          this.clock.now(),
          failed[0],
        ),
      );
    }
    for (const { key, operation } of this.assignmentItems.items.values()) {
      if (operation?.kind !== 'delete') continue;
      const set = this.service.sets.get(key.permissionSetArn);
      set?.assignees.delete(key.accountId);
      set?.accounts.delete(key.accountId);
    }
  }

  #mortal<Port extends object>(port: Port, before: () => Promise<void> = () => Promise.resolve()): Port {
    const call = async (work: () => unknown): Promise<unknown> => {
      if (this.#isDead) throw new KilledError();
      this.calls += 1;
      const isLast = this.killAt?.call === this.calls;
      if (isLast && this.killAt?.when === 'before') this.#die();
      await before();
      const answer = await work();
      if (isLast) this.#die();
      return answer;
    };
    return new Proxy(port, {
      get: (target, method): unknown => {
        const member: unknown = Reflect.get(target, method);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => call(() => Reflect.apply(member, target, args) as unknown);
      },
    });
  }

  #die(): never {
    this.#isDead = true;
    throw new KilledError();
  }
}
