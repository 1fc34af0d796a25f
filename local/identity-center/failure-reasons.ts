import type { Account, Assignment, CustomerManagedPolicy } from './organization';

/**
 * The failure reasons of asynchronous operations, word for word as the service gives them; programs match on them. Which
 * were observed, and which are inferred, is in SPEC.md.
 */

/** The principal of a create is not in the directory. */
export function assigneeNotFound(
  { principalType, principalId }: Assignment,
  identityStoreId: string,
): string {
  return `Received a 404 status error: the ${principalType} assignee ${principalId} was not found in directory ${identityStoreId}.`;
}

/** A delete of an assignment that does not exist. The ids inside the key are not documented: these are likely ones. */
export function entitlementNotFound(assignment: Assignment, instanceArn: string): string {
  const value = (text: string): string => `{value=${text}}`;
  const instanceId = instanceArn.slice(instanceArn.lastIndexOf('/') + 1);
  const permissionSetId = assignment.permissionSetArn.slice(assignment.permissionSetArn.lastIndexOf('/') + 1);
  const key = [
    `accessorId=AccessorId${value(assignment.principalId)}`,
    `resourceId=ResourceId${value(assignment.accountId)}`,
    `auxiliaryResourceId=AuxiliaryResourceId${value(permissionSetId)}`,
    `containerId=ContainerId${value(instanceId)}`,
  ].join(', ');
  return `Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key EntitlementKey{${key}}`;
}

/** A provision of an account where the permission set is not assigned (any more). */
export function assignmentNotFound(): string {
  return 'Received a 404 status error: Assignment not found.';
}

/** The account is suspended, closing, or otherwise not active. */
export function accountNotManageable({ id }: Pick<Account, 'id'>): string {
  return (
    'AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account ' +
    `'${id}' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.`
  );
}

/** The account has no customer managed policy of this name and path; what exists elsewhere does not count. */
export function policyNotInAccount(
  { id }: Pick<Account, 'id'>,
  { name, path }: CustomerManagedPolicy,
): string {
  return `Received a 404 status error: Not supported policy arn:aws:iam::${id}:policy${path}${name}`;
}

/** In the management account: the caller has not the rights in IAM that the service uses in the caller's name. */
export function deniedByIam(
  callerArn: string,
  action: string,
  resource: string,
  iamRequestId: string,
): string {
  return (
    'Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to complete. ' +
    `IAM Error: User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ` +
    `because no identity-based policy allows the ${action} action ` +
    `(Service: AmazonIdentityManagement; Status Code: 403; Error Code: AccessDenied; Request ID: ${iamRequestId}; Proxy: null)`
  );
}

/** A quota is reached. Nobody has seen these texts, so each is a setting, with the account's id and the quota where it says so. */
export function quotaReason(text: string, accountId: string, quota: number): string {
  return text.replaceAll('{account}', accountId).replaceAll('{quota}', String(quota));
}
