import * as z from 'zod';

import { assignmentRowsOf, roleRowsOf, spellingOf, type Spelling } from './export-assignments';
import { IDENTITY_CENTER_PRINCIPAL } from './delegations';
import { Names } from './names';
import type { WritableOrganization } from './organization-text';
import type { World } from './world';

/** Leaves out what is as it would be without being written. */
function written<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const isWorthIt = (one: unknown): boolean => {
    if (one === undefined) return false;
    return typeof one !== 'object' || one === null || Object.keys(one).length > 0;
  };
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isWorthIt(one))) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/**
 * The present state of a world as an organization file: `organizationText` makes it text, and `readOrganization` reads that
 * back. The same world gives the same file. What is under way, what has been, names of roles, Regions and the order of lists
 * are not in it.
 */
export function exportOrganization(world: World): WritableOrganization {
  const accounts = world.accounts();
  const users = world.users();
  const groups = world.groups();
  const permissionSets = world.permissionSets();
  const spelling = spellingOf(world, new Names({ accounts, users, groups, permissionSets }));
  const organizationalUnits = world.tree
    .units()
    .map(({ id }) => ({ path: pathOf(world, id), id, ...written({ tags: world.tree.tagsOf(id) }) }));
  return {
    instance: instanceOf(world),
    organization: organizationOf(world),
    ...written({ organizationalUnits }),
    accounts: [...world.tree.accountsAfter(0)].map((account) => {
      const { id, name, email, state, parentId, tags, roleQuota, otherRoles, policiesPerRole } = account;
      const customerManagedPolicies = world.accountPolicies.listOf(account);
      return {
        id,
        ...written({ name, email, state: state === 'ACTIVE' ? undefined : state }),
        ...written({
          ou: pathOf(world, parentId) || undefined,
          tags,
          roleQuota,
          otherRoles,
          policiesPerRole,
        }),
        // An empty list says that the account has no policy.
        ...(customerManagedPolicies === undefined ? {} : { customerManagedPolicies }),
      };
    }),
    users: users.map((user) => userRow(user)),
    groups: groups.map(({ members, externalIds, ...group }) => ({
      ...group,
      ...written({
        members: members.map((id) => spelling.user(id)),
        externalIds: externalIds?.map((one) => ({ ...one })),
      }),
    })),
    permissionSets: permissionSets.map((set) => permissionSetRow(set)),
    ...assignedRows(world, spelling),
    ...delegationRows(world),
    callers: world.organization.callers.map(
      ({ accessKeyId, secretAccessKey, roleArn, sessionName, iamInManagementAccount }) => ({
        ...{ accessKeyId, secretAccessKey, roleArn, sessionName },
        ...written({ iamInManagementAccount }),
      }),
    ),
  };
}

function instanceOf(world: World): WritableOrganization['instance'] {
  const { arn, identityStoreId, region } = world.organization.instance;
  return {
    ...written({ arn, identityStoreId, region, name: world.instance.name || undefined }),
    ...written({ kmsKey: world.instance.encryption.keyArn, tags: world.instanceTags }),
    ...(world.accessControlAttributes === undefined
      ? {}
      : {
          accessControlAttributes: world.accessControlAttributes.map(({ Key, Value }) => ({
            key: Key,
            source: [...Value.Source],
          })),
        }),
  };
}

function organizationOf(world: World): WritableOrganization['organization'] {
  const { id, rootId, managementAccountId, delegatedAdminAccountId } = world.organization;
  const others = world.accounts().filter((account) => account.id !== managementAccountId);
  // A file needs one, also where nobody is at present: `delegations` says so then.
  const delegatedAdministrator =
    world.delegations.identityCenter ??
    (others.some((account) => account.id === delegatedAdminAccountId)
      ? delegatedAdminAccountId
      : others[0]?.id);
  return {
    id,
    rootId,
    managementAccount: managementAccountId,
    delegatedAdministrator: delegatedAdministrator ?? delegatedAdminAccountId,
    ...written({ rootTags: world.tree.tagsOf(rootId) }),
  };
}

/** A slash in a name, which would end it in a path, is written as the division slash. */
function pathOf({ tree }: World, parentId: string): string {
  return tree
    .lineOf(parentId)
    .map((id) => (tree.unit(id)?.name ?? '').replaceAll('/', '\u2215'))
    .join('/');
}

const ADDRESS = z.email();

function userRow(user: ReturnType<World['users']>[number]): WritableOrganization['users'][number] {
  const { id, userName, displayName, emails, status, externalIds, attributes } = user;
  // What is no address, or more than one, is written as the API has it.
  const isPlain = attributes?.Emails === undefined && emails.every((one) => ADDRESS.safeParse(one).success);
  const Emails = emails.map((Value, index) => ({ Value, Type: 'work', Primary: index === 0 }));
  return {
    id,
    userName,
    ...written({
      displayName: displayName || undefined,
      emails: isPlain ? [...emails] : [],
      status: status === 'ENABLED' ? undefined : status,
      externalIds: externalIds?.map((one) => ({ ...one })),
      attributes: isPlain ? attributes : { Emails, ...attributes },
    }),
  };
}

function permissionSetRow(
  set: ReturnType<World['permissionSets']>[number],
): WritableOrganization['permissionSets'][number] {
  const { arn, name, description, sessionDuration, relayState, tags, inlinePolicy, permissionsBoundary } =
    set;
  return {
    name,
    arn,
    ...written({ description, sessionDuration, relayState, tags, inlinePolicy, permissionsBoundary }),
    ...written({
      managedPolicies: [...set.managedPolicies],
      customerManagedPolicies: set.customerManagedPolicies.map((one) => ({ ...one })),
    }),
  };
}

function assignedRows(world: World, spelling: Spelling): Pick<WritableOrganization, 'assignments' | 'roles'> {
  return {
    assignments: assignmentRowsOf(world, spelling),
    ...written({ roles: roleRowsOf(world, spelling) }),
  };
}

/** Nothing where Identity Center alone is delegated, as a file without them says. */
function delegationRows({ delegations }: World): Pick<WritableOrganization, 'delegations'> {
  const rows = delegations
    .all()
    .map(({ accountId, servicePrincipal }) => ({ account: accountId, servicePrincipal }));
  const [only] = rows;
  return rows.length === 1 && only?.servicePrincipal === IDENTITY_CENTER_PRINCIPAL
    ? {}
    : { delegations: rows };
}
