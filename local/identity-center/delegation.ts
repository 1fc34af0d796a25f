import type { CallerIdentity } from './caller-identity';
import { accessDenied } from './exceptions';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { AssignmentSubject, ProvisionSubject } from './operations';

type Environment = Pick<IdentityCenterEnvironment, 'world' | 'settings'>;

/**
 * What the delegated administrator may not do with assignments: touch the management account, or use a permission set that is
 * also provisioned there. Comes before anything is looked up, so it answers the same for what does not exist.
 * @throws AwsError `AccessDeniedException`, naming the account or the permission set
 */
export function authorizeAssignment(
  environment: Environment,
  caller: CallerIdentity,
  { kind, assignment: { accountId, permissionSetArn } }: AssignmentSubject,
): void {
  if (caller.kind === 'management') return;
  const action = kind === 'create' ? 'sso:CreateAccountAssignment' : 'sso:DeleteAccountAssignment';
  refuseManagementAccount(environment, caller, action, accountId);
  // Refusing a create was observed; for a delete it is inferred.
  if (kind === 'delete' && environment.settings.deleteOfManagementSet === 'allowed') return;
  refuseManagementSet(environment, caller, action, permissionSetArn);
}

/**
 * The same for provisioning a permission set, in one account or in all.
 * @throws AwsError `AccessDeniedException`, naming the account or the permission set
 */
export function authorizeProvision(
  environment: Environment,
  caller: CallerIdentity,
  { targetType, accountIds, permissionSetArn }: ProvisionSubject,
): void {
  if (caller.kind === 'management') return;
  const action = 'sso:ProvisionPermissionSet';
  if (targetType === 'AWS_ACCOUNT') refuseManagementAccount(environment, caller, action, accountIds[0]);
  refuseManagementSet(environment, caller, action, permissionSetArn);
}

/**
 * The same for changing, or deleting, a permission set.
 * @throws AwsError `AccessDeniedException` naming the permission set
 */
export function authorizePermissionSetWrite(
  environment: Environment,
  caller: CallerIdentity,
  operation: string,
  permissionSetArn: string,
): void {
  if (caller.kind === 'management') return;
  refuseManagementSet(environment, caller, `sso:${operation}`, permissionSetArn);
}

function refuseManagementAccount(
  { world }: Environment,
  caller: CallerIdentity,
  action: string,
  accountId: string | undefined,
): void {
  if (accountId !== world.organization.managementAccountId) return;
  const account = `arn:aws:sso:::account/${accountId}`;
  throw accessDenied(caller, action, account, ' with an explicit deny in a resource-based policy');
}

function refuseManagementSet(
  { world }: Environment,
  caller: CallerIdentity,
  action: string,
  permissionSetArn: string,
): void {
  if (world.provisioning.find(world.organization.managementAccountId, permissionSetArn) === undefined) return;
  throw accessDenied(caller, action, permissionSetArn);
}

/**
 * The documentation says that the call must come from the management account.
 * @throws AwsError `AccessDeniedException`
 */
export function authorizeListForPrincipal({ world, settings }: Environment, caller: CallerIdentity): void {
  if (caller.kind === 'management' || settings.listForPrincipalByDelegatedAdmin === 'allowed') return;
  throw accessDenied(caller, 'sso:ListAccountAssignmentsForPrincipal', world.instanceArn);
}
