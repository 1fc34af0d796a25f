import type { JsonObject } from '../../assembly/json-values';
import type { Assignment } from '../organization';
import type { World } from '../world';
import { callDraft } from './call-drafts';
import type { EventDraft } from './event-draft';
import type { EventSettings } from './event-settings';
import { sessionIdentity } from './user-identity';

/** What somebody did in the console of Identity Center. */
export type ConsoleEdit =
  | { readonly kind: 'assign' | 'unassign'; readonly assignment: Assignment }
  | { readonly kind: 'change-permission-set'; readonly arn: string }
  | { readonly kind: 'enable-user' | 'disable-user'; readonly userId: string };

/** A call of the console: its service, its name and its parameters. */
interface ConsoleCall {
  readonly service: 'sso' | 'sso-directory';
  readonly operation: string;
  readonly requestParameters: JsonObject;
}

/** An edit as the event of a call by an administrator of the delegated administrator's account. */
export function consoleDraft(
  edit: ConsoleEdit,
  world: World,
  settings: EventSettings,
  { at, requestId }: { readonly at: number; readonly requestId: string },
): EventDraft {
  const { organization } = world;
  const caller = world.caller(undefined);
  return callDraft({
    ...consoleCall(edit, world, settings),
    at,
    region: organization.instance.region,
    account: caller.accountId,
    userIdentity: sessionIdentity(caller, undefined, organization),
    responseElements: null,
    requestId,
  });
}

function consoleCall(edit: ConsoleEdit, world: World, settings: EventSettings): ConsoleCall {
  const { instanceArn, identityStoreId } = world;
  switch (edit.kind) {
    case 'assign':
    case 'unassign':
      return settings.consoleAssignmentEvents === 'api'
        ? assignmentCall(edit.kind, edit.assignment, instanceArn)
        : profileCall(edit.kind, edit.assignment, world);
    case 'change-permission-set':
      return {
        service: 'sso',
        operation: 'UpdatePermissionSet',
        requestParameters: { instanceArn, permissionSetArn: edit.arn },
      };
    case 'enable-user':
    case 'disable-user':
      return {
        service: 'sso-directory',
        operation: edit.kind === 'enable-user' ? 'EnableUser' : 'DisableUser',
        requestParameters: { identityStoreId, userId: edit.userId },
      };
  }
}

function assignmentCall(
  kind: 'assign' | 'unassign',
  { accountId, permissionSetArn, principalType, principalId }: Assignment,
  instanceArn: string,
): ConsoleCall {
  return {
    service: 'sso',
    operation: kind === 'assign' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
    requestParameters: {
      instanceArn,
      targetId: accountId,
      targetType: 'AWS_ACCOUNT',
      permissionSetArn,
      principalType,
      principalId,
    },
  };
}

/** The console's older name for the same: a permission set in an account is a profile there. */
function profileCall(
  kind: 'assign' | 'unassign',
  { principalType, principalId }: Assignment,
  { instanceArn, identityStoreId }: World,
): ConsoleCall {
  return {
    service: 'sso',
    operation: kind === 'assign' ? 'AssociateProfile' : 'DisassociateProfile',
    requestParameters: {
      instanceId: instanceArn.slice(instanceArn.lastIndexOf('/') + 1),
      directoryId: identityStoreId,
      accessorType: principalType,
      accessorId: principalId,
    },
  };
}
