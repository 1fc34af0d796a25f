/** An error as an AWS client throws it, whatever the service: tests need classes of failure, not every class of every client. */
type ErrorClass<T extends Error> = new (options: {
  message: string;
  $metadata: { httpStatusCode: number };
  Message?: string;
  Reason?: never;
}) => T;

/** An error of a client's own class, with its HTTP status and, where the service has one, a reason. */
export function awsError<T extends Error>(type: ErrorClass<T>, status: number, reason?: string): T {
  const options = { message: `${type.name} for a test`, $metadata: { httpStatusCode: status } };
  return new type(reason === undefined ? options : { ...options, Reason: reason as never });
}

/** What the SDK throws when no answer came in time. */
export function timeout(): Error {
  return Object.assign(new Error('the request took longer than 3000 ms'), { name: 'TimeoutError' });
}

/** What Node throws when the connection breaks off: the call may have arrived. */
export function brokenConnection(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
