import { setImmediate as macrotask } from 'node:timers/promises';
import { changeAssignment } from '../../core/assignments/change';
import { closeClaim, openClaim } from '../../core/assignments/claims';
import { wakeDispatcher } from '../../core/dispatcher/control';
import { runPass } from '../../core/dispatcher/pass';
import type { DispatcherPorts } from '../../core/dispatcher/ports';
import type { Clock } from '../../core/ports/clock';
import { type SweepPorts, sweep } from '../../core/sweep/sweep';
import { FakeWorkflows, LIMITS, keyOf } from '../support/dispatcher-world';
import { FakeClock, RecordingObserver } from '../support/fake-clock';
import { FakeIdentityCenter } from '../support/fake-identity-center';
import {
  MemoryAssignments,
  MemoryDispatcher,
  MemoryProvisions,
  MemoryRequests,
} from '../support/memory-ledger';

const MINUTE = 60_000;

/** After this long a function is killed, wherever it is (DispatcherTimes.function; the sweep's is not much longer). */
const FUNCTION_MS = 30_000;

/** Something that runs in a function of its own: a pass, a caller of the API, a sweep. */
interface Actor {
  readonly name: string;
  readonly diesAt: number;
  isDead: boolean;
  /** Until when it has the lease, while it has it. */
  leaseUntil: number | undefined;
}

interface Waiter {
  readonly actor: Actor;
  readonly at: number;
  readonly go: () => void;
}

/**
 * Ledger, Identity Center and state machines in memory, and functions that all run at one time: each of them stops before
 * every call that it makes, and a test says who goes on. One that is killed never does: what it did stays done, what it was
 * about to do is not. When {@link calmDown} is called nobody is left, and what comes then runs undisturbed.
 */
export class Interleaving {
  readonly assignments = new MemoryAssignments();
  readonly provisions = new MemoryProvisions();
  readonly requests = new MemoryRequests();
  readonly dispatcher = new MemoryDispatcher();
  readonly workflows = new FakeWorkflows();
  readonly observer = new RecordingObserver();
  /** What must never be: said here rather than thrown, since the domain survives what its ports throw. */
  readonly violations: string[] = [];
  readonly identityCenter: FakeIdentityCenter;
  readonly actors: Actor[] = [];
  /** Once all is calm it moves by itself; before, only a test moves it. */
  readonly #clock = new FakeClock();
  #waiters: Waiter[] = [];
  #isCalm = false;

