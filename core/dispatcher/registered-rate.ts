import type { Clock } from '../ports/clock';
import { type DispatcherLedger, type DispatcherRecord, RATE_HOLDERS, type RateHolder } from '../ports/ledger';
import { SLOWEST_PER_SECOND } from './learned';

/** Calls a second that each of the others may register: of the 18 that are Latchkey's, the dispatcher keeps 9 in any case. */
export const REGISTERED_PER_SECOND = 3;

/** A rate is registered for this long: one whose holder died slows the dispatcher down for a minute at most. */
const REGISTERED_MS = 60_000;

/** It is renewed when less than this is left: one call of three tries and 3 s each does not outlive it. */
const RENEWED_BEFORE_MS = 20_000;

/** What is left to the dispatcher of so many calls a second; it always has what revokes need. */
export function rateLeft(
  callsPerSecond: number,
  { registered = {} }: Pick<DispatcherRecord, 'registered'>,
  now: number,
): number {
  const rates = RATE_HOLDERS.map((holder) => registered[holder]);
  const taken = rates.reduce((sum, rate) => (rate && rate.until > now ? sum + rate.perSecond : sum), 0);
  return Math.max(SLOWEST_PER_SECOND, callsPerSecond - taken);
}

/**
 * Turns for those who call Identity Center's admin APIs beside the dispatcher: registers their rate on its record, and spreads the calls
 * evenly, {@link REGISTERED_PER_SECOND} a second, or fewer where the holder says so. A dispatcher at work sees that within a second: until then both together may be above
 * the setting by that rate, for which the 2 calls a second between the setting and the service's 20, and the service's burst, have room.
 *
 * Two holders of one name share what is registered, not the turns; the first that closes gives it back, the other one registers it anew
 * within {@link REGISTERED_MS}. One write to the ledger every 40 s.
 */
export class RegisteredPace {
  /** Until when the rate is registered, and when the next call may be sent (epoch ms). */
  #until = 0;
  #nextAt = 0;
  /** The last turn that somebody waits for. */
  #last: Promise<void> = Promise.resolve();
  #perSecond: number = REGISTERED_PER_SECOND;
  #registered = 0;
  #turns = 0;

  constructor(
    private readonly clock: Clock,
    private readonly dispatcher: Pick<DispatcherLedger, 'register' | 'unregister'>,
    private readonly holder: RateHolder,
  ) {}

  /** Turns that were given. */
  get turns(): number {
    return this.#turns;
  }

  /** Calls a second from the next turn on, at most {@link REGISTERED_PER_SECOND}; another rate is registered with the next turn. */
  get perSecond(): number {
    return this.#perSecond;
  }

  set perSecond(perSecond: number) {
    this.#perSecond = Math.min(perSecond, REGISTERED_PER_SECOND);
  }

  /** Resolves when the next call may be sent, in the order of the asking; rejects where the rate could not be registered. */
  turn(): Promise<void> {
    const turn = this.#last.then(() => this.#next());
    // Whoever comes after one that failed has a turn of its own.
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Gives the rate back, where it was registered. The next turn registers it again. */
  async close(): Promise<void> {
    await this.#last;
    if (this.#until === 0) return;
    this.#until = 0;
    await this.dispatcher.unregister(this.holder);
  }

  async #next(): Promise<void> {
    const { clock } = this;
    const wait = this.#nextAt - clock.now();
    if (wait > 0) await clock.sleep(Math.ceil(wait));
    await this.#renew();
    this.#turns += 1;
    this.#nextAt = clock.now() + 1000 / this.#perSecond;
  }

  async #renew(): Promise<void> {
    const now = this.clock.now();
    const perSecond = this.#perSecond;
    if (this.#until - now > RENEWED_BEFORE_MS && this.#registered === perSecond) return;
    const until = now + REGISTERED_MS;
    await this.dispatcher.register(this.holder, perSecond, until);
    this.#until = until;
    this.#registered = perSecond;
  }
}
