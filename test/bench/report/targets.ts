import { mean, quantile } from '../runs/figures';
import type { LatencyName } from '../service/latency-models';
import { type Results, latencyTitle } from './group';
import { percent, seconds, table } from './markdown';
import { aloneGroup, overheads } from './result-tables';

/** A target, what was measured, and whether it holds. */
interface Target {
  readonly what: string;
  readonly asked: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** 1,200 operations: minutes, and the part of the limit that these are. */
const MAKESPANS = [
  { latency: 'two', minutes: 3.5, share: 0.8 },
  { latency: 'ln4', minutes: 7, share: 0.93 },
  { latency: 'ten', minutes: 14, share: 0.95 },
] as const satisfies readonly { latency: LatencyName; minutes: number; share: number }[];

/** Calls per operation, each with a `Describe` as its proof, looks at assignments apart. */
const CALLS = [
  { latency: 'ten', most: 2.4 },
  { latency: 'ln4', most: 3.1 },
  { latency: 'tail', most: 3.5 },
] as const satisfies readonly { latency: LatencyName; most: number }[];

/** An interactive ticket: seconds beyond the latency of the service, at the 95th percentile; where L is not longer than 10 s. */
const OVERHEAD_SECONDS = 1.5;

/** A ticket amid 10,000 operations waits for its slot for so much of L and so many seconds, at the 95th percentile. */
const AMID = { ofLatency: 0.3, seconds: 0.3 };

/** The targets that the dispatcher was built for, and whether these runs meet them. */
export function targetTable(bulk: Results, alone: Results): string {
  const targets = [...makespans(bulk), ...calls(bulk), counts(bulk), ...tickets(alone), ...waits(bulk)];
  const rows = targets.map(({ what, asked, measured, isMet }) => [
    what,
    asked,
    measured,
    isMet ? 'yes' : '**no**',
  ]);
  return table([['target', 'asked for', 'measured', 'met'], ...rows]);
}

function makespans(bulk: Results): Target[] {
  return MAKESPANS.map(({ latency, minutes, share }) => {
    const group = bulk.of('ours', 1200, latency);
    const took = group.makespan / 60;
    return {
      what: `1,200 operations, ${latencyTitle(latency)}`,
      asked: `≤ ${minutes} min, ≥ ${percent(share)} of the limit`,
      measured: `${took.toFixed(2)} min, ${percent(group.shareOfLimit)}`,
      isMet: took <= minutes && group.shareOfLimit >= share,
    };
  });
}

function calls(bulk: Results): Target[] {
  return CALLS.map(({ latency, most }) => {
    const { callsEach } = bulk.of('ours', 1200, latency);
    return {
      what: `calls per operation, ${latencyTitle(latency)}`,
      asked: `≤ ${most}`,
      measured: callsEach.toFixed(2),
      isMet: callsEach <= most,
    };
  });
}

function counts(bulk: Results): Target {
  const ours = bulk.where(({ spec }) => spec.design === 'ours');
  return {
    what: `${ours.operations.toLocaleString('en-US')} operations in all sizes and models`,
    asked: '0 lost, 0 wrong, ≤ 2 % throttled',
    measured: `${ours.lost} lost, ${ours.wrong} wrong, ${percent(ours.throttled)} throttled`,
    isMet: ours.lost === 0 && ours.wrong === 0 && ours.throttled <= 0.02,
  };
}

function tickets(alone: Results): Target[] {
  return (['two', 'ln4', 'ten'] as const).map((latency) => {
    const [atOnce = 0, lagging = 0] = [false, true].map((isLagging) =>
      quantile(overheads(aloneGroup(alone, latency, isLagging)), 0.95),
    );
    return {
      what: `a ticket alone, beyond L, ${latencyTitle(latency)}`,
      asked: `p95 ≤ ${OVERHEAD_SECONDS} s`,
      measured: `${seconds(atOnce)} s; ${seconds(lagging)} s where effects show up to 2 s late`,
      isMet: atOnce <= OVERHEAD_SECONDS,
    };
  });
}

/** Against the mean latency of the tickets themselves. */
function waits(bulk: Results): Target[] {
  return (['two', 'ln4', 'ten', 'sixty', 'tail'] as const).map((latency) => {
    const group = bulk.of('ours', 10_000, latency);
    const most = AMID.ofLatency * mean(group.tickets.map((ticket) => ticket.latency)) + AMID.seconds;
    const late = quantile(
      group.tickets.map(({ slotWait }) => slotWait),
      0.95,
    );
    return {
      what: `a ticket amid 10,000 operations, ${latencyTitle(latency)}`,
      asked: `p95 ≤ 0.3·L + 0.3 s = ${seconds(most)} s`,
      measured: `${seconds(late)} s`,
      isMet: late <= most,
    };
  });
}
