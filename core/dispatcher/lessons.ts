import { type Refusal, throttleOf } from '../assignments/outcomes';
import type { Clock } from '../ports/clock';
import { type Held, learnedFrom } from './held';
import { type Learned, SLOWEST_PER_SECOND, fewerSlots, slower } from './learned';
import type { Pace } from './pace';

/**
 * The rate is too high for what others leave if so many of the last calls were refused for it. A single refusal is no reason to slow
 * down: the service refuses calls by chance, too.
 */
const REFUSED_CALLS = 3;
const OF_CALLS = 50;

/** An assignment operation that is being sent. */
export interface Sending {
  /** The most others that were accepted and under way at one time since. */
  most: number;
}

/** What a pass learns of the service: the limits from what is refused, the latencies from what ends. */
export class Lessons {
  #learned: Learned;
  readonly #sending = new Set<Sending>();
  /** How many calls had been sent when one was refused for the rate, for the latest refusals. */
  #refusedAt: number[] = [];
  /** Calls a second that others leave at present, whatever the service would take. */
  #left = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
    learned: Learned,
  ) {
    this.#learned = learned;
  }

  get learned(): Learned {
    return this.#learned;
  }

  /** Calls a second at present: what the service takes, as far as others leave it. */
  get perSecond(): number {
    return Math.max(SLOWEST_PER_SECOND, Math.min(this.#learned.perSecond, this.#left));
  }

  /** Others leave so many calls a second from now on. That says nothing of the service: what was learned of it stays. */
  leave(perSecond: number): void {
    this.#left = perSecond;
    this.pace.perSecond = this.perSecond;
  }

  /** An assignment operation is about to be sent; `held`: how many have a slot, those that are being sent included. */
  begin(held: number): Sending {
    const sending = { most: held - this.#sending.size };
    this.#sending.add(sending);
    return sending;
  }

  /**
   * It was answered, or is given up. Refused for too many outstanding operations, it shows how many the service takes: the most that were
   * under way together since it was begun, and as many as still have no answer. Slow calls, and others that end meanwhile, do not change that.
   */
  answered(sending: Sending, held: number, refusal?: Refusal): void {
    this.#sending.delete(sending);
    if (refusal === undefined) {
      for (const other of this.#sending) other.most = Math.max(other.most, held - this.#sending.size);
      return;
    }
    if (throttleOf(refusal) === 'slots')
      this.#learned = fewerSlots(this.#learned, sending.most + this.#sending.size, this.clock.now());
    this.refused(refusal);
  }

  /** Any call was refused: if it was for the rate, and not the only one, there are to be fewer. */
  refused(refusal: Pick<Refusal, 'name' | 'message' | 'reason'>): void {
    if (throttleOf(refusal) !== 'rate') return;
    const { sent } = this.pace;
    this.#refusedAt = [...this.#refusedAt, sent].filter((at) => sent - at < OF_CALLS);
    if (this.#refusedAt.length < REFUSED_CALLS) return;
    this.#refusedAt = [];
    this.#learned = slower(this.#learned, this.clock.now(), this.perSecond);
    this.pace.perSecond = this.perSecond;
  }

  /** The end of an operation was seen now. */
  ended(held: Held): void {
    this.#learned = learnedFrom(held, this.#learned, this.clock.now());
  }
}
