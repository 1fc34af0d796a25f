import { AdminCallError } from '../ports/permission-sets';
import { applyDefinition, verifyDefinition } from './apply-definition';
import { drainAndDelete } from './delete-set';
import { definitionHash } from './definition';
import { isApproved } from './plan';
import type { ApplyPorts } from './ports';
import { type PermissionSetRecord, withResult } from './record';
import { MIXED_HASH, type RolloutRun } from './rollout';
import { type NextStep, type Step, changeRecord, changeRollout, underLease } from './steps';

/**
 * *Apply next set*: brings sets to their definitions, one after the other (the service refuses changes of policies that overlap, even of
 * different sets), until the time of the step is over or nothing is left to apply.
 */
export async function applyRollout(ports: ApplyPorts, number: number): Promise<NextStep> {
  return underLease(ports, number, (step) => apply(ports, step));
}

/** A set that cannot be changed for a reason that may pass is tried again after so long, and given up after … */
const TRY_AGAIN_MS = 30_000;
/** … for this rollout. */
const PATIENCE_MS = 15 * 60_000;

async function apply(ports: ApplyPorts, step: Step): Promise<NextStep> {
  const { run } = step.rollout;
  if (run?.hash === undefined) return { next: 'look', seconds: 1 };
  await noteOtherDefinitions(ports, run);
  for (const record of (await ports.records.all()).filter((each) => isToApply(each, ports.clock.now()))) {
    // By way of a look, so that the accounts of those that were applied need not wait for the others.
    if (ports.clock.now() >= step.deadline) return { next: 'look', seconds: 1 };
    const isDone = await applyOne(ports, record, step);
    if (!isDone) return { next: 'look', seconds: 1 };
  }
  return { next: 'look', seconds: 1 };
}

/**
 * Sets are brought to what is deployed now, which may be other definitions than were planned: a rollout of them has to follow, also
 * where the planned ones are back by the end of this one.
 */
async function noteOtherDefinitions(ports: ApplyPorts, { plan, hash }: RolloutRun): Promise<void> {
  if (hash === ports.deployed.hash || hash === MIXED_HASH) return;
  await changeRollout(ports, (present) =>
    present.run?.plan === plan ? { ...present, run: { ...present.run, hash: MIXED_HASH } } : undefined,
  );
}

/** Whether *Apply next set* has something to do with a set now. */
export function isToApply({ task, trouble, draining }: PermissionSetRecord, now: number): boolean {
  if (task === undefined || task === 'provision') return false;
  return Math.max(trouble?.notBefore ?? 0, (task === 'delete' ? draining?.notBefore : 0) ?? 0) <= now;
}

/** Answers false where the step's time ended in the middle of a set: it goes on with the same set then. */
async function applyOne(ports: ApplyPorts, record: PermissionSetRecord, step: Step): Promise<boolean> {
  const { name, task } = record;
  const run = step.rollout.run;
  if (run === undefined) return false;
  const context = { plan: run.plan, scope: run.scope, deadline: step.deadline };
  const definition = ports.deployed.definitions.find((each) => each.name === name);
  try {
    // A set whose file is back is brought to it.
    if (task === 'delete' && definition === undefined) return await drainAndDelete(ports, record, context);
    if (definition === undefined || !isApproved(definition, definitionHash(definition), record)) {
      // Another version was deployed since it was planned: the rollout that follows decides.
      await changeRecord(ports, name, ({ task: _gone, ...present }) => present);
      return true;
    }
    if (task === 'verify') return await verifyDefinition(ports, record, definition, context);
    return await applyDefinition(ports, record, definition, context);
  } catch (error) {
    if (!(error instanceof AdminCallError)) throw error;
    await putOffOrFail(ports, name, error, run.plan);
    return true;
  }
}

async function putOffOrFail(
  ports: ApplyPorts,
  name: string,
  error: AdminCallError,
  plan: number,
): Promise<void> {
  const now = ports.clock.now();
  const mayPass = error.fault !== 'invalid' && error.fault !== 'denied' && error.fault !== 'quota';
  ports.observer.warn(
    'permission set could not be changed',
    { permissionSet: name, fault: error.fault },
    error,
  );
  await changeRecord(ports, name, (present) => {
    const since = present.trouble?.since ?? now;
    if (mayPass && now - since < PATIENCE_MS)
      return { ...present, trouble: { since, notBefore: now + TRY_AGAIN_MS, reason: error.message } };
    return withResult(present, { plan, at: now, outcome: 'failed', reason: error.message, mayPass });
  });
}
