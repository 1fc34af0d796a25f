import { parse, serialize } from 'tinyduration';

const SECOND_MS = 1_000;
/** A minute in milliseconds. */
export const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** 24 hours in milliseconds: days here are not those of a calendar, which have 23 or 25 hours twice a year. */
export const DAY_MS = 24 * HOUR_MS;

/** A length that was read, in milliseconds, or what is wrong with the text. */
export type DurationReading =
  | { readonly ok: true; readonly milliseconds: number }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** The whole text, unlike the parser of tinyduration, which finds a duration anywhere in a text and allows `P-1D`. */
const SHAPE =
  /^P(?=[\dT])(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}W)?(?:\d{1,9}D)?(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?)?$/;

/** Longer lengths are typing errors, and a bound keeps every sum of instants an exact integer. */
const LONGEST_MS = 366 * DAY_MS;

const WRITE_ONE = 'write one such as PT4H, PT90M or P2D';

/**
 * Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds, each a whole number. A day is 24 hours.
 * Years and months are refused because their length depends on the calendar, fractions because leases are counted in
 * whole seconds.
 */
export function readDuration(text: string): DurationReading {
  if (!SHAPE.test(text)) return { ok: false, ...shapeFault(text) };
  const { years, months, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(text);
  if (years !== undefined || months !== undefined) {
    return {
      ok: false,
      problem: 'counts years or months, which have no fixed length',
      remedy: 'count in days',
    };
  }
  const milliseconds =
    (weeks * 7 + days) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  if (milliseconds === 0) return { ok: false, problem: 'is no time at all', remedy: WRITE_ONE };
  if (milliseconds > LONGEST_MS) {
    return { ok: false, problem: 'is longer than 366 days', remedy: 'write a shorter one' };
  }
  return { ok: true, milliseconds };
}

/** `PT8H` for 28,800,000 ms: the ISO 8601 form, in days, hours, minutes and seconds. */
export function isoDuration(milliseconds: number): string {
  return serialize({
    days: Math.floor(milliseconds / DAY_MS),
    hours: Math.floor((milliseconds % DAY_MS) / HOUR_MS),
    minutes: Math.floor((milliseconds % HOUR_MS) / MINUTE_MS),
    seconds: (milliseconds % MINUTE_MS) / SECOND_MS,
  });
}

/** `1 day 2 hours` for people. Parts of a second are rounded up, so that a limit passed by 1 ms is seen as passed. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / SECOND_MS);
  const parts: (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor((seconds % 86_400) / 3_600), 'hour'],
    [Math.floor((seconds % 3_600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ];
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return words.length === 0 ? 'no time' : words.join(' ');
}

/** The commonest mistakes get words of their own; they all come from another notation. */
function shapeFault(text: string): { readonly problem: string; readonly remedy: string } {
  if (text.startsWith('-') || /-\d/.test(text)) return { problem: 'is negative', remedy: WRITE_ONE };
  if (/^P.*\d[.,]\d/.test(text)) {
    return {
      problem: 'has a fraction',
      remedy: 'write whole numbers, such as PT90M for one and a half hours',
    };
  }
  return { problem: 'is not an ISO 8601 duration', remedy: WRITE_ONE };
}
