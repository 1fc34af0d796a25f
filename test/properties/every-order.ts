import { PROMISE_GRACE_MS } from '../../core/dispatcher/control';
import type { PassResult } from '../../core/dispatcher/pass';
import type { DispatcherRecord } from '../../core/ports/ledger';
import {
  type Actor,
  type Applied,
  BEGIN,
  dueTimer,
  endingOf,
  jumpsOf,
  keyOfMoment,
  type Moment,
  nextRing,
  type Other,
  type Scenario,
  type Shared,
  withActor,
  wayTo,
} from './order-moments';
import { clockAt, portsWith, programOf, sharedAfter, writeWork } from './order-programs';
import { type Call, type Outcome, type Program, type Stand, Stands, textOf } from './replayed-actor';

/** After this long a function is killed, wherever it is (DispatcherTimes.function). */
const FUNCTION_MS = 30_000;

/** What an exploration has seen. */
export interface Explored {
  readonly moments: number;
  readonly steps: number;
  /** Moments at which nobody was left, each once. */
  readonly endings: readonly Moment[];
  readonly violations: readonly string[];
  /** Which conditional writes were seen to hold, and to be refused. */
  readonly outcomes: ReadonlySet<string>;
}

/**
 * Writes, each of which somebody may come before. A read needs no turn of its own: it is made right after the step before it, and
 * what follows it waits for its turn, by which time it may be stale. Another's write that falls before a read falls before that step too.
 */
const WRITES: ReadonlySet<string> = new Set([
  'dispatcher.want',
  'dispatcher.nextEpoch',
  'dispatcher.takeLease',
  'dispatcher.releaseLease',
  'dispatcher.stop',
  'assignments.write',
  'workflows.startDispatcher',
  'identityCenter.createAssignment',
  'identityCenter.deleteAssignment',
]);

/** Those that may be refused. */
const CONDITIONAL: ReadonlySet<string> = new Set(['nextEpoch', 'takeLease', 'releaseLease', 'stop']);

const needsTurn = ({ port, method }: Call): boolean => WRITES.has(`${port}.${method}`);

/**
 * Goes through every order in which the steps of some functions can fall between one another: at each moment anybody who lives may
 * make the next call, be killed, or sleep on; time may jump past a lease or a promise; another pass may begin. Moments that are the
 * same are gone on from once.
 */
export class EveryOrder {
  readonly #scenario: Scenario;
  readonly #stands = new Stands();
  readonly #shared = new Map<string, Shared>();
  readonly #applied = new Map<string, Promise<Applied>>();
  readonly #programs = new Map<string, Program>();
  readonly #violations: string[] = [];
  readonly #outcomes = new Set<string>();

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  async explore(): Promise<Explored> {
    const first = await this.#settle(await this.#begin());
    const seen = new Set([keyOfMoment(first)]);
    const endings = new Map<string, Moment>();
    const left = [first];
    let steps = 0;
    for (let moment = left.pop(); moment !== undefined; moment = left.pop()) {
      endings.set(endingOf(moment), moment);
      for (const next of await this.#nexts(moment)) {
        steps += 1;
        const key = keyOfMoment(next);
        if (seen.has(key)) continue;
        seen.add(key);
        left.push(next);
      }
    }
    return {
      moments: seen.size,
      steps,
      endings: [...endings.values()],
      violations: this.#violations,
      outcomes: this.#outcomes,
    };
  }

