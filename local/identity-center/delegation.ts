import type { CallerIdentity } from './caller-identity';
import { accessDenied } from './exceptions';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { OperationKind } from './operation-engine';
import type { Assignment } from './organization';

type Environment = Pick<IdentityCenterEnvironment, 'world' | 'settings'>;

/**
 * What the delegated administrator may not do with assignments: touch the management account, or use a permission set that is
 * also provisioned there. Comes before anything is looked up, so it answers the same for what does not exist.
 * @throws AwsError `AccessDeniedException`, naming the account or the permission set
 */
export function authorizeAssignment(
  { world, settings }: Environment,
  caller: CallerIdentity,
  kind: OperationKind,
  { accountId, permissionSetArn }: Assignment,
): void {
  if (caller.kind === 'management') return;
  const action = kind === 'create' ? 'sso:CreateAccountAssignment' : 'sso:DeleteAccountAssignment';
  const { managementAccountId } = world.organization;
  if (accountId === managementAccountId) {
    const account = `arn:aws:sso:::account/${accountId}`;
    throw accessDenied(caller, action, account, ' with an explicit deny in a resource-based policy');
  }
  // Refusing a create was observed; for a delete it is inferred.
  if (kind === 'delete' && settings.deleteOfManagementSet === 'allowed') return;
  if (world.provisioning.find(managementAccountId, permissionSetArn) !== undefined) {
    throw accessDenied(caller, action, permissionSetArn);
  }
}

/**
 * The documentation says that the call must come from the management account.
 * @throws AwsError `AccessDeniedException`
 */
export function authorizeListForPrincipal({ world, settings }: Environment, caller: CallerIdentity): void {
  if (caller.kind === 'management' || settings.listForPrincipalByDelegatedAdmin === 'allowed') return;
  throw accessDenied(caller, 'sso:ListAccountAssignmentsForPrincipal', world.instanceArn);
}
