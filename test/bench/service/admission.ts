import type { Clock } from '../../../core/ports/clock';
import type { Random } from '../../../core/ports/random';
import { TokenBucket } from '../../../local/identity-center/token-bucket';
import { exponential } from '../engine/chance';
import type { ServiceSettings } from './service-settings';

/** The rate quota, on the instants of arrival. Other clients take from the same bucket. */
export class Admission {
  readonly #bucket: TokenBucket;
  readonly #meanGapMs: number;
  /** The instant that the bucket sees: the others' calls are played before each of ours. */
  #at: number;
  #nextOtherAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    settings: ServiceSettings,
  ) {
    this.#at = clock.now();
    this.#bucket = new TokenBucket(settings.callsPerSecond, settings.burst, () => this.#at);
    this.#meanGapMs = 1000 / settings.otherCallsPerSecond;
    this.#nextOtherAt = this.#at + exponential(random, this.#meanGapMs);
  }

  /** Whether a call that arrives now is let in. */
  admits(): boolean {
    const now = this.clock.now();
    while (this.#nextOtherAt <= now) {
      this.#at = this.#nextOtherAt;
      this.#bucket.take();
      this.#nextOtherAt += exponential(this.random, this.#meanGapMs);
    }
    this.#at = now;
    return this.#bucket.take();
  }
}
