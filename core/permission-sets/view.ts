import { type PermissionSetDefinition, definitionHash } from './definition';
import type { DeployedDefinitions } from './ports';
import type { PermissionSetRecord } from './record';
import type { RolloutRecord } from './rollout';

/**
 * How a set stands: `current` (as its definition wants it, in all accounts), `pending` (not rolled out yet), `rolling out`,
 * `behind` (some accounts are not up to date), `drifted` (changed by others), `failed`, `refused`, `orphaned` (its file is gone),
 * `deleted`.
 */
export type PermissionSetStatus =
  | 'current'
  | 'pending'
  | 'rolling out'
  | 'behind'
  | 'drifted'
  | 'failed'
  | 'refused'
  | 'orphaned'
  | 'deleted';

/** The list of `GET /permission-sets`: every set that a file defines or the ledger knows, by name. */
export function viewPermissionSets(
  deployed: DeployedDefinitions,
  records: readonly PermissionSetRecord[],
  rollout: RolloutRecord,
): object {
  const known = new Map(records.map((record) => [record.name, record]));
  const defined = new Map(deployed.definitions.map((definition) => [definition.name, definition]));
  const names = [...new Set([...known.keys(), ...defined.keys()])].sort();
  return {
    permissionSets: names.map((name) => summary(name, defined.get(name), known.get(name))),
    rollout: viewRollout(rollout),
  };
}

/** One set of `GET /permission-sets/{name}`; undefined where neither a file nor the ledger has it. */
export function viewPermissionSet(
  name: string,
  deployed: DeployedDefinitions,
  record: PermissionSetRecord | undefined,
  rollout: RolloutRecord,
): object | undefined {
  const definition = deployed.definitions.find((each) => each.name === name);
  if (definition === undefined && record === undefined) return undefined;
  const { accounts, drift, trouble, draining, provisioning, verifiedAt, appliedAt } = record ?? {};
  return {
    ...summary(name, definition, record),
    ...(appliedAt === undefined ? {} : { appliedAt: iso(appliedAt) }),
    ...(verifiedAt === undefined ? {} : { verifiedAt: iso(verifiedAt) }),
    ...(accounts === undefined ? {} : { accounts: { ...accounts, at: iso(accounts.at) } }),
    ...(drift === undefined ? {} : { drift: { at: iso(drift.at), changes: drift.changes } }),
    ...(provisioning === undefined ? {} : { provisioning: viewProvisioning(provisioning) }),
    ...(draining === undefined
      ? {}
      : { draining: { since: iso(draining.since), assignments: draining.drained } }),
    ...(trouble === undefined
      ? {}
      : { waitsFor: { since: iso(trouble.since), nextAt: iso(trouble.notBefore), reason: trouble.reason } }),
    rollout: viewRollout(rollout),
  };
}

function summary(
  name: string,
  definition: PermissionSetDefinition | undefined,
  record: PermissionSetRecord | undefined,
): object {
  const wanted = definition === undefined ? undefined : definitionHash(definition);
  const { arn, applied, result } = record ?? {};
  return {
    name,
    status: statusOf(wanted, record),
    ...(arn === undefined ? {} : { arn }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(applied === undefined ? {} : { applied }),
    ...(definition?.protected === true || record?.isProtected === true ? { protected: true } : {}),
    ...(result === undefined
      ? {}
      : {
          last: {
            outcome: result.outcome,
            at: iso(result.at),
            ...(result.reason === undefined ? {} : { reason: result.reason }),
          },
        }),
  };
}

function statusOf(wanted: string | undefined, record: PermissionSetRecord | undefined): PermissionSetStatus {
  if (record === undefined) return 'pending';
  const { task, deletedAt, result, accounts, drift, applied } = record;
  if (task !== undefined) return 'rolling out';
  if (wanted === undefined) return deletedAt === undefined ? (failure(result) ?? 'orphaned') : 'deleted';
  if (applied !== wanted) return failure(result) ?? 'pending';
  if (drift !== undefined) return 'drifted';
  return (accounts?.stale ?? 0) > 0 ? 'behind' : (failure(result) ?? 'current');
}

function failure(result: PermissionSetRecord['result']): 'failed' | 'refused' | undefined {
  return result?.outcome === 'failed' || result?.outcome === 'refused' ? result.outcome : undefined;
}

function viewProvisioning({
  since,
  open = {},
  tried = [],
  failed = [],
  allEndedAt,
}: NonNullable<PermissionSetRecord['provisioning']>): object {
  return {
    since: iso(since),
    everyAccount: allEndedAt === undefined ? 'under way' : 'ended',
    singly: { open: Object.keys(open).length, tried: tried.length, failed: failed.length },
  };
}

/** The rollout that runs, what waits for the next one, and how the last one ended. */
function viewRollout({ run, pending, last, verifiedAt }: RolloutRecord): object {
  return {
    ...(run === undefined ? {} : { running: { plan: run.plan, since: iso(run.since), ...run.scope } }),
    ...(pending === undefined ? {} : { waiting: pending }),
    ...(last === undefined ? {} : { last: { at: iso(last.at), failed: last.failed } }),
    ...(verifiedAt === undefined ? {} : { verifiedAt: iso(verifiedAt) }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
