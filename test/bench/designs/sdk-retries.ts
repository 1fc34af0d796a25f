import type { Random } from '../../../core/ports/random';
import type { Clock } from '../../../core/ports/clock';
import { errorName } from '../service/service-error';

/** How a caller repeats a call that failed. */
export interface RetryPolicy {
  /** Tries altogether. */
  readonly attempts: number;
  /** Milliseconds before the n-th repetition, from 0. */
  readonly pauseMs: (repetition: number, random: Random) => number;
  /** Names of errors that are worth a repetition. */
  readonly repeats: (name: string) => boolean;
}

const TRANSIENT = new Set(['ThrottlingException', 'InternalServerException', 'TimeoutError']);

/** What the AWS SDKs repeat by themselves: throttles, server errors, lost connections; never conflicts. */
export function isTransient(name: string): boolean {
  return TRANSIENT.has(name);
}

/**
 * Retries as the AWS SDKs make them in standard mode: a random part of 1, 2, 4 … s, at most 20 s. boto3's "adaptive" adds a rate limit
 * of the client's own, which is not modelled: its count of throttled calls is an upper estimate.
 */
export function sdkRetries(attempts: number): RetryPolicy {
  return {
    attempts,
    pauseMs: (repetition, random) => 1000 * Math.min(2 ** repetition, 20) * random.next(),
    repeats: isTransient,
  };
}

/** Retries as a Step Functions state makes them: `intervalSeconds`, times `rate` each, no jitter. */
export function stateRetries(maxAttempts: number, intervalSeconds: number, rate: number): RetryPolicy {
  return {
    attempts: 1 + maxAttempts,
    pauseMs: (repetition) => 1000 * intervalSeconds * rate ** repetition,
    repeats: isTransient,
  };
}

/** Calls until it works, the policy is exhausted, or the error is of another kind, which is thrown. */
export async function withRetries<T>(
  { time, random }: { readonly time: Clock; readonly random: Random },
  policy: RetryPolicy,
  call: () => Promise<T>,
  onRetry: () => void = () => undefined,
): Promise<T> {
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await call();
    } catch (error) {
      if (repetition + 1 >= policy.attempts || !policy.repeats(errorName(error))) throw error;
      onRetry();
      await time.sleep(policy.pauseMs(repetition, random));
    }
  }
}
