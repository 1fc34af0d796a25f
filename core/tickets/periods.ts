import { DAY_MS, durationInWords, MINUTE_MS, readDuration } from './durations';
import type { Report } from './field-problem';
import { type JsonObject, member } from './field-reading';
import { readInstant, writeInstant } from './instants';
import { readText, type TextRule } from './safe-text';

/** A lease begins at most this far ahead: a later plan should be looked at again before it becomes access. */
const FURTHEST_START_MS = 30 * DAY_MS;
/** What a ticket system's clock may lag behind: SigV4 refuses a caller whose clock is further off, too. */
const LATE_START_MS = 5 * MINUTE_MS;
/** Granting and revoking take seconds to minutes each; a shorter lease would be over before it is of use. */
const SHORTEST_LEASE_MS = 5 * MINUTE_MS;
/** Far above every limit of a policy; such an `expiresAt` is a typing error. `duration` has the same bound. */
const LONGEST_LEASE_MS = 366 * DAY_MS;

const INSTANT: TextRule = { kind: 'name', longest: 64, what: 'a time such as 2026-12-01T08:00:00Z' };
const DURATION: TextRule = { kind: 'name', longest: 64, what: 'an ISO 8601 duration such as PT4H' };

/** When a lease begins and ends, in epoch milliseconds; `durationMs` is the difference. */
export interface Period {
  readonly startsAt: number;
  readonly expiresAt: number;
  readonly durationMs: number;
  /** Whether the end was given as an instant; else the lease lasts `durationMs` from whenever it is opened. */
  readonly endIsGiven: boolean;
}

/**
 * Reads `startsAt`, `duration` and `expiresAt`. Without `startsAt` the lease begins now; one of the last five minutes
 * also means now, so that a sender whose clock is slow gets the length that was asked for.
 */
export function readPeriod(report: Report, body: JsonObject, now: number): Period | undefined {
  const [givenDuration, givenExpiry] = [member(body, 'duration'), member(body, 'expiresAt')];
  const startsAt = readStart(report, member(body, 'startsAt'), now);
  if (givenDuration === undefined && givenExpiry === undefined) {
    report('duration', undefined, 'is missing', 'give a duration such as PT4H, or expiresAt instead');
    return undefined;
  }
  const durationMs = givenDuration === undefined ? undefined : readLength(report, givenDuration);
  const expiresAt = givenExpiry === undefined ? undefined : readExpiry(report, givenExpiry, startsAt);
  if (givenDuration !== undefined && givenExpiry !== undefined) {
    report('expiresAt', givenExpiry, 'stands beside duration', 'give either duration or expiresAt');
    return undefined;
  }
  if (startsAt === undefined) return undefined;
  if (durationMs !== undefined) {
    return { startsAt, expiresAt: startsAt + durationMs, durationMs, endIsGiven: false };
  }
  if (expiresAt === undefined) return undefined;
  return { startsAt, expiresAt, durationMs: expiresAt - startsAt, endIsGiven: true };
}

function readStart(report: Report, value: unknown, now: number): number | undefined {
  if (value === undefined) return now;
  const startsAt = readTime(report, 'startsAt', value);
  if (startsAt === undefined) return undefined;
  if (startsAt < now - LATE_START_MS) {
    const remedy = `it is ${writeInstant(now)} here: give a time not more than 5 minutes in the past, or leave it out`;
    report('startsAt', value, `is ${durationInWords(now - startsAt)} in the past`, remedy);
    return undefined;
  }
  if (startsAt > now + FURTHEST_START_MS) {
    const remedy = `give a time up to ${writeInstant(now + FURTHEST_START_MS)}`;
    report('startsAt', value, 'is more than 30 days ahead', remedy);
    return undefined;
  }
  return Math.max(startsAt, now);
}

/** A duration in milliseconds, within what a lease may have. */
function readLength(report: Report, value: unknown): number | undefined {
  const text = readText(report, 'duration', value, DURATION);
  if (text === undefined) return undefined;
  const reading = readDuration(text);
  if (!reading.ok) {
    report('duration', value, reading.problem, reading.remedy);
    return undefined;
  }
  if (reading.milliseconds < SHORTEST_LEASE_MS) {
    report('duration', value, 'is shorter than 5 minutes', 'write PT5M or longer');
    return undefined;
  }
  return reading.milliseconds;
}

/** Without a usable start only the form is checked: a second report would say what follows from the first. */
function readExpiry(report: Report, value: unknown, startsAt: number | undefined): number | undefined {
  const expiresAt = readTime(report, 'expiresAt', value);
  if (expiresAt === undefined || startsAt === undefined) return undefined;
  if (expiresAt < startsAt + SHORTEST_LEASE_MS) {
    const problem =
      expiresAt <= startsAt ? 'is not after the start' : 'is less than 5 minutes after the start';
    report('expiresAt', value, problem, `give a time from ${writeInstant(startsAt + SHORTEST_LEASE_MS)} on`);
    return undefined;
  }
  if (expiresAt > startsAt + LONGEST_LEASE_MS) {
    report('expiresAt', value, 'is more than 366 days after the start', 'give an earlier time');
    return undefined;
  }
  return expiresAt;
}

function readTime(report: Report, field: string, value: unknown): number | undefined {
  const text = readText(report, field, value, INSTANT);
  if (text === undefined) return undefined;
  const instant = readInstant(text);
  if (instant === undefined) {
    report(
      field,
      value,
      'is not an RFC 3339 time with its offset',
      'write one such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00',
    );
  }
  return instant;
}
