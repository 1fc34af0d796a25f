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

/** The n-th id of those that tests give to principals of their own. */
export function principalId(n: number): string {
  return `5d1e0a10-1c2b-4a3d-8e4f-${String(n).padStart(12, '0')}`;
}
