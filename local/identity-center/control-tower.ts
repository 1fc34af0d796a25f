import type { Account } from './organization';
import type { World } from './world';

/** Policies of the permission sets that AWS Control Tower makes, by the names of the sets. */
const SETS = {
  AWSAdministratorAccess: 'AdministratorAccess',
  AWSReadOnlyAccess: 'job-function/ViewOnlyAccess',
  AWSPowerUserAccess: 'PowerUserAccess',
  AWSOrganizationsFullAccess: 'AWSOrganizationsFullAccess',
  AWSServiceCatalogEndUserAccess: 'AWSServiceCatalogEndUserFullAccess',
  AWSServiceCatalogAdminFullAccess: 'AWSServiceCatalogAdminFullAccess',
} as const;

type Where = 'everywhere' | 'members' | 'management' | 'logArchive' | 'audit';

/** Its groups, and which set each has where. */
const GROUPS: Readonly<Record<string, readonly (readonly [set: keyof typeof SETS, where: Where])[]>> = {
  AWSControlTowerAdmins: [
    ['AWSAdministratorAccess', 'management'],
    ['AWSAdministratorAccess', 'logArchive'],
    ['AWSAdministratorAccess', 'audit'],
    ['AWSOrganizationsFullAccess', 'members'],
  ],
  AWSSecurityAuditors: [['AWSReadOnlyAccess', 'everywhere']],
  AWSSecurityAuditPowerUsers: [['AWSPowerUserAccess', 'everywhere']],
  AWSLogArchiveViewers: [['AWSReadOnlyAccess', 'logArchive']],
  AWSLogArchiveAdmins: [['AWSAdministratorAccess', 'logArchive']],
  AWSAuditAccountAdmins: [['AWSAdministratorAccess', 'audit']],
  AWSAccountFactory: [['AWSServiceCatalogEndUserAccess', 'management']],
  AWSServiceCatalogAdmins: [['AWSServiceCatalogAdminFullAccess', 'management']],
};

/** Ids of the accounts that AWS Control Tower treats in a way of their own. */
export interface ControlTowerAccounts {
  readonly logArchive?: string | undefined;
  readonly audit?: string | undefined;
}

/** How many of each were made. */
export interface ControlTowerSetup {
  readonly permissionSets: number;
  readonly groups: number;
  readonly assignments: number;
}

/**
 * Makes what AWS Control Tower makes where it is set up: permission sets and groups of its own, and their assignments in every
 * active account. What is there already stays, so that it can be done again when there are more accounts.
 * @param newId answers a new group id
 */
export function setUpControlTower(
  world: World,
  { newId, now }: { readonly newId: () => string; readonly now: number },
  special: ControlTowerAccounts = {},
): ControlTowerSetup {
  const made = { permissionSets: 0, groups: 0, assignments: 0 };
  const arns = new Map(world.permissionSets().map(({ name, arn }) => [name, arn]));
  for (const [name, policy] of Object.entries(SETS)) {
    if (arns.has(name)) continue;
    const managedPolicies = [`arn:aws:iam::aws:policy/${policy}`];
    const set = { name, sessionDuration: 'PT1H', tags: {}, managedPolicies, customerManagedPolicies: [] };
    arns.set(name, world.sets.add(set).arn);
    made.permissionSets += 1;
  }
  for (const [displayName, entries] of Object.entries(GROUPS)) {
    const existing = world.directory.groupsNamed(displayName)[0]?.id;
    const groupId = existing ?? newId();
    if (existing === undefined) {
      world.directory.addGroup({ id: groupId, displayName, externalIds: [], createdAt: now, updatedAt: now });
      made.groups += 1;
    }
    for (const [set, where] of entries)
      for (const { id: accountId } of accountsOf(world, where, special)) {
        const assignment = {
          accountId,
          permissionSetArn: arns.get(set) ?? '',
          principalType: 'GROUP',
          principalId: groupId,
        } as const;
        if (world.grant(assignment)) made.assignments += 1;
      }
  }
  return made;
}

function accountsOf(world: World, where: Where, special: ControlTowerAccounts): readonly Account[] {
  const { managementAccountId } = world.organization;
  const active = world.accounts().filter(({ state }) => state === 'ACTIVE');
  const isSpecial = ({ id, name }: Account, which: keyof ControlTowerAccounts, called: RegExp): boolean =>
    special[which] === undefined ? called.test(name) : special[which] === id;
  return active.filter((account) => {
    switch (where) {
      case 'everywhere':
        return true;
      case 'members':
        return account.id !== managementAccountId;
      case 'management':
        return account.id === managementAccountId;
      case 'logArchive':
        return isSpecial(account, 'logArchive', /^log[ -]?archive$/i);
      case 'audit':
        return isSpecial(account, 'audit', /^audit$/i);
    }
  });
}
