/** The longest `TimeoutSeconds` that Step Functions takes. */
const LONGEST_SECONDS = 99_999_999;

/** Whole seconds, at least 1, until an instant has passed: rounded up, so that a wait never ends before it. */
export function secondsUntil(instant: number, now: number): number {
  return Math.min(Math.max(1, Math.ceil((instant - now) / 1000)), LONGEST_SECONDS);
}
