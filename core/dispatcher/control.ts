import type { DispatcherLedger, DispatcherRecord, NextEpoch } from '../ports/ledger';
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

/** An execution that begins its next pass later than this is not waited for. */
const TOO_LATE_MS = 2_000;

/**
 * Calls for the dispatcher, after work was written. `wanted` is raised first: an execution that is about to end sees it and
 * stays, so either it takes the work, or it has ended before and is started here. One that waits for long between two passes is
 * followed by the next epoch: it ends when it comes back. Costs one write, or two and a start.
 */
export async function wakeDispatcher(
  { dispatcher, workflows }: DispatcherControl,
  now: number,
): Promise<void> {
  const record = await dispatcher.want(now);
  const nextPassAt = record.nextPassBy - PROMISE_GRACE_MS;
  if (!record.running || isDead(record, now))
    await startNext({ dispatcher, workflows }, record.epoch, now, 'nobody works');
  else if (record.leaseUntil <= now && nextPassAt - now > TOO_LATE_MS)
    await startNext({ dispatcher, workflows }, record.epoch, now, 'no pass');
}

/** Puts a fresh dispatcher in the place of one that broke its promise. One that ended leaves nothing behind: it stays ended. */
export async function replaceDeadDispatcher(control: DispatcherControl, now: number): Promise<void> {
  const record = await control.dispatcher.read();
  if (record.running && isDead(record, now)) await startNext(control, record.epoch, now, 'nobody works');
}

/** Ends this execution in favour of a fresh one, before its history grows too long. */
export async function handOver(control: DispatcherControl, epoch: number, now: number): Promise<void> {
  await startNext(control, epoch, now, 'always');
}

function isDead({ leaseUntil, nextPassBy }: DispatcherRecord, now: number): boolean {
  return now > Math.max(leaseUntil, nextPassBy);
}

async function startNext(
  { dispatcher, workflows }: DispatcherControl,
  epoch: number,
  now: number,
  condition: NextEpoch,
): Promise<void> {
  const next = await dispatcher.nextEpoch(epoch, now, now + PROMISE_GRACE_MS, condition);
  if (next !== undefined) await workflows.startDispatcher(next.epoch);
}
