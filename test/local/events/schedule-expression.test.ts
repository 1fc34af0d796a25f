import fc from 'fast-check';
import { parseSchedule } from '../../../local/events/schedule-expression';

const CREATED = Date.parse('2026-12-01T08:00:30Z');

/** The next instants of a schedule, in a form that can be read. */
function next(expression: string, from: string, count = 1): string[] {
  const nextAfter = parseSchedule(expression, CREATED);
  const found: string[] = [];
  let instant = Date.parse(from);
  for (let index = 0; index < count; index += 1) {
    instant = nextAfter(instant);
    found.push(new Date(instant).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('rate', () => {
  test('counts from when the rule was made', () => {
    const nextAfter = parseSchedule('rate(5 minutes)', CREATED);
    expect([nextAfter(CREATED), nextAfter(CREATED + 300_000), nextAfter(0)]).toEqual([
      CREATED + 300_000,
      CREATED + 600_000,
      CREATED + 300_000,
    ]);
  });

  test('is in minutes, hours or days', () => {
    const periods = ['rate(1 minute)', 'rate(2 hours)', 'rate(1 day)'].map(
      (expression) => parseSchedule(expression, 0)(0) / 60_000,
    );
    expect(periods).toEqual([1, 120, 1440]);
  });

  test('always goes on by less than a period and more than nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), fc.integer({ min: 0, max: 1e10 }), (minutes, passed) => {
        const instant = CREATED + passed;
        const ahead = parseSchedule(`rate(${minutes} minutes)`, CREATED)(instant) - instant;
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(minutes * 60_000);
      }),
    );
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'every minute',
    'rate()',
  ])('%s is refused', (expression) => {
    expect(() => parseSchedule(expression, 0)).toThrow(expression);
  });
});

describe('cron', () => {
  test.each<[string, string, string[]]>([
    ['cron(0 12 * * ? *)', '2026-12-01T12:00:00Z', ['2026-12-02T12:00Z', '2026-12-03T12:00Z']],
    ['cron(0/15 9-10 ? * MON-FRI *)', '2026-12-04T10:31:00Z', ['2026-12-04T10:45Z', '2026-12-07T09:00Z']],
    ['cron(30 6 L * ? *)', '2027-02-01T00:00:00Z', ['2027-02-28T06:30Z', '2027-03-31T06:30Z']],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['cron(0 8 15W * ? *)', '2027-05-01T00:00:00Z', ['2027-05-14T08:00Z', '2027-06-15T08:00Z']],
    ['cron(0 8 1W * ? *)', '2027-05-01T00:00:00Z', ['2027-05-03T08:00Z', '2027-06-01T08:00Z']],
    ['cron(0 8 LW * ? *)', '2027-02-01T00:00:00Z', ['2027-02-26T08:00Z', '2027-03-31T08:00Z']],
    ['cron(0 0 ? * 6L *)', '2026-12-01T00:00:00Z', ['2026-12-25T00:00Z', '2027-01-29T00:00Z']],
    ['cron(0 0 ? JAN,JUL TUE#2 *)', '2026-12-01T00:00:00Z', ['2027-01-12T00:00Z', '2027-07-13T00:00Z']],
    ['cron(0 0 ? * L *)', '2026-12-01T00:00:00Z', ['2026-12-05T00:00Z', '2026-12-12T00:00Z']],
    ['cron(5 4 1 1 ? 2030)', '2026-12-01T00:00:00Z', ['2030-01-01T04:05Z']],
  ])('%s ticks after %s at %j', (expression, from, expected) => {
    expect(next(expression, from, expected.length)).toEqual(expected);
  });

  test('ends with its years', () => {
    expect(parseSchedule('cron(0 0 1 1 ? 2020)', 0)(CREATED)).toBe(Infinity);
    expect(parseSchedule('cron(0 0 30 2 ? *)', 0)(CREATED)).toBe(Infinity);
  });

  test.each([
    'cron(0 12 * * *)',
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(60 12 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 12 0 * ? *)',
    'cron(0 12 * FOO ? *)',
    'cron(0 12 * * ? 1969)',
    'cron(10-5 12 * * ? *)',
    'cron(0/0 12 * * ? *)',
    'cron(0 12 ? * MON#6 *)',
  ])('%s is refused', (expression) => {
    expect(() => parseSchedule(expression, 0)).toThrow();
  });

  test('never stands still or goes back', () => {
    const nextAfter = parseSchedule('cron(7/13 */5 ? * 2-6 *)', 0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) => {
        const tick = nextAfter(instant);
        expect(tick).toBeGreaterThan(instant);
        expect(nextAfter(tick - 1)).toBe(tick);
      }),
      { numRuns: 50 },
    );
  });
});
