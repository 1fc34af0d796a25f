import { assignmentStatus } from './assignment-statuses';
import { authorizeAssignment, authorizeListForPrincipal } from './delegation';
import { notFound } from './exceptions';
import { accountNotManageable, assigneeNotFound, entitlementNotFound } from './failure-reasons';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { InputOf } from './input-rules';
import { checkInstance } from './instances';
import type { AdminOperation, Ending, OperationKind } from './operation-engine';
import type { Assignment } from './organization';
import { pageOf } from './paging';
import { findPermissionSet, listMember } from './permission-sets';
import type { SimulatorSettings } from './settings';
import type { CallContext, Handlers } from './simulated-service';
import type { World } from './world';

type AssignmentInput = InputOf<(typeof IDENTITY_CENTER_INPUTS)['CreateAccountAssignment']>;

const SUCCEEDED: Ending = { status: 'SUCCEEDED' };

function failed(reason: string): Ending {
  return { status: 'FAILED', reason };
}

/**
 * Carries out an assignment operation on the world as it is when its time has come. The account comes first: without it the
 * service can reach neither role nor entitlement.
 */
function finish(
  kind: OperationKind,
  assignment: Assignment,
  world: World,
  settings: SimulatorSettings,
): Ending {
  const { accountId } = assignment;
  const account = world.account(accountId);
  if (account === undefined) return failed(settings.unknownAccountReason.replaceAll('{account}', accountId));
  if (account.state !== 'ACTIVE') {
    return settings.inactiveAccount === 'hang' ? undefined : failed(accountNotManageable(account));
  }
  if (kind === 'delete') {
    // A principal that is gone from the directory may still have assignments, and they can be deleted.
    return world.withdraw(assignment)
      ? SUCCEEDED
      : failed(entitlementNotFound(assignment, world.instanceArn));
  }
  if (!world.hasPrincipal(assignment)) return failed(assigneeNotFound(assignment, world.identityStoreId));
  // Idempotent: the second create of the same assignment succeeds and changes nothing.
  world.grant(assignment);
  return SUCCEEDED;
}

type AssignmentOperation =
  | 'CreateAccountAssignment'
  | 'DeleteAccountAssignment'
  | 'ListAccountAssignments'
  | 'ListAccountAssignmentsForPrincipal';

/** Creating, deleting and listing account assignments. */
export function accountAssignmentHandlers(
  environment: IdentityCenterEnvironment,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, AssignmentOperation> {
  const { world, engine, settings } = environment;

  const start = (
    kind: OperationKind,
    input: AssignmentInput,
    { caller, requestId, fault }: CallContext,
  ): AdminOperation => {
    const assignment: Assignment = {
      accountId: input.TargetId,
      permissionSetArn: input.PermissionSetArn,
      principalType: input.PrincipalType,
      principalId: input.PrincipalId,
    };
    // In the service's order: a caller who may not do this does not learn whether it exists.
    authorizeAssignment(environment, caller, kind, assignment);
    findPermissionSet(world, input);
    return engine.start({
      kind,
      requestId,
      assignment,
      fault,
      finish: () => finish(kind, assignment, world, settings),
    });
  };

  return {
    CreateAccountAssignment: (input, context) => ({
      AccountAssignmentCreationStatus: assignmentStatus(start('create', input, context), 'at-acceptance'),
    }),

    DeleteAccountAssignment: (input, context) => ({
      AccountAssignmentDeletionStatus: assignmentStatus(start('delete', input, context), 'at-acceptance'),
    }),

    ListAccountAssignments(input) {
      const { arn } = findPermissionSet(world, input);
      if (
        settings.unprovisionedList === 'not-found' &&
        world.provisioning.find(input.AccountId, arn) === undefined
      ) {
        throw notFound(`PermissionSet ${arn} is not provisioned in account ${input.AccountId}`);
      }
      const listed = world.assignments.listedAt(input.AccountId, arn);
      const { items, nextToken } = pageOf(listed, ({ sequence }) => sequence, input);
      const rows = items.map(({ assignment }) => listedRow(assignment));
      return { ...listMember('AccountAssignments', rows, ['always'], settings), ...nextToken };
    },

    ListAccountAssignmentsForPrincipal(input, { caller }) {
      authorizeListForPrincipal(environment, caller);
      checkInstance(world, input.InstanceArn);
      const { PrincipalType: type, PrincipalId: id, Filter: filter } = input;
      // Membership counts as it is now. A principal that is gone has its rows still, and one that never was has none.
      const groups = type === 'USER' ? world.groups().filter(({ members }) => members.includes(id)) : [];
      const listed = [
        ...world.assignments.listedFor(type, id),
        ...groups.flatMap((group) => world.assignments.listedFor('GROUP', group.id)),
      ]
        .filter(({ assignment }) => (filter?.AccountId ?? assignment.accountId) === assignment.accountId)
        .sort((a, b) => a.sequence - b.sequence);
      const { items, nextToken } = pageOf(listed, ({ sequence }) => sequence, input);
      const rows = items.map(({ assignment }) => listedRow(assignment));
      return { ...listMember('AccountAssignments', rows, ['always'], settings), ...nextToken };
    },
  };
}

/** A row as lists answer it. */
function listedRow({
  accountId,
  permissionSetArn,
  principalType,
  principalId,
}: Assignment): Readonly<Record<string, string>> {
  return {
    AccountId: accountId,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalType,
    PrincipalId: principalId,
  };
}
