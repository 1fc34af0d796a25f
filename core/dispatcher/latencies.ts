import type { AdminCall } from '../ports/identity-center';

/**
 * How long operations took of late, in milliseconds, by the call that started them; the newest comes last. Kept in the ledger
 * from pass to pass: 64 values of up to six digits a call are less than 1.5 KB.
 */
export type Latencies = Readonly<Partial<Record<AdminCall, readonly number[]>>>;

/** Values kept for a call: at 15 slots these are the last four rounds. */
const KEPT = 64;

/** What was seen to end within so long a time, or half of its age, was seen well enough. */
const SHARP_MS = 1_000;

/** Fewer say nothing yet. */
const ENOUGH = 8;

/** How exactly the instant of a look is found. */
const FINEST_STEP_MS = 40;

/** Standard deviation over mean: below it latencies count as steady. */
const STEADY_VARIATION = 0.25;

/** What is believed before anything was seen: seconds rather than minutes (performance figures of peers, none measured it). */
const PRIOR: readonly number[] = [1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 7_000, 10_000, 15_000];

/**
 * Adds an operation that was still under way at age `from` and had ended at age `to`. The end itself is never seen: taken is the
 * middle of what the sample so far makes of the time in between (one step of expectation and maximization), since always taking `to`
 * would teach the dispatcher to look later and later. Nothing is learned where too much time lies between the two, as after a pause
 * between passes.
 */
export function learnLatency(latencies: Latencies, call: AdminCall, from: number, to: number): Latencies {
  if (to - from > Math.max(SHARP_MS, to / 2)) return latencies;
  const middle = Math.max(10, Math.round(new Forecast(latencies, call).middleOf(from, to) / 10) * 10);
  return { ...latencies, [call]: [...(latencies[call] ?? []), middle].slice(-KEPT) };
}

/** The chances of an end, from a sample. Made once for a sample, asked many times. */
export class Forecast {
  readonly #sorted: readonly number[];
  /** Whether enough was seen to believe it. */
  readonly isLearned: boolean;

  constructor(latencies: Latencies, call: AdminCall) {
    const seen = latencies[call] ?? [];
    this.isLearned = seen.length >= ENOUGH;
    this.#sorted = [...(this.isLearned ? seen : PRIOR)].sort((a, b) => a - b);
  }

  /** Milliseconds that operations take in the middle. */
  get mean(): number {
    return this.#sorted.reduce((sum, each) => sum + each, 0) / this.#sorted.length;
  }

  /** The age before which nothing was seen to end, outliers aside; 0 while too little was seen. */
  get earliest(): number {
    return this.isLearned ? this.quantile(0.05) : 0;
  }

  /** Standard deviation over mean: 0 where all take the same time. */
  get variation(): number {
    const { mean } = this;
    const variance = this.#sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0) / this.#sorted.length;
    return Math.sqrt(variance) / mean;
  }

  /** Whether all take about the same time, so that an end can be foreseen. */
  get isSteady(): boolean {
    return this.isLearned && this.variation < STEADY_VARIATION;
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
    let low = 0;
    let high = sorted.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= age) low = middle;
      else high = middle;
    }
    return this.#endedAfter(low, age);
  }

  /** See {@link endedBy}; `low`: the last value of the sample that is not above the age. */
  #endedAfter(low: number, age: number): number {
    const sorted = this.#sorted;
    const half = 0.5 / sorted.length;
    const first = sorted[0] ?? 0;
    const last = sorted[sorted.length - 1] ?? 0;
    if (age <= first) return half * Math.max(age / Math.max(first, 1), 0) ** 4;
    if (age >= last) return 1 - half * (last / age) ** 2;
    const below = sorted[low] ?? 0;
    const above = sorted[low + 1] ?? 0;
    const part = above === below ? 0 : (age - below) / (above - below);
    return (low + 0.5 + part) / sorted.length;
  }

  /**
   * When it is worth looking at operations that were last seen under way: as soon as those that have ended may be expected to have
   * waited for `idleMs` together without anybody knowing, since `from`; at the latest `until`. One that ended waits long enough by
   * itself, three that end together are seen three times as soon. Some thirty sums at most.
   */
  worthLookingAt(operations: readonly Followed[], idleMs: number, from: number, until: number): number {
    const runners = operations.map(({ acceptedAt, seenAt }) => ({
      acceptedAt,
      seenAt,
      left: 1 - this.endedBy(seenAt - acceptedAt),
      low: 0,
    }));
    let at = from;
    let ended = this.#expected(runners, at);
    let idle = 0;
    let step = FINEST_STEP_MS;
    while (at < until) {
      const nextAt = Math.min(at + step, until);
      const nextEnded = this.#expected(runners, nextAt);
      const nextIdle = idle + ((ended + nextEnded) / 2) * (nextAt - at);
      if (nextIdle >= idleMs) {
        if (step <= FINEST_STEP_MS) return nextAt;
        // Too far: the rest of the way in small steps.
        step = FINEST_STEP_MS;
        continue;
      }
      [at, ended, idle] = [nextAt, nextEnded, nextIdle];
      step = Math.max(FINEST_STEP_MS, Math.min((until - at) / 8, step * 1.5));
    }
    return until;
  }

  /** The age that parts the operations that end between two ages into halves. */
  middleOf(from: number, to: number): number {
    const share = (this.endedBy(from) + this.endedBy(to)) / 2;
    let low = from;
    let high = to;
    while (high - low > 5) {
      const middle = (low + high) / 2;
      if (this.endedBy(middle) >= share) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  }

  /** The chance that an operation has ended between the instant at which it was last seen under way, and another. */
  endedSince({ acceptedAt, seenAt }: Followed, at: number): number {
    if (at <= seenAt) return 0;
    const left = 1 - this.endedBy(seenAt - acceptedAt);
    return 1 - (1 - this.endedBy(at - acceptedAt)) / left;
  }

  /** How many of them are expected to have ended. Instants come close to one another, so that their places in the sample do. */
  #expected(runners: readonly Runner[], at: number): number {
    const sorted = this.#sorted;
    let ends = 0;
    for (const runner of runners) {
      if (at <= runner.seenAt) continue;
      const age = at - runner.acceptedAt;
      while (runner.low < sorted.length - 2 && (sorted[runner.low + 1] ?? 0) <= age) runner.low += 1;
      while (runner.low > 0 && (sorted[runner.low] ?? 0) > age) runner.low -= 1;
      ends += 1 - (1 - this.#endedAfter(runner.low, age)) / runner.left;
    }
    return ends;
  }
}

/** An operation whose chances are asked for instant after instant. */
interface Runner extends Followed {
  /** The chance that it had not ended when it was last seen. */
  readonly left: number;
  /** Where in the sample its age was last. */
  low: number;
}

/** An operation as far as its end is to be guessed. Instants are epoch milliseconds. */
export interface Followed {
  readonly acceptedAt: number;
  /** The latest instant at which it was known to be under way. */
  readonly seenAt: number;
}
