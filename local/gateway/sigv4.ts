import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The only algorithm that is signed and verified here. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A request as it is signed: path and query exactly as they stand on the wire. */
export interface SignedParts {
  readonly method: string;
  /** Begins with `/`, percent-encoded, without the query. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** Lower-case names; several values of a header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly body: string | Uint8Array;
}

/** Date (`YYYYMMDD`), Region and service that a derived key is good for. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What {@link signRequest} signs. */
export interface RequestToSign {
  readonly method: string;
  /** Absolute, with the query. */
  readonly url: string;
  /** Headers to send and to sign; names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** `execute-api` for an API Gateway. */
  readonly service: string;
  /** The instant that the signature is made at, in epoch milliseconds. */
  readonly at: number;
}

/** Headers that proxies and HTTP clients rewrite on the way, and so are left out of a signature. */
const UNSIGNED = new Set(['authorization', 'connection', 'expect', 'transfer-encoding', 'user-agent']);

/** SHA-256 in hexadecimal. */
function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** `20261201T080000Z`, as `x-amz-date` carries it. */
export function amzDate(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** RFC 3986 percent-encoding: everything but letters, digits and `-._~`. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The canonical path of every service but S3: `.`, `..` and empty segments resolved, then each segment of the encoded path
 * encoded once more, so that `%20` on the wire is signed as `%2520`.
 */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encodeStrictly(segment));
  }
  const slash = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${slash}`;
}

/** Decoded, encoded strictly, and sorted by name and then by value, in the order of code points. Throws `URIError` for a broken escape. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encodeStrictly(decodeURIComponent(name)), encodeStrictly(decodeURIComponent(value))] as const;
    })
    .sort(([leftName, leftValue], [rightName, rightValue]) =>
      leftName === rightName ? compare(leftValue, rightValue) : compare(leftName, rightName),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

/**
 * The canonical request. The payload hash is that of the body, whether or not the request has an `x-amz-content-sha256`
 * header (curl signs without it); where it has one, it is a header like the others.
 *
 * @throws URIError for a query with a broken percent escape
 */
export function canonicalRequest(parts: SignedParts): string {
  const names = [...parts.signedHeaders].map((name) => name.toLowerCase()).sort(compare);
  const headers = names.map((name) => `${name}:${(parts.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    parts.method.toUpperCase(),
    canonicalPath(parts.path),
    canonicalQuery(parts.query),
    headers.join(''),
    names.join(';'),
    sha256(parts.body),
  ].join('\n');
}

/** `<date>/<region>/<service>/aws4_request`. */
function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** What is signed in the end: algorithm, time, scope and the hash of the canonical request. */
export function stringToSign(dateTime: string, scope: CredentialScope, canonical: string): string {
  return [ALGORITHM, dateTime, scopeText(scope), sha256(canonical)].join('\n');
}

/** The signature, in hexadecimal, with the key derived for `scope`. */
export function signature(secretAccessKey: string, scope: CredentialScope, text: string): string {
  const steps = [scope.date, scope.region, scope.service, 'aws4_request'];
  const key = steps.reduce<string | Buffer>(
    (derived, step) => createHmac('sha256', derived).update(step).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Compares two signatures in a time that does not depend on where they differ. */
export function sameSignature(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Signs a request with Signature Version 4 in its `Authorization` header.
 *
 * @returns the headers to send, names in lower case: those given, `host`, `x-amz-date`, `x-amz-content-sha256` and
 * `authorization`
 */
export function signRequest(request: RequestToSign): Record<string, string> {
  const url = new URL(request.url);
  const body = request.body ?? '';
  const dateTime = amzDate(request.at);
  const headers: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    host: url.host,
    'x-amz-date': dateTime,
    'x-amz-content-sha256': sha256(body),
  };
  const signedHeaders = Object.keys(headers)
    .filter((name) => !UNSIGNED.has(name))
    .sort(compare);
  const scope = { date: dateTime.slice(0, 8), region: request.region, service: request.service };
  const canonical = canonicalRequest({
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    signedHeaders,
    body,
  });
  const signed = signature(request.secretAccessKey, scope, stringToSign(dateTime, scope, canonical));
  return {
    ...headers,
    authorization:
      `${ALGORITHM} Credential=${request.accessKeyId}/${scopeText(scope)}, ` +
      `SignedHeaders=${signedHeaders.join(';')}, Signature=${signed}`,
  };
}
