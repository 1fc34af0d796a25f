import { AwsError } from '../aws-api/json-service';
import type { SimulatorSettings } from './settings';
import { TokenBuckets } from './token-bucket';

/** A bucket refills within a second, so that is when a refused call can be repeated. */
const RETRY_AFTER_SECONDS = 1;

/** The rate of the Identity Store: for each operation by itself, or for all of them together. */
export class IdentityStoreRate {
  readonly #settings: SimulatorSettings;
  readonly #buckets: TokenBuckets;

  /** @param settings may change under way: each call follows them as they are */
  public constructor(settings: SimulatorSettings, now: () => number) {
    this.#settings = settings;
    this.#buckets = new TokenBuckets(now);
  }

  /** @throws AwsError `ThrottlingException` for one call too many */
  public admit(operation: string): void {
    const { identityStoreRequestsPerSecond: rate, identityStoreRateScope: scope } = this.#settings;
    if (rate === 'unlimited') return;
    if (this.#buckets.take(scope === 'collective' ? '' : operation, rate, Math.max(1, rate))) return;
    throw new AwsError('ThrottlingException', 'Rate exceeded', 400, {
      RetryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
