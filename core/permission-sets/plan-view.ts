import { CONTENT_PARTS } from '../ports/permission-sets';
import { type PermissionSetDefinition, definitionHash, wantedContents } from './definition';
import { describeChanges } from './describe-changes';
import { MOST_POLICIES, changesTo, needsProvision } from './differences';
import type { PlannedSet } from './plan';
import type { SurveyPorts } from './ports';
import type { RolloutScope } from './rollout';
import { type Survey, survey } from './survey';

/** What a plan is asked for. */
export interface PlanQuestion extends RolloutScope {
  /** Goes on after this name, as the answer before said. */
  readonly after?: string;
}

/** What the service allows, as the settings say. */
export interface Quotas {
  readonly permissionSetsPerAccount: number;
}

/** One set of a plan, with all that would be changed. */
interface DetailedSet extends Omit<PlannedSet, 'task'> {
  readonly wanted?: string;
  readonly applied?: string;
  readonly changes?: readonly string[];
  /** What the accounts need: nothing, or a provision of so many. */
  readonly provision?: { readonly accounts: number };
}

/** The plan as `POST /permission-sets/plan` answers it. */
export interface PlanAnswer {
  readonly permissionSets: readonly DetailedSet[];
  /** There are more: ask again with `after` this name. */
  readonly next?: string;
  /** Nothing is known yet: the names of sets that are new since the last look are being found out. */
  readonly isIncomplete?: boolean;
  readonly quotas?: object;
}

/** A set of which nothing is known costs a call to find out whose it is; Latchkey's own need the rest of the time, for what would change. */
const SHARE_FOR_TAGS = 0.6;

/**
 * Works out what a rollout would do, reads what it would change, and changes nothing. Seven calls for a set that would be changed, and
 * one for each hundred accounts that it is in; one call for a set that no rollout has asked about yet. It stops at the deadline and says where
 * to go on.
 */
export async function planInDetail(
  ports: SurveyPorts,
  { after, ...scope }: PlanQuestion,
  quotas: Quotas,
  deadline: number,
): Promise<PlanAnswer> {
  const startedAt = ports.clock.now();
  const page = {
    deadline: startedAt + (deadline - startedAt) * SHARE_FOR_TAGS,
    ...(after === undefined ? {} : { after }),
  };
  const surveyed = await survey(ports, scope, deadline, { page });
  if (surveyed === undefined) return { permissionSets: [], isIncomplete: true };
  const { unread } = surveyed;
  const found: DetailedSet[] = [];
  const left = surveyed.planned.filter(
    ({ name }) => (after === undefined || name > after) && (unread === undefined || name < unread),
  );
  for (const planned of left) {
    if (found.length > 0 && planned.task !== undefined && ports.clock.now() >= deadline) {
      return {
        permissionSets: found,
        next: found.at(-1)?.name ?? '',
        quotas: headroom(ports, surveyed, quotas),
      };
    }
    found.push(await detail(ports, surveyed, planned));
  }
  return {
    permissionSets: found,
    ...(unread === undefined ? {} : { next: found.at(-1)?.name ?? '' }),
    quotas: headroom(ports, surveyed, quotas),
  };
}

async function detail(
  ports: SurveyPorts,
  { records }: Survey,
  { task, ...planned }: PlannedSet,
): Promise<DetailedSet> {
  const { name, arn } = planned;
  const definition = ports.deployed.definitions.find((each) => each.name === name);
  const applied = records.get(name)?.applied;
  const shown: DetailedSet = {
    ...planned,
    ...(definition === undefined ? {} : { wanted: definitionHash(definition) }),
    ...(applied === undefined ? {} : { applied }),
  };
  if (task === undefined) return shown;
  if (task === 'provision') {
    // None is known to be behind while a rollout is still at it.
    const stale = records.get(name)?.accounts?.stale ?? 0;
    return stale === 0 ? shown : { ...shown, provision: { accounts: stale } };
  }
  if (arn === undefined) return { ...shown, changes: definition === undefined ? [] : beginning(definition) };
  if (definition === undefined)
    return {
      ...shown,
      changes: [
        `end its assignments in ${(await ports.admin.accounts(arn, 'all')).length} accounts`,
        'delete it',
      ],
    };
  return { ...shown, ...(await changesOf(ports, arn, definition)) };
}

async function changesOf(
  { admin }: SurveyPorts,
  arn: string,
  definition: PermissionSetDefinition,
): Promise<Pick<DetailedSet, 'changes' | 'provision'>> {
  const present = await admin.read(arn, CONTENT_PARTS);
  if (present === undefined) return { changes: beginning(definition) };
  const changes = changesTo(wantedContents(definition), present);
  // What is to be changed reaches every account; otherwise those that are behind already.
  const accounts = await admin.accounts(arn, needsProvision(changes) ? 'all' : 'stale');
  return {
    changes: describeChanges(changes, present),
    ...(accounts.length === 0 ? {} : { provision: { accounts: accounts.length } }),
  };
}

/** A set that is to be made has nothing yet but the service's default duration. */
function beginning(definition: PermissionSetDefinition): string[] {
  const nothing = {};
  return describeChanges(changesTo(wantedContents(definition), nothing), nothing);
}

/**
 * How far the limits are. How many sets an account has takes a call for each account; no account can have more than the instance has,
 * which is said instead.
 */
function headroom(
  { deployed, rules }: SurveyPorts,
  { arns, planned }: Survey,
  { permissionSetsPerAccount }: Quotas,
): object {
  const count = (action: PlannedSet['action']): number =>
    planned.filter((each) => each.action === action).length;
  const afterwards = arns.size + count('create') - count('delete');
  const policies = deployed.definitions.map(
    ({ name, awsManagedPolicies, customerManagedPolicies }) =>
      [name, awsManagedPolicies.length + customerManagedPolicies.length] as const,
  );
  const [fullest] = [...policies].sort(([, one], [, other]) => other - one);
  return {
    permissionSets: { now: arns.size, afterwards, limit: rules.setsPerInstance },
    permissionSetsPerAccount: { atMost: afterwards, limit: permissionSetsPerAccount },
    ...(fullest === undefined
      ? {}
      : { policiesPerSet: { most: fullest[1], permissionSet: fullest[0], limit: MOST_POLICIES } }),
  };
}
