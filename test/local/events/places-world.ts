import { createSeededRandom, uuidFrom } from '../../../local/clock/seeded-random';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { LocalClock } from '../../../local/clock/local-clock';
import type { LocalAssembly } from '../../../local/assembly/local-assembly';
import { createEventPlaces, type EventPlaces } from '../../../local/events/event-places';
import { START } from './events-world';

export const MANAGEMENT = '111122223333';

/** Events of several stacks, on a clock that only the test moves. */
export interface PlacesWorld extends EventPlaces {
  readonly clock: LocalClock;
  /** Payloads of every invocation of a function of the main stack. */
  readonly invocations: unknown[];
  readonly reports: string[];
}

export function placesWorld(assembly: LocalAssembly, further: readonly LocalAssembly[]): PlacesWorld {
  const clock = createLocalClock({ mode: 'manual', startAt: START, ticks: 'all' });
  const invocations: unknown[] = [];
  const reports: string[] = [];
  const [ids, furtherIds] = [createSeededRandom(2), createSeededRandom(3)];
  const places = createEventPlaces({
    assembly,
    further,
    clock,
    random: createSeededRandom(1),
    furtherRandom: createSeededRandom(4),
    uuid: () => uuidFrom(ids),
    furtherUuid: () => uuidFrom(furtherIds),
    organizationId: 'o-a1b2c3d4e5',
    managementAccountId: MANAGEMENT,
    lambda: {
      invoke: (_name, payload) => {
        invocations.push(payload);
        return Promise.resolve({
          statusCode: 200,
          executedVersion: '$LATEST',
          requestId: 'request',
          payload: 'null',
        });
      },
    },
    startExecution: () => Promise.reject(new Error('there are no machines')),
    report: (sentence) => reports.push(sentence),
  });
  return { ...places, clock, invocations, reports };
}

/** Messages of a queue by its name, taken out of it. */
export async function lettersOf(
  places: EventPlaces,
  stackName: string,
  queueName: string,
): Promise<{ readonly body: Readonly<Record<string, unknown>>; readonly errorCode: string | undefined }[]> {
  const { Messages = [] } = (await places.of(stackName)?.queues.call({
    operation: 'ReceiveMessage',
    requestId: 'r',
    input: {
      QueueUrl: `http://x/1/${queueName}`,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    },
  })) as { Messages?: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }[] };
  return Messages.map(({ Body, MessageAttributes }) => ({
    body: JSON.parse(Body) as Readonly<Record<string, unknown>>,
    errorCode: MessageAttributes?.ERROR_CODE?.StringValue,
  }));
}
