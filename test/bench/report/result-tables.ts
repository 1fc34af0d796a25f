import { VARIATIONS, type Variation, SENSITIVITY, SIZES } from '../runs/plan';
import { quantile } from '../runs/figures';
import { DESIGN_NAMES, type DesignName } from '../runs/run-spec';
import { LATENCY_NAMES, type LatencyName } from '../service/latency-models';
import type { Size } from '../workload/layout';
import { type Group, type Results, latencyTitle } from './group';
import { percent, seconds, table, thousands } from './markdown';

/** Designs as tables name them. */
export const DESIGN_TITLES: Record<DesignName, string> = {
  ours: '**Latchkey**',
  'codepipeline-auto-assignment': 'codepipeline-auto-assignment',
  'step-functions-map': 'Step Functions Map, wait loop',
  terraform: 'Terraform',
  'identity-center-extensions': 'identity-center-extensions',
  'org-formation': 'org-formation',
  'unlimited-fan-out': 'unlimited fan-out',
};

/** Everything about one size and latency, a row for each design. */
export function designTable(bulk: Results, amid: Results, size: Size, latency: LatencyName): string {
  const head = [
    'design',
    'makespan s (range)',
    'of limit',
    'lost',
    'wrong',
    'calls/op',
    'looks/op',
    'throttled',
    'grant s p50 / p95',
    'ticket waits s p50 / p95',
    'transitions/1,000',
    'cost/1,000',
  ];
  const limit = bulk.of('ours', size, latency).limit;
  const rows = DESIGN_NAMES.map((design) => {
    const group = bulk.of(design, size, latency);
    return [
      DESIGN_TITLES[design],
      group.makespanText(),
      group.shareText(),
      countText(group, group.lost),
      countText(group, group.wrong),
      group.callsEach.toFixed(2),
      group.looksEach.toFixed(2),
      percent(group.throttled),
      group.grantText(),
      amid.of(design, size, latency).slotWaitText(),
      group.transitionsText(),
      group.costText(),
    ];
  });
  const none = new Array<string>(head.length - 3).fill('');
  return table([head, ['*limit*', seconds(limit), '100 %', ...none], ...rows]);
}

/** Makespans of all sizes with one latency. */
export function makespanTable(bulk: Results, latency: LatencyName): string {
  const head = ['design', ...SIZES.map((size) => `N = ${thousands(size)}`)];
  const limits = SIZES.map((size) => seconds(bulk.of('ours', size, latency).limit));
  const rows = DESIGN_NAMES.map((design) => [
    DESIGN_TITLES[design],
    ...SIZES.map((size) => {
      const group = bulk.of(design, size, latency);
      const share = group.lost > 0 ? `${percent(group.lost / group.operations)} lost` : group.shareText();
      return `${seconds(group.makespan)} (${share})`;
    }),
  ]);
  return table([head, ['*limit*', ...limits], ...rows]);
}

/** Counts over all seeds, as a share of the operations where they are many. */
function countText(group: Group, count: number): string {
  if (count === 0) return '0';
  return percent(count / group.operations);
}

/** Tickets alone: what the dispatcher adds to the latency of the service itself. */
export function aloneTable(alone: Results): string {
  const head = ['L', 'effects show', 'tickets', 'p50 s', 'p95 s', 'most s', 'calls each', 'transitions each'];
  const rows = LATENCY_NAMES.flatMap((latency) =>
    [false, true].map((isLagging) => {
      const group = aloneGroup(alone, latency, isLagging);
      const over = overheads(group);
      return [
        latencyTitle(latency),
        isLagging ? 'up to 2 s late' : 'at once',
        thousands(over.length),
        seconds(quantile(over, 0.5)),
        seconds(quantile(over, 0.95)),
        seconds(Math.max(0, ...over)),
        (group.callsEach + group.looksEach).toFixed(1),
        (group.transitions / group.operations).toFixed(1),
      ];
    }),
  );
  return table([head, ...rows]);
}

/** Tickets at an idle system, with lists that show effects late or at once. */
export function aloneGroup(alone: Results, latency: LatencyName, isLagging: boolean): Group {
  return alone.where(
    ({ spec }) => spec.latency === latency && (spec.service.effectLagMs !== undefined) === isLagging,
  );
}

/** Seconds beyond the latency of the service, of each ticket. */
export function overheads({ tickets }: Group): number[] {
  return tickets.map(({ grant, latency }) => grant - latency);
}

/** Tickets amid bulk work: how long they wait for their slot. */
export function amidTable(bulk: Results, amid: Results): string {
  const sizes = [100, 1200, 10_000] as const;
  const groupOf = (design: DesignName, size: Size, latency: LatencyName): Group =>
    (size === 10_000 ? bulk : amid).of(design, size, latency);
  const rows = LATENCY_NAMES.flatMap((latency) =>
    (['ours', 'step-functions-map', 'identity-center-extensions'] as const).map((design) => [
      latencyTitle(latency),
      DESIGN_TITLES[design],
      ...sizes.map((size) => groupOf(design, size, latency).slotWaitText()),
    ]),
  );
  return table([['L', 'design', ...sizes.map((size) => `N = ${thousands(size)}`)], ...rows]);
}

/** What happens when the service, its other clients or the platform are less kind. */
export function sensitivityTable(results: Results): string {
  const head = [
    'what is different',
    'design',
    'makespan s',
    'of limit',
    'lost',
    'wrong',
    'created twice',
    'calls/op',
    'looks/op',
    'throttled',
    'deaths',
  ];
  const rows = VARIATIONS.flatMap((variation) =>
    DESIGN_NAMES.flatMap((design) => {
      const group = results.where(({ spec }) => spec.design === design && isOf(spec, variation));
      if (group.isEmpty) return [];
      return [
        [
          variation.title,
          DESIGN_TITLES[design],
          seconds(group.makespan),
          group.shareText(),
          countText(group, group.lost),
          countText(group, group.wrong),
          thousands(group.repeated),
          group.callsEach.toFixed(2),
          group.looksEach.toFixed(2),
          percent(group.throttled),
          thousands(group.crashes),
        ],
      ];
    }),
  );
  return table([head, ...rows]);
}

function isOf(
  spec: { readonly service: unknown; readonly ours: unknown },
  { service, ours }: Variation,
): boolean {
  return JSON.stringify([spec.service, spec.ours]) === JSON.stringify([service, ours]);
}

/** Where the table of sensitivity stands. */
export const SENSITIVITY_TITLE = `${thousands(SENSITIVITY.size)} operations, ${latencyTitle(SENSITIVITY.latency)}, ${SENSITIVITY.seeds} seeds`;
