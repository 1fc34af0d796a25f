import type { Refusal } from '../../../core/assignments/outcomes';
import { CallRefusedError } from '../../../core/ports/identity-center';

const THROTTLED = 'ThrottlingException';

/** Refusals as the service words them. */
export const REFUSALS = {
  rate: { name: THROTTLED, message: 'Rate exceeded', fault: 'client' },
  outstanding: {
    name: THROTTLED,
    message: 'There are too many requests processing. Please try again later',
    fault: 'client',
  },
  conflict: {
    name: 'ConflictException',
    message: 'There is a conflicting operation in process.',
    fault: 'client',
  },
  server: { name: 'InternalServerException', message: 'Internal server error', fault: 'server' },
  lost: { name: 'TimeoutError', message: 'no answer', fault: 'none' },
} as const satisfies Record<string, Refusal>;

/** The error of a creating, deleting or provisioning call. */
export function refused(refusal: Refusal): CallRefusedError {
  return new CallRefusedError(refusal);
}

/** The error of a reading call: one that bears the service's name for it. */
export function readFailed(refusal: Refusal): Error {
  return Object.assign(new Error(refusal.message), { name: refusal.name });
}

/** The service's name of an error, whichever kind of call it came from. */
export function errorName(error: unknown): string {
  if (error instanceof CallRefusedError) return error.refusal.name;
  return error instanceof Error ? error.name : String(error);
}
