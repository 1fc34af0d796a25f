import { GatewayFault, missingAuthenticationToken } from './gateway-fault';
import { lastValue, type Caller, type GatewayCredential, type ReadRequest } from './gateway-request';
import {
  ALGORITHM,
  amzDate,
  canonicalRequest,
  sameSignature,
  signature,
  stringToSign,
  type CredentialScope,
} from './sigv4';

/** How far a signature's time may lie from the clock, before or after: 5 minutes, as the service has it. */
const TOLERANCE_MINUTES = 5;

/** What a signature is verified against. */
export interface AuthenticationSettings {
  readonly region: string;
  /** The service name in the credential scope: `execute-api` for an API Gateway. */
  readonly service: string;
  /** Callers by access key id. */
  readonly credentials: ReadonlyMap<string, GatewayCredential>;
  /** The instants that a signature may be made at, epoch milliseconds: the virtual clock's and the machine's. */
  nows(): readonly number[];
}

interface Authorization {
  readonly accessKeyId: string;
  readonly scope: CredentialScope & { readonly terminator: string };
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function refusal(errorType: string, message: string): GatewayFault {
  return new GatewayFault('INVALID_SIGNATURE', 403, errorType, message);
}

const incomplete = (message: string) => refusal('IncompleteSignatureException', message);
const invalid = (message: string) => refusal('InvalidSignatureException', message);

/** Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`; the commas may stand without blanks. */
function parseAuthorization(header: string): Authorization {
  const space = header.indexOf(' ');
  if (header.slice(0, space) !== ALGORITHM) throw missingAuthenticationToken();
  const fields = new Map(
    header
      .slice(space + 1)
      .split(',')
      .map((field) => {
        const equals = field.indexOf('=');
        return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const;
      }),
  );
  // All that is missing is told at once, in the order of the service.
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !fields.get(name));
  if (missing.length > 0) {
    const complaints = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ');
    throw incomplete(`${complaints} Authorization=${header}`);
  }
  const credential = (fields.get('Credential') ?? '').split('/');
  if (credential.length !== 5) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
        `got '${fields.get('Credential') ?? ''}'`,
    );
  }
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = credential;
  return {
    accessKeyId,
    scope: { date, region, service, terminator },
    signedHeaders: (fields.get('SignedHeaders') ?? '').toLowerCase().split(';'),
    signature: fields.get('Signature') ?? '',
  };
}

/** `20261201T080000Z` → epoch milliseconds; NaN if it is not such a text. */
function parseAmzDate(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return iso === text ? Number.NaN : Date.parse(iso);
}

/** The time that the signature was made at: `x-amz-date`, or `date` where that is missing. */
function signedAt(request: ReadRequest, header: string): number {
  const own = lastValue(request, 'x-amz-date');
  const at = own === undefined ? Date.parse(lastValue(request, 'date') ?? '') : parseAmzDate(own);
  if (Number.isNaN(at)) {
    throw incomplete(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        `Authorization=${header}`,
    );
  }
  return at;
}

function checkScope(
  { scope, signedHeaders }: Authorization,
  dateTime: string,
  { region, service }: AuthenticationSettings,
): void {
  if (scope.service !== service) {
    throw invalid(`Credential should be scoped to correct service: '${service}'. `);
  }
  if (scope.region !== region) throw invalid('Credential should be scoped to a valid region. ');
  if (scope.terminator !== 'aws4_request') {
    throw invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'. `,
    );
  }
  if (scope.date !== dateTime.slice(0, 8)) {
    throw invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.date}' != '${dateTime.slice(0, 8)}', from '${dateTime}'. `,
    );
  }
  if (!signedHeaders.includes('host')) {
    throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization. ");
  }
}

/** One clock that the signature is near to is enough: curl signs with the machine's time, the demo with the virtual one. */
function checkAge(at: number, nows: readonly number[]): void {
  const tolerance = TOLERANCE_MINUTES * 60_000;
  if (nows.some((now) => Math.abs(now - at) <= tolerance)) return;
  // Told against the clock that is nearest, so that the text is of use to whoever made the signature.
  const now = nows.reduce((nearest, each) => (Math.abs(each - at) < Math.abs(nearest - at) ? each : nearest));
  throw invalid(
    at < now
      ? `Signature expired: ${amzDate(at)} is now earlier than ${amzDate(now - tolerance)} (${amzDate(now)} - ${TOLERANCE_MINUTES} min.)`
      : `Signature not yet current: ${amzDate(at)} is still later than ${amzDate(now + tolerance)} (${amzDate(now)} + ${TOLERANCE_MINUTES} min.)`,
  );
}

function checkSignature(
  request: ReadRequest,
  authorization: Authorization,
  dateTime: string,
  secretAccessKey: string,
): void {
  const joined = Object.entries(request.headers).map(
    ([name, values]) => [name, values.map((value) => value.trim()).join(',')] as const,
  );
  let canonical: string;
  try {
    canonical = canonicalRequest({
      method: request.method,
      path: request.path,
      query: request.query,
      headers: Object.fromEntries(joined),
      signedHeaders: authorization.signedHeaders,
      body: request.body,
    });
  } catch {
    throw new GatewayFault('DEFAULT_4XX', 400, 'BadRequestException', 'Bad Request');
  }
  const text = stringToSign(dateTime, authorization.scope, canonical);
  if (sameSignature(authorization.signature, signature(secretAccessKey, authorization.scope, text))) return;
  throw invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.\n\n' +
      `The Canonical String for this request should have been\n'${canonical}'\n\n` +
      `The String-to-Sign should have been\n'${text}'\n`,
  );
}

/**
 * Verifies the signature in a request's `Authorization` header (Signature Version 4; signatures in the query are not taken)
 * and says who made it.
 *
 * @throws GatewayFault with the status, error type and text that the service answers
 */
export function authenticate(request: ReadRequest, settings: AuthenticationSettings): Caller {
  const header = lastValue(request, 'authorization');
  if (header === undefined) throw missingAuthenticationToken();
  const authorization = parseAuthorization(header);
  const at = signedAt(request, header);
  const dateTime = amzDate(at);
  const credential = settings.credentials.get(authorization.accessKeyId);
  // Local credentials come without a session token, so one that is sent belongs to other credentials.
  if (credential === undefined || lastValue(request, 'x-amz-security-token') !== undefined) {
    throw new GatewayFault(
      // Which response type the service takes for it is not documented; to a caller both are wrong credentials.
      'INVALID_SIGNATURE',
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  checkScope(authorization, dateTime, settings);
  checkAge(at, settings.nows());
  checkSignature(request, authorization, dateTime, credential.secretAccessKey);
  const roleName = credential.roleArn.split('/').at(-1) ?? '';
  // The secret stays behind: nothing after this needs it.
  const { secretAccessKey: _secret, ...known } = credential;
  return {
    ...known,
    accessKeyId: authorization.accessKeyId,
    userArn: `arn:aws:sts::${credential.accountId}:assumed-role/${roleName}/${credential.sessionName}`,
  };
}
