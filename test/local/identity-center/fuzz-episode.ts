import { inspect } from 'node:util';

import { AwsError } from '../../../local/aws-api/json-service';
import { createSeededRandom, uuidFrom } from '../../../local/clock/seeded-random';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { settingsText } from '../../../local/identity-center/settings-schema';
import { CallSource, OPERATIONS, type FuzzedCall } from './fuzz-values';
import { createTestWorld, INSTANCE, STORE, type Output, type TestWorld } from './support';

/** What a client would never be sent: traces of the inside. */
const INTERNAL =
  /\bat .+\.[jt]s:\d|node_modules|Cannot read|is not a function|is not iterable|TypeError|RangeError|\[object Object\]|\bundefined\b|\bNaN\b/;

/** Longer than any operation that ends at all: a provision of some hundred accounts, a Region, a closure. */
const LONGEST_MS = 6 * 3_600_000;

/** The operation after which nothing of Identity Center is left; it comes last, if at all. */
const LAST = 'DeleteInstance';

const ids = createSeededRandom(7);

/** What became of the calls of an episode: successes by operation. */
export type Successes = Map<string, number>;

/** Settings of one episode; rates hold in some of them. */
function settingsOf(random: { next(): number }): Partial<SimulatorSettings> {
  const one = <const T extends readonly unknown[]>(...values: T): T[number] =>
    values[Math.floor(random.next() * values.length)];
  const unlimited = one(true, true, true, false);
  return {
    ...(unlimited
      ? {
          requestsPerSecond: 'unlimited',
          organizationsRates: 'unlimited',
          identityStoreRequestsPerSecond: 'unlimited',
        }
      : {}),
    outstandingAssignments: one(15, 'unlimited'),
    outstandingCounts: one('creates', 'creates-and-deletes'),
    outstandingProvisions: one(3, 'unlimited'),
    tooManyProvisions: one('throttling', 'conflict'),
    conflictScope: one('account', 'account-and-permission-set', 'assignment'),
    roleUpdatesPerAccount: one('parallel', 'one-at-a-time'),
    unassignedProvision: one('fail', 'make-role'),
    listLag: one({ kind: 'fixed', seconds: 0 }, { kind: 'uniform', from: 0, to: 5 }),
    describeLag: one({ kind: 'fixed', seconds: 0 }, { kind: 'fixed', seconds: 2 }),
    statusListLag: one({ kind: 'fixed', seconds: 0 }, { kind: 'fixed', seconds: 2 }),
    statusOrder: one('newest-first', 'oldest-first'),
    statusRetention: one('unlimited', 3600),
    pages: one('full', 'short', 'sometimes-empty'),
    omitEmptyLists: one('never', 'provisioned-sets', 'always'),
    unprovisionedList: one('empty', 'not-found'),
    inactiveAccount: one('fail', 'fail', 'hang'),
    unlistedCustomerPolicies: one('present', 'missing'),
    policiesPerRole: one('unlimited', 1),
    groupOverflow: one('fails', 'refused'),
    quotaVintage: one('2021', 'newest'),
    policyWriteSettles: one({ kind: 'fixed', seconds: 0 }, { kind: 'fixed', seconds: 1 }),
    updateClears: one('relay-state', 'everything'),
    noInlinePolicy: one('empty-text', 'absent'),
    nameMatching: one('exact', 'ignore-case'),
    sharedAddresses: one('refused', 'allowed'),
    personNames: one('required', 'optional', 'optional'),
    userNameChange: one('refused', 'allowed'),
    removableAfterDays: one(0, 7),
    accountStatus: one('omitted', 'present'),
    listForPrincipalByDelegatedAdmin: one('refused', 'allowed'),
    deleteOfManagementSet: one('refused', 'allowed'),
  };
}

/**
 * Makes so many random calls to a world of its own, while time passes, and checks every answer; then lets all that is under way
 * end, and checks what is left.
 * @throws Error that names the seed and the call
 */
