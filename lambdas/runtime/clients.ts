/**
 * How the functions call AWS: every call has a timeout. Reads and idempotent writes are tried again by the SDK, adaptively; the
 * asynchronous calls of Identity Center are sent once, since a repeat could start a second operation.
 */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  // Without it a late answer is only a warning.
  throwOnRequestTimeout: true,
} as const;

/** For reads and for writes that may be repeated. */
export const REPEATABLE = { maxAttempts: 3, retryMode: 'adaptive', requestHandler } as const;

/** For reads inside a pass of the dispatcher, which has 30 s for all of them (core/dispatcher/pass.ts, LAST_CALL_MS). */
export const REPEATABLE_IN_A_PASS = { ...REPEATABLE, maxAttempts: 2 } as const;

/** For CreateAccountAssignment, DeleteAccountAssignment and ProvisionPermissionSet. */
export const ONCE = { maxAttempts: 1, requestHandler } as const;
