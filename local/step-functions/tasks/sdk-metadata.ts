import type { JsonObject } from '../json';

/** What an optimised integration adds to the API's answer: request id, HTTP status and headers, as the service writes them. */
export function sdkMetadata(
  requestId: string,
  now: number,
  more: Readonly<Record<string, string>> = {},
): JsonObject {
  const headers = {
    Connection: 'keep-alive',
    'Content-Type': 'application/json',
    Date: new Date(now).toUTCString(),
    'x-amzn-RequestId': requestId,
    ...more,
  };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
