/**
 * A rate limit as AWS applies it: a bucket of `burst` tokens that refills at `perSecond`; a call takes one, and is refused
 * when there is none. A refused call takes nothing.
 */
export class TokenBucket {
  readonly #now: () => number;
  #perSecond: number | 'unlimited';
  #burst: number;
  #tokens: number;
  #countedAt: number;

  /** @param now epoch milliseconds of the clock that the rate is measured on */
  public constructor(perSecond: number | 'unlimited', burst: number, now: () => number) {
    check(perSecond, burst);
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#countedAt = now();
  }

  /** Changes the rate from now on. What the bucket has stays, as far as the new size holds it. */
  public resize(perSecond: number | 'unlimited', burst: number): void {
    check(perSecond, burst);
    this.#refill();
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = Math.min(burst, this.#tokens);
  }

  /** Takes a token; false if there is none. */
  public take(): boolean {
    this.#refill();
    if (this.#perSecond === 'unlimited') return true;
    // A hair below one is a rounding error of many small refills, not a token short.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(): void {
    const now = this.#now();
    const refill =
      this.#perSecond === 'unlimited' ? this.#burst : ((now - this.#countedAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + refill);
    this.#countedAt = now;
  }
}

/** A bucket for each key, made when it is first asked for. */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param now as {@link TokenBucket} takes it */
  public constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes a token from the bucket of this key, which has this rate from now on; false if there is none. */
  public take(key: string, perSecond: number, burst: number): boolean {
    const found = this.#buckets.get(key);
    const bucket = found ?? new TokenBucket(perSecond, burst, this.#now);
    if (found === undefined) this.#buckets.set(key, bucket);
    else bucket.resize(perSecond, burst);
    return bucket.take();
  }
}

function check(perSecond: number | 'unlimited', burst: number): void {
  if (perSecond !== 'unlimited' && !(perSecond > 0)) {
    throw new Error(`rate is ${perSecond} a second: use a number above 0 or "unlimited"`);
  }
  if (!(burst >= 1)) throw new Error(`burst is ${burst}: use a number of at least 1, or no call ever passes`);
}
