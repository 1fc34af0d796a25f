import { createHash } from 'node:crypto';

import type { CallerIdentity } from './caller-identity';
import { deniedByIam, policyNotInAccount, quotaReason } from './failure-reasons';
import { failed, type Ending } from './operations';
import type { Account, Assignment, CustomerManagedPolicy, PermissionSet } from './organization';
import { QUOTA_PROFILES } from './quotas';
import type { SimulatorSettings } from './settings';
import type { World } from './world';

/** Whose role it is, and in whose name it would be written. */
export interface RoleWrite {
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly caller: CallerIdentity;
  /** Of the operation's request, which answers of IAM name. */
  readonly requestId: string;
}

/** `'none'`: nothing stands in the way. */
type Obstacle = Ending | 'none';

/**
 * How an operation ends because of the role that it would make, or bring up to date. Only writing a role meets any of this:
 * an assignment to a role that exists does not touch it, except in the management account.
 * @param writes `'if-missing'`: a role that exists stays as it is (creates); `'always'`: it gets the set's policies (provisions)
 */
export function roleEnding(
  write: RoleWrite,
  writes: 'if-missing' | 'always',
  world: World,
  settings: SimulatorSettings,
): Obstacle {
  const denied = managementEnding(write, world, settings);
  if (denied !== 'none') return denied;
  const { accountId, permissionSetArn } = write;
  const account = world.account(accountId);
  const set = world.permissionSet(permissionSetArn);
  if (account === undefined || set === undefined) return 'none';
  const exists = world.provisioning.find(accountId, permissionSetArn) !== undefined;
  if (!exists) {
    const full = roomEnding(account, world, settings);
    if (full !== 'none') return full;
  } else if (writes === 'if-missing') return 'none';
  return policyEnding(account, set, world, settings);
}

/**
 * Roles in the management account are written in the name of the caller, whose own rights in IAM count; everywhere else, and
 * for deletions, a role of the service does it.
 */
function managementEnding(
  { accountId, permissionSetArn, caller, requestId }: RoleWrite,
  world: World,
  { managementDeniedAction: action }: SimulatorSettings,
): Obstacle {
  if (accountId !== world.organization.managementAccountId) return 'none';
  if (caller.iamInManagementAccount === 'allowed') return 'none';
  const resource = action.endsWith('SAMLProvider')
    ? `saml-provider/AWSSSO_${providerDigits(world.instanceArn)}_DO_NOT_DELETE`
    : `role/aws-reserved/sso.amazonaws.com/${roleNameOf(accountId, permissionSetArn, world)}`;
  return failed(deniedByIam(caller.arn, action, `arn:aws:iam::${accountId}:${resource}`, requestId));
}

/** The digits are those of the instance's one provider per account; which they are is arbitrary, but they stay. */
function providerDigits(instanceArn: string): string {
  return createHash('sha256').update(instanceArn).digest('hex').slice(0, 16);
}

/** A role that does not exist has no digits yet. */
function roleNameOf(accountId: string, permissionSetArn: string, world: World): string {
  const role = world.provisioning.find(accountId, permissionSetArn);
  return role?.roleName ?? `AWSReservedSSO_${world.permissionSet(permissionSetArn)?.name ?? ''}_*`;
}

/** Whether the account takes one more role. */
function roomEnding(account: Account, world: World, settings: SimulatorSettings): Obstacle {
  const { permissionSetsPerAccount: mostSets } = QUOTA_PROFILES[settings.quotaVintage];
  const sets = world.provisioning.countInAccount(account.id);
  if (sets >= mostSets) return failed(quotaReason(settings.setsPerAccountReason, account.id, mostSets));
  const mostRoles = account.roleQuota ?? settings.roleQuota;
  const roles = sets + (account.otherRoles ?? 0);
  return roles >= mostRoles ? failed(quotaReason(settings.roleQuotaReason, account.id, mostRoles)) : 'none';
}

/** Whether the account has the set's policies, and IAM lets one role have so many. */
function policyEnding(
  account: Account,
  set: PermissionSet,
  world: World,
  settings: SimulatorSettings,
): Obstacle {
  const missing = referencesOf(set).find(
    (policy) => !world.accountPolicies.has(account, policy, settings.unlistedCustomerPolicies),
  );
  if (missing !== undefined) return failed(policyNotInAccount(account, missing));
  const most = account.policiesPerRole ?? settings.policiesPerRole;
  const policies = set.managedPolicies.length + set.customerManagedPolicies.length;
  return most !== 'unlimited' && policies > most
    ? failed(quotaReason(settings.policiesPerRoleReason, account.id, most))
    : 'none';
}

/** Every customer managed policy that the set names, as a policy or as the boundary. */
function referencesOf({
  customerManagedPolicies,
  permissionsBoundary,
}: PermissionSet): CustomerManagedPolicy[] {
  const boundary =
    permissionsBoundary !== undefined && 'customerManagedPolicy' in permissionsBoundary
      ? [permissionsBoundary.customerManagedPolicy]
      : [];
  return [...customerManagedPolicies, ...boundary];
}

/** Whether one more group would be too many for the permission set in the account; what is assigned already adds none. */
export function isGroupTooMany(
  assignment: Assignment,
  world: World,
  { quotaVintage }: SimulatorSettings,
): boolean {
  const { groupsPerPlace: most } = QUOTA_PROFILES[quotaVintage];
  if (most === undefined || assignment.principalType !== 'GROUP') return false;
  if (world.assignments.has(assignment)) return false;
  return world.assignments.countGroups(assignment.accountId, assignment.permissionSetArn) >= most;
}

/** How a create of one group too many ends, if it was not refused. */
export function groupEnding(assignment: Assignment, world: World, settings: SimulatorSettings): Obstacle {
  if (!isGroupTooMany(assignment, world, settings)) return 'none';
  const { groupsPerPlace: most = 0 } = QUOTA_PROFILES[settings.quotaVintage];
  return failed(quotaReason(settings.groupQuotaReason, assignment.accountId, most));
}
