import { LATENCY_NAMES, type LatencyName } from '../service/latency-models';
import { NO_FAULTS } from '../service/service-settings';
import type { Size } from '../workload/layout';
import { DESIGN_NAMES, type DesignName, type OursSettings, type RunSpec, plainRun } from './run-spec';

/** All sizes of the tables that compare designs. */
export const SIZES = [1, 10, 100, 1200, 10_000] as const satisfies readonly Size[];

/** One request of a person for so many accounts: bulk work amid which others have tickets. */
export const BIG_REQUEST = 400 satisfies Size;

/** Where large requests are compared with a rule's claims: not at 60 s, where both wait for the slots alone. */
export const LEASE_LATENCIES = ['two', 'ln4', 'ten', 'tail'] as const satisfies readonly LatencyName[];

/** How many seeds a model is run with: 1, 2, 3 … */
type SeedCount = (latency: LatencyName) => number;

/** Models in which all operations take the same time: from seed to seed only accounts, lags and tickets differ. */
const CONSTANT: ReadonlySet<LatencyName> = new Set(['two', 'ten', 'sixty']);

/** Two of ours; one where a run lasts longest, and seeds change least, and of peers, whose tickets wait for a time of another order. */
const AMID_SEEDS: SeedCount = (latency) => (latency === 'sixty' ? 1 : 2);

/**
 * With so many seeds a size is run: ten, and three for the largest. Less is spent where a run lasts long and a seed changes little:
 * constant latencies, and the design whose figure is how much it loses.
 */
function seedsOf(design: DesignName, size: Size): SeedCount {
  if (size < 100) return () => 10;
  if (size < 10_000) return (latency) => (latency === 'sixty' ? 3 : 10);
  return (latency) => (CONSTANT.has(latency) || design === 'unlimited-fan-out' ? 1 : 3);
}

/** Tickets amid the largest work: as many with one seed as with three, so that their waits can be compared. */
function ticketsAmidMost(latency: LatencyName): number {
  return CONSTANT.has(latency) ? 3 * TICKETS_AMID : TICKETS_AMID;
}

/** Tickets in a run that has some amid its bulk work. */
const TICKETS_AMID = 20;

/** Tickets, one after the other, in a run without bulk work. */
const TICKETS_ALONE = 100;

/** Lists of assignments that show an effect late. */
const EFFECT_LAG = { effectLagMs: 2_000 } as const;

/** A line of the table of sensitivity: what is changed about the service, or about what befalls the dispatcher. */
export interface Variation {
  readonly title: string;
  readonly service: RunSpec['service'];
  readonly ours: OursSettings;
  /** Only the dispatcher is affected: peers are not run. */
  readonly isOursOnly: boolean;
}

/** What a busy network, or a service under load, does to one call in ten. */
const SLOW_CALLS = { slowCalls: { share: 0.1, leastExtraMs: 300, mostExtraMs: 1_500 } } as const;

const lost = (share: number) => ({ ...NO_FAULTS, lostBefore: share / 2, lostAfter: share / 2 });

/** See {@link Variation}; the first one is the ground that the others are compared with. */
export const VARIATIONS: readonly Variation[] = [
  variation('as in the other tables', {}),
  variation('10 slots (older accounts), known', { slots: 10 }),
  variation('10 slots, 15 believed', { slots: 10 }, { slots: 15 }, true),
  variation('20 slots, known', { slots: 20 }),
  variation('other clients: 5 calls a second', { otherCallsPerSecond: 5 }),
  variation('other clients: 10 calls a second', { otherCallsPerSecond: 10 }),
  variation('status lists without lag', { listLagMs: 0 }),
  variation('status lists lag up to 10 s', { listLagMs: 10_000 }),
  variation('effects show up to 2 s later', EFFECT_LAG),
  variation('round trip 0.3 s', { roundTripMs: 300 }),
  variation('slow calls: one in ten, 0.3 to 1.5 s longer', SLOW_CALLS),
  variation(
    'slow calls: one in ten, 0.3 to 1.5 s longer; 10 slots, 15 believed',
    { ...SLOW_CALLS, slots: 10 },
    { slots: 15 },
    true,
  ),
  variation('a burst of 1 call', { burst: 1 }),
  variation('lost replies: 5 %', { faults: lost(0.05) }),
  variation('throttled 2 %, conflicts 2 %, HTTP 500 2 %', {
    faults: { ...NO_FAULTS, throttled: 0.02, conflict: 0.02, serverError: 0.02 },
  }),
  variation('killed once in 60 s of work', {}, { secondsBetweenCrashes: 60 }, true),
  variation(
    'killed once in 60 s, lost replies 5 %, other clients 5 a second',
    { faults: lost(0.05), otherCallsPerSecond: 5 },
    { secondsBetweenCrashes: 60 },
    true,
  ),
];

/** Designs that the table of sensitivity shows: ours, the fastest peer and two usual ones. */
export const COMPARED: readonly DesignName[] = [
  'ours',
  'codepipeline-auto-assignment',
  'step-functions-map',
  'terraform',
];

