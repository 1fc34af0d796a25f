import type { Assignment } from './organization';

/** Which asynchronous call an operation came from. */
export type OperationKind = 'create' | 'delete' | 'provision';

export type OperationStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';

/** What a create or delete is about. */
export interface AssignmentSubject {
  readonly kind: 'create' | 'delete';
  readonly assignment: Assignment;
}

/** What a provision is about: one permission set, and the accounts whose roles are to be brought up to its present version. */
export interface ProvisionSubject {
  readonly kind: 'provision';
  readonly permissionSetArn: string;
  readonly targetType: 'AWS_ACCOUNT' | 'ALL_PROVISIONED_ACCOUNTS';
  /** One for `AWS_ACCOUNT`; else those that had a role when the operation was accepted. */
  readonly accountIds: readonly string[];
}

export type OperationSubject = AssignmentSubject | ProvisionSubject;

/** One asynchronous operation, from its acceptance on. */
export interface AdminOperation<Subject extends OperationSubject = OperationSubject> {
  readonly subject: Subject;
  /** The id of the HTTP request that started it. */
  readonly requestId: string;
  /** Its place among all operations, from 1. */
  readonly sequence: number;
  /** Epoch milliseconds of the acceptance. */
  readonly createdAt: number;
  /** Epoch milliseconds from which `Describe…Status`, and `List…Status`, know of it. */
  readonly describedFrom: number;
  readonly listedFrom: number;
  readonly status: OperationStatus;
  readonly failureReason?: string;
  /** Epoch milliseconds. */
  readonly endedAt?: number;
}

/** How an operation ends: with its effect, with a reason, or (`undefined`) never. */
export type Ending =
  { readonly status: 'SUCCEEDED' } | { readonly status: 'FAILED'; readonly reason: string } | undefined;

/** The end of an operation that had its effect. */
export const SUCCEEDED: Ending = { status: 'SUCCEEDED' };

/** The end of an operation that had not. */
export function failed(reason: string): Ending {
  return { status: 'FAILED', reason };
}

/** The accounts whose roles an operation may write. */
export function accountsOf(subject: OperationSubject): readonly string[] {
  return subject.kind === 'provision' ? subject.accountIds : [subject.assignment.accountId];
}
