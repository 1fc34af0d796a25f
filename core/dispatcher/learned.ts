import type { Latencies } from './latencies';

/** What the dispatcher has learned of the service; kept on its item in the ledger. Instants are epoch milliseconds. */
export interface Learned {
  /** Outstanding assignment operations that the service takes, as far as it has shown. */
  readonly slots: number;
  /** When `slots` last changed. */
  readonly slotsAt: number;
  /** Calls a second that the service leaves to the dispatcher. */
  readonly perSecond: number;
  readonly perSecondAt: number;
  readonly latencies: Latencies;
}

/** What is allowed by the settings: nothing is ever learned beyond it. */
export interface Ceiling {
  readonly slots: number;
  readonly perSecond: number;
}

/**
 * One more slot is tried after this long without a refusal: where there are fewer, that is one refused call a minute. From below half
 * of what the settings say it goes faster: somebody else had them for a while.
 */
const SLOT_AGAIN_MS = 60_000;
const SLOT_SOON_AGAIN_MS = 10_000;

/** One more call a second is tried after this long: 5 calls a second that others took are given back within a minute. */
const CALL_AGAIN_MS = 10_000;

/** Throttles of calls that were sent together are one message. */
const SAME_MESSAGE_MS = 1_000;

/** The dispatcher never goes slower: revokes have to get through. */
export const SLOWEST_PER_SECOND = 3;

/** What is believed at the beginning: what the settings say. */
export function learnedAtFirst({ slots, perSecond }: Ceiling, now: number): Learned {
  return { slots, slotsAt: now, perSecond, perSecondAt: now, latencies: {} };
}

/** The service took `outstanding` operations and refused one more. */
export function fewerSlots(learned: Learned, outstanding: number, now: number): Learned {
  const slots = Math.max(1, Math.min(learned.slots, outstanding));
  return { ...learned, slots, slotsAt: now };
}

/**
 * The service refused a call for the rate: others take from the same 20 a second. A quarter less than what was `inUse`, at most once a
 * second.
 */
export function slower(learned: Learned, now: number, inUse = learned.perSecond): Learned {
  if (now - learned.perSecondAt < SAME_MESSAGE_MS) return learned;
  return {
    ...learned,
    perSecond: Math.max(SLOWEST_PER_SECOND, inUse * 0.75),
    perSecondAt: now,
  };
}

/** Upwards again, with care, and down to a ceiling that was lowered. */
export function grown(learned: Learned, ceiling: Ceiling, now: number): Learned {
  const { slots, slotsAt, perSecond, perSecondAt } = learned;
  const pause = slots < ceiling.slots / 2 ? SLOT_SOON_AGAIN_MS : SLOT_AGAIN_MS;
  const more = Math.max(0, Math.floor((now - slotsAt) / pause));
  const faster = Math.max(0, Math.floor((now - perSecondAt) / CALL_AGAIN_MS));
  return {
    ...learned,
    slots: Math.min(slots + more, ceiling.slots),
    slotsAt: slotsAt + more * pause,
    perSecond: Math.min(perSecond + faster, ceiling.perSecond),
    perSecondAt: perSecondAt + faster * CALL_AGAIN_MS,
  };
}
