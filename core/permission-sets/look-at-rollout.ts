import { isToApply } from './apply-rollout';
import { followProvisions } from './follow-provisions';
import type { FollowPorts } from './ports';
import type { PermissionSetRecord } from './record';
import { secondsUntil } from '../requests/seconds';
import { handOverRun } from '../runs/run';
import { type NextStep, type Step, runPorts, underLease } from './steps';

/** An execution hands over with the first look after so many steps: at 9 history events a step and its wait, below 3,000 of them. */
export const STEPS_PER_EXECUTION = 300;

/**
 * *Look at the rollout*: follows the provisions of the sets that were applied, and says what comes next. A quiet look is a query, and a
 * read for each provision that is waited for.
 *
 * @param steps - how many this execution has made before, of every kind
 */
export async function lookAtRollout(ports: FollowPorts, number: number, steps: number): Promise<NextStep> {
  if (steps >= STEPS_PER_EXECUTION) {
    await handOverRun(runPorts(ports), number, (next) => ports.workflows.startRollout(next));
    return { next: 'done', seconds: 1 };
  }
  return underLease(ports, number, (step) => look(ports, step));
}

async function look(ports: FollowPorts, { rollout, deadline }: Step): Promise<NextStep> {
  const { run, pending } = rollout;
  if (run === undefined) return { next: pending === undefined ? 'report' : 'plan', seconds: 1 };
  if (run.hash === undefined) return { next: 'plan', seconds: 1 };
  const waits: number[] = [];
  let isApplyDue = false;
  for (const record of (await ports.records.all()).filter(({ task }) => task !== undefined)) {
    const now = ports.clock.now();
    if (record.task !== 'provision') {
      if (isToApply(record, now)) isApplyDue = true;
      else waits.push(nextTry(record, now));
      continue;
    }
    const at = now >= deadline ? now : await followProvisions(ports, record, run.plan);
    if (at !== undefined) waits.push(at);
  }
  if (isApplyDue) return { next: 'apply', seconds: 1 };
  if (waits.length === 0) return { next: 'report', seconds: 1 };
  const now = ports.clock.now();
  const next = Math.min(...waits);
  return next <= now ? { next: 'look', seconds: 1 } : { next: 'wait', seconds: secondsUntil(next, now) };
}

function nextTry({ trouble, draining }: PermissionSetRecord, now: number): number {
  return Math.max(trouble?.notBefore ?? now, draining?.notBefore ?? now);
}
