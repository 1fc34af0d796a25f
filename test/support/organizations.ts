import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Organization } from '../../local/identity-center/organization';
import { readOrganization } from '../../local/identity-center/organization-file';

const FILE = join(__dirname, '..', '..', 'examples', 'organization.yaml');

/** More people and groups than the example organization has, in the form of its file. */
export interface MorePrincipals {
  readonly users?: readonly object[];
  readonly groups?: readonly object[];
}

/** The example organization with more in it. */
export function organizationWith({ users = [], groups = [] }: MorePrincipals): Organization {
  const file = parse(readFileSync(FILE, 'utf8')) as { users: object[]; groups: object[] };
  return readOrganization(
    stringify({ ...file, users: [...file.users, ...users], groups: [...file.groups, ...groups] }),
    FILE,
  );
}

/** The example organization with so many more accounts, which nothing stands on; see {@link accountNumber}. */
export function organizationWithAccounts(count: number): Organization {
  const file = parse(readFileSync(FILE, 'utf8')) as { accounts: object[] };
  const more = Array.from({ length: count }, (_, index) => ({
    id: accountNumber(index),
    name: `load-${index + 1}`,
    email: `aws+load-${index + 1}@example.com`,
    ou: 'Workloads/Load',
  }));
  return readOrganization(stringify({ ...file, accounts: [...file.accounts, ...more] }), FILE);
}

/** Id of the n-th account of {@link organizationWithAccounts}, from 0. */
export function accountNumber(index: number): string {
  return String(700_000_000_000 + 7 * index);
}

/** The n-th id of those that tests give to principals of their own. */
export function principalId(n: number): string {
  return `5d1e0a10-1c2b-4a3d-8e4f-${String(n).padStart(12, '0')}`;
}
