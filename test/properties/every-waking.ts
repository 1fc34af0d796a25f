import { leaseIsOver } from '../../core/requests/access-request';
import { type Call, type Outcome, type Stand, Stands } from './replayed-actor';
import {
  type Actor,
  type Moment,
  REQUEST_ID,
  SHORT_LEASE_MS,
  type Shared,
  WAKING_BEGINS,
  type WakingScenario,
  keyOfMoment,
  onWay,
  stateOf,
  storyOf,
  waitsOn,
  wayTo,
  withActor,
} from './waking-moments';
import { KnownLedgers } from './waking-ledger';
import { sharedAtFirst, withTokenGone } from './waking-ports';
import { FunctionDied, type State, executionFrom, programOf } from './waking-programs';

/** What an exploration has seen. */
export interface ExploredWaking {
  readonly moments: number;
  /** Moments at which the execution waits and does nothing else, each ledger once: what happens if everybody else dies then? */
  readonly waits: readonly Moment[];
  /** Moments at which an execution was stopped and its last function has ended or died. */
  readonly stops: readonly Moment[];
  /** What the ledger says where everybody has come to an end. */
  readonly stories: ReadonlySet<string>;
  readonly violations: readonly string[];
  /** Who has answered a token that was open. */
  readonly wokenBy: ReadonlySet<string>;
  /** Who has answered one whose task was over. */
  readonly answeredAgainBy: ReadonlySet<string>;
}

/**
 * Steps before or after which somebody else's step makes a difference, to who waits or to what is left where somebody dies. The others
 * are made right after the one before them: what nobody else writes (assignments, here), and what wakes nobody.
 */
const TURNS: ReadonlySet<string> = new Set([
  'requests.read',
  'requests.put',
  'requests.report',
  'requests.reports',
  'requests.open',
  'assignments.write',
  'workflows.answer',
  'workflows.runningAccessRequests',
]);

/** What is wrong in one order is wrong in many, and may go on for ever. */
const ENOUGH_VIOLATIONS = 5;

/** Where an exploration ends: what comes then is another *Await*, or none. */
const ENDS_BEFORE: Readonly<Record<WakingScenario['begins'], readonly State[]>> = {
  awaitGrant: ['awaitEnd', 'closeLeases'],
  awaitEnd: ['closeLeases'],
  awaitRevoke: ['done'],
};

/**
 * Goes through every order in which the steps of an execution that waits, and of those who may wake it, can fall between one another:
 * at each moment anybody who lives may make the next call, a read or a write, or die; an *Await* may run out of time; the execution may
 * be stopped. Time stands still. Moments that are the same are gone on from once.
 */
export class EveryWaking {
  readonly #scenario: WakingScenario;
  readonly #stands = new Stands();
  readonly #begun = new Map<string, Promise<Stand>>();
  readonly #ledgers = new KnownLedgers();
  readonly #violations = new Set<string>();
  readonly #wokenBy = new Set<string>();
  readonly #answeredAgainBy = new Set<string>();

  constructor(scenario: WakingScenario) {
    this.#scenario = scenario;
  }

