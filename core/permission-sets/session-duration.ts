import { isoDuration, MINUTE_MS, readDuration } from '../tickets/durations';

const SHORTEST_MS = 60 * MINUTE_MS;
const LONGEST_MS = 12 * 60 * MINUTE_MS;

/** A session duration in its one form, such as `PT1H30M`, or what is wrong with the text. */
export type SessionDurationReading =
  | { readonly ok: true; readonly duration: string }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** Reads the session duration of a permission set: `PT90M` and `PT1H30M` are the same length, and become the same text. */
export function readSessionDuration(text: string): SessionDurationReading {
  const reading = readDuration(text);
  if (!reading.ok) return { ok: false, problem: reading.problem, remedy: 'write one from PT1H to PT12H' };
  const { milliseconds } = reading;
  if (milliseconds < SHORTEST_MS || milliseconds > LONGEST_MS) {
    const problem = milliseconds < SHORTEST_MS ? 'is less than an hour' : 'is more than 12 hours';
    return { ok: false, problem, remedy: 'write one from PT1H to PT12H' };
  }
  if (milliseconds % MINUTE_MS !== 0) {
    return { ok: false, problem: 'is not in whole minutes', remedy: 'write one such as PT1H30M' };
  }
  return { ok: true, duration: isoDuration(milliseconds) };
}
