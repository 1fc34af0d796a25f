import { chanceFor } from '../engine/chance';
import { VirtualTime } from '../engine/virtual-time';
import { codepipelineAutoAssignment } from '../designs/codepipeline-auto-assignment';
import { Costs } from '../designs/costs';
import type { Design, World } from '../designs/design';
import { identityCenterExtensions } from '../designs/identity-center-extensions';
import { orgFormation } from '../designs/org-formation';
import { type Outcome, Outcomes } from '../designs/outcomes';
import { stepFunctionsMap } from '../designs/step-functions-map';
import { terraform } from '../designs/terraform';
import { type OursReport, ours } from '../ours/ours';
import { unlimitedFanOut } from '../designs/unlimited-fan-out';
import { ServiceModel } from '../service/service-model';
import { SERVICE, type ServiceSettings } from '../service/service-settings';
import { LAYOUTS, type Ticket, bulkWork, tickets } from '../workload/layout';
import { median, quantile } from './figures';
import { limitOf } from './limit';
import { dollarsOf } from './prices';
import type { RunResult, TicketResult } from './run-result';
import type { DesignName, RunSpec } from './run-spec';
import { SlotRecorder } from './slot-recorder';

const PEERS: Record<Exclude<DesignName, 'ours'>, Design> = {
  'codepipeline-auto-assignment': codepipelineAutoAssignment,
  'step-functions-map': stepFunctionsMap,
  terraform,
  'identity-center-extensions': identityCenterExtensions,
  'org-formation': orgFormation,
  'unlimited-fan-out': unlimitedFanOut,
};

/** Pieces of time in a trace: as many as a plot has pixels to tell apart. */
const TRACE_PIECES = 300;

/** Makes one run, from the beginning until nothing is under way any more. */
export async function makeRun(spec: RunSpec): Promise<RunResult> {
  const settings: ServiceSettings = { ...SERVICE, ...spec.service, latency: spec.latency };
  const time = new VirtualTime();
  const service = new ServiceModel(time, spec.seed, settings);
  const slots = new SlotRecorder(time, service);
  const bulk = spec.size === 0 ? [] : bulkWork(spec.seed, LAYOUTS[spec.size]);
  const keys = bulk.map(({ key }) => key);
  const people = ticketsOf(spec, limitOf(keys, service, settings));
  const outcomes = new Outcomes(time, service, keys, people);
  const costs = new Costs();
  const random = chanceFor(spec.seed, 'design', spec.design);
  const world: World = { time, service, random, bulk, tickets: people, outcomes, costs };
  const work = begin(spec, world, settings);
  await time.run();
  const report = await work;
  const everything = [...keys, ...people.map(({ key }) => key)];
  const limit = limitOf(everything, service, settings);
  return { ...resultOf(spec, world, slots, limit, settings), ...report };
}

async function begin(spec: RunSpec, world: World, settings: ServiceSettings): Promise<OursReport> {
  if (spec.design !== 'ours') {
    await PEERS[spec.design](world);
    return { crashes: 0, warnings: {} };
  }
  const { claims, seed } = spec;
  const { secondsBetweenCrashes, slots = settings.slots } = spec.ours;
  const isFaulty = secondsBetweenCrashes !== undefined || spec.service.faults !== undefined;
  return ours(world, { seed, slots, secondsBetweenCrashes, isSwept: isFaulty, claims });
}

/** Amid bulk work: in its first nine tenths, as the limit has it. Alone: so far apart that the system is idle again each time. */
function ticketsOf({ seed, size, tickets: count, latency }: RunSpec, limit: number): Ticket[] {
  if (count === 0) return [];
  if (size !== 0) return tickets(seed, LAYOUTS[size].accounts, count, 50 * limit, 900 * limit);
  const apart = latency === 'sixty' || latency === 'tail' ? 240_000 : 90_000;
  return tickets(seed, 20, count, 0, 1).map((ticket, index) => ({
    ...ticket,
    afterMs: index * apart + Math.round(1000 * chanceFor(seed, 'instant', index).next()),
  }));
}

function resultOf(
  spec: RunSpec,
  { time, service, outcomes, costs }: World,
  slots: SlotRecorder,
  limit: number,
  settings: ServiceSettings,
): Omit<RunResult, keyof OursReport> {
  const all = [...outcomes.all.values()];
  const makespanMs = Math.max(0, ...all.map(({ said, saidAt = 0 }) => (said === 'done' ? saidAt : 0)));
  const grants = all
    .filter(({ isTicket, said }) => !isTicket && said === 'done')
    .map(({ saidAt = 0 }) => saidAt / 1000);
  const looks = service.counts.of('ListAccountAssignments');
  return {
    spec,
    makespan: makespanMs / 1000,
    limit,
    operations: all.length,
    lost: outcomes.lost,
    wrong: outcomes.wrong,
    repeated: all.reduce((sum, { timesAccepted }) => sum + Math.max(0, timesAccepted - 1), 0),
    calls: service.counts.total - looks,
    looks,
    throttled: service.counts.throttled,
    conflicts: service.counts.conflicts,
    grant: { median: median(grants), p95: quantile(grants, 0.95) },
    tickets: all
      .filter(({ isTicket }) => isTicket)
      .flatMap((each) => ticketResult(each, settings.roundTripMs)),
    transitions: costs.transitions,
    passes: costs.lambdaStarts,
    dollars: dollarsOf(spec.design, costs),
    slotsUsed: slots.mean(0, makespanMs) / settings.slots,
    mostSlots: slots.most,
    ...(spec.isTraced === true ? { trace: slots.trace(makespanMs, TRACE_PIECES) } : {}),
    events: time.events,
  };
}

/** Nothing of a ticket that was lost: it counts there. */
function ticketResult(outcome: Outcome, roundTripMs: number): TicketResult[] {
  const { askedAt, acceptedAt, provedAt, saidAt, said, latencyMs, ownLooks } = outcome;
  if (acceptedAt === undefined || saidAt === undefined || latencyMs === undefined || said !== 'done')
    return [];
  return [
    {
      slotWait: (acceptedAt - askedAt - ownLooks * roundTripMs) / 1000,
      grant: (saidAt - askedAt) / 1000,
      latency: latencyMs / 1000,
      ...(provedAt === undefined
        ? {}
        : { proof: (provedAt - acceptedAt - latencyMs) / 1000, tell: (saidAt - provedAt) / 1000 }),
    },
  ];
}