  async explore(): Promise<ExploredWaking> {
    const first = await this.#settle(await this.#begin());
    const seen = new Set([keyOfMoment(first)]);
    const waits = new Map<string, Moment>();
    const stops = new Map<string, Moment>();
    const stories = new Set<string>();
    const left = [first];
    for (let moment = left.pop(); moment !== undefined; moment = left.pop()) {
      if (this.#violations.size >= ENOUGH_VIOLATIONS) break;
      this.#judge(moment, waits, stops, stories);
      for (const next of await this.#nexts(moment)) {
        const key = keyOfMoment(next);
        if (seen.has(key)) continue;
        seen.add(key);
        left.push(next);
      }
    }
    return {
      moments: seen.size,
      waits: [...waits.values()],
      stops: [...stops.values()],
      stories,
      violations: [...this.#violations],
      wokenBy: this.#wokenBy,
      answeredAgainBy: this.#answeredAgainBy,
    };
  }

  async #begin(): Promise<Moment> {
    const shared = this.#ledgers.known(await sharedAtFirst(this.#scenario));
    const { wakers } = this.#scenario;
    const nobody = { actors: [], deaths: 0, timeouts: 0, passes: 0, way: undefined };
    let moment: Moment = { now: WAKING_BEGINS, shared, ...nobody };
    moment = await this.#spawnExecution(moment, 1, this.#scenario.begins);
    for (const waker of wakers) if (waker !== 'pass') moment = await this.#spawnWaker(moment, waker);
    return moment;
  }

  /** Lost without a death: everybody has come to an end, but for an execution that waits for what is there. */
  #judge(moment: Moment, waits: Map<string, Moment>, stops: Map<string, Moment>, stories: Set<string>): void {
    const { shared, actors, deaths } = moment;
    const isAtWork = ({ fate, stand }: Actor): boolean =>
      (fate === 'lives' || fate === 'stopped') && stand.calls.some(({ port }) => port !== 'machine');
    for (const actor of actors) {
      const token = waitsOn(moment, actor);
      if (token !== undefined) waits.set(`${shared.id} ${token}`, moment);
      if (actor.fate === 'stopped' && !isAtWork(actor)) stops.set(String(shared.id), moment);
    }
    if (deaths > 0 || actors.some(isAtWork) || this.#mayPassBegin(moment)) return;
    if (actors.some((actor) => waitsOn(moment, actor) !== undefined && !waitsForTime(moment, actor)))
      this.#violations.add(`nobody is left to wake the execution: ${wayTo(moment)}`);
    else if (actors.every(({ fate }) => fate === 'over')) stories.add(storyOf(shared));
  }

  async #nexts(moment: Moment): Promise<Moment[]> {
    const nexts: Promise<Moment>[] = [];
    const mayDie = moment.deaths < this.#scenario.deaths;
    moment.actors.forEach((actor, index) => {
      if (actor.fate !== 'lives' && actor.fate !== 'stopped') return;
      for (const call of actor.stand.calls) {
        if (call.port === 'machine') {
          const isOpen = actor.fate === 'lives' && stateOf(moment.shared, call.args[0]) === 'open';
          if (isOpen) nexts.push(...this.#runOut(moment, index, actor, call));
          continue;
        }
        nexts.push(this.#answer(moment, index, call));
        if (mayDie && actor.attempt !== undefined) nexts.push(this.#die(moment, index, call));
      }
      if (mayDie && actor.attempt === undefined) nexts.push(Promise.resolve(dead(moment, index, actor)));
      if (this.#scenario.isStopped === true && actor.attempt === 1 && actor.fate === 'lives')
        nexts.push(Promise.resolve(this.#stopped(moment, index, actor)));
    });
    if (this.#mayPassBegin(moment)) nexts.push(this.#spawnWaker(moment, 'pass'));
    const reached = await Promise.all(nexts);
    return Promise.all(reached.map((each) => this.#settle(each)));
  }

  /** One at a time: that passes exclude each other is shown elsewhere. */
  #mayPassBegin({ actors, passes, shared }: Moment): boolean {
    const isAtWork = actors.some(({ name, fate }) => name.startsWith('pass') && fate === 'lives');
    const isWork = shared.assignments.some(
      ({ operation, toTell }) => operation !== undefined || toTell.length > 0,
    );
    return isWork && !isAtWork && passes < this.#scenario.wakers.filter((waker) => waker === 'pass').length;
  }

  async #spawnWaker(moment: Moment, waker: WakingScenario['wakers'][number]): Promise<Moment> {
    const passes = moment.passes + (waker === 'pass' ? 1 : 0);
    const name = waker === 'pass' ? `pass ${passes}` : waker;
    const stand = await this.#stand(waker, moment.now, () => programOf(waker, this.#scenario.accounts));
    const actors = [...moment.actors, { name, stand, fate: 'lives' } as const];
    return onWay({ ...moment, passes, actors }, `${name} begins`);
  }

  async #spawnExecution(moment: Moment, attempt: number, begins: State): Promise<Moment> {
    const name = `execution ${attempt}`;
    const { begins: first, endsSoon } = this.#scenario;
    const endsBefore = endsSoon === true ? (['done'] as const) : ENDS_BEFORE[first];
    const stand = await this.#stand(name, moment.now, () => executionFrom(begins, attempt, endsBefore));
    const actors = [...moment.actors, { name, attempt, stand, fate: 'lives' } as const];
    return onWay({ ...moment, actors }, `${name} begins`);
  }

  #stand(who: string, now: number, program: () => ReturnType<typeof programOf>): Promise<Stand> {
    const id = `${who} ${now}`;
    const stand = this.#begun.get(id) ?? this.#stands.begin(program(), now);
    this.#begun.set(id, stand);
    return stand;
  }

  /** Does what needs no turn: what nobody shares, what state machines do by themselves, ends, and starts of executions. */
  async #settle(moment: Moment): Promise<Moment> {
    let present = moment;
    for (let index = 0; index < present.actors.length; index += 1) {
      for (;;) {
        const actor = present.actors[index];
        if (actor === undefined || actor.fate === 'dead' || actor.fate === 'over') break;
        const call = actor.stand.calls.find((each) => isAtOnce(present.shared, actor, each));
        if (call !== undefined) {
          present = await this.#answer(present, index, call);
          continue;
        }
        if (actor.stand.end !== undefined && actor.stand.calls.every(({ port }) => port === 'machine')) {
          if ('error' in actor.stand.end)
            this.#violations.add(`${actor.name} failed with ${actor.stand.end.text}: ${wayTo(present)}`);
          present = withActor(present, index, { ...actor, fate: 'over' });
        }
        break;
      }
    }
    return this.#startExecutions(present);
  }

  /** A later attempt opens its leases again before it waits. */
  async #startExecutions(moment: Moment): Promise<Moment> {
    const known = new Set(moment.actors.map(({ attempt }) => `${REQUEST_ID}-${attempt}`));
    const name = moment.shared.started.find((each) => each.startsWith(REQUEST_ID) && !known.has(each));
    if (name === undefined) return moment;
    const attempt = Number(name.slice(REQUEST_ID.length + 1));
    return this.#settle(await this.#spawnExecution(moment, attempt, 'openLeases'));
  }

  async #answer(moment: Moment, index: number, call: Call): Promise<Moment> {
    const actor = moment.actors[index];
    if (actor === undefined) throw new Error(`there is no actor ${index}`);
    if (actor.name === 'sweep' && call.method === 'write')
      throw new Error('a sweep writes an assignment: reads of assignments need turns then');
    if (call.port === 'machine' && call.method === 'goes back' && call.args[0] === 'answered')
      this.#violations.add(`${actor.name} was woken before all outcomes were there: ${wayTo(moment)}`);
    const { shared, outcome } = await this.#ledgers.apply(moment.shared, call);
    if (call.method === 'answer') {
      const isOpen = stateOf(moment.shared, call.args[0]) === 'open';
      (isOpen ? this.#wokenBy : this.#answeredAgainBy).add(actor.name);
    }
    const next = { ...moment, shared };
    const what = `${call.port}.${call.method}`;
    return this.#told(TURNS.has(what) ? onWay(next, `${actor.name}: ${what}`) : next, index, call, outcome);
  }

  /** The function of a state is killed before it makes its next call. */
  #die(moment: Moment, index: number, call: Call): Promise<Moment> {
    const outcome: Outcome = { error: new FunctionDied(), text: 'died' };
    const next = onWay({ ...moment, deaths: moment.deaths + 1 }, `function dies before ${call.method}`);
    return this.#told(next, index, call, outcome);
  }

  /** The time of an *Await* is over: it looks again, or the lease has come to its end. */
  #runOut(moment: Moment, index: number, actor: Actor, call: Call): Promise<Moment>[] {
    const { timeouts, endsSoon } = this.#scenario;
    const shared = this.#ledgers.known(withTokenGone(moment.shared, call.args[0]));
    const outcome: Outcome = { value: 'out of time', text: 'out of time' };
    const ways: Moment[] = [];
    if (moment.timeouts < timeouts && waitsOn(moment, actor) !== undefined)
      ways.push(onWay({ ...moment, shared, timeouts: moment.timeouts + 1 }, 'time runs out'));
    if (endsSoon === true && moment.now === WAKING_BEGINS && call.args[1] !== 'revoke')
      ways.push(onWay({ ...moment, shared, now: WAKING_BEGINS + SHORT_LEASE_MS }, 'the lease ends'));
    return ways.map((next) => this.#told(next, index, call, outcome));
  }

  #stopped(moment: Moment, index: number, actor: Actor): Moment {
    const own = moment.shared.tokens.filter(({ token }) => token.startsWith('1.'));
    const gone = own.reduce<Omit<Shared, 'id'>>(
      (shared, { token }) => withTokenGone({ ...shared, id: 0 }, token),
      moment.shared,
    );
    const running = gone.running.filter((name) => name !== `${REQUEST_ID}-1`);
    const { id: _before, ...after } = { id: 0, ...gone, running };
    const next = withActor({ ...moment, shared: this.#ledgers.known(after) }, index, {
      ...actor,
      fate: 'stopped',
    });
    return onWay(next, 'execution 1 is stopped');
  }

  async #told(moment: Moment, index: number, call: Call, outcome: Outcome): Promise<Moment> {
    const actor = moment.actors[index];
    if (actor === undefined) throw new Error(`there is no actor ${index}`);
    const stand = await actor.stand.tell({ at: moment.now, call: call.id, outcome });
    return withActor(moment, index, { ...actor, stand });
  }
}

/** Whether an execution waits for the end of a lease that still has time: nobody else has to wake it. */
function waitsForTime({ now, shared: { request } }: Moment, { stand }: Actor): boolean {
  const isEnd = stand.calls.some(({ method, args: [, signal] }) => method === 'waits' && signal === 'end');
  return isEnd && !leaseIsOver(request, now);
}

function dead(moment: Moment, index: number, actor: Actor): Moment {
  const next = withActor(moment, index, { ...actor, fate: 'dead' });
  return onWay({ ...next, deaths: moment.deaths + 1 }, `${actor.name} dies`);
}

/** A state machine goes on by itself while it lives; it waits until its token is answered. */
function isAtOnce(shared: Shared, { fate }: Actor, { port, method, args }: Call): boolean {
  if (port !== 'machine') return !TURNS.has(`${port}.${method}`);
  if (fate !== 'lives') return false;
  return method !== 'waits' || stateOf(shared, args[0]) === 'answered';
}
