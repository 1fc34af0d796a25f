/** One field of a cron expression: which values it allows. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** `JAN` … or `SUN` …, standing for `least` and up. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTES: Field = { name: 'minutes', least: 0, most: 59 };
const HOURS: Field = { name: 'hours', least: 0, most: 23 };
const DAYS: Field = { name: 'day of month', least: 1, most: 31 };
const MONTH: Field = { name: 'month', least: 1, most: 12, names: MONTHS };
const WEEKDAY: Field = { name: 'day of week', least: 1, most: 7, names: WEEKDAYS };
const YEARS: Field = { name: 'year', least: 1970, most: 2199 };

const DAY_MS = 86_400_000;

/** A calendar day, UTC. */
interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  readonly lastOfMonth: number;
}

function dayOf(instant: number): Day {
  const date = new Date(instant);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() + 1,
    lastOfMonth: new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  };
}

function valueOf(text: string, field: Field): number {
  const name = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = name >= 0 ? field.least + name : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.least && value <= field.most)) {
    throw new Error(`"${text}" is no ${field.name}; it goes from ${field.least} to ${field.most}`);
  }
  return value;
}

/** `*`, a value, a range, `start/step`, and lists of them. */
function parseValues(text: string, field: Field): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', stepText] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!Number.isInteger(step) || step < 1)
      throw new Error(`"${part}" has no step of 1 or more in ${field.name}`);
    const [from = '', to] = range.split('-');
    const first = range === '*' ? field.least : valueOf(from, field);
    // `5/10` goes on to the end; `5` alone is 5.
    const openEnd = range === '*' || stepText !== undefined;
    const last = to === undefined ? (openEnd ? field.most : first) : valueOf(to, field);
    if (last < first) throw new Error(`"${part}" goes backwards in ${field.name}`);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

/** The weekday (Monday to Friday) nearest to a day of the month, never in another month. */
function nearestWeekday(wanted: number, { day, weekday, lastOfMonth }: Day): boolean {
  if (weekday === 1 || weekday === 7 || wanted > lastOfMonth) return false;
  // 70 is ten weeks, which keeps the sum positive: the wanted day may lie up to 30 days before.
  const weekdayOfWanted = ((weekday - 1 + (wanted - day) + 70) % 7) + 1;
  if (weekdayOfWanted === 7) return day === (wanted === 1 ? 3 : wanted - 1);
  if (weekdayOfWanted === 1) return day === (wanted === lastOfMonth ? wanted - 2 : wanted + 1);
  return day === wanted;
}

/** `?`, `L`, `LW`, `15W`, or values. */
function parseDayOfMonth(text: string): (day: Day) => boolean {
  if (text === '?') return () => true;
  if (text === 'L') return ({ day, lastOfMonth }) => day === lastOfMonth;
  if (text === 'LW') return (day) => nearestWeekday(day.lastOfMonth, day);
  const nearest = /^(\d+)W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    const wanted = valueOf(nearest, DAYS);
    return (day) => nearestWeekday(wanted, day);
  }
  const days = parseValues(text, DAYS);
  return ({ day }) => days.has(day);
}

/** `?`, `L` (Saturday), `5L` (the month's last Thursday), `3#2` (its second Tuesday), or values. */
function parseDayOfWeek(text: string): (day: Day) => boolean {
  if (text === '?') return () => true;
  if (text === 'L') return ({ weekday }) => weekday === 7;
  const last = /^(\w+)L$/.exec(text)?.[1];
  if (last !== undefined) {
    const wanted = valueOf(last, WEEKDAY);
    return ({ weekday, day, lastOfMonth }) => weekday === wanted && day + 7 > lastOfMonth;
  }
  const [, name, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (name !== undefined) {
    const wanted = valueOf(name, WEEKDAY);
    return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const weekdays = parseValues(text, WEEKDAY);
  return ({ weekday }) => weekdays.has(weekday);
}

const sorted = (values: ReadonlySet<number>) => [...values].sort((left, right) => left - right);

/**
 * Reads the six fields of an EventBridge cron expression: minutes, hours, day of month, month, day of week, year; UTC, no
 * finer than a minute. One of the two day fields must be `?`.
 *
 * @returns the first matching minute after an instant (both epoch milliseconds), Infinity if the years are over
 * @throws Error naming the field and the value that is wrong
 */
export function parseCron(expression: string): (instant: number) => number {
  const fields = expression.trim().split(/\s+/);
  const [minuteText, hourText, dayText, monthText, weekdayText, yearText] = fields;
  if (fields.length !== 6 || [minuteText, hourText, monthText, yearText].includes('?')) {
    throw new Error(`cron(${expression}) must have six fields, with ? for one of the two days only`);
  }
  if ((dayText === '?') === (weekdayText === '?')) {
    throw new Error(
      `cron(${expression}) must have ? as its day of month or its day of week, and not as both`,
    );
  }
  const minutes = sorted(parseValues(minuteText ?? '', MINUTES));
  const hours = sorted(parseValues(hourText ?? '', HOURS));
  const months = parseValues(monthText ?? '', MONTH);
  const years = parseValues(yearText ?? '', YEARS);
  const lastYear = Math.max(...years);
  const ofMonth = parseDayOfMonth(dayText ?? '');
  const ofWeek = parseDayOfWeek(weekdayText ?? '');
  const matches = (day: Day) => years.has(day.year) && months.has(day.month) && ofMonth(day) && ofWeek(day);
  return (instant) => {
    // From day to day: 230 years are 84,000 steps at most, and a schedule that ever ticks is found within a few of them.
    for (let midnight = Math.floor(instant / DAY_MS) * DAY_MS; ; midnight += DAY_MS) {
      const day = dayOf(midnight);
      if (day.year > lastYear) return Infinity;
      if (!matches(day)) continue;
      for (const hour of hours) {
        for (const minute of minutes) {
          const tick = midnight + (hour * 60 + minute) * 60_000;
          if (tick > instant) return tick;
        }
      }
    }
  };
}
