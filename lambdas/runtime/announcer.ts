import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Announcer, ResultEvent } from '../../core/ports/announcer';
import { REPEATABLE } from './clients';
import { EVENT_BUS } from './contract';

/** Latchkey's own event bus. */
export class BusAnnouncer implements Announcer {
  readonly #client = new EventBridgeClient(REPEATABLE);

  constructor(private readonly busName: string) {}

  async publish({ type, detail }: ResultEvent): Promise<void> {
    const entry = {
      EventBusName: this.busName,
      Source: EVENT_BUS.source,
      DetailType: type,
      Detail: JSON.stringify(detail),
    };
    const { FailedEntryCount, Entries = [] } = await this.#client.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if ((FailedEntryCount ?? 0) === 0) return;
    const [failed] = Entries;
    throw new Error(
      `event ${type} was not taken: ${failed?.ErrorCode ?? 'unknown'} ${failed?.ErrorMessage ?? ''}`,
    );
  }
}
