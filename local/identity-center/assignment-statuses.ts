import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { findOperation, listOperations, statusOf } from './operation-statuses';
import type { AdminOperation, AssignmentSubject } from './operations';
import type { Handlers, Output } from './simulated-service';

/** A create or delete as the service describes it. */
export function assignmentStatus(
  operation: AdminOperation<AssignmentSubject>,
  when: 'at-acceptance' | 'later',
): Output {
  const { accountId, permissionSetArn, principalType, principalId } = operation.subject.assignment;
  return {
    ...statusOf(operation, when),
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalType,
    PrincipalId: principalId,
  };
}

type StatusOperation =
  | 'DescribeAccountAssignmentCreationStatus'
  | 'DescribeAccountAssignmentDeletionStatus'
  | 'ListAccountAssignmentCreationStatus'
  | 'ListAccountAssignmentDeletionStatus';

/** Following assignment operations, one by one and as lists. */
export function assignmentStatusHandlers(
  environment: IdentityCenterEnvironment,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, StatusOperation> {
  const { create: creates, delete: deletes } = environment.engine.logs;
  return {
    DescribeAccountAssignmentCreationStatus(input) {
      const { InstanceArn: instanceArn, AccountAssignmentCreationRequestId: requestId } = input;
      const operation = findOperation(environment, creates, instanceArn, requestId);
      return { AccountAssignmentCreationStatus: assignmentStatus(operation, 'later') };
    },
    DescribeAccountAssignmentDeletionStatus(input) {
      const { InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: requestId } = input;
      const operation = findOperation(environment, deletes, instanceArn, requestId);
      return { AccountAssignmentDeletionStatus: assignmentStatus(operation, 'later') };
    },
    ListAccountAssignmentCreationStatus: (input) =>
      listOperations(environment, creates, 'AccountAssignmentsCreationStatus', input),
    ListAccountAssignmentDeletionStatus: (input) =>
      listOperations(environment, deletes, 'AccountAssignmentsDeletionStatus', input),
  };
}
