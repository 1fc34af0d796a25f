import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';

/** Why a call was not sent: its turn never came. */
class TurnRefused extends Error {}

/**
 * Lets every try of a call wait for its turn: those that the SDK repeats use up the rate as well. The wait is before the signature,
 * which would age, and no part of a timeout. A turn that is refused ends the call. Answers the client that it was given.
 */
export function takeTurns<Client extends Pick<SSOAdminClient, 'middlewareStack'>>(
  client: Client,
  beforeCall: () => Promise<void>,
): Client {
  const takeTurn =
    <Call, Answer>(next: (call: Call) => Promise<Answer>) =>
    async (call: Call): Promise<Answer> => {
      try {
        await beforeCall();
      } catch (cause) {
        // Under its own name the SDK might take the error for one of the network, and try again.
        throw new TurnRefused('the call was not sent', { cause });
      }
      return next(call);
    };
  client.middlewareStack.addRelativeTo(takeTurn, {
    relation: 'before',
    toMiddleware: 'httpSigningMiddleware',
    name: 'callTurn',
  });
  return client;
}

/** What the wait for a turn ended with; undefined for every other error. */
export function refusedTurn(error: unknown): { readonly cause: unknown } | undefined {
  return error instanceof TurnRefused ? { cause: error.cause } : undefined;
}
