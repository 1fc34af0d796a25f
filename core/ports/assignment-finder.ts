import type { Assignment, AssignmentKey, PrincipalType } from '../assignments/assignment';

/** Finds assignments that the ledger knows. */
export interface AssignmentFinder {
  /** All of an account, or those of one permission set in it; strongly consistent, one query a megabyte. */
  inAccount(accountId: string, permissionSetArn?: string): Promise<readonly Assignment[]>;
  /** An index, which lags. */
  ofPrincipal(type: PrincipalType, id: string): Promise<readonly AssignmentKey[]>;
  /** An index, which lags. */
  ofPermissionSet(arn: string): Promise<readonly AssignmentKey[]>;
}
