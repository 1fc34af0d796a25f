import { AwsError } from '../aws-api/json-service';
import type { LocalClock } from '../clock/local-clock';
import type { EventPlaces } from '../events/event-places';
import type { Simulator } from '../identity-center/simulator';
import { ClockFront, readJson, refuse, type LocalAnswer } from './clock-front';

/** What `/_local/…` is made of. */
export interface LocalFrontParts {
  readonly clock: LocalClock;
  readonly events: Pick<EventPlaces, 'emit'>;
  readonly simulator: Simulator;
}

/**
 * What a laptop has and the cloud has not: `GET /_local/clock`, `POST /_local/clock {"advance": "PT4H"}`,
 * `POST /_local/events` (an event of an AWS service, in its account and Region), `GET /_local/assignments`.
 */
export class LocalFront {
  readonly #clock: ClockFront;

  constructor(private readonly parts: LocalFrontParts) {
    this.#clock = new ClockFront(parts.clock);
  }

  async handle(method: string, path: string, body: Buffer): Promise<LocalAnswer> {
    switch (`${method} ${path}`) {
      case 'GET /_local/clock':
        return this.#clock.look();
      case 'POST /_local/clock':
        return this.#clock.advance(body);
      case 'POST /_local/events':
        return this.#emit(body);
      case 'GET /_local/assignments':
        return { statusCode: 200, body: { assignments: this.parts.simulator.assignments() } };
      default:
        return refuse(404, `there is no ${method} ${path}; see docs/guide.md for the calls that there are`);
    }
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
