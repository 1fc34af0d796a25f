/**
 * What Latchkey wants to hear of: one list, read by the rules that bring the events and by `read-happening.ts`, which
 * understands them. Names of calls and of service events as CloudTrail records them.
 */

/** Detail types of what comes by way of CloudTrail: of calls, and of what a service does by itself. */
export const API_CALL = 'AWS API Call via CloudTrail';
export const SERVICE_EVENT = 'AWS Service Event via CloudTrail';

/** Organizations does this by itself, or some time after it was asked to. */
export const ORGANIZATION_SERVICE_EVENTS = [
  'AccountDepartedOrganization',
  'AccountJoinedOrganization',
  'CloseAccountResult',
  'CreateAccountResult',
] as const;

/** Calls after which an account is another, elsewhere or not there. `CreateAccount` is none: its answer names no account yet. */
export const ACCOUNT_CALLS = [
  'AcceptHandshake',
  'CloseAccount',
  'LeaveOrganization',
  'MoveAccount',
  'RemoveAccountFromOrganization',
  'TagResource',
  'UntagResource',
] as const;

/** Calls after which the units are others. */
export const UNIT_CALLS = [
  'CreateOrganizationalUnit',
  'DeleteOrganizationalUnit',
  'UpdateOrganizationalUnit',
] as const;

/** An account's tags were changed, by whichever API; not by way of CloudTrail. */
export const TAG_CHANGE = 'Tag Change on Resource';

/** Lifecycle events of AWS Control Tower. */
export const CONTROL_TOWER_EVENTS = [
  'CreateManagedAccount',
  'RegisterOrganizationalUnit',
  'UpdateManagedAccount',
] as const;

/** Calls of the API and of SCIM that make, change or end a user or a group. Memberships are not among them: groups are what is assigned. */
export const IDENTITY_STORE_CALLS = [
  'CreateGroup',
  'CreateUser',
  'DeleteGroup',
  'DeleteUser',
  'UpdateGroup',
  'UpdateUser',
] as const;

/** The console's, in which a user is also disabled and enabled. */
export const DIRECTORY_CALLS = [...IDENTITY_STORE_CALLS, 'DisableUser', 'EnableUser'] as const;

/** The Identity Store's own notifications: not by way of CloudTrail, one in each Region that the instance is replicated to. */
export const IDENTITY_NOTIFICATIONS = [
  'Group Created',
  'Group Deleted',
  'Group Updated',
  'User Created',
  'User Deleted',
  'User Updated',
] as const;

/** Calls that assign or take away, the console's older names among them. */
export const ASSIGNMENT_CALLS = [
  'AssociateProfile',
  'CreateAccountAssignment',
  'DeleteAccountAssignment',
  'DisassociateProfile',
  'ProvisionApplicationProfileForAWSAccountInstance',
] as const;

/** Calls that change permission sets. */
export const PERMISSION_SET_CALLS = [
  'AttachCustomerManagedPolicyReferenceToPermissionSet',
  'AttachManagedPolicyToPermissionSet',
  'CreatePermissionSet',
  'DeleteInlinePolicyFromPermissionSet',
  'DeletePermissionSet',
  'DeletePermissionsBoundaryFromPermissionSet',
  'DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'DetachManagedPolicyFromPermissionSet',
  'ProvisionPermissionSet',
  'PutInlinePolicyToPermissionSet',
  'PutPermissionsBoundaryToPermissionSet',
  'TagResource',
  'UntagResource',
  'UpdatePermissionSet',
] as const;
