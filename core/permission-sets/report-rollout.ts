import { deployedHash } from './deployed-hash';
import type { ReportPorts } from './ports';
import type { PermissionSetRecord } from './record';
import type { RolloutRecord, RolloutRun } from './rollout';
import { type NextStep, changeRecord, changeRollout, underLease } from './steps';

/** What failed for a reason that may pass is tried again by itself after so long. */
const RETRY_MS = 30 * 60_000;

/**
 * *Report*: tells what became of each set, once, and ends the rollout, or goes on with what was asked for meanwhile. Events come at
 * least once: they are sent before it is written that they were.
 */
export async function reportRollout(ports: ReportPorts, number: number): Promise<NextStep> {
  return underLease(ports, number, async ({ rollout }) => {
    const records = await ports.records.all();
    for (const record of records) await tell(ports, record);
    return finish(ports, number, rollout.run, records);
  });
}

async function tell(ports: ReportPorts, record: PermissionSetRecord): Promise<void> {
  const { name, result, accounts, applied } = record;
  if (result === undefined || result.isTold === true || record.task !== undefined) return;
  const isFailure = result.outcome === 'failed' || result.outcome === 'refused';
  await ports.announcer.publish({
    type: isFailure ? 'PermissionSetRolloutFailed' : 'PermissionSetRolledOut',
    detail: {
      permissionSet: name,
      plan: result.plan,
      outcome: result.outcome,
      ...(applied === undefined ? {} : { hash: applied }),
      ...(result.reason === undefined ? {} : { reason: result.reason }),
      ...(accounts === undefined
        ? {}
        : {
            accounts: {
              current: accounts.current,
              stale: accounts.stale,
              failed: accounts.failed.slice(0, 10),
            },
          }),
    },
  });
  ports.observer.measure('PermissionSetRollouts', 1, { outcome: result.outcome });
  await changeRecord(ports, name, (present) =>
    present.result === undefined ? undefined : { ...present, result: { ...present.result, isTold: true } },
  );
}

async function finish(
  ports: ReportPorts,
  number: number,
  run: RolloutRun | undefined,
  records: readonly PermissionSetRecord[],
): Promise<NextStep> {
  const now = ports.clock.now();
  let goesOn = false as boolean;
  await changeRollout(ports, (present) => {
    if (present.number !== number) return undefined;
    const ended = run === undefined ? present : withoutRun(ports, present, run, records, now);
    goesOn = ended.pending !== undefined;
    return { ...ended, running: goesOn };
  });
  return { next: goesOn ? 'plan' : 'done', seconds: 1 };
}

function withoutRun(
  { deployed, rules, observer }: ReportPorts,
  present: RolloutRecord,
  { plan, scope, hash, since }: RolloutRun,
  records: readonly PermissionSetRecord[],
  now: number,
): RolloutRecord {
  const { run: _ended, ...rest } = present;
  const failed = records.filter(({ result }) => result?.outcome === 'failed' && result.plan === plan);
  observer.note('rollout ended', { plan, failed: failed.length, seconds: Math.round((now - since) / 1000) });
  // One of some sets says nothing of the others.
  if (scope.names !== undefined || hash === undefined) return rest;
  const mayPass = failed.some(({ result }) => result?.mayPass === true);
  const next: RolloutRecord = {
    ...rest,
    last: {
      hash: deployedHash(hash, rules),
      at: now,
      failed: failed.length,
      ...(mayPass ? { retryAt: now + RETRY_MS } : {}),
    },
    ...(scope.verify === undefined ? {} : { verifiedAt: now }),
  };
  // Other definitions were deployed meanwhile: sets that were applied since have those, the others do not.
  return hash === deployed.hash ? next : { ...next, pending: {} };
}
