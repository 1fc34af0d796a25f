import type { AdminOperation, OperationSubject, OperationStatus } from './operations';
import type { Assignment } from './organization';
import type { World } from './world';

/** An account, by the name that people know; it is missing for what the organization does not have. */
export interface NamedAccount {
  readonly id: string;
  readonly name?: string;
}

/** The same for a permission set. */
export interface NamedPermissionSet {
  readonly arn: string;
  readonly name?: string;
}

/** A create or delete: who, what, where. */
export interface AssignmentView {
  readonly kind: 'create' | 'delete';
  readonly account: NamedAccount;
  readonly permissionSet: NamedPermissionSet;
  readonly principal: { readonly type: 'USER' | 'GROUP'; readonly id: string; readonly name?: string };
}

/** A provision: what, and in which accounts. */
export interface ProvisionView {
  readonly kind: 'provision';
  readonly permissionSet: NamedPermissionSet;
  readonly targetType: 'AWS_ACCOUNT' | 'ALL_PROVISIONED_ACCOUNTS';
  readonly accounts: readonly NamedAccount[];
}

/** How far an operation has come. */
export interface OperationProgress {
  readonly requestId: string;
  readonly status: OperationStatus;
  readonly failureReason?: string;
}

/** An operation as people look at it. Instants are epoch milliseconds. */
export type OperationView = (AssignmentView | ProvisionView) &
  OperationProgress & { readonly acceptedAt: number; readonly endedAt?: number };

/** An assignment with the names that people know; a name is missing for what the organization does not have (an orphan). */
export interface AssignmentRow extends Assignment {
  readonly accountName?: string;
  readonly permissionSetName?: string;
  /** The user name, or the display name of the group. */
  readonly principalName?: string;
}

/** Adds the names to an assignment's ids. */
export function rowOf(world: World, assignment: Assignment): AssignmentRow {
  const { accountId, permissionSetArn, principalType, principalId } = assignment;
  const accountName = world.account(accountId)?.name;
  const permissionSetName = world.permissionSet(permissionSetArn)?.name;
  const principalName =
    principalType === 'USER' ? world.user(principalId)?.userName : world.group(principalId)?.displayName;
  return {
    ...assignment,
    ...(accountName === undefined ? {} : { accountName }),
    ...(permissionSetName === undefined ? {} : { permissionSetName }),
    ...(principalName === undefined ? {} : { principalName }),
  };
}

function named<T extends object>(thing: T, name: string | undefined): T & { readonly name?: string } {
  return name === undefined ? thing : { ...thing, name };
}

/** What an operation is about, with names. */
export function subjectView(world: World, subject: OperationSubject): AssignmentView | ProvisionView {
  if (subject.kind === 'provision') {
    const { kind, permissionSetArn: arn, targetType, accountIds } = subject;
    return {
      kind,
      permissionSet: named({ arn }, world.permissionSet(arn)?.name),
      targetType,
      accounts: accountIds.map((id) => named({ id }, world.account(id)?.name)),
    };
  }
  const row = rowOf(world, subject.assignment);
  return {
    kind: subject.kind,
    account: named({ id: row.accountId }, row.accountName),
    permissionSet: named({ arn: row.permissionSetArn }, row.permissionSetName),
    principal: named({ type: row.principalType, id: row.principalId }, row.principalName),
  };
}

/** How far it has come; without a reason unless it failed. */
export function progressOf({ requestId, status, failureReason }: AdminOperation): OperationProgress {
  return { requestId, status, ...(failureReason === undefined ? {} : { failureReason }) };
}

/** The whole operation. */
export function operationView(world: World, operation: AdminOperation): OperationView {
  const { subject, createdAt, endedAt } = operation;
  return {
    ...subjectView(world, subject),
    ...progressOf(operation),
    acceptedAt: createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}
