import type { AssignmentKey } from '../../../core/assignments/assignment';
import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { replaceDeadDispatcher, wakeDispatcher } from '../../../core/dispatcher/control';
import { type PassLimits, runPass } from '../../../core/dispatcher/pass';
import type { Workflows } from '../../../core/ports/workflows';
import { sweep } from '../../../core/sweep/sweep';
import { DispatcherTimes, PASSES_PER_EXECUTION } from '../../../lambdas/dispatcher/contract';
import { type World, takeTickets } from '../designs/design';
import { chanceFor } from '../engine/chance';
import type { RequestResults } from '../runs/run-result';
import type { BulkClaims } from '../runs/run-spec';
import { BulkRequests, openBaseline, tellOutcome } from './bulk-claims';
import { DispatcherMachine } from './dispatcher-machine';
import { FunctionLife } from './function-life';
import { type OursPorts, OursPlatform } from './ours-ports';
import { grantingRequest } from './people';

const SWEEP_EVERY_MS = 60_000;

/** Work that is not through by then counts as lost: three times what 10,000 operations of 60 s take. */
const PATIENCE_MS = 36 * 60 * 60_000;

/** What `ours` is run with. */
export interface OursOptions {
  readonly seed: number;
  /** Slots that its settings allow. */
  readonly slots: number;
  /** Mean seconds of work between two deaths of the function; undefined: none. */
  readonly secondsBetweenCrashes: number | undefined;
  /** Whether the sweep looks at all that is due, as it does; else only whether a dispatcher is needed, which costs less here. */
  readonly isSwept: boolean;
  readonly claims: BulkClaims;
}

/** How the dispatcher fared, beside what is counted of every design. */
export interface OursReport {
  readonly crashes: number;
  /** How often it said that something happened that should not. */
  readonly warnings: Readonly<Record<string, number>>;
  readonly requests?: RequestResults;
}

/** The production dispatcher: `runPass` of core/, its state machine and its sweep played around it, its ledger in memory. */
export async function ours(world: World, options: OursOptions): Promise<OursReport> {
  const { time, outcomes, costs, bulk } = world;
  const machine: DispatcherMachine = new DispatcherMachine({
    time,
    costs,
    chance: chanceFor(options.seed, 'crashes'),
    secondsBetweenCrashes: options.secondsBetweenCrashes,
    pass: (life, epoch, pass) => runPass(platform.ports(life), { epoch, pass }, limitsOf(options)),
  });
  const requests = options.claims === 'leases' ? new BulkRequests(world) : undefined;
  const platform = new OursPlatform(world, workflowsOf(world, machine, requests));
  platform.assignments.onWrite = (written) => {
    tellOutcome(world, written, requests);
  };
  let isOver = false;
  const allTold = Promise.all([outcomes.allSaid, requests?.allAnswered]);
  const patience = new Promise<void>((resolve) => {
    const cancel = time.after(PATIENCE_MS, () => {
      machine.isHalted = true;
      resolve();
    });
    void allTold.then(cancel);
  });
  const own = platform.ports(new FunctionLife());
  await (requests === undefined ? openBaseline(world, platform) : requests.write(platform));
  if (bulk.length > 0) await wakeDispatcher(own, time.now());
  const sweeping = sweepUntil(world, own, options.isSwept, () => isOver);
  await takeTickets(world, (key) => ask(world, own, key));
  await Promise.race([allTold, patience]);
  isOver = true;
  await sweeping;
  await machine.over();
  costs.ledgerWrites += platform.assignments.indexWrites;
  return {
    crashes: machine.crashes,
    warnings: Object.fromEntries(platform.observer.warnings),
    ...(requests === undefined ? {} : { requests: requests.results }),
  };
}

function limitsOf({ slots }: OursOptions): PassLimits {
  return {
    leaseMs: DispatcherTimes.lease * 1000,
    stayMs: 10_000,
    bulkStayMs: 20_000,
    passes: PASSES_PER_EXECUTION,
    slots,
    callsPerSecond: 18,
  };
}

/** State machines as far as the dispatcher sees them. An answered token is the moment at which a person's grant is announced. */
function workflowsOf(
  { outcomes, tickets }: World,
  machine: DispatcherMachine,
  requests: BulkRequests | undefined,
): Workflows {
  const keys = new Map(tickets.map(({ key }) => [key.principalId, key]));
  return {
    startDispatcher: (epoch) => machine.start(epoch),
    answer: (token) => {
      const key = keys.get(token);
      if (key !== undefined) outcomes.done(key);
      requests?.answered(token);
      return Promise.resolve();
    },
    startAccessRequest: () => Promise.resolve(),
    accessRequestState: () => Promise.resolve('running'),
    runningAccessRequests: () => Promise.resolve(new Set(tickets.map(({ key }) => `${key.principalId}-1`))),
  };
}

/** What *Open leases* does for one account: the request waits already, the claim is written, the dispatcher called. */
async function ask({ time }: World, ports: OursPorts, key: AssignmentKey): Promise<void> {
  const id = key.principalId;
  const now = time.now();
  const request = grantingRequest(id, [key], now);
  await ports.requests.create(request);
  const lease = request.decision?.lease ?? { from: now, until: now };
  await changeAssignment(ports, key, (present) =>
    openClaim(present, { id, kind: 'lease', ...lease, openedAt: now, accounts: 1 }),
  );
  await wakeDispatcher(ports, time.now());
}

async function sweepUntil(
  { time }: World,
  ports: OursPorts,
  isSwept: boolean,
  isOver: () => boolean,
): Promise<void> {
  for (;;) {
    // Seconds, so that the end of the run need not wait for the next sweep.
    for (let waited = 0; waited < SWEEP_EVERY_MS; waited += 1000) {
      if (isOver()) return;
      await time.sleep(1000);
    }
    if (isSwept) {
      await sweep(ports);
      continue;
    }
    const due = await ports.assignments.due(time.now(), 1);
    await (due.length > 0 ? wakeDispatcher(ports, time.now()) : replaceDeadDispatcher(ports, time.now()));
  }
}