export async function runEpisode(seed: number, calls: number, successes: Successes): Promise<void> {
  const random = createSeededRandom(seed);
  const settings = settingsOf(random);
  const world = createTestWorld(settings, seed);
  const source = new CallSource(random, world.simulator.world);
  const most = OPERATIONS.filter(([, operation]) => operation !== LAST);
  let made = 0;
  let current: FuzzedCall | undefined;
  try {
    const underWay = operationsUnderWay(world);
    for (; made < calls; made += 1) {
      current = source.next(most);
      const output = await checkedCall(world, current);
      if (output !== undefined) {
        source.hear(output);
        successes.set(nameOf(current), (successes.get(nameOf(current)) ?? 0) + 1);
      }
      if (random.next() < 0.06) await world.clock.advance(Math.floor(random.next() ** 4 * 20_000));
    }
    current = undefined;
    await world.clock.advance(LONGEST_MS);
    checkEnds(world, underWay);
    checkState(world);
    await checkLists(world);
    // A deleted instance must refuse as well as a present one.
    for (let last = 0; last < 20; last += 1) {
      current =
        last === 0
          ? {
              ...source.next(OPERATIONS.filter(([, name]) => name === LAST)),
              input: { InstanceArn: INSTANCE },
              as: 'root',
            }
          : source.next();
      if ((await checkedCall(world, current)) !== undefined)
        successes.set(nameOf(current), (successes.get(nameOf(current)) ?? 0) + 1);
    }
  } catch (error) {
    const what =
      current === undefined
        ? 'after the last call'
        : inspect(current, { depth: 6, maxStringLength: 300, breakLength: Infinity });
    const chosen = JSON.stringify(settingsText(world.simulator.settings));
    const told = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${seed}, call ${made} (${what}), settings ${chosen}: ${told}`, { cause: error });
  }
}

export function nameOf({ targetPrefix, operation }: Pick<FuzzedCall, 'targetPrefix' | 'operation'>): string {
  return `${targetPrefix}.${operation}`;
}

/** The answer, or undefined where the call was refused as it should be. */
async function checkedCall(
  world: TestWorld,
  { targetPrefix, operation, input, as }: FuzzedCall,
): Promise<Output | undefined> {
  const service = world.simulator.services.find((one) => one.targetPrefix === targetPrefix);
  try {
    const output = await service?.call({
      operation,
      input,
      requestId: uuidFrom(ids),
      ...(as === undefined ? {} : { accessKeyId: as }),
    });
    checkWire(output, operation);
    return output;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.statusCode !== 400) throw new Error(`HTTP ${error.statusCode} ${error.code}`, { cause: error });
    if (!/^[A-Z]\w+$/.test(error.code)) throw new Error(`the code is ${error.code}`, { cause: error });
    if (INTERNAL.test(error.message))
      throw new Error(`told: ${error.message.slice(0, 500)}`, { cause: error });
    checkWire(error.members, operation);
    return undefined;
  }
}

/** What JSON cannot say, or a service never says, must not be in an answer. */
function checkWire(value: unknown, at: string): void {
  if (typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    value.forEach((one, index) => {
      checkWire(one, `${at}[${index}]`);
    });
    return;
  }
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) throw new Error(`the answer has ${String(value)} at ${at}`);
  for (const [name, one] of Object.entries(value)) {
    // Members that are undefined are not sent; documents are the client's own.
    if (one !== undefined && name !== 'Extensions') checkWire(one, `${at}.${name}`);
  }
}

/** The operations that began and have not ended, as listeners hear of them. */
function operationsUnderWay({ simulator }: TestWorld): Map<string, string> {
  const underWay = new Map<string, string>();
  simulator.onOperation((event) => {
    if (event.status === 'IN_PROGRESS') {
      if (underWay.has(event.requestId)) return;
      underWay.set(event.requestId, 'account' in event ? event.account.id : 'several');
    } else underWay.delete(event.requestId);
  });
  return underWay;
}

function checkEnds({ simulator }: TestWorld, underWay: ReadonlyMap<string, string>): void {
  const { inactiveAccount } = simulator.settings;
  if (inactiveAccount === 'hang') return;
  const left = simulator.operations(0).underWay;
  if (left.length > 0) throw new Error(`never ended: ${JSON.stringify(left[0])}`);
  if (underWay.size > 0)
    throw new Error(`listeners never heard of the end of ${[...underWay.keys()].join(', ')}`);
}

function checkState({ simulator }: TestWorld): void {
  const { world, settings } = simulator;
  const assignments = world.assignments.rows();
  const keys = assignments.map((one) => Object.values(one).join(' '));
  if (new Set(keys).size !== keys.length) throw new Error('an assignment is there twice');
  const places = new Set(assignments.map((one) => `${one.accountId} ${one.permissionSetArn}`));
  const roles = new Set<string>();
  for (const { accountId, permissionSetArn, version } of world.provisioning.records()) {
    const place = `${accountId} ${permissionSetArn}`;
    if (roles.has(place)) throw new Error(`two roles at ${place}`);
    roles.add(place);
    const set = world.permissionSet(permissionSetArn);
    if (set === undefined || version > set.version)
      throw new Error(`the role at ${place} is of no version of its set`);
    if (!places.has(place) && settings.unassignedProvision === 'fail')
      throw new Error(`a role without assignment at ${place}`);
  }
  for (const place of places)
    if (!roles.has(place)) throw new Error(`assignments without a role at ${place}`);
}

const UNLIMITED: Partial<SimulatorSettings> = {
  requestsPerSecond: 'unlimited',
  organizationsRates: 'unlimited',
  otherOrganizationsRate: 'unlimited',
  identityStoreRequestsPerSecond: 'unlimited',
  listForPrincipalByDelegatedAdmin: 'allowed',
};

/** Every list, read in small, short or empty pages, says the same as read in the largest ones: nothing twice, nothing left out. */
async function checkLists(world: TestWorld): Promise<void> {
  const { simulator } = world;
  simulator.changeSettings(UNLIMITED);
  const instance = { InstanceArn: INSTANCE };
  const store = { IdentityStoreId: STORE };
  const { tree, directory, organization } = simulator.world;
  const first = <T>(rows: Iterable<T>): T[] => [...rows].slice(0, 4);
  const sets = first(simulator.world.sets.after(0)).map(({ arn }) => ({
    ...instance,
    PermissionSetArn: arn,
  }));
  const accounts = first(tree.accountsAfter(0)).map(({ id }) => id);
  const lists: [string, Output][] = [
    ['ListInstances', {}],
    ['ListPermissionSets', instance],
    ['ListRegions', instance],
    ['ListAccountAssignmentCreationStatus', instance],
    ['ListAccountAssignmentDeletionStatus', instance],
    ['ListPermissionSetProvisioningStatus', instance],
    ['ListTagsForResource', { ...instance, ResourceArn: INSTANCE }],
    ...sets.flatMap((set): [string, Output][] => [
      ['ListManagedPoliciesInPermissionSet', set],
      ['ListCustomerManagedPolicyReferencesInPermissionSet', set],
      ['ListAccountsForProvisionedPermissionSet', set],
      ...accounts.map((AccountId): [string, Output] => ['ListAccountAssignments', { ...set, AccountId }]),
    ]),
    ...accounts.map((AccountId): [string, Output] => [
      'ListPermissionSetsProvisionedToAccount',
      { ...instance, AccountId },
    ]),
    ['ListUsers', store],
    ['ListGroups', store],
    ...first(directory.groupsAfter(0)).flatMap(({ id }): [string, Output][] => [
      ['ListGroupMemberships', { ...store, GroupId: id }],
      ['ListAccountAssignmentsForPrincipal', { ...instance, PrincipalType: 'GROUP', PrincipalId: id }],
    ]),
    ...first(directory.usersAfter(0)).flatMap(({ id }): [string, Output][] => [
      ['ListGroupMembershipsForMember', { ...store, MemberId: { UserId: id } }],
      ['ListAccountAssignmentsForPrincipal', { ...instance, PrincipalType: 'USER', PrincipalId: id }],
    ]),
    ['ListAccounts', {}],
    ['ListCreateAccountStatus', {}],
    ['ListDelegatedAdministrators', {}],
    ['ListChildren', { ParentId: organization.rootId, ChildType: 'ACCOUNT' }],
    ['ListAccountsForParent', { ParentId: organization.rootId }],
    ['ListOrganizationalUnitsForParent', { ParentId: organization.rootId }],
  ];
  for (const [operation, input] of lists) {
    simulator.changeSettings({ pages: 'full', omitEmptyLists: 'never', unprovisionedList: 'empty' });
    const whole = await readList(world, operation, input);
    if (new Set(whole).size !== whole.length) throw new Error(`${operation} repeats a row`);
    for (const pages of ['short', 'sometimes-empty'] as const) {
      simulator.changeSettings({ pages });
      const sized = operation === 'ListTagsForResource' ? input : { ...input, MaxResults: 3 };
      const parts = await readList(world, operation, sized);
      if (parts.join('\n') !== whole.join('\n'))
        throw new Error(
          `${operation} in ${pages} pages has ${parts.length} rows, and ${whole.length} in full ones`,
        );
    }
  }
}

async function readList({ call }: TestWorld, operation: string, input: Output): Promise<string[]> {
  const rows: string[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const output = await call(
      operation,
      { ...input, ...(token === undefined ? {} : { NextToken: token }) },
      'root',
    );
    for (const list of Object.values(output))
      if (Array.isArray(list)) rows.push(...list.map((row) => JSON.stringify(row)));
    token = output.NextToken as string | undefined;
    if (token !== undefined && tokens.has(token))
      throw new Error(`${operation} answers the same token twice`);
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return rows;
}
