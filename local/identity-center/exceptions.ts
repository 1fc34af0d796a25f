import { AwsError } from '../aws-api/json-service';
import type { CallerIdentity } from './caller-identity';

/** The synchronous errors of the simulated services; what is known of each text is in SPEC.md. */

/** `detail` follows the resource: why, where the service says so. */
export function accessDenied(
  caller: CallerIdentity,
  action: string,
  resource: string,
  detail = '',
): AwsError {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}${detail}`;
  return new AwsError('AccessDeniedException', message);
}

/** Word for word as observed: clients match on it. No SDK retries this exception by itself. */
export function conflictingOperation(): AwsError {
  return new AwsError('ConflictException', 'There is a conflicting operation in process.');
}

/** What is there already, or is in use. */
export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message);
}

/** One more than the quota allows; `of`: what it is a quota of. */
export function quotaExceeded(what: string, most: number, of: string): AwsError {
  const message =
    `You have exceeded AWS SSO limits. Cannot create ${what} more than ${most} for id ${of.slice(of.lastIndexOf('/') + 1)}. ` +
    'Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html';
  return new AwsError('ServiceQuotaExceededException', message);
}

/** Too many calls a second. */
export function rateExceeded(): AwsError {
  return new AwsError('ThrottlingException', 'Rate exceeded');
}

/** Too many operations under way: the same exception as for the rate, and only the text tells them apart. */
export function tooManyOutstanding(): AwsError {
  return new AwsError(
    'ThrottlingException',
    'There are too many requests processing. Please try again later.',
  );
}

/** An input that is well-formed member by member and still makes no sense. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** `members` are further members of the body, such as the Identity Store's `ResourceType`. */
export function notFound(message: string, members: Readonly<Record<string, unknown>> = {}): AwsError {
  return new AwsError('ResourceNotFoundException', message, 400, members);
}

/** The service names the last part of the ARN only. */
export function permissionSetNotFound(arn: string): AwsError {
  return notFound(`Could not find PermissionSet with id ${arn.slice(arn.lastIndexOf('/') + 1)}`);
}
