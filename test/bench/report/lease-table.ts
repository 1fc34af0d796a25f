import { LEASE_LATENCIES } from '../runs/plan';
import type { Size } from '../workload/layout';
import { Group, type Results, latencyTitle } from './group';
import { table } from './markdown';

/** The same bulk work, with the same seeds, as a rule's claims and as leases of large requests. */
export function leaseTable(bulk: Results, leases: Results, size: Size): string {
  const head = [
    'L',
    'bulk work',
    'seeds',
    'makespan s (range)',
    'of limit',
    'calls/op',
    'looks/op',
    'both',
    'requests told after s p50 / p95',
  ];
  const rows = LEASE_LATENCIES.flatMap((latency) => {
    const ofLeases = leases.of('ours', size, latency);
    const seeds = new Set(ofLeases.runs.map(({ spec }) => spec.seed));
    const ofRule = bulk.of('ours', size, latency).runs.filter(({ spec }) => seeds.has(spec.seed));
    return [
      [latencyTitle(latency), 'baseline claims', ...figures(new Group(ofRule))],
      [latencyTitle(latency), 'leases', ...figures(ofLeases)],
    ];
  });
  return table([head, ...rows]);
}

function figures(group: Group): string[] {
  return [
    String(group.runs.length),
    group.makespanText(),
    group.shareText(),
    group.callsEach.toFixed(2),
    group.looksEach.toFixed(2),
    (group.callsEach + group.looksEach).toFixed(2),
    group.requestTellText(),
  ];
}
