import { parse } from 'tinyduration';
import { AwsError } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { EventsService } from '../events/events-service';
import type { Simulator } from '../identity-center/simulator';

/** What `/_local/…` is made of. */
export interface LocalFrontParts {
  readonly clock: LocalClock;
  readonly events: EventsService;
  readonly simulator: Simulator;
}

/** Longer ones would be minutes of schedule ticks in one call: a tick costs some 10 ms, 90 days have 8,640 thinned ones. */
const LONGEST_ADVANCE_MS = 90 * 24 * 3_600_000;

/** Answer of a `/_local/…` call. */
export interface LocalAnswer {
  readonly statusCode: number;
  readonly body: object;
}

/**
 * What a laptop has and the cloud has not: `GET /_local/clock`, `POST /_local/clock {"advance": "PT4H"}`,
 * `POST /_local/events` (an event of an AWS service), `GET /_local/assignments`.
 */
export class LocalFront {
  constructor(private readonly parts: LocalFrontParts) {}

  async handle(method: string, path: string, body: Buffer): Promise<LocalAnswer> {
    switch (`${method} ${path}`) {
      case 'GET /_local/clock':
        return { statusCode: 200, body: this.#clock() };
      case 'POST /_local/clock':
        return this.#advance(body);
      case 'POST /_local/events':
        return this.#emit(body);
      case 'GET /_local/assignments':
        return { statusCode: 200, body: { assignments: this.parts.simulator.assignments() } };
      default:
        return refuse(404, `there is no ${method} ${path}; see docs/guide.md for the calls that there are`);
    }
  }

  #clock(): object {
    const { clock } = this.parts;
    return { mode: clock.mode, now: new Date(clock.now()).toISOString() };
  }

  async #advance(body: Buffer): Promise<LocalAnswer> {
    const value = readJson(body);
    const advance = (value as { advance?: unknown } | undefined)?.advance;
    const ms = typeof advance === 'string' ? milliseconds(advance) : undefined;
    if (ms === undefined || ms > LONGEST_ADVANCE_MS) {
      return refuse(
        400,
        `advance is ${advance === undefined ? 'missing' : JSON.stringify(advance)}: send {"advance": "PT4H"}, an ISO 8601 duration of up to 90 days`,
      );
    }
    await this.parts.clock.advance(ms);
    return { statusCode: 200, body: this.#clock() };
  }

  #emit(body: Buffer): LocalAnswer {
    const leave = this.parts.clock.enter('POST /_local/events');
    try {
      return { statusCode: 202, body: this.parts.events.emit(readJson(body)) };
    } catch (error) {
      if (error instanceof AwsError) return refuse(error.statusCode, error.message);
      throw error;
    } finally {
      leave();
    }
  }
}

function refuse(statusCode: number, message: string): LocalAnswer {
  return { statusCode, body: { message } };
}

function readJson(body: Buffer): unknown {
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
