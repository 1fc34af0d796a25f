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

/** Which assignments to list; what is given must all fit, and at least one is. */
export interface AssignmentQuery {
  /** Twelve digits. */
  readonly accountId?: string;
  readonly permissionSetArn?: string;
  readonly principal?: { readonly type: PrincipalType; readonly id: string };
}

/** One page; `next` is opaque and only good for the same query. */
export interface AssignmentPage {
  readonly assignments: readonly Assignment[];
  readonly next?: string;
}

/** Lists assignments page by page. */
export interface AssignmentPages {
  /**
   * In the order of accounts, permission sets and principals. By an account it is strongly consistent; otherwise an index, which lags, says
   * which assignments there are, and each is read as it is now. A page may have fewer than `limit`, even none, and a next one.
   */
  list(query: AssignmentQuery, limit: number, after?: string): Promise<AssignmentPage>;
}
