import { type PermissionSetDefinition, definitionHash } from './definition';
import type { PlannedSet } from './plan';
import type { PlanPorts } from './ports';
import { type PermissionSetRecord, type Provisioning, type RolloutResult, owed, withResult } from './record';
import { begun } from './rollout';
import { type NextStep, type Step, changeRecord, changeRollout, underLease } from './steps';
import { survey } from './survey';

/**
 * *Plan*: takes up what was asked for, compares definitions with what is there, and writes into the record of each set what is to be
 * done with it. Repeated, it comes to the same plan. One query and the calls of a survey; a write for each set with something to do.
 */
export async function planRollout(ports: PlanPorts, number: number): Promise<NextStep> {
  return underLease(ports, number, (step) => plan(ports, step));
}

async function plan(ports: PlanPorts, { deadline }: Step): Promise<NextStep> {
  const { run } = await changeRollout(ports, (present) => {
    const next = begun(present, ports.clock.now());
    return next === present ? undefined : next;
  });
  if (run === undefined || run.hash !== undefined) return { next: 'look', seconds: 1 };
  const surveyed = await survey(ports, run.scope, deadline, {
    remember: (definition, arn, isTagged) => rememberOwner(ports, definition, arn, isTagged),
  });
  if (surveyed === undefined) return { next: 'plan', seconds: 1 };
  for (const each of surveyed.planned) await note(ports, each, run.plan);
  const tasks = surveyed.planned.filter(({ task }) => task !== undefined).length;
  const refused = surveyed.planned.filter(({ action }) => action === 'refuse').length;
  ports.observer.note('rollout planned', { plan: run.plan, sets: surveyed.planned.length, tasks, refused });
  await changeRollout(ports, (present) =>
    present.run === undefined
      ? undefined
      : { ...present, run: { ...present.run, hash: ports.deployed.hash } },
  );
  return { next: 'look', seconds: 1 };
}

/** Of many sets the next survey asks for the rest. */
async function rememberOwner(
  ports: PlanPorts,
  definition: PermissionSetDefinition,
  arn: string,
  isTagged: boolean,
): Promise<void> {
  await changeRecord(ports, definition.name, ({ foreign: _before, ...present }) =>
    isTagged ? { ...present, arn } : { ...present, foreign: { arn, hash: definitionHash(definition) } },
  );
}

/** Writes a set's task, or why nothing is done with it; a set with neither costs nothing. */
async function note(ports: PlanPorts, planned: PlannedSet, plan: number): Promise<void> {
  const { name, action, task, reason } = planned;
  const now = ports.clock.now();
  if (task !== undefined) {
    await changeRecord(ports, name, (present) => withTask(present, planned, now));
    return;
  }
  if (action !== 'refuse') return;
  await changeRecord(ports, name, (present) => {
    const result: RolloutResult = { plan, at: now, outcome: 'refused', reason: reason ?? '' };
    // Said once: a refusal that stays is no news every day.
    const isNews = present.result?.outcome !== 'refused' || present.result.reason !== reason;
    return withResult(present, isNews ? result : (present.result ?? result));
  });
}

/** A set that is to be made, or taken over, is not Latchkey's before that is done. */
function withTask(
  present: PermissionSetRecord,
  { arn, action, task }: PlannedSet,
  now: number,
): PermissionSetRecord {
  const { foreign: _settled, arn: _former, ...rest } = present;
  const isOurs = arn !== undefined && action !== 'adopt';
  return {
    ...rest,
    ...(isOurs ? { arn } : {}),
    ...(task === undefined ? {} : { task }),
    ...(action === 'provision' ? { provisioning: owedAnew(present, now) } : {}),
  };
}

/** What an earlier rollout was still owed is waited for anew. */
function owedAnew({ provisioning, accounts }: PermissionSetRecord, now: number): Provisioning {
  return provisioning === undefined ? owed(accounts?.stale ?? 0, now) : { ...provisioning, since: now };
}
