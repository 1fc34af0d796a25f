import type { AdminCall } from '../ports/identity-center';

/**
 * How long operations took of late, in milliseconds, by the call that started them; the newest comes last. Kept in the ledger
 * from pass to pass: 64 values of up to six digits a call are less than 1.5 KB.
 */
export type Latencies = Readonly<Partial<Record<AdminCall, readonly number[]>>>;

/** Values kept for a call: at 15 slots these are the last four rounds. */
const KEPT = 64;

/** Fewer say nothing yet. */
const ENOUGH = 8;

/** What is believed before anything was seen: seconds rather than minutes (performance figures of peers, none measured it). */
const PRIOR: readonly number[] = [1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 7_000, 10_000, 15_000];

/**
 * Adds an operation that was still under way at age `from` and had ended at age `to`. The middle is taken: the end itself is
 * never seen, and always taking `to` would teach the dispatcher to look later and later.
 */
export function learnLatency(latencies: Latencies, call: AdminCall, from: number, to: number): Latencies {
  const middle = Math.max(10, Math.round((from + to) / 20) * 10);
  return { ...latencies, [call]: [...(latencies[call] ?? []), middle].slice(-KEPT) };
}

/** The chances of an end, from a sample. Made once for a sample, asked many times. */
export class Forecast {
  readonly #sorted: readonly number[];

  constructor(latencies: Latencies, call: AdminCall) {
    const seen = latencies[call] ?? [];
    this.#sorted = [...(seen.length < ENOUGH ? PRIOR : seen)].sort((a, b) => a - b);
  }

  /** Milliseconds that operations take in the middle. */
  get mean(): number {
    return this.#sorted.reduce((sum, each) => sum + each, 0) / this.#sorted.length;
  }

  /** The age that a share of the operations does not reach. */
  quantile(share: number): number {
    const index = Math.min(Math.floor(share * this.#sorted.length), this.#sorted.length - 1);
    return this.#sorted[index] ?? 0;
  }

  /**
   * The share that has ended at an age: linear between the values of the sample; below the smallest it rises steeply, above the
   * largest the rest falls with the square of the age, so that an operation of any age may still end at any time.
   */
  endedBy(age: number): number {
    const sorted = this.#sorted;
    const half = 0.5 / sorted.length;
    const first = sorted[0] ?? 0;
    const last = sorted[sorted.length - 1] ?? 0;
    if (age <= first) return half * Math.max(age / Math.max(first, 1), 0) ** 4;
    if (age >= last) return 1 - half * (last / age) ** 2;
    let low = 0;
    let high = sorted.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= age) low = middle;
      else high = middle;
    }
    const below = sorted[low] ?? 0;
    const above = sorted[high] ?? 0;
    const part = above === below ? 0 : (age - below) / (above - below);
    return (low + 0.5 + part * (high - low)) / sorted.length;
  }

  /**
   * The instant at which as many ends as `share` are to be expected among operations that were last seen under way, at the
   * earliest `from` and at the latest `until`. Twelve halvings find it to a few milliseconds.
   */
  expects(operations: readonly Followed[], share: number, from: number, until: number): number {
    if (operations.length === 0 || this.#expected(operations, from) >= share) return from;
    let low = from;
    let high = until;
    for (let step = 0; step < 12 && high - low > 5; step += 1) {
      const middle = (low + high) / 2;
      if (this.#expected(operations, middle) >= share) high = middle;
      else low = middle;
    }
    return high;
  }

  #expected(operations: readonly Followed[], at: number): number {
    let ends = 0;
    for (const { acceptedAt, seenAt } of operations) {
      if (at <= seenAt) continue;
      const left = 1 - this.endedBy(seenAt - acceptedAt);
      ends += 1 - (1 - this.endedBy(at - acceptedAt)) / left;
    }
    return ends;
  }
}

/** An operation as far as its end is to be guessed. Instants are epoch milliseconds. */
export interface Followed {
  readonly acceptedAt: number;
  /** The latest instant at which it was known to be under way. */
  readonly seenAt: number;
}
