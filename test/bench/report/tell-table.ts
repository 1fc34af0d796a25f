import { BIG_REQUEST } from '../runs/plan';
import { LATENCY_NAMES } from '../service/latency-models';
import { type Results, latencyTitle, quantilesText } from './group';
import { table, thousands } from './markdown';

/** Tickets amid bulk work of ours: what comes after their slot and the service's own time. */
export function tellTable(bulk: Results, amid: Results): string {
  const head = [
    'L',
    'amid',
    'tickets',
    'slot s p50 / p95',
    'proof after the end s p50 / p95',
    'answer after the proof s p50 / p95',
  ];
  const rows = LATENCY_NAMES.flatMap((latency) =>
    [
      { amidWhat: '10,000 baseline claims', group: bulk.of('ours', 10_000, latency) },
      { amidWhat: '1,200 baseline claims', group: amid.of('ours', 1200, latency) },
      {
        amidWhat: `one request for ${thousands(BIG_REQUEST)} accounts`,
        group: amid.of('ours', BIG_REQUEST, latency),
      },
    ].flatMap(({ amidWhat, group }) => {
      if (group.tickets.length === 0) return [];
      return [
        [
          latencyTitle(latency),
          amidWhat,
          thousands(group.tickets.length),
          group.slotWaitText(),
          quantilesText(group.tickets.flatMap(({ proof }) => (proof === undefined ? [] : [proof]))),
          quantilesText(group.tickets.flatMap(({ tell }) => (tell === undefined ? [] : [tell]))),
        ],
      ];
    }),
  );
  return table([head, ...rows]);
}
