import type { IncomingHttpHeaders } from 'node:http';

/** The access key that a request is signed with; undefined for one that is not signed. */
export function accessKeyOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
}
