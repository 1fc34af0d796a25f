/** An HTTP request as the front of the local runtime hands it on. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query as they stand on the wire, beginning with the stage: `/v1/requests?status=active`. */
  readonly rawPath: string;
  /** Names in lower case, as Node's HTTP server gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** The caller's address. @default 127.0.0.1 */
  readonly sourceIp?: string;
}

/** What goes back to the caller. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Who stands behind an access key of the local runtime. */
export interface GatewayCredential {
  readonly secretAccessKey: string;
  /** `arn:aws:iam::<account>:role/<path><name>`. */
  readonly roleArn: string;
  readonly sessionName: string;
  /** The role's account; twelve digits. */
  readonly accountId: string;
  /** `o-…`, for `aws:PrincipalOrgID`; without it that key is absent from the request. */
  readonly organizationId?: string;
}

/** A caller whose signature was verified. */
export interface Caller extends Omit<GatewayCredential, 'secretAccessKey'> {
  readonly accessKeyId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role name>/<session>`: the role's path is not in it, as on AWS. */
  readonly userArn: string;
}

/** A request taken apart once, for everything that looks into it. */
export interface ReadRequest {
  readonly method: string;
  /** With the stage, still percent-encoded, without the query. */
  readonly path: string;
  readonly stageName: string;
  /** Below the stage, beginning with `/`. */
  readonly resourcePath: string;
  /** Without the `?`. */
  readonly query: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** Takes a request apart. */
export function readRequest(request: GatewayRequest): ReadRequest {
  const mark = request.rawPath.indexOf('?');
  const [path, query] =
    mark < 0 ? [request.rawPath, ''] : [request.rawPath.slice(0, mark), request.rawPath.slice(mark + 1)];
  const [, stageName = '', ...below] = path.split('/');
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? [value] : value] as const],
  );
  return {
    method: request.method.toUpperCase(),
    path,
    stageName,
    resourcePath: `/${below.join('/')}`,
    query,
    headers: Object.fromEntries(headers),
    body: request.body,
    sourceIp: request.sourceIp ?? '127.0.0.1',
  };
}

/** The last value of a header, as API Gateway picks one where only one can be given. */
export function lastValue(request: ReadRequest, name: string): string | undefined {
  return Object.hasOwn(request.headers, name) ? request.headers[name]?.at(-1) : undefined;
}
