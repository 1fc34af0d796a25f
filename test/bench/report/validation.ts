import type { DesignName } from '../runs/run-spec';
import { LATENCY_NAMES, type LatencyName } from '../service/latency-models';
import { DESIGN_TITLES } from './result-tables';
import { type Results, latencyTitle } from './group';
import { seconds, table } from './markdown';

/**
 * Makespans (seconds) of 1,200 operations in an earlier model of the same loops: another language, other hands, no lag, no locks, no time
 * for states. Two re-statements of one source that agree are no proof, but a slip in either would show.
 */
const EARLIER: Partial<Record<DesignName, Record<LatencyName, number>>> = {
  'codepipeline-auto-assignment': { two: 178, ln4: 411, ten: 798, sixty: NaN, tail: 637 },
  'step-functions-map': { two: 624, ln4: 893, ten: 1236, sixty: 7356, tail: 1115 },
  terraform: { two: 1250, ln4: 1305, ten: 1250, sixty: 7921, tail: 1665 },
  'identity-center-extensions': { two: 2763, ln4: 2923, ten: 2763, sixty: 13_581, tail: 3381 },
  'org-formation': { two: 2760, ln4: 7107, ten: 12_840, sixty: 73_320, tail: 9081 },
};

/** Each model's makespan here, and its difference from the earlier one. */
export function validationTable(bulk: Results): string {
  const rows = Object.entries(EARLIER).map(([name, earlier]) => {
    const design = name as DesignName;
    const cells = LATENCY_NAMES.map((latency) => {
      const { makespan } = bulk.of(design, 1200, latency);
      const before = earlier[latency];
      if (Number.isNaN(before)) return '–';
      const difference = Math.round(100 * (makespan / before - 1));
      return `${seconds(makespan)} (${difference >= 0 ? '+' : '−'}${Math.abs(difference)} %)`;
    });
    return [DESIGN_TITLES[design], ...cells];
  });
  return table([['1,200 operations, s', ...LATENCY_NAMES.map(latencyTitle)], ...rows]);
}
