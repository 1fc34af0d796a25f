import { isToApply } from './apply-rollout';
import { followProvisions } from './follow-provisions';
import type { FollowPorts } from './ports';
import type { PermissionSetRecord } from './record';
import { STEP_GRACE_MS } from './rollout';
import { type NextStep, type Step, changeRollout, secondsUntil, underLease } from './steps';

/** An execution hands over with the first look after so many steps: at 9 history events a step and its wait, below 3,000 of them. */
export const STEPS_PER_EXECUTION = 300;

/**
 * *Look at the rollout*: follows the provisions of the sets that were applied, and says what comes next. A quiet look is a query, and a
 * read for each provision that is waited for.
 *
 * @param steps - how many this execution has made before, of every kind
 */
export async function lookAtRollout(ports: FollowPorts, number: number, steps: number): Promise<NextStep> {
  if (steps >= STEPS_PER_EXECUTION) return handOver(ports, number);
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

/** Goes on in a fresh execution, before the history grows too long. */
async function handOver(ports: FollowPorts, number: number): Promise<NextStep> {
  const now = ports.clock.now();
  let isOurs = false as boolean;
  const next = await changeRollout(ports, (present) => {
    isOurs = present.number === number && present.running;
    return isOurs ? { ...present, number: number + 1, nextStepBy: now + STEP_GRACE_MS } : undefined;
  });
  if (isOurs) await ports.workflows.startRollout(next.number);
  return { next: 'done', seconds: 1 };
}