/** Size and latency of the table of sensitivity. */
export const SENSITIVITY = { size: 1200, latency: 'ln4', seeds: 2 } as const;

/** The parts of a benchmark. */
export interface Plan {
  /** Bulk work of every size; tickets amid the largest. */
  readonly bulk: readonly RunSpec[];
  /** Tickets amid bulk work of middle sizes: apart, since twenty more operations change the time of a hundred. */
  readonly amid: readonly RunSpec[];
  /** Bulk work of large requests, whose grants are read back. */
  readonly leases: readonly RunSpec[];
  /** Tickets alone. */
  readonly alone: readonly RunSpec[];
  readonly sensitivity: readonly RunSpec[];
}

/** Everything. */
export function fullPlan(): Plan {
  return {
    bulk: SIZES.flatMap((size) =>
      DESIGN_NAMES.flatMap((each) =>
        every([each], LATENCY_NAMES, seedsOf(each, size), (design, latency, seed) => ({
          ...plainRun(design, size, latency, seed),
          tickets: size === 10_000 ? ticketsAmidMost(latency) : 0,
          isTraced: size === 1200 && latency === 'ln4' && seed === 1,
        })),
      ),
    ),
    amid: [
      ...([100, 1200] as const).flatMap((size) =>
        DESIGN_NAMES.flatMap((each) =>
          every([each], LATENCY_NAMES, each === 'ours' ? AMID_SEEDS : () => 1, (design, latency, seed) => ({
            ...plainRun(design, size, latency, seed),
            tickets: TICKETS_AMID,
          })),
        ),
      ),
      ...amidBigRequest(LATENCY_NAMES, AMID_SEEDS),
    ],
    leases: leaseRuns(1200, LEASE_LATENCIES, 2),
    alone: aloneRuns(LATENCY_NAMES, 2, TICKETS_ALONE),
    sensitivity: sensitivityRuns(COMPARED, SENSITIVITY.size, SENSITIVITY.seeds),
  };
}

/** A smoke test: the same runs in small, with every fault. */
export function quickPlan(): Plan {
  const { latency } = SENSITIVITY;
  return {
    bulk: [
      ...([1, 10, 100] as const).flatMap((size) =>
        every(
          DESIGN_NAMES,
          LATENCY_NAMES,
          () => 2,
          (design, each, seed) => plainRun(design, size, each, seed),
        ),
      ),
      ...every(
        DESIGN_NAMES,
        ['two', latency],
        () => 1,
        (design, each, seed) => plainRun(design, 1200, each, seed),
      ),
    ],
    amid: [
      ...every(
        ['ours'],
        ['two', latency],
        () => 1,
        (design, each, seed) => ({ ...plainRun(design, 1200, each, seed), tickets: TICKETS_AMID }),
      ),
      ...amidBigRequest([latency], () => 1),
    ],
    leases: leaseRuns(100, LEASE_LATENCIES, 1),
    alone: aloneRuns(LATENCY_NAMES, 1, 20),
    sensitivity: sensitivityRuns(['ours'], 100, 2),
  };
}

function amidBigRequest(latencies: readonly LatencyName[], seeds: SeedCount): RunSpec[] {
  return every(['ours'], latencies, seeds, (design, latency, seed) => ({
    ...plainRun(design, BIG_REQUEST, latency, seed),
    claims: 'leases',
    tickets: TICKETS_AMID,
  }));
}

function leaseRuns(size: Size, latencies: readonly LatencyName[], count: number): RunSpec[] {
  return every(
    ['ours'],
    latencies,
    () => count,
    (design, latency, seed) => ({ ...plainRun(design, size, latency, seed), claims: 'leases' }),
  );
}

/** With lists that show effects at once, and late: a grant is told when it can be seen, so that lag is a part of the time. */
function aloneRuns(latencies: readonly LatencyName[], count: number, tickets: number): RunSpec[] {
  return [{}, EFFECT_LAG].flatMap((service) =>
    every(
      ['ours'],
      latencies,
      () => count,
      (design, latency, seed) => ({
        ...plainRun(design, 0, latency, seed),
        tickets,
        service,
      }),
    ),
  );
}

function sensitivityRuns(designs: readonly DesignName[], size: Size, count: number): RunSpec[] {
  return VARIATIONS.flatMap(({ service, ours, isOursOnly }) =>
    every(
      isOursOnly ? ['ours'] : designs,
      [SENSITIVITY.latency],
      () => count,
      (design, latency, seed): RunSpec => ({ ...plainRun(design, size, latency, seed), service, ours }),
    ),
  );
}

function variation(
  title: string,
  service: RunSpec['service'],
  ours: OursSettings = {},
  isOursOnly = false,
): Variation {
  return { title, service, ours, isOursOnly };
}

function every(
  designs: readonly DesignName[],
  latencies: readonly LatencyName[],
  seeds: SeedCount,
  spec: (design: DesignName, latency: LatencyName, seed: number) => RunSpec,
): RunSpec[] {
  return designs.flatMap((design) =>
    latencies.flatMap((latency) =>
      Array.from({ length: seeds(latency) }, (_, index) => spec(design, latency, index + 1)),
    ),
  );
}
