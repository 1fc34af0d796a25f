import type { Random } from '../../../core/ports/random';
import type { LocalClock } from '../../clock/local-clock';
import { eventTime, type EventEnvelope } from '../../events/event-envelope';
import { drawLatency } from '../latency';
import { Listeners } from '../listeners';
import type { EventDraft } from './event-draft';
import type { EventSettings } from './event-settings';

/** An event, and what was drawn for it. */
export interface EmittedEvent {
  readonly event: EventEnvelope;
  /** Epoch milliseconds of what it tells. */
  readonly at: number;
  /** Epoch milliseconds of each delivery; none for an event that is lost. */
  readonly deliveries: readonly number[];
}

/** What an emitter is made of. */
export interface EmitterParts {
  readonly clock: LocalClock;
  /** Of ids, lags and losses, and of nothing else: so that events change nothing of a run. */
  readonly random: Random;
  /** May change under way: what is told from then on follows it. */
  readonly settings: EventSettings;
}

/** Events that are remembered for people who have no event bus. */
const REMEMBERED = 200;

/** Gives events their ids and sends them on their way, which is slow, and loses, doubles and disorders some on demand. */
export class EventEmitter {
  readonly #parts: EmitterParts;
  readonly #listeners = new Listeners<EventEnvelope>();
  readonly #recent: EmittedEvent[] = [];

  public constructor(parts: EmitterParts) {
    this.#parts = parts;
  }

  /** Hears of each event when it arrives, if it was told while somebody listened. Answers the end of the subscription. */
  public onEvent(listener: (event: EventEnvelope) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The last 200 events, oldest first, those that are lost or still on their way too. */
  public recent(): readonly EmittedEvent[] {
    return [...this.#recent];
  }

  public emit(draft: EventDraft): void {
    const { random, settings } = this.#parts;
    // Every event draws the same, whatever the settings say: so the ids of a run do not change with its losses.
    const id = eventUuid(random);
    const eventId = eventUuid(random);
    const secondId = eventUuid(random);
    const isLost = random.next() < settings.eventLoss;
    const isDoubled = random.next() < settings.eventDuplicates;
    const arrival = draft.at + drawLatency(settings.eventLag, random);
    const event = envelope(draft, id, eventId, arrival);
    const copies = isLost ? [] : isDoubled ? [event, again(event, secondId)] : [event];
    const deliveries = copies.map((copy) => {
      const at = arrival + drawLatency(settings.eventDisorder, random);
      this.#deliver(copy, at);
      return at;
    });
    this.#recent.push({ event, at: draft.at, deliveries });
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
  }

  /** A deadline of the clock like any latency: time that is skipped or moved by hand stops at it. Nobody to hear it needs none. */
  #deliver(event: EventEnvelope, at: number): void {
    if (this.#listeners.isEmpty) return;
    this.#parts.clock.at(at, () => {
      this.#listeners.tell(event);
    });
  }
}

/** A UUID of version 4 from four numbers instead of one for each digit: with three of them for each event that is a third of its cost. */
function eventUuid(random: Random): string {
  const word = (): string =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const digits = word() + word() + word() + word();
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
  ];
  return `${groups.join('-')}-${digits.slice(20)}`;
}

/** A second copy: what CloudTrail recorded is told apart by `eventID` alone, any other event by its `id`. */
function again(event: EventEnvelope, id: string): EventEnvelope {
  return 'eventID' in event.detail ? { ...event, id } : event;
}

function envelope(draft: EventDraft, id: string, eventId: string, arrival: number): EventEnvelope {
  const isRecord = draft['detail-type'].endsWith('via CloudTrail');
  return {
    version: '0',
    id,
    'detail-type': draft['detail-type'],
    source: draft.source,
    account: draft.account,
    time: eventTime(arrival),
    region: draft.region,
    resources: draft.resources ?? [],
    detail: isRecord ? { ...draft.detail, eventID: eventId } : draft.detail,
  };
}
