import type { Forecast } from './latencies';
import type { OpenOperation, ScheduleState } from './schedule';

/**
 * Slot time that may pass unused, as far as can be expected, before a list is asked for: fewer calls with more, free slots are seen
 * sooner with less. At 15 slots and 4.8 s this is little more than one list an operation, and a seventh of a second until its end is seen.
 */
const IDLE_MS = 60;

/** An operation has probably ended from this chance on; and ends of others that may go unnoticed for it. */
const PROBABLE = 0.6;
const MISSED_AT_MOST = 0.3;

/** With more, one list protects from a sample that does not hold any more. */
const ASKED_AT_MOST = 3;

/** Slot time for an operation that nobody waits for. */
const IDLE_ALONE_MS = 700;

/** Slot time for one that somebody waits for. */
const IDLE_URGENT_MS = 120;

/** From the end of an operation until the next one in its slot was accepted, roughly. */
const TURN_MS = 400;

/** Part of the rate that lists may take of what sending, looking and describing leave. */
const LIST_RATE = 0.8;

/** Calls that an operation takes besides lists: it is sent, described, and a few times looked at. */
const CALLS_EACH = 2.3;

/** A list is asked for at most ten times a second, and at the latest after 8 s, whatever is expected. */
const LIST_FLOOR_MS = 100;
const LIST_CEILING_MS = 8_000;

/**
 * Where it is all but certain which ones have ended, they are asked for at once, and the list is spared: it is worth a call as long as
 * less than one of them is expected to be under way still, and hardly any of the others to have ended. Undefined: ask for the list.
 */
export function probablyEnded(
  operations: readonly OpenOperation[],
  forecast: Forecast,
  now: number,
): readonly OpenOperation[] | undefined {
  const ended: OpenOperation[] = [];
  let wasted = 0;
  let missed = 0;
  for (const operation of operations) {
    const chance = forecast.endedSince(operation, now);
    if (chance >= PROBABLE && operation.lookAt <= now) {
      ended.push(operation);
      wasted += 1 - chance;
    } else missed += chance;
  }
  const isFew = ended.length > 0 && ended.length <= ASKED_AT_MOST;
  return isFew && wasted < 1 && missed < MISSED_AT_MOST ? ended : undefined;
}

/**
 * When to ask for the status of one operation: when its end is rather to be expected than not, but, since a sample can be wrong, after
 * a short interval at the latest. Where somebody waits that is 2 s while it is younger than operations usually get, then half a
 * second, and from an age of 10 s on a twentieth of the age.
 */
export function lookAloneAt(operation: OpenOperation, forecast: Forecast): number {
  const { acceptedAt, seenAt, lookAt, isUrgent } = operation;
  const age = seenAt - acceptedAt;
  const youth = 0.95 * forecast.earliest - age;
  const ceiling = isUrgent
    ? Math.max(Math.min(youth, 2_000), Math.min(Math.max(age / 20, 500), 10_000))
    : Math.min(Math.max(age / 8, 1_500), 60_000);
  const floor = isUrgent ? 250 : 500;
  const idleMs = isUrgent ? IDLE_URGENT_MS : IDLE_ALONE_MS;
  return Math.max(forecast.worthLookingAt([operation], idleMs, seenAt + floor, seenAt + ceiling), lookAt);
}

/** When to ask for the list: when ends are to be expected among all of them, or when one that somebody waits for is due alone. */
export function lookTogetherAt(
  operations: readonly OpenOperation[],
  listedAt: number,
  forecast: Forecast,
  { slots, perSecond }: ScheduleState,
): number {
  const ends = (1000 * Math.min(operations.length, slots)) / (forecast.mean + TURN_MS);
  // With n ends a second, lists come √(n / 2 idle) times a second: no more than the rate leaves to them.
  const lists = Math.max(LIST_RATE * (perSecond - CALLS_EACH * ends), 1);
  // Where ends are known beforehand no list is needed, and none need be spared.
  const idleMs = forecast.isSteady ? IDLE_MS : Math.max(IDLE_MS, (1000 * ends) / (2 * lists ** 2));
  const floor = listedAt + LIST_FLOOR_MS;
  const oldest = Math.min(...operations.map(({ seenAt }) => seenAt));
  const expected = forecast.worthLookingAt(
    operations,
    idleMs,
    floor,
    Math.max(Math.max(oldest, listedAt) + LIST_CEILING_MS, floor),
  );
  const urgent = operations.filter(({ isUrgent }) => isUrgent).map((each) => lookAloneAt(each, forecast));
  return Math.max(floor, Math.min(expected, ...urgent));
}
