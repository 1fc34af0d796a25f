import { AwsError } from '../aws-api/json-service';
import type { SimulatorSettings } from './settings';
import { TokenBucket } from './token-bucket';

/** A bucket refills within a second, so that is when a refused call can be repeated. */
const RETRY_AFTER_SECONDS = 1;

/** The rate of the Identity Store: for each operation by itself, or for all of them together. */
export class IdentityStoreRate {
  readonly #settings: SimulatorSettings;
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param settings may change under way: each call follows them as they are */
  public constructor(settings: SimulatorSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** @throws AwsError `ThrottlingException` for one call too many */
  public admit(operation: string): void {
    const { identityStoreRequestsPerSecond: rate, identityStoreRateScope: scope } = this.#settings;
    if (rate === 'unlimited') return;
    const key = scope === 'collective' ? '' : operation;
    const burst = Math.max(1, rate);
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, (bucket = new TokenBucket(rate, burst, this.#now)));
    else bucket.resize(rate, burst);
    if (bucket.take()) return;
    throw new AwsError('ThrottlingException', 'Rate exceeded', 400, {
      RetryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
