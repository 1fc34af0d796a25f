import type { AssignmentKey, PrincipalType } from '../assignments/assignment';
import type { Refusal } from '../assignments/outcomes';

/** The asynchronous calls of the admin API. */
export type AdminCall = 'create' | 'delete' | 'provision';

/** One permission set in one account: what a role is, and what conflicts. */
export interface Place {
  /** Twelve digits. */
  readonly accountId: string;
  readonly permissionSetArn: string;
}

/** What a `ProvisionPermissionSet` brings up to date: the set in one account, or in every account that has it. */
export interface ProvisionTarget {
  readonly permissionSetArn: string;
  /** Absent: `ALL_PROVISIONED_ACCOUNTS`. */
  readonly accountId?: string;
}

/** A user or group that is assigned somewhere. */
export interface Assignee {
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

/** What Identity Center says of an operation. `UNKNOWN`: it does not know the request id (any more, or not yet). */
export interface ReportedStatus {
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';
  readonly reason?: string;
  /** What the operation is about, as far as the answer says: the lists do not. */
  readonly subject?: Partial<AssignmentKey>;
}

/** A row of `List…Status`. */
export interface ListedOperation {
  readonly requestId: string;
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  /** Epoch milliseconds by the service's clock, where the row has it. */
  readonly createdAt?: number;
}

/** One page of the operations of a call. */
export interface OperationsPage {
  readonly rows: readonly ListedOperation[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** Awaited before each page of a listing but the first; where it throws, the listing ends with its error. */
export type NextPage = () => Promise<void>;

/** Identity Center's admin API, as far as the dispatcher uses it. Every method is one call; a listing to the last page takes one a page. */
export interface IdentityCenter {
  /** Sends one create, never twice. Answers the request id; throws {@link CallRefusedError}. */
  createAssignment(key: AssignmentKey): Promise<string>;
  /** Sends one delete, never twice. Answers the request id; throws {@link CallRefusedError}. */
  deleteAssignment(key: AssignmentKey): Promise<string>;
  /** Sends one provision, never twice. Answers the request id; throws {@link CallRefusedError}. */
  provision(target: ProvisionTarget): Promise<string>;
  describe(call: AdminCall, requestId: string): Promise<ReportedStatus>;
  /** The request ids of a call that are `IN_PROGRESS`, to the last page. */
  inProgress(call: AdminCall, nextPage?: NextPage): Promise<ReadonlySet<string>>;
  /** A page of the operations of a call in any state, in the order of the service, which is not documented. */
  operationsPage(call: AdminCall, from?: string): Promise<OperationsPage>;
  /** Who `ListAccountAssignments` shows at a place, to its last page; nobody where the set is not provisioned. */
  assignees(place: Place, nextPage?: NextPage): Promise<readonly Assignee[]>;
  /** Accounts whose role does not have the latest version of the permission set, to the last page. */
  staleAccounts(permissionSetArn: string, nextPage?: NextPage): Promise<readonly string[]>;
  /** Set by the pass that is at work: told of each try that is repeated without its doing, and what the one before was refused for. */
  onRepeat?: ((refusal: Pick<Refusal, 'name' | 'message' | 'reason'>) => void) | undefined;
}

/** A call that did not answer what was asked for. */
export class CallRefusedError extends Error {
  constructor(
    readonly refusal: Refusal,
    options?: ErrorOptions,
  ) {
    super(`${refusal.name}: ${refusal.message}`, options);
    this.name = 'CallRefusedError';
  }
}
