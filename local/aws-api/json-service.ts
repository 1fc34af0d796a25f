/** One call of an AWS JSON API (`POST /` with `x-amz-target: <prefix>.<operation>`). */
export interface AwsCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The HTTP request's id, answered as `x-amzn-RequestId`; a UUID. */
  readonly requestId: string;
  /** The access key in the `Authorization` header, where there is one. Signatures of AWS calls are not verified locally. */
  readonly accessKeyId?: string;
}

/** An AWS JSON API that the local runtime answers. The HTTP front finds it by its target prefix. */
export interface JsonService {
  /** For messages: `states`, `identity-center` … */
  readonly name: string;
  /** What stands before the dot in `x-amz-target`, such as `AWSStepFunctions`. */
  readonly targetPrefix: string;
  readonly jsonVersion: '1.0' | '1.1';
  /** Answers the operation's output; throws {@link AwsError} for what the service would answer as an error. */
  call(call: AwsCall): Promise<Readonly<Record<string, unknown>>>;
}

/** An error as an AWS JSON API answers it: HTTP 400 unless told, body `{"__type": code, "message": …, …members}`. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}
