import type { ResultEvent } from '../ports/announcer';
import { deployedHash } from './deployed-hash';
import type { ReportPorts } from './ports';
import type { AccountsState, PermissionSetRecord, RolloutResult } from './record';
import { MIXED_HASH, type RolloutRecord, type RolloutRun, joined } from './rollout';
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
  const { name, result, drift, task } = record;
  if (task !== undefined) return;
  if (drift !== undefined && drift.isTold !== true) {
    const event = { type: 'DriftFound', detail: { permissionSet: name, changes: drift.changes } } as const;
    await publish(ports, name, event, (present) =>
      present.drift === undefined ? undefined : { ...present, drift: { ...present.drift, isTold: true } },
    );
  }
  if (result === undefined || result.isTold === true) return;
  await publish(ports, name, resultEvent(record, result), (present) =>
    present.result === undefined ? undefined : { ...present, result: { ...present.result, isTold: true } },
  );
  ports.observer.measure('PermissionSetRollouts', 1, { outcome: result.outcome });
}

/** An announcement that fails stops nothing: it is made again by the next rollout. */
async function publish(
  ports: ReportPorts,
  name: string,
  event: ResultEvent,
  markTold: (present: PermissionSetRecord) => PermissionSetRecord | undefined,
): Promise<void> {
  try {
    await ports.announcer.publish(event);
  } catch (cause) {
    ports.observer.warn('announcement failed', { permissionSet: name, event: event.type }, cause);
    return;
  }
  await changeRecord(ports, name, markTold);
}

function resultEvent({ name, accounts, applied }: PermissionSetRecord, result: RolloutResult): ResultEvent {
  const isFailure = result.outcome === 'failed' || result.outcome === 'refused';
  return {
    type: isFailure ? 'PermissionSetRolloutFailed' : 'PermissionSetRolledOut',
    detail: {
      permissionSet: name,
      plan: result.plan,
      outcome: result.outcome,
      ...(applied === undefined ? {} : { hash: applied }),
      ...(result.reason === undefined ? {} : { reason: result.reason }),
      ...(accounts === undefined ? {} : { accounts: briefly(accounts) }),
    },
  };
}

/** An event holds 256 KB; ten reasons tell enough. */
function briefly({ current, stale, failed }: AccountsState): object {
  return { current, stale, failed: failed.slice(0, 10) };
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
  if (hash === undefined) return rest;
  // One of some sets says nothing of the others.
  if (scope.names !== undefined && scope.others !== true)
    return withoutCertainty(rest, deployedHash(hash, rules));
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
  return hash === deployed.hash ? next : { ...next, pending: joined(next.pending, {}) };
}

/** Some sets were brought to other definitions than those rolled out last: should these come back, they are not rolled out any more. */
function withoutCertainty(record: RolloutRecord, hash: string): RolloutRecord {
  const { last } = record;
  return last === undefined || last.hash === hash
    ? record
    : { ...record, last: { ...last, hash: MIXED_HASH } };
}
