import { accountEnding } from './account-endings';
import { assignmentStatus } from './assignment-statuses';
import type { ListedAssignment } from './assignment-table';
import { authorizeAssignment, authorizeListForPrincipal } from './delegation';
import { notFound, quotaExceeded } from './exceptions';
import { assigneeNotFound, entitlementNotFound } from './failure-reasons';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import type { InputOf } from './input-rules';
import { checkInstance } from './instances';
import { SUCCEEDED, failed, type AdminOperation, type AssignmentSubject, type Ending } from './operations';
import type { Assignment } from './organization';
import { pageOfRows } from './paging';
import { findPermissionSet, listMember } from './permission-sets';
import { QUOTA_PROFILES } from './quotas';
import { groupEnding, isGroupTooMany, roleEnding } from './role-endings';
import { inOneOrder } from './sequenced-rows';
import type { SimulatorSettings } from './settings';
import type { CallContext, Handlers } from './simulated-service';
import type { World } from './world';

type AssignmentInput = InputOf<(typeof IDENTITY_CENTER_INPUTS)['CreateAccountAssignment']>;

/** Carries out an assignment operation on the world as it is when its time has come. */
function finish(
  { kind, assignment }: AssignmentSubject,
  { caller, requestId }: Pick<CallContext, 'caller' | 'requestId'>,
  world: World,
  settings: SimulatorSettings,
): Ending {
  const obstacle = accountEnding(assignment.accountId, world, settings);
  if (obstacle !== 'none') return obstacle;
  if (kind === 'delete') {
    // A principal that is gone from the directory may still have assignments, and they can be deleted.
    return world.withdraw(assignment)
      ? SUCCEEDED
      : failed(entitlementNotFound(assignment, world.instanceArn));
  }
  if (!world.hasPrincipal(assignment)) return failed(assigneeNotFound(assignment, world.identityStoreId));
  const full = groupEnding(assignment, world, settings);
  if (full !== 'none') return full;
  const unwritten = roleEnding({ ...assignment, caller, requestId }, 'if-missing', world, settings);
  if (unwritten !== 'none') return unwritten;
  // Idempotent: the second create of the same assignment succeeds and changes nothing.
  world.grant(assignment);
  return SUCCEEDED;
}

/** @throws AwsError `ServiceQuotaExceededException` for one group too many in the place */
function refuseGroup(
  assignment: Assignment,
  { world, settings }: Pick<IdentityCenterEnvironment, 'world' | 'settings'>,
): void {
  if (!isGroupTooMany(assignment, world, settings)) return;
  const { groupsPerPlace: most = 0 } = QUOTA_PROFILES[settings.quotaVintage];
  throw quotaExceeded('group assignment', most, assignment.permissionSetArn);
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
    kind: AssignmentSubject['kind'],
    input: AssignmentInput,
    { caller, requestId, fault }: CallContext,
  ): AdminOperation<AssignmentSubject> => {
    const assignment: Assignment = {
      accountId: input.TargetId,
      permissionSetArn: input.PermissionSetArn,
      principalType: input.PrincipalType,
      principalId: input.PrincipalId,
    };
    const subject: AssignmentSubject = { kind, assignment };
    // In the service's order: a caller who may not do this does not learn whether it exists.
    authorizeAssignment(environment, caller, subject);
    findPermissionSet(world, input);
    if (kind === 'create' && settings.groupOverflow === 'refused') refuseGroup(assignment, environment);
    return engine.startAssignment({
      subject,
      requestId,
      fault,
      finish: () => finish(subject, { caller, requestId }, world, settings),
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
      const { items, nextToken } = pageOfRows(
        (sequence) => world.assignments.listedAt(input.AccountId, arn, sequence),
        input,
      );
      const rows = items.map(({ assignment }) => listedRow(assignment));
      return { ...listMember('AccountAssignments', rows, ['always'], settings), ...nextToken };
    },

    ListAccountAssignmentsForPrincipal(input, { caller }) {
      authorizeListForPrincipal(environment, caller);
      checkInstance(world, input.InstanceArn);
      const { PrincipalType: type, PrincipalId: id, Filter: filter } = input;
      // Membership counts as it is now. A principal that is gone has its rows still, and one that never was has none.
      const groups = type === 'USER' ? world.groupsOf(id) : [];
      const rowsAfter = (sequence: number): Iterable<ListedAssignment> =>
        inOneOrder([
          world.assignments.listedFor(type, id, sequence),
          ...groups.map((groupId) => world.assignments.listedFor('GROUP', groupId, sequence)),
        ]);
      const { items, nextToken } = pageOfRows(
        (sequence) => ofAccount(rowsAfter(sequence), filter?.AccountId),
        input,
      );
      const rows = items.map(({ assignment }) => listedRow(assignment));
      return { ...listMember('AccountAssignments', rows, ['always'], settings), ...nextToken };
    },
  };
}

function* ofAccount(
  rows: Iterable<ListedAssignment>,
  accountId: string | undefined,
): Generator<ListedAssignment, void> {
  for (const row of rows) {
    if (accountId === undefined || row.assignment.accountId === accountId) yield row;
  }
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
