import type { Random } from '../../core/ports/random';
import { hexDigits, uuidFrom } from '../clock/seeded-random';
import { DIVISIONS, FIRST_NAMES, JOBS, LAST_NAMES, PRODUCTS, SERVICES } from './generated-names';
import type { WritableOrganization } from './organization-text';

/** How large an organization is to be. */
export interface OrganizationSize {
  /** From 4 to 9,000. */
  readonly accounts: number;
  /** From 5 to 3,500. @default a quarter of the accounts, from 10 to 500 */
  readonly permissionSets?: number | undefined;
  /** About so many: they are products of groups, permission sets and accounts. @default 50 for each account */
  readonly assignments?: number | undefined;
  /** From 8 to 200,000. @default 5 for each account */
  readonly users?: number | undefined;
}

/** Those of cdk.json and of access/policy.yaml, so that Latchkey starts with a generated organization as it is. */
const INSTANCE_ID = 'ssoins-1111222233334444';
const MANAGEMENT = '111122223333';
const HOST = '222233334444';
const SERVICE_DESK = {
  accessKeyId: 'test',
  secretAccessKey: 'test',
  roleArn: `arn:aws:iam::${HOST}:role/LatchkeyServiceDesk`,
  sessionName: 'service-desk',
};
/** What the example policy and the example tickets name. */
const COMMON_SETS = [
  'ReadOnlyAccess',
  'PowerUserAccess',
  'AdministratorAccess',
  'BillingReadOnly',
  'DatabaseOperator',
] as const;

const ENVIRONMENTS = ['prod', 'staging', 'dev', 'sandbox'] as const;
const FIRST_ACCOUNT = 300_000_000_000;
/** So that ids do not count up, as they do not in real organizations; it has no common factor with the range. */
const ACCOUNT_STEP = 61_803_399;
const TEAM_MEMBERS = 8;

/** The least that the parts of an organization need, and what the service's own quotas are at most. */
const RANGES: readonly (readonly [keyof OrganizationSize, number, number])[] = [
  ['accounts', 4, 9_000],
  ['permissionSets', COMMON_SETS.length, 3_500],
  ['assignments', 0, 1_000_000],
  ['users', TEAM_MEMBERS, 200_000],
];

interface GeneratedAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly ou: string;
  readonly tags: { readonly environment: string; readonly owner: string };
}

/**
 * Makes up an organization: teams with an account for every environment, people in groups, permission sets by job and
 * service, and assignments as products of them. The same size and chance give the same organization.
 * @throws Error for a size that cannot be
 */
export function generateOrganization(size: OrganizationSize, random: Random): WritableOrganization {
  for (const [name, from, to] of RANGES) {
    const value = size[name];
    if (value !== undefined && (value < from || value > to))
      throw new Error(`${name} is ${value}: give a number from ${from} to ${to}`);
  }
  const accounts = makeAccounts(size.accounts);
  const teams = [...new Set(accounts.slice(2).map(({ tags }) => tags.owner))];
  const permissionSets = makePermissionSets(
    size.permissionSets ?? Math.min(500, Math.max(10, Math.round(size.accounts / 4))),
    random,
  );
  const users = makeUsers(size.users ?? size.accounts * 5, random);
  return {
    instance: {
      arn: `arn:aws:sso:::instance/${INSTANCE_ID}`,
      identityStoreId: 'd-1234567890',
      region: 'us-east-1',
    },
    organization: {
      id: 'o-a1b2c3d4e5',
      rootId: 'r-k3f9',
      managementAccount: MANAGEMENT,
      delegatedAdministrator: HOST,
    },
    accounts,
    users,
    groups: ['Security', 'Platform', 'Finance', ...teams].map((displayName) => ({
      id: uuidFrom(random),
      displayName,
      members: membersOf(users, random),
    })),
    permissionSets,
    assignments: makeAssignments(
      accounts.slice(1),
      permissionSets.map(({ name }) => name),
      size.assignments ?? size.accounts * 50,
    ),
    callers: [SERVICE_DESK],
  };
}

