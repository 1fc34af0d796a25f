import { type PermissionSetDefinition, definitionHash } from './definition';
import type { PermissionSetRecord, RolloutTask } from './record';
import { type RolloutScope, isInScope } from './rollout';

/** What decides beside the definitions; settings of the deployment. */
export interface RolloutRules {
  /** Whether a set of Latchkey's whose file is gone is deleted. */
  readonly prune: boolean;
  /** The guard against mass change: at most so many at once … */
  readonly mostDeletions: number;
  /** … and at most so many of a hundred sets that Latchkey owns; one always may. */
  readonly mostDeletionsPercent: number;
  /** The service's quota of sets in an instance. */
  readonly setsPerInstance: number;
}

/** What is known of the instance and of the ledger. */
export interface PlanInput {
  readonly definitions: readonly PermissionSetDefinition[];
  readonly records: ReadonlyMap<string, PermissionSetRecord>;
  /** ARNs of the sets that there are, by name. */
  readonly arns: ReadonlyMap<string, string>;
  /** Sets that carry the tag of the owner, and whose record does not say so. */
  readonly tagged: ReadonlySet<string>;
  /** Sets that the management account has too; undefined: not asked yet. */
  readonly inManagement: ReadonlySet<string> | undefined;
  readonly scope: RolloutScope;
  readonly rules: RolloutRules;
}

/** What a rollout means to do with one set. */
export interface PlannedSet {
  readonly name: string;
  readonly arn?: string;
  /** `provision`: only accounts are behind. `leave`: nothing is done, for the reason. `refuse`: something should be done and is not. */
  readonly action:
    'create' | 'update' | 'adopt' | 'verify' | 'provision' | 'delete' | 'leave' | 'refuse' | 'none';
  readonly reason?: string;
  /** Absent: nothing to do. */
  readonly task?: RolloutTask;
}

/**
 * Works out what is to be done with each set, in the order of their names. Applied hashes are trusted: a set whose definition is
 * the one that was applied costs nothing, unless the scope says to read it.
 */
export function planSets(input: PlanInput): PlannedSet[] {
  const defined = new Map(input.definitions.map((each) => [each.name, each]));
  const isAsked = (name: string): boolean => isInScope(input.scope, name);
  const wanted = input.definitions
    .filter(({ name }) => isAsked(name))
    .map((each) => planDefined(input, each));
  const overQuota = newOnesOverQuota(input, wanted);
  const orphans = [...input.records.values()].filter(
    (each) => each.arn !== undefined && !defined.has(each.name) && isAsked(each.name),
  );
  return [...wanted.map((each) => overQuota.get(each.name) ?? each), ...planDeletions(input, orphans)].sort(
    byName,
  );
}

function planDefined(input: PlanInput, definition: PermissionSetDefinition): PlannedSet {
  const { records, arns, inManagement, scope } = input;
  const { name } = definition;
  const record = records.get(name);
  const hash = definitionHash(definition);
  const arn = arns.get(name);
  const isApplied = record?.arn !== undefined && record.arn === arn && record.applied === hash;
  const isRead = scope.names?.includes(name) === true || scope.verify !== undefined;
  if (isApplied && !isRead && record.provisioning === undefined && (record.accounts?.stale ?? 0) === 0)
    return { name, arn: record.arn, action: 'none' };
  const refusal = refusalOf(input, definition, hash, arn);
  if (refusal !== undefined)
    return { name, ...(arn === undefined ? {} : { arn }), action: 'refuse', reason: refusal };
  if (arn === undefined) return { name, action: 'create', task: 'apply' };
  if (inManagement?.has(arn) === true) return { name, arn, action: 'refuse', reason: NOT_OURS_IN_MANAGEMENT };
  if (record?.arn !== arn && !input.tagged.has(arn)) return { name, arn, action: 'adopt', task: 'apply' };
  if (!isApplied) return { name, arn, action: 'update', task: 'apply' };
  if (isRead) return { name, arn, action: 'verify', task: 'verify' };
  return { name, arn, action: 'provision', task: 'provision' };
}

