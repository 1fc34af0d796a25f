import type { DispatcherLedger } from '../ports/ledger';
import type { Workflows } from '../ports/workflows';

/**
 * A promise of the next pass is believed for this long after it was due: time for a cold start. The longest wait of 30 s, this,
 * and the minute until the next sweep are less than the two minutes in which a dead dispatcher is replaced.
 */
export const PROMISE_GRACE_MS = 20_000;

/** What starting and replacing a dispatcher needs. */
export interface DispatcherControl {
  readonly dispatcher: DispatcherLedger;
  readonly workflows: Pick<Workflows, 'startDispatcher'>;
}

/**
 * Calls for the dispatcher, after work was written. `wanted` is raised first: an execution that is about to end sees it and
 * stays, so either it takes the work, or it has ended before and is started here. Costs one write, or two and a start.
 */
export async function wakeDispatcher(
  { dispatcher, workflows }: DispatcherControl,
  now: number,
): Promise<void> {
  const record = await dispatcher.want(now);
  const works = record.running && now <= Math.max(record.leaseUntil, record.nextPassBy);
  if (works) return;
  const next = await dispatcher.nextEpoch(record.epoch, now, now + PROMISE_GRACE_MS, false);
  if (next !== undefined) await workflows.startDispatcher(next.epoch);
}

/** Ends this execution in favour of a fresh one, before its history grows too long. */
export async function handOver(
  { dispatcher, workflows }: DispatcherControl,
  epoch: number,
  now: number,
): Promise<void> {
  const next = await dispatcher.nextEpoch(epoch, now, now + PROMISE_GRACE_MS, true);
  if (next !== undefined) await workflows.startDispatcher(next.epoch);
}
