import type { FindingPage } from '../ports/drift-ledger';
import type { Finding } from './finding';
import type { LastReconciliation, ReconcileRecord, ReconcileRun } from './record';

/** The answer of `GET /reconciliations`: how it stands, how the last one ended, and a page of what is open. */
export function viewReconciliations(record: ReconcileRecord, { findings, next }: FindingPage): object {
  const { run, pending, last, dailyAt, completeAt } = record;
  return {
    ...(run === undefined ? {} : { running: viewRun(run) }),
    ...(pending === undefined ? {} : { waiting: pending }),
    ...(last === undefined ? {} : { last: viewLast(last) }),
    ...(dailyAt === undefined ? {} : { walkedAt: iso(dailyAt) }),
    ...(completeAt === undefined ? {} : { walkedCompletelyAt: iso(completeAt) }),
    findings: findings.map(viewFinding),
    ...(next === undefined ? {} : { next }),
  };
}

function viewRun({ walk, scope, since, cursor, done, trouble }: ReconcileRun): object {
  return {
    reconciliation: walk,
    since: iso(since),
    ...scope,
    phase: cursor.phase,
    ...done,
    ...(trouble === undefined ? {} : { waitsFor: { since: iso(trouble.since), reason: trouble.reason } }),
  };
}

function viewLast({
  number,
  since,
  at,
  walk,
  outcome,
  reason,
  done,
  found,
  news,
}: LastReconciliation): object {
  return {
    reconciliation: number,
    since: iso(since),
    at: iso(at),
    ...(walk === undefined ? {} : { walk }),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...done,
    open: found,
    new: news,
  };
}

function viewFinding({ kind, key, mode, rule, since, lastSeenAt }: Finding): object {
  const { accountId, permissionSetArn, principalType, principalId } = key;
  return {
    kind,
    accountId,
    permissionSetArn,
    principalType,
    principalId,
    mode,
    ...(rule === undefined ? {} : { rule }),
    since: iso(since),
    lastSeenAt: iso(lastSeenAt),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
