import { notFound } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import type { AdminOperation, OperationKind, OperationStatus } from './operation-engine';
import { pageOf, type PageRequest } from './paging';
import { listMember } from './permission-sets';
import type { Handlers, Output } from './simulated-service';

/**
 * An operation as the service describes it. The answer to the call that started it has no `CreatedDate`; every later one has.
 */
export function assignmentStatus(operation: AdminOperation, when: 'at-acceptance' | 'later'): Output {
  const { assignment, status, requestId, failureReason, createdAt } = operation;
  return {
    Status: status,
    RequestId: requestId,
    FailureReason: failureReason,
    TargetId: assignment.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: assignment.permissionSetArn,
    PrincipalType: assignment.principalType,
    PrincipalId: assignment.principalId,
    // Seconds since the epoch, with milliseconds as the fraction.
    ...(when === 'later' ? { CreatedDate: createdAt / 1000 } : {}),
  };
}

interface StatusListInput extends PageRequest {
  readonly InstanceArn: string;
  readonly Filter?: { readonly Status?: OperationStatus | undefined } | undefined;
}

type StatusOperation =
  | 'DescribeAccountAssignmentCreationStatus'
  | 'DescribeAccountAssignmentDeletionStatus'
  | 'ListAccountAssignmentCreationStatus'
  | 'ListAccountAssignmentDeletionStatus';

/** Following assignment operations, one by one and as lists. */
export function assignmentStatusHandlers({
  world,
  engine,
  settings,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, StatusOperation> {
  const describe = (kind: OperationKind, instanceArn: string, requestId: string): Output => {
    checkInstance(world, instanceArn);
    const operation = engine.describe(kind, requestId);
    if (operation === undefined) throw notFound(`Could not find a ${kind} request with id ${requestId}`);
    return assignmentStatus(operation, 'later');
  };

  const list = (kind: OperationKind, member: string, input: StatusListInput): Output => {
    checkInstance(world, input.InstanceArn);
    const operations = engine.list(kind, input.Filter?.Status);
    const { items, nextToken } = pageOf(operations, ({ sequence }) => sequence, input);
    // The list does not say what an operation is about: that takes a Describe for each.
    const entries = items.map(({ status, requestId, createdAt }) => ({
      Status: status,
      RequestId: requestId,
      CreatedDate: createdAt / 1000,
    }));
    return { ...listMember(member, entries, ['always'], settings), ...nextToken };
  };

  return {
    DescribeAccountAssignmentCreationStatus: (input) => ({
      AccountAssignmentCreationStatus: describe(
        'create',
        input.InstanceArn,
        input.AccountAssignmentCreationRequestId,
      ),
    }),
    DescribeAccountAssignmentDeletionStatus: (input) => ({
      AccountAssignmentDeletionStatus: describe(
        'delete',
        input.InstanceArn,
        input.AccountAssignmentDeletionRequestId,
      ),
    }),
    ListAccountAssignmentCreationStatus: (input) => list('create', 'AccountAssignmentsCreationStatus', input),
    ListAccountAssignmentDeletionStatus: (input) => list('delete', 'AccountAssignmentsDeletionStatus', input),
  };
}
