import type { DispatcherPorts } from '../../../core/dispatcher/ports';
import type { Place } from '../../../core/ports/identity-center';
import type { Workflows } from '../../../core/ports/workflows';
import type { SweepPorts } from '../../../core/sweep/sweep';
import { MemoryDispatcher, MemoryRequests } from '../../support/memory-ledger';
import type { World } from '../designs/design';
import { placeId } from '../service/assignment-rows';
import type { FunctionLife } from './function-life';
import { IndexedAssignments } from './indexed-assignments';
import { CountingObserver, noProvisions } from './memory-ports';

/** A call to the ledger: what DynamoDB usually takes within a Region. */
const LEDGER_MS = 5;

/** Names of the ledger's methods that write one item; the others read or query. */
const WRITES: ReadonlySet<string> = new Set([
  'write',
  'create',
  'change',
  'report',
  'want',
  'nextEpoch',
  'takeLease',
  'releaseLease',
  'stop',
  'keepAcceptedIds',
]);

/** Everything that dispatcher and sweep touch. */
export type OursPorts = DispatcherPorts & SweepPorts;

/** What outlives every invocation: the ledger in memory, and the state machines. */
export class OursPlatform {
  readonly assignments = new IndexedAssignments();
  readonly requests = new MemoryRequests();
  readonly dispatcher = new MemoryDispatcher();
  readonly observer = new CountingObserver();
  readonly #world: World;
  readonly #workflows: Workflows;

  constructor(world: World, workflows: Workflows) {
    this.#world = world;
    this.#workflows = workflows;
  }

  /** The ports as one invocation sees them. */
  ports(life: FunctionLife): OursPorts {
    const { time, service, random } = this.#world;
    const ledger = <Port extends object>(port: Port): Port =>
      life.port(port, (call, name) => this.#callLedger(call, name));
    return {
      assignments: ledger(this.assignments),
      provisions: ledger(noProvisions),
      requests: ledger(this.requests),
      dispatcher: ledger(this.dispatcher),
      workflows: life.port(this.#workflows, (call) => Promise.resolve(call())),
      identityCenter: life.port(service, (call, name, args) => this.#callService(call, name, args)),
      announcer: { publish: () => Promise.resolve() },
      clock: life.clock(time),
      random,
      observer: this.observer,
    };
  }

  async #callLedger(call: () => unknown, name: string): Promise<unknown> {
    const { time, costs } = this.#world;
    if (WRITES.has(name)) costs.ledgerWrites += 1;
    else costs.ledgerReads += 1;
    await time.sleep(LEDGER_MS);
    return call();
  }

  #callService(call: () => unknown, name: string, args: readonly unknown[]): Promise<unknown> {
    const { tickets, outcomes } = this.#world;
    if (name === 'assignees' && tickets.length > 0) {
      // Each ticket has a place of its own, so a look at it is a look for it.
      const place = placeId(args[0] as Place);
      const ticket = tickets.find(({ key }) => placeId(key) === place);
      if (ticket !== undefined) outcomes.looked(ticket.key);
    }
    return Promise.resolve(call());
  }
}
