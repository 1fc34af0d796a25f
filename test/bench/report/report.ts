import type { DecisionCost } from '../runs/decision-cost';
import { PRICES } from '../runs/prices';
import { LATENCY_NAMES } from '../service/latency-models';
import { SERVICE } from '../service/service-settings';
import { LAYOUTS } from '../workload/layout';
import { type Results, latencyTitle } from './group';
import { leaseTable } from './lease-table';
import { table, thousands } from './markdown';
import {
  SENSITIVITY_TITLE,
  aloneTable,
  amidTable,
  designTable,
  makespanTable,
  sensitivityTable,
} from './result-tables';
import { targetTable } from './targets';
import { tellTable } from './tell-table';
import { DESIGNS, INTRODUCTION, LEASES, METHOD, NOT_MEASURED, READING, TELLING, VALIDATION } from './words';
import { validationTable } from './validation';

/** All that a full run measured. */
export interface Measured {
  readonly bulk: Results;
  readonly amid: Results;
  readonly leases: Results;
  readonly alone: Results;
  readonly sensitivity: Results;
  readonly decisions: readonly DecisionCost[];
  /** The last end-to-end run's section, where there was one. */
  readonly endToEnd: string | undefined;
  /** As {@link endToEnd}, of rollouts. */
  readonly rollouts: string | undefined;
  /** As {@link endToEnd}, of reconciliations. */
  readonly reconcile: string | undefined;
  /** Section of the stand-alone simulator. */
  readonly simulator: string;
}

/** docs/benchmarks.md, before it is formatted. */
export function report(measured: Measured): string {
  const { bulk, amid, leases, alone, sensitivity, decisions, endToEnd, rollouts, reconcile, simulator } =
    measured;
  return [
    '# Benchmarks',
    INTRODUCTION,
    '## Targets',
    targetTable(bulk, alone),
    '## Method',
    METHOD,
    constants(),
    '### The designs',
    DESIGNS,
    '## 1,200 operations',
    READING,
    ...LATENCY_NAMES.flatMap((latency) => [
      `### L = ${latencyTitle(latency)}`,
      designTable(bulk, amid, 1200, latency),
    ]),
    '### Leases of large requests',
    LEASES,
    leaseTable(bulk, leases, 1200),
    '## From 1 to 10,000 operations',
    '![Makespan against the number of assignments](benchmarks/makespan.svg)',
    'Median makespan in seconds, and what that is of the limit; of designs that lost work, how much they lost.',
    ...LATENCY_NAMES.flatMap((latency) => [`### ${latencyTitle(latency)}`, makespanTable(bulk, latency)]),
    '## Slots in use',
    '![Slots in use over time](benchmarks/slots.svg)',
    '## Tickets of people',
    'Alone, at an idle system: from the moment the lease is written to the moment the waiting request is answered, less the latency of the service. It holds the start of the execution, two states, the start of the function, a look, the create, the polls and the read-back. A grant is told when it can be seen, so that a lag of effects, where there is one, is a part of it.',
    aloneTable(alone),
    'Amid bulk work: how long a ticket waits for its slot (its create was accepted, less its own looks), median and 95th percentile in seconds. In the peer with a queue it waits for all that was there before; the Map’s tickets use the five slots that the Map leaves free.',
    amidTable(bulk, amid),
    TELLING,
    tellTable(bulk, amid),
    '## When the world is less kind',
    `${SENSITIVITY_TITLE}. Deaths are deaths of the dispatcher’s function.`,
    sensitivityTable(sensitivity),
    '## One decision of the scheduler',
    decisionTable(decisions),
    '## End to end on the local runtime',
    endToEnd ??
      'Not part of this run: `npm run bench -- --end-to-end 200` starts the app with its state machines and bundles against the simulator, in real time, sends the requests through HTTP and prints the same columns.',
    '## Rollouts of permission sets',
    rollouts ??
      'Not part of this run: `npm run bench -- --rollouts` starts the app with a large organization in virtual time and counts the calls.',
    '## Reconciliations',
    reconcile ??
      'Not part of this run: `npm run bench -- --reconcile` walks a large organization in virtual time and counts the calls.',
    '## The simulated Identity Center by itself',
    simulator,
    '## How close the models come',
    VALIDATION,
    validationTable(bulk),
    '## What is not measured',
    NOT_MEASURED,
  ].join('\n\n');
}

function constants(): string {
  const perMillion = (price: number): string => `$${(price * 1e6).toFixed(3)} a million`;
  return table([
    ['constant', 'value'],
    ['slots (creates and deletes under way)', String(SERVICE.slots)],
    ['calls a second, burst', `${SERVICE.callsPerSecond}, ${SERVICE.burst}`],
    ['round trip of a call', `${SERVICE.roundTripMs / 1000} s, half before the service’s instant`],
    ['lag of status lists', `0 to ${SERVICE.listLagMs / 1000} s for a new request id`],
    ['lag of effects in `ListAccountAssignments`', 'none, or 0 to 2 s where a table says so'],
    ['lost reply noticed after', `${SERVICE.replyTimeoutMs / 1000} s`],
    ['state transition, Lambda start, ledger call', '0.05 s, 0.1 s, 0.005 s'],
    ['layouts (accounts × permission sets × groups)', layouts()],
    [
      'prices',
      [
        `transitions ${perMillion(PRICES.transition)}`,
        `Lambda $${PRICES.lambdaGigabyteSecond} a GB-second and ${perMillion(PRICES.lambdaStart)}`,
        `table writes ${perMillion(PRICES.writeUnit)}, reads ${perMillion(PRICES.readUnit)}`,
        `queue requests ${perMillion(PRICES.queueRequest)}`,
      ].join('; '),
    ],
  ]);
}

function layouts(): string {
  return Object.entries(LAYOUTS)
    .map(
      ([size, { accounts, permissionSets, groups }]) =>
        `${thousands(Number(size))} = ${accounts} × ${permissionSets} × ${groups}`,
    )
    .join(', ');
}

function decisionTable(decisions: readonly DecisionCost[]): string {
  return table([
    ['operations that wait', 'a decision, µs', 'memory of a decision, KB', 'first pages of the index, µs'],
    ...decisions.map((cost) => [
      thousands(cost.waiting),
      cost.decisionMicroseconds.toFixed(0),
      (cost.decisionBytes / 1024).toFixed(1),
      cost.pageMicroseconds.toFixed(0),
    ]),
  ]);
}
