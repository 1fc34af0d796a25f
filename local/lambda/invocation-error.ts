/** What a failed invocation answers as its payload. `trace` is there where the error came out of the program. */
export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The function ran longer than its timeout: `Task timed out after 3.00 seconds`. */
export function timedOut(requestId: string, timeoutSeconds: number): InvocationError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

/** Its process ended before it answered: by `process.exit`, a crash, too much memory, or because it was killed. */
export function exited(requestId: string, how: string): InvocationError {
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${how}` };
}