/** The service refuses a delegated administrator every change of such a set (identity-center.md section 2, row 11). */
const NOT_OURS_IN_MANAGEMENT =
  'it is also provisioned in the management account: only the management account may change it; use another set there';

/** Whether a change of a protected set was approved; other sets need no approval. */
export function isApproved(
  { protected: isProtected, approveHash }: PermissionSetDefinition,
  hash: string,
  record: PermissionSetRecord | undefined,
): boolean {
  const needsApproval = (isProtected || record?.isProtected === true) && record?.applied !== hash;
  return !needsApproval || approveHash === hash;
}

function refusalOf(
  { records, tagged }: PlanInput,
  definition: PermissionSetDefinition,
  hash: string,
  arn: string | undefined,
): string | undefined {
  const record = records.get(definition.name);
  if (!isApproved(definition, hash, record)) return `it is protected: its file needs approveHash: ${hash}`;
  const isOurs = arn === undefined || record?.arn === arn || tagged.has(arn);
  if (!isOurs && !definition.adopt) return NOT_OURS;
  return undefined;
}

/** Of a set that neither the ledger nor its tag says to be Latchkey's. */
const NOT_OURS =
  'a set of this name is there that Latchkey did not make: write adopt: true in its file to take it over, or choose another name';

/** Sets that do not fit into the instance any more: the last ones by name. */
function newOnesOverQuota(
  { arns, rules }: PlanInput,
  planned: readonly PlannedSet[],
): ReadonlyMap<string, PlannedSet> {
  const room = Math.max(0, rules.setsPerInstance - arns.size);
  const over = planned.filter(({ action }) => action === 'create').slice(room);
  const reason = `the instance has ${arns.size} of at most ${rules.setsPerInstance} permission sets: delete some, or have the quota raised`;
  return new Map(over.map(({ name }) => [name, { name, action: 'refuse', reason }]));
}

function planDeletions(input: PlanInput, orphans: readonly PermissionSetRecord[]): PlannedSet[] {
  const { rules, records } = input;
  const planned = orphans.map((each) => planDeletion(input, each));
  const deletions = planned.filter(({ action }) => action === 'delete');
  const owned = [...records.values()].filter(({ arn }) => arn !== undefined).length;
  const most = mostDeletions(rules, owned);
  // One that has begun is not stopped by the guard: it was let through by it.
  const fresh = deletions.filter(({ name }) => records.get(name)?.draining === undefined);
  if (fresh.length <= most) return planned;
  const reason = `${fresh.length} of ${owned} sets would be deleted at once, at most ${most} may be: delete them in steps, or raise mostDeletions and mostDeletionsPercent in the settings`;
  return planned.map((each) =>
    fresh.includes(each) ? { name: each.name, ...arnOf(each), action: 'refuse', reason } : each,
  );
}

function planDeletion({ rules, arns, inManagement }: PlanInput, record: PermissionSetRecord): PlannedSet {
  const { name, arn = '', isProtected, draining } = record;
  const set = { name, arn };
  if (!rules.prune && draining === undefined)
    return { ...set, action: 'leave', reason: 'its file is gone, and prune is off: it stays as it is' };
  if (arns.get(name) !== arn)
    return { ...set, action: 'delete', task: 'delete', reason: 'it is gone already' };
  if (isProtected === true)
    return {
      ...set,
      action: 'refuse',
      reason:
        'its file is gone, but it is protected: to delete it, first roll out its file with protected: false and the approveHash that npm run access -- check tells',
    };
  if (inManagement?.has(arn) === true) return { ...set, action: 'refuse', reason: NOT_OURS_IN_MANAGEMENT };
  return { ...set, action: 'delete', task: 'delete' };
}

/** The smaller of the number and the percentage; one always may go. */
export function mostDeletions(
  { mostDeletions: number, mostDeletionsPercent: percent }: RolloutRules,
  owned: number,
): number {
  return Math.max(Math.min(1, number), Math.min(number, Math.floor((owned * percent) / 100)));
}

function arnOf({ arn }: PlannedSet): { readonly arn?: string } {
  return arn === undefined ? {} : { arn };
}

function byName({ name: one }: PlannedSet, { name: other }: PlannedSet): number {
  return one < other ? -1 : 1;
}
