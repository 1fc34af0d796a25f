import { parseCron } from './cron-expression';

/** Given an instant (epoch milliseconds), the first later one of a schedule, or Infinity if there is none. */
export type NextAfter = (instant: number) => number;

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

/**
 * Reads a rule's schedule: `rate(5 minutes)`, counted from `createdAt` (epoch milliseconds), or `cron(…)` with EventBridge's
 * six fields, in UTC.
 *
 * @throws Error saying what is wrong with the expression, as shown
 */
export function parseSchedule(expression: string, createdAt: number): NextAfter {
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (cron !== undefined) return parseCron(cron);
  const [, count, unit = '', plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const value = Number(count);
  // "1 minutes" and "5 minute" are refused by EventBridge as well.
  if (count === undefined || value < 1 || (value === 1) !== (plural === '')) {
    throw new Error(
      `the schedule "${expression}" is neither rate(1 minute), rate(5 hours) or the like, nor cron(0 12 * * ? *)`,
    );
  }
  const period = value * (UNIT_MS.get(unit) ?? 0);
  return (instant) => createdAt + (Math.floor(Math.max(0, instant - createdAt) / period) + 1) * period;
}
