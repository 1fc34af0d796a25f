import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';

/** Why a call was not sent. Not as its `cause`: the SDK looks there for an error of the network, and would try again. */
class TurnRefused extends Error {
  constructor(readonly reason: unknown) {
    super('the call was not sent');
  }
}

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
      } catch (error) {
        throw new TurnRefused(error);
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
export function refusedTurn(error: unknown): { readonly reason: unknown } | undefined {
  return error instanceof TurnRefused ? { reason: error.reason } : undefined;
}