  constructor() {
    this.identityCenter = new FakeIdentityCenter(this.#clock);
  }

  now(): number {
    return this.#clock.now();
  }

  /** A pass of an execution: a repeat, a late one, one of an epoch that is past; whatever the state machines might do. */
  invoke(epoch: number): Promise<void> {
    return this.#act(`pass of epoch ${epoch}`, async (ports) => {
      await runPass(ports, { epoch, pass: 0 }, LIMITS);
    });
  }

  open(id: string, key: number, lastsMs: number): Promise<void> {
    return this.#act(`opening ${id}`, async (ports) => {
      await changeAssignment(ports, keyOf(key), (present, now) =>
        openClaim(present, { id, kind: 'lease', from: now, until: now + lastsMs, openedAt: now }),
      );
      await wakeDispatcher(ports, this.now());
    });
  }

  close(id: string, key: number): Promise<void> {
    return this.#act(`closing ${id}`, async (ports) => {
      await changeAssignment(ports, keyOf(key), (present, now) =>
        closeClaim(present, id, now, 'ended early'),
      );
      await wakeDispatcher(ports, this.now());
    });
  }

  sweep(): Promise<void> {
    return this.#act('sweep', async (ports) => {
      await sweep(ports);
    });
  }

  /** Lets one of those who wait for their turn make its next call. */
  async step(which: number): Promise<void> {
    const ready = this.#waiters.filter(({ actor, at }) => at <= this.now() && this.#isAlive(actor));
    const next = ready[which % Math.max(ready.length, 1)];
    if (next === undefined) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter !== next);
    next.go();
    await macrotask();
  }

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  kill(which: number): void {
    const actor = this.actors[which % Math.max(this.actors.length, 1)];
    if (actor !== undefined) actor.isDead = true;
  }

  /** Everybody dies at once; from now on nothing is interleaved any more. */
  calmDown(): void {
    for (const actor of this.actors) actor.isDead = true;
    this.#waiters = [];
    this.#isCalm = true;
  }

  /** One minute of nothing but the sweep. */
  async quietMinute(): Promise<void> {
    this.advance(MINUTE);
    await this.sweep();
  }

  /** Runs the present execution to its end, as its state machine would. */
  async drain(): Promise<void> {
    const { epoch } = this.dispatcher.record;
    for (let pass = 0; pass < 400; pass += 1) {
      const { left, seconds } = await runPass(this.#ports(this.#actor('drain')), { epoch, pass }, LIMITS);
      this.advance(seconds * 1000);
      if (!left) return;
    }
    throw new Error('the dispatcher did not end in 400 passes');
  }

  hasWork(): boolean {
    return [...this.assignments.items.values()].some(
      ({ operation, toTell }) => operation !== undefined || toTell.length > 0,
    );
  }

  async #act(name: string, work: (ports: DispatcherPorts & SweepPorts) => Promise<void>): Promise<void> {
    const actor = this.#actor(name);
    const done = work(this.#ports(actor)).catch((cause: unknown) => {
      this.observer.warn(`${name} failed`, {}, cause);
    });
    void done.then(() => {
      actor.isDead = true;
    });
    if (this.#isCalm) await done;
    else await macrotask();
  }

  #actor(name: string): Actor {
    const actor = { name, diesAt: this.now() + FUNCTION_MS, isDead: false, leaseUntil: undefined };
    this.actors.push(actor);
    return actor;
  }

  #isAlive(actor: Actor): boolean {
    return !actor.isDead && this.now() < actor.diesAt;
  }

  #turn(actor: Actor, at = this.now()): Promise<void> {
    if (this.#isCalm) return at <= this.now() ? Promise.resolve() : this.#clock.sleep(at - this.now());
    return new Promise((go) => this.#waiters.push({ actor, at, go }));
  }

  #after(actor: Actor, ms: number, ring: () => void): () => void {
    if (this.#isCalm) return this.#clock.after(ms, ring);
    const waiter: Waiter = { actor, at: Math.ceil(this.now() + ms), go: ring };
    this.#waiters.push(waiter);
    return () => {
      this.#waiters = this.#waiters.filter((each) => each !== waiter);
    };
  }

  #ports(actor: Actor): DispatcherPorts & SweepPorts {
    const turn = () => this.#turn(actor);
    const clock: Clock = {
      now: () => this.now(),
      sleep: (ms) => this.#turn(actor, Math.ceil(this.now() + ms)),
      after: (ms, ring) => this.#after(actor, ms, ring),
    };
    return {
      clock,
      observer: this.observer,
      random: { next: () => 0.5 },
      announcer: { publish: () => Promise.resolve() },
      assignments: gated(this.assignments, turn),
      provisions: gated(this.provisions, turn),
      requests: gated(this.requests, turn),
      workflows: gated(this.workflows, turn),
      dispatcher: this.#watchedDispatcher(actor, turn),
      identityCenter: this.#watchedIdentityCenter(actor, turn),
    };
  }

  /** Knows who has the lease, and that nobody else has it. */
  #watchedDispatcher(actor: Actor, turn: () => Promise<void>): DispatcherPorts['dispatcher'] {
    const dispatcher = gated(this.dispatcher, turn);
    return Object.assign(Object.create(dispatcher) as typeof dispatcher, {
      takeLease: async (...args: Parameters<MemoryDispatcher['takeLease']>) => {
        const record = await dispatcher.takeLease(...args);
        if (record === undefined) return undefined;
        const others = this.actors.filter((each) => each.leaseUntil !== undefined && this.#isAlive(each));
        for (const { name } of others) this.violations.push(`${actor.name} took the lease of ${name}`);
        actor.leaseUntil = record.leaseUntil;
        return record;
      },
      releaseLease: async (...args: Parameters<MemoryDispatcher['releaseLease']>) => {
        await dispatcher.releaseLease(...args);
        actor.leaseUntil = undefined;
      },
    });
  }

  /** Nobody calls without the lease, or after it is over. */
  #watchedIdentityCenter(actor: Actor, turn: () => Promise<void>): DispatcherPorts['identityCenter'] {
    const identityCenter = gated(this.identityCenter, turn);
    const check = (what: string): void => {
      if (actor.leaseUntil === undefined || this.now() >= actor.leaseUntil)
        this.violations.push(`${actor.name} made a ${what} without the lease`);
    };
    return Object.assign(Object.create(identityCenter) as typeof identityCenter, {
      createAssignment: async (...args: Parameters<FakeIdentityCenter['createAssignment']>) => {
        const answer = await identityCenter.createAssignment(...args).finally(() => {
          check('create');
        });
        return answer;
      },
      deleteAssignment: async (...args: Parameters<FakeIdentityCenter['deleteAssignment']>) => {
        const answer = await identityCenter.deleteAssignment(...args).finally(() => {
          check('delete');
        });
        return answer;
      },
    });
  }
}

/** The same port, but every call waits for its turn first. */
function gated<Port extends object>(port: Port, turn: () => Promise<void>): Port {
  return new Proxy(port, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await turn();
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
}
