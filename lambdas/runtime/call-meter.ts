import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Refusal } from '../../core/assignments/outcomes';
import type { Observer } from '../../core/ports/observer';

/** Why a try failed, in the words of the service or of the network. */
export type FailedTry = Pick<Refusal, 'name' | 'message' | 'reason'>;

/** The first by Identity Center and Identity Store, the second by Organizations. */
const THROTTLES: ReadonlySet<string> = new Set(['ThrottlingException', 'TooManyRequestsException']);

/**
 * Counts what a client sends, as `Calls`, and what is refused for its rate, as `Throttles`. A try counts when it is sent,
 * whatever becomes of it, and every retry of the SDK is a try: they all use up the quota. Answers the client that it was given.
 *
 * @param onRepeat - told of every try that the SDK repeats, why the one before failed
 */
export function meter<Client extends Pick<SSOAdminClient, 'middlewareStack'>>(
  client: Client,
  observer: Pick<Observer, 'measure'>,
  onRepeat?: (failed: FailedTry) => void,
): Client {
  client.middlewareStack.add(
    (next, { commandName = 'Unknown' }) => {
      // The SDK builds its stack of middleware anew for each call, so this is of one call, with all its tries.
      let failed: FailedTry | undefined;
      return async (args) => {
        const api = commandName.replace(/Command$/, '');
        observer.measure('Calls', 1, { api });
        if (failed !== undefined) onRepeat?.(failed);
        try {
          return await next(args);
        } catch (error) {
          failed = failedTry(error);
          if (THROTTLES.has(failed.name)) observer.measure('Throttles', 1, { api });
          throw error;
        }
      };
    },
    // Inside of the retries and of the signature, around the reading of the answer: once for each try, with errors by name.
    { step: 'deserialize', priority: 'high', name: 'callMeter' },
  );
  return client;
}

function failedTry(error: unknown): FailedTry {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: String(error) };
  const { name, message, Reason: reason } = error as Error & { readonly Reason?: string };
  return { name, message, ...(reason === undefined ? {} : { reason }) };
}
