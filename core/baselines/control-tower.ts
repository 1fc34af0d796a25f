/**
 * Permission sets and groups that AWS Control Tower makes where it is set up, and looks after: it makes them again, and assigns them again,
 * when somebody changes them. Latchkey leaves them alone. Names from "IAM Identity Center groups for AWS Control Tower" of its user guide.
 */
const PERMISSION_SETS: ReadonlySet<string> = folded([
  'AWSAdministratorAccess',
  'AWSOrganizationsFullAccess',
  'AWSPowerUserAccess',
  'AWSReadOnlyAccess',
  'AWSServiceCatalogAdminFullAccess',
  'AWSServiceCatalogEndUserAccess',
]);

const GROUPS: ReadonlySet<string> = folded([
  'AWSAccountFactory',
  'AWSAuditAccountAdmins',
  'AWSControlTowerAdmins',
  'AWSLogArchiveAdmins',
  'AWSLogArchiveViewers',
  'AWSSecurityAuditPowerUsers',
  'AWSSecurityAuditors',
  'AWSServiceCatalogAdmins',
]);

/** Whether AWS Control Tower makes a permission set of this name, upper and lower case aside. */
export function isControlTowerPermissionSet(name: string): boolean {
  return PERMISSION_SETS.has(name.toLowerCase());
}

/** Whether AWS Control Tower makes a group of this display name, upper and lower case aside. */
export function isControlTowerGroup(displayName: string): boolean {
  return GROUPS.has(displayName.toLowerCase());
}

function folded(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
