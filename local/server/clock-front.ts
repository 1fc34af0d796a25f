import { parse } from 'tinyduration';
import type { LocalClock } from '../clock/local-clock';

/** Longer ones would be minutes of schedule ticks in one call: a tick costs some 10 ms, 90 days have 8,640 thinned ones. */
const LONGEST_ADVANCE_MS = 90 * 24 * 3_600_000;

/** Answer of a call that has no counterpart in the cloud. */
export interface LocalAnswer {
  readonly statusCode: number;
  readonly body: object;
}

/** Looking at the virtual clock, and moving it: `{"advance": "PT4H"}`. */
export class ClockFront {
  constructor(private readonly clock: LocalClock) {}

  look(): LocalAnswer {
    const { mode } = this.clock;
    return { statusCode: 200, body: { mode, now: new Date(this.clock.now()).toISOString() } };
  }

  /** Answers once everything that falls due on the way has happened. */
  async advance(body: Buffer): Promise<LocalAnswer> {
    const value = readJson(body);
    const advance = (value as { advance?: unknown } | undefined)?.advance;
    const ms = typeof advance === 'string' ? milliseconds(advance) : undefined;
    if (ms === undefined || ms > LONGEST_ADVANCE_MS) {
      return refuse(
        400,
        `advance is ${advance === undefined ? 'missing' : JSON.stringify(advance)}: send {"advance": "PT4H"}, an ISO 8601 duration of up to 90 days`,
      );
    }
    await this.clock.advance(ms);
    return this.look();
  }
}

/** An answer that says what is wrong. */
export function refuse(statusCode: number, message: string): LocalAnswer {
  return { statusCode, body: { message } };
}

/** A body as JSON; undefined where it is none. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Milliseconds of an ISO 8601 duration; years and months have no fixed length, and time does not go back. */
export function milliseconds(text: string): number | undefined {
  try {
    const {
      negative,
      years = 0,
      months = 0,
      weeks = 0,
      days = 0,
      hours = 0,
      minutes = 0,
      seconds = 0,
    } = parse(text);
    if (negative === true || years > 0 || months > 0) return undefined;
    return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  } catch {
    return undefined;
  }
}