function makeAccounts(count: number): GeneratedAccount[] {
  const account = (
    id: string,
    name: string,
    ou: string,
    environment: string,
    owner: string,
  ): GeneratedAccount => ({
    id,
    name,
    email: `aws+${name}@example.com`,
    ou,
    tags: { environment, owner },
  });
  const members = Array.from({ length: count - 2 }, (_, index): GeneratedAccount => {
    const number = Math.floor(index / ENVIRONMENTS.length);
    const environment = pick(ENVIRONMENTS, index);
    const round = Math.floor(number / PRODUCTS.length);
    const owner = `${pick(PRODUCTS, number)}${round === 0 ? '' : `-${round + 1}`}`;
    const stage = environment === 'prod' ? 'Prod' : 'NonProd';
    const id = String(FIRST_ACCOUNT + ((index * ACCOUNT_STEP) % 600_000_000_000));
    return account(
      id,
      `${owner}-${environment}`,
      `Workloads/${pick(DIVISIONS, number)}/${stage}`,
      environment,
      owner,
    );
  });
  return [
    account(MANAGEMENT, 'management', '', 'core', 'platform'),
    account(HOST, 'audit', 'Security', 'core', 'security'),
    ...members,
  ];
}

function makePermissionSets(
  count: number,
  random: Random,
): { name: string; arn: string; sessionDuration: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index - COMMON_SETS.length;
    const round = Math.floor(number / (JOBS.length * SERVICES.length));
    const made = `${pick(SERVICES, number)}${pick(JOBS, Math.floor(number / SERVICES.length))}`;
    return {
      name: COMMON_SETS[index] ?? `${made}${round === 0 ? '' : String(round + 1)}`,
      arn: `arn:aws:sso:::permissionSet/${INSTANCE_ID}/ps-${hexDigits(random, 16)}`,
      sessionDuration: `PT${(index % 12) + 1}H`,
    };
  });
}

function makeUsers(
  count: number,
  random: Random,
): { id: string; userName: string; displayName: string; emails: string[] }[] {
  return Array.from({ length: count }, (_, index) => {
    const userName = `person-${String(index + 1).padStart(5, '0')}@example.com`;
    const last = Math.floor(index / FIRST_NAMES.length);
    return {
      id: uuidFrom(random),
      userName,
      displayName: `${pick(FIRST_NAMES, index)} ${pick(LAST_NAMES, last)}`,
      emails: [userName],
    };
  });
}

function membersOf(users: readonly { userName: string }[], random: Random): string[] {
  const first = Math.floor(random.next() * users.length);
  return Array.from({ length: TEAM_MEMBERS }, (_, index) => pick(users, first + index).userName);
}

/** First what every account gives Security and Platform; then each team's permission sets in its own accounts, as many as are asked for. */
function makeAssignments(
  accounts: readonly GeneratedAccount[],
  sets: readonly string[],
  wanted: number,
): { accounts: string[]; permissionSets: string[]; groups: string[] }[] {
  const everywhere = { groups: ['Security', 'Platform'], permissionSets: ['ReadOnlyAccess'] };
  const everyAccount = accounts.slice(0, Math.floor(wanted / everywhere.groups.length));
  const left = Math.max(0, wanted - everyAccount.length * everywhere.groups.length);
  const each = Math.min(sets.length - 1, Math.ceil(left / accounts.length));
  const byTeam = new Map<string, string[]>();
  for (const { name, tags } of accounts) byTeam.set(tags.owner, [...(byTeam.get(tags.owner) ?? []), name]);
  const rows = [...byTeam].map(([team, owned], index) => ({
    accounts: owned,
    // Each team begins at another place, so that every permission set is in use somewhere; the first one they all have.
    permissionSets: Array.from({ length: each }, (_, set) => pick(sets.slice(1), index * each + set)),
    groups: [team === 'security' ? 'Finance' : team],
  }));
  return [
    ...(everyAccount.length === 0 ? [] : [{ accounts: everyAccount.map(({ name }) => name), ...everywhere }]),
    ...(each === 0 ? [] : rows),
  ];
}

/** Goes round and round through a list. */
function pick<T>(list: readonly T[], index: number): T {
  const found = list[((index % list.length) + list.length) % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
