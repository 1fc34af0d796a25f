import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const EXAMPLE = join(__dirname, '..', '..', '..', 'examples', 'organization.yaml');

/** Permission sets that access/policy.yaml lets everybody have, anywhere. */
const PERMISSION_SETS = ['ReadOnlyAccess', 'PowerUserAccess'] as const;

/** People of the example organization who can sign in. */
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'zofia', 'kenji'] as const;

/** One request: who, what, where. */
export interface Wish {
  readonly user: string;
  readonly permissionSet: string;
  readonly accountId: string;
}

/** So many requests, each for a role of its own: accounts in turn, then the other permission set. */
export function wishes(count: number): Wish[] {
  const accounts = accountCount(count);
  return Array.from({ length: count }, (_, index) => ({
    user: PEOPLE[index % PEOPLE.length] ?? 'alice',
    permissionSet: PERMISSION_SETS[Math.floor(index / accounts)] ?? 'ReadOnlyAccess',
    accountId: accountId(index % accounts),
  }));
}

/** The example organization, with the accounts that the wishes need, as the text of an organization file. */
export function organizationFor(count: number): string {
  const file = parse(readFileSync(EXAMPLE, 'utf8')) as { accounts: object[] };
  const added = Array.from({ length: accountCount(count) }, (_, index) => ({
    id: accountId(index),
    name: `bench-${index + 1}`,
    email: `aws+bench-${index + 1}@example.com`,
    ou: 'Workloads/Bench',
  }));
  return stringify({ ...file, accounts: [...file.accounts, ...added] });
}

function accountCount(count: number): number {
  return Math.ceil(count / PERMISSION_SETS.length);
}

function accountId(index: number): string {
  return String(700_000_000_000 + 7 * index);
}