  async #begin(): Promise<Moment> {
    const record: DispatcherRecord = {
      epoch: 1,
      running: true,
      wanted: 1,
      wantedAt: BEGIN - 60_000,
      leaseUntil: BEGIN - 1_000,
      nextPassBy: BEGIN + PROMISE_GRACE_MS,
    };
    let moment: Moment = {
      now: BEGIN,
      shared: this.#known({ record, versions: [], rows: [], operations: [], started: [1] }),
      actors: [],
      over: [],
      passes: 0,
      jumps: 0,
      way: undefined,
    };
    moment = await this.#spawnPass(moment, 1, this.#scenario.passesBefore);
    if (this.#scenario.others.includes('call')) moment = await this.#written(moment);
    for (const other of this.#scenario.others) moment = await this.#spawn(moment, other);
    return moment;
  }

  async #written(moment: Moment): Promise<Moment> {
    const { now, shared } = moment;
    const ports = portsWith(shared, now, this.#scenario);
    await writeWork({ assignments: ports.assignments, clock: clockAt(now) });
    return { ...moment, shared: this.#known(sharedAfter(shared, ports, now, this.#scenario)) };
  }

  async #nexts(moment: Moment): Promise<Moment[]> {
    const nexts: Promise<Moment>[] = [];
    moment.actors.forEach((actor, index) => {
      if (actor.fate !== 'lives') return;
      for (const call of actor.stand.calls) nexts.push(this.#answer(moment, index, call));
    });
    const sleeping = nextRing(moment);
    if (sleeping !== undefined) nexts.push(this.#pass(moment, sleeping, `time to ${sleeping - BEGIN}`));
    if (moment.jumps < this.#scenario.jumps) {
      for (const [what, at] of jumpsOf(moment)) {
        const jumped = { ...moment, jumps: moment.jumps + 1 };
        nexts.push(this.#pass(jumped, at, `jump past ${what}`));
      }
    }
    if (moment.passes < this.#scenario.passes) {
      for (const epoch of moment.shared.started) {
        if (!moment.over.includes(epoch)) nexts.push(this.#spawnPass(moment, epoch, 0));
      }
    }
    const reached = await Promise.all(nexts);
    return Promise.all(reached.map((each) => this.#settle(each)));
  }

  /** Lets time pass; who has lived for too long dies. */
  #pass(moment: Moment, to: number, step: string): Promise<Moment> {
    const actors = moment.actors.map((actor) =>
      actor.fate === 'lives' && to - actor.bornAt >= FUNCTION_MS
        ? { ...actor, fate: 'killed' as const }
        : actor,
    );
    return Promise.resolve({ ...moment, now: to, actors, way: { step, before: moment.way } });
  }

  #spawnPass(moment: Moment, epoch: number, pass: number): Promise<Moment> {
    const name = `pass ${moment.passes + 1} (epoch ${epoch})`;
    const begun = this.#spawn(moment, pass === 0 ? 'pass' : 'last pass', name, epoch);
    return begun.then((next) => ({ ...next, passes: moment.passes + 1 }));
  }

  async #spawn(
    moment: Moment,
    what: 'pass' | 'last pass' | Other,
    name: string = what,
    epoch?: number,
  ): Promise<Moment> {
    const id = `${what} ${epoch ?? ''} ${moment.now}`;
    const known = this.#programs.get(id);
    const program = known ?? programOf(what, epoch ?? 0);
    this.#programs.set(id, program);
    const stand = await this.#begun(id, program, moment.now);
    const actor: Actor = {
      name,
      stand,
      bornAt: moment.now,
      fate: 'lives',
      ...(epoch === undefined ? {} : { epoch }),
    };
    return {
      ...moment,
      actors: [...moment.actors, actor],
      way: { step: `${name} begins`, before: moment.way },
    };
  }

  readonly #begins = new Map<string, Promise<Stand>>();

  #begun(id: string, program: Program, at: number): Promise<Stand> {
    const stand = this.#begins.get(id) ?? this.#stands.begin(program, at);
    this.#begins.set(id, stand);
    return stand;
  }

  /** Does what needs no turn: calls that nobody shares, timers that are due, ends. */
  async #settle(moment: Moment): Promise<Moment> {
    let present = moment;
    for (let index = 0; index < present.actors.length; index += 1) {
      for (;;) {
        const actor = present.actors[index];
        if (actor?.fate !== 'lives') break;
        if (actor.stand.end !== undefined) {
          present = this.#ended(present, index, actor, actor.stand.end);
          break;
        }
        const call = actor.stand.calls.find((each) => !needsTurn(each));
        if (call !== undefined) {
          present = await this.#answer(present, index, call);
          continue;
        }
        const due = dueTimer(present.now, actor);
        if (due === undefined) break;
        const stand = await actor.stand.tell({ at: present.now, timer: due });
        present = withActor(present, index, { ...actor, stand });
      }
    }
    this.#checkLeases(present);
    return present;
  }

  #ended(moment: Moment, index: number, actor: Actor, end: Outcome): Moment {
    const { leaseUntil: _over, ...rest } = actor;
    const next = withActor(moment, index, { ...rest, fate: 'ended' });
    // A pass that throws is repeated by its state machine, like one that was killed.
    if (actor.epoch === undefined || !('value' in end)) return next;
    return (end.value as PassResult).left ? next : { ...next, over: [...next.over, actor.epoch] };
  }

  async #answer(moment: Moment, index: number, call: Call): Promise<Moment> {
    const actor = moment.actors[index];
    if (actor === undefined) throw new Error(`there is no actor ${index}`);
    const what = `${call.port}.${call.method}`;
    if (what === 'identityCenter.createAssignment') this.#checkAdminCall(moment, actor);
    const { shared, outcome } = await this.#apply(moment, call);
    const stand = await actor.stand.tell({ at: moment.now, call: call.id, outcome });
    const answered = 'value' in outcome && outcome.value !== undefined;
    if (CONDITIONAL.has(call.method)) {
      const held = call.method === 'releaseLease' ? shared !== moment.shared : answered;
      this.#outcomes.add(`${call.method} ${held ? 'held' : 'refused'}`);
    }
    const { leaseUntil, ...rest } = actor;
    const lease =
      call.method === 'takeLease' && answered
        ? shared.record.leaseUntil
        : call.method === 'releaseLease'
          ? undefined
          : leaseUntil;
    const next: Actor = { ...rest, stand, ...(lease === undefined ? {} : { leaseUntil: lease }) };
    const step = needsTurn(call) ? `${actor.name}: ${what}${answered ? '' : ' (nothing)'}` : undefined;
    return {
      ...withActor(moment, index, next),
      shared,
      way: step === undefined ? moment.way : { step, before: moment.way },
    };
  }

