/** What `Invoke` answers. A function that failed still answers 200, with `functionError` set and the error as payload. */
export interface Invocation {
  readonly statusCode: 200;
  readonly executedVersion: '$LATEST';
  /** The UUID that the function saw as `context.awsRequestId`. */
  readonly requestId: string;
  /** The parsed JSON result, or `{errorType, errorMessage, trace?}` when `functionError` is set. */
  readonly payload: unknown;
  readonly functionError?: 'Unhandled';
}

/** The synchronous face of the local Lambda runtime. */
export interface LambdaInvoker {
  /** `name` is a function's name or ARN, with or without a qualifier. Throws `AwsError('ResourceNotFoundException')` for an unknown one. */
  invoke(name: string, payload: unknown): Promise<Invocation>;
}
