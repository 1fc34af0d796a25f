import {
  ConflictException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  AccessDeniedException,
  ValidationException,
} from '@aws-sdk/client-sso-admin';
import { type AdminCallFault, AdminCallError } from '../../core/ports/permission-sets';
import { isKeyTrouble } from './identity-center';
import { serviceText } from './service-text';

/** The first by Identity Center, the second by services beside it. */
const THROTTLES: ReadonlySet<string> = new Set(['ThrottlingException', 'TooManyRequestsException']);

/** Texts that were seen from the service; the rest of the second one is not known. */
const NAME_IS_TAKEN = /^PermissionSet with name .* already exists/;
const SET_IS_IN_USE = 'Could not delete';

/** An error of the SDK as the domain knows it. */
export function adminCallError(operation: string, cause: unknown): AdminCallError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return new AdminCallError(faultOf(error), operation, serviceText(error.message) ?? error.name, { cause });
}

/** What is neither refused in so many words nor known to heal by itself may have been done: a look will tell. */
function faultOf(error: Error & { readonly Reason?: string }): AdminCallFault {
  // A key that cannot be used says nothing about the permission set, whatever the error is called.
  if (isKeyTrouble(error)) return 'unavailable';
  if (THROTTLES.has(error.name)) return 'throttled';
  if (error instanceof ConflictException) return faultOfConflict(error.message);
  if (error instanceof ResourceNotFoundException) return 'gone';
  if (error instanceof ServiceQuotaExceededException) return 'quota';
  if (error instanceof ValidationException) return 'invalid';
  return error instanceof AccessDeniedException ? 'denied' : 'unavailable';
}

function faultOfConflict(message: string): AdminCallFault {
  if (NAME_IS_TAKEN.test(message)) return 'exists';
  return message.startsWith(SET_IS_IN_USE) ? 'in use' : 'conflict';
}