  /** What a call does and answers, worked out once for each ledger and instant. */
  #apply({ now, shared }: Moment, call: Call): Promise<Applied> {
    const id = `${shared.id} ${now} ${call.text}`;
    const known = this.#applied.get(id) ?? this.#applyAnew(now, shared, call);
    this.#applied.set(id, known);
    return known;
  }

  async #applyAnew(now: number, shared: Shared, { port, method, args }: Call): Promise<Applied> {
    const ports = portsWith(shared, now, this.#scenario);
    const target = ports[port as keyof typeof ports] as Readonly<Record<string, unknown>>;
    const member = target[method];
    if (typeof member !== 'function') throw new Error(`no port has ${port}.${method}`);
    const outcome = await (Reflect.apply(member, target, args) as Promise<unknown>).then(
      (value: unknown) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const after = this.#known(sharedAfter(shared, ports, now, this.#scenario));
    return { shared: after, outcome: { ...outcome, text: textOf(outcome) } };
  }

  #known(shared: Omit<Shared, 'id'>): Shared {
    const text = textOf(shared);
    const known = this.#shared.get(text) ?? { ...shared, id: this.#shared.size };
    this.#shared.set(text, known);
    return known;
  }

  #checkLeases(moment: Moment): void {
    const holders = moment.actors.filter(
      ({ fate, leaseUntil }) => fate === 'lives' && leaseUntil !== undefined,
    );
    if (holders.length > 1)
      this.#violations.push(
        `${holders.map(({ name }) => name).join(' and ')} hold the lease: ${wayTo(moment)}`,
      );
  }

  #checkAdminCall(moment: Moment, { name, leaseUntil }: Actor): void {
    if (leaseUntil === undefined || moment.now >= leaseUntil)
      this.#violations.push(`${name} makes an admin call without the lease: ${wayTo(moment)}`);
  }
}
