import { AwsError } from '../aws-api/json-service';
import { conflictingOperation, rateExceeded, tooManyOutstanding } from './exceptions';

/** What a customer-managed key does to a call: the error's `Reason`, as the service model spells it. The texts are not known. */
function keyProblem(code: string, reason: string): () => AwsError {
  return () =>
    new AwsError(code, 'The key that encrypts the instance cannot be used.', 400, { Reason: reason });
}

/** Errors of Identity Center that a fault can name instead of spelling them out. */
export const NAMED_ERRORS = {
  /** Too many calls a second. */
  throttle: rateExceeded,
  /** Too many operations under way: the same exception, told apart by its text. */
  'too-many-requests': tooManyOutstanding,
  conflict: conflictingOperation,
  'internal-error': () => new AwsError('InternalServerException', 'Internal server error', 500),
  /** What a load balancer answers when nobody is behind it: an error that is not in the service model. */
  'service-unavailable': () => new AwsError('ServiceUnavailable', 'Service Unavailable', 503),
  'kms-access-denied': keyProblem('AccessDeniedException', 'KMS_AccessDeniedException'),
  'kms-not-found': keyProblem('ResourceNotFoundException', 'KMS_NotFoundException'),
  'kms-throttling': keyProblem('ThrottlingException', 'KMS_ThrottlingException'),
  'kms-disabled': keyProblem('ValidationException', 'KMS_DisabledException'),
  'kms-invalid-key-usage': keyProblem('ValidationException', 'KMS_InvalidKeyUsageException'),
  'kms-invalid-state': keyProblem('ValidationException', 'KMS_InvalidStateException'),
} as const satisfies Readonly<Record<string, () => AwsError>>;

export type NamedError = keyof typeof NAMED_ERRORS;
