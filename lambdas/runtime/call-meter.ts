import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Observer } from '../../core/ports/observer';

/** An answer that refuses a call because there are too many of them. */
export interface Throttle {
  /** The API, such as `CreateAccountAssignment`. */
  readonly api: string;
  /** Name of the exception. */
  readonly name: string;
  /** In the words of the service; they tell too high a rate from too many outstanding operations. */
  readonly message: string;
}

/** The first by Identity Center and Identity Store, the second by Organizations. */
const THROTTLES: ReadonlySet<string> = new Set(['ThrottlingException', 'TooManyRequestsException']);

/**
 * Counts what a client sends, as `Calls`, and what is refused for its rate, as `Throttles`. A try counts when it is sent,
 * whatever becomes of it, and every retry of the SDK is a try: they all use up the quota. Answers the client that it was given.
 *
 * @param onThrottle - told of every throttle, also of one that a retry makes good
 */
export function meter<Client extends Pick<SSOAdminClient, 'middlewareStack'>>(
  client: Client,
  observer: Pick<Observer, 'measure'>,
  onThrottle?: (throttle: Throttle) => void,
): Client {
  client.middlewareStack.add(
    (next, { commandName = 'Unknown' }) =>
      async (args) => {
        const api = commandName.replace(/Command$/, '');
        observer.measure('Calls', 1, { api });
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error && THROTTLES.has(error.name)) {
            observer.measure('Throttles', 1, { api });
            onThrottle?.({ api, name: error.name, message: error.message });
          }
          throw error;
        }
      },
    // Inside of the retries and of the signature, around the reading of the answer: once for each try, with errors by name.
    { step: 'deserialize', priority: 'high', name: 'callMeter' },
  );
  return client;
}
