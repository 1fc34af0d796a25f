import { SSOAdminClient, type SSOAdminClientConfig } from '@aws-sdk/client-sso-admin';

/** What comes back for one try: an answer of the service, or an error instead of one. */
export type Reply =
  | { readonly status: number; readonly type?: string; readonly message?: string; readonly Reason?: string }
  | Error;

/** The rest of the SDK is real, retries and all; they do not pause here. */
function retryAtOnce(most: number): NonNullable<SSOAdminClientConfig['retryStrategy']> {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0)),
    refreshRetryTokenForRetry: (before) =>
      before.getRetryCount() + 1 < most
        ? Promise.resolve(token(before.getRetryCount() + 1))
        : Promise.reject(new Error('no more retries')),
    recordSuccess: () => undefined,
  };
}

/** A client whose tries are answered one after the other; `left` are the answers that nobody asked for yet. */
export function clientOf(replies: readonly Reply[], attempts = 1): { client: SSOAdminClient; left: Reply[] } {
  const left = [...replies];
  const client = new SSOAdminClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    retryStrategy: retryAtOnce(attempts),
    requestHandler: {
      handle: () => {
        const reply = left.shift();
        if (reply === undefined) throw new Error('one try too many');
        if (reply instanceof Error) return Promise.reject(reply);
        const { status: statusCode, type: __type, message, Reason } = reply;
        const body = new TextEncoder().encode(JSON.stringify({ __type, message, Reason }));
        const headers = { 'content-type': 'application/x-amz-json-1.1' };
        return Promise.resolve({ response: { statusCode, headers, body } });
      },
    },
  });
  return { client, left };
}
