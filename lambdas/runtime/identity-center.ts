import {
  AccessDeniedException,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetProvisioningStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListPermissionSetProvisioningStatusCommand,
  ProvisionPermissionSetCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  SSOAdminServiceException,
  type StatusValues,
} from '@aws-sdk/client-sso-admin';
import type { AssignmentKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import {
  type AdminCall,
  type Assignee,
  CallRefusedError,
  type IdentityCenter,
  type ListedOperation,
  type NextPage,
  type OperationsPage,
  type Place,
  type ProvisionTarget,
  type ReportedStatus,
} from '../../core/ports/identity-center';
import { meter } from './call-meter';
import { ONCE, REPEATABLE_IN_A_PASS } from './clients';
import { observer } from './make-handler';
import { serviceText } from './service-text';

/** A page of a list has at most so many rows. */
const PAGE = 100;

/** What describes and lists of all three calls have in common. */
interface Status {
  readonly Status?: StatusValues | undefined;
  readonly RequestId?: string | undefined;
  readonly FailureReason?: string | undefined;
  readonly CreatedDate?: Date | undefined;
  readonly TargetId?: string | undefined;
  readonly AccountId?: string | undefined;
  readonly PermissionSetArn?: string | undefined;
  readonly PrincipalType?: 'USER' | 'GROUP' | undefined;
  readonly PrincipalId?: string | undefined;
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Identity Center through the SDK. */
export class SdkIdentityCenter implements IdentityCenter {
  readonly #once = meter(new SSOAdminClient(ONCE), observer);
  readonly #reads = meter(new SSOAdminClient(REPEATABLE_IN_A_PASS), observer, (failed) => {
    this.onRepeat?.(failed);
  });
  onRepeat?: IdentityCenter['onRepeat'];

  constructor(private readonly instanceArn: string) {}

  async createAssignment(key: AssignmentKey): Promise<string> {
    const answer = await refusable(() =>
      this.#once.send(new CreateAccountAssignmentCommand(this.#triple(key))),
    );
    return acceptedId(answer.AccountAssignmentCreationStatus?.RequestId);
  }

  async deleteAssignment(key: AssignmentKey): Promise<string> {
    const answer = await refusable(() =>
      this.#once.send(new DeleteAccountAssignmentCommand(this.#triple(key))),
    );
    return acceptedId(answer.AccountAssignmentDeletionStatus?.RequestId);
  }

  async provision({ permissionSetArn, accountId }: ProvisionTarget): Promise<string> {
    const answer = await refusable(() =>
      this.#once.send(
        new ProvisionPermissionSetCommand({
          InstanceArn: this.instanceArn,
          PermissionSetArn: permissionSetArn,
          ...(accountId === undefined
            ? { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }
            : { TargetType: 'AWS_ACCOUNT', TargetId: accountId }),
        }),
      ),
    );
    return acceptedId(answer.PermissionSetProvisioningStatus?.RequestId);
  }

  async describe(call: AdminCall, requestId: string): Promise<ReportedStatus> {
    try {
      const status = await this.#describe(call, requestId);
      const reason = serviceText(status?.FailureReason);
      return {
        status: status?.Status ?? 'UNKNOWN',
        ...(reason === undefined ? {} : { reason }),
        ...(status?.PermissionSetArn === undefined ? {} : { subject: subjectOf(status) }),
      };
    } catch (error) {
      if (isGone(error)) return { status: 'UNKNOWN' };
      throw error;
    }
  }

  async inProgress(call: AdminCall, nextPage?: NextPage): Promise<ReadonlySet<string>> {
    const rows = await toLastPage((from) => this.#statuses(call, from, 'IN_PROGRESS'), nextPage);
    return new Set(rows.flatMap(({ RequestId }) => RequestId ?? []));
  }

  async operationsPage(call: AdminCall, from?: string): Promise<OperationsPage> {
    const { rows, next } = await this.#statuses(call, from);
    return { rows: rows.flatMap(listedOperation), ...(next === undefined ? {} : { next }) };
  }

  async assignees({ accountId, permissionSetArn }: Place, nextPage?: NextPage): Promise<readonly Assignee[]> {
    const input = {
      InstanceArn: this.instanceArn,
      AccountId: accountId,
      PermissionSetArn: permissionSetArn,
      MaxResults: PAGE,
    };
    try {
      const rows = await toLastPage(async (from) => {
        const command = new ListAccountAssignmentsCommand({ ...input, NextToken: from });
        const { AccountAssignments = [], NextToken: next } = await this.#reads.send(command);
        return { rows: AccountAssignments, next };
      }, nextPage);
      return rows.flatMap(({ PrincipalType: principalType, PrincipalId: principalId }) =>
        principalType === undefined || principalId === undefined ? [] : [{ principalType, principalId }],
      );
    } catch (error) {
      // The permission set is not provisioned in the account, or is no more: so is the assignment.
      if (isGone(error)) return [];
      throw error;
    }
  }

  staleAccounts(permissionSetArn: string, nextPage?: NextPage): Promise<readonly string[]> {
    const input = {
      InstanceArn: this.instanceArn,
      PermissionSetArn: permissionSetArn,
      ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
      MaxResults: PAGE,
    } as const;
    return toLastPage(async (from) => {
      const command = new ListAccountsForProvisionedPermissionSetCommand({ ...input, NextToken: from });
      const { AccountIds = [], NextToken: next } = await this.#reads.send(command);
      return { rows: AccountIds, next };
    }, nextPage);
  }

  async #describe(call: AdminCall, requestId: string): Promise<Status | undefined> {
    const instance = { InstanceArn: this.instanceArn };
    switch (call) {
      case 'create': {
        const command = new DescribeAccountAssignmentCreationStatusCommand({
          ...instance,
          AccountAssignmentCreationRequestId: requestId,
        });
        return (await this.#reads.send(command)).AccountAssignmentCreationStatus;
      }
      case 'delete': {
        const command = new DescribeAccountAssignmentDeletionStatusCommand({
          ...instance,
          AccountAssignmentDeletionRequestId: requestId,
        });
        return (await this.#reads.send(command)).AccountAssignmentDeletionStatus;
      }
      case 'provision': {
        const command = new DescribePermissionSetProvisioningStatusCommand({
          ...instance,
          ProvisionPermissionSetRequestId: requestId,
        });
        return (await this.#reads.send(command)).PermissionSetProvisioningStatus;
      }
    }
  }

  async #statuses(call: AdminCall, next: string | undefined, status?: StatusValues): Promise<Page<Status>> {
    const input = {
      InstanceArn: this.instanceArn,
      MaxResults: PAGE,
      ...(next === undefined ? {} : { NextToken: next }),
      ...(status === undefined ? {} : { Filter: { Status: status } }),
    };
    switch (call) {
      case 'create': {
        const page = await this.#reads.send(new ListAccountAssignmentCreationStatusCommand(input));
        return { rows: page.AccountAssignmentsCreationStatus ?? [], next: page.NextToken };
      }
      case 'delete': {
        const page = await this.#reads.send(new ListAccountAssignmentDeletionStatusCommand(input));
        return { rows: page.AccountAssignmentsDeletionStatus ?? [], next: page.NextToken };
      }
      case 'provision': {
        const page = await this.#reads.send(new ListPermissionSetProvisioningStatusCommand(input));
        return { rows: page.PermissionSetsProvisioningStatus ?? [], next: page.NextToken };
      }
    }
  }

  #triple(key: AssignmentKey) {
    return {
      InstanceArn: this.instanceArn,
      TargetId: key.accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: key.permissionSetArn,
      PrincipalType: key.principalType,
      PrincipalId: key.principalId,
    } as const;
  }
}

/** The rows of all pages; `nextPage` says when the next one may be asked for. */
async function toLastPage<Row>(
  ask: (from: string | undefined) => Promise<Page<Row>>,
  nextPage: NextPage | undefined,
): Promise<Row[]> {
  const { rows, next } = await ask(undefined);
  const found = [...rows];
  for (let from = next; from !== undefined;) {
    await nextPage?.();
    const page = await ask(from);
    found.push(...page.rows);
    from = page.next;
  }
  return found;
}

function subjectOf({
  TargetId,
  AccountId = TargetId,
  PermissionSetArn,
  PrincipalType,
  PrincipalId,
}: Status): Partial<AssignmentKey> {
  return {
    ...(AccountId === undefined ? {} : { accountId: AccountId }),
    ...(PermissionSetArn === undefined ? {} : { permissionSetArn: PermissionSetArn }),
    ...(PrincipalType === undefined ? {} : { principalType: PrincipalType }),
    ...(PrincipalId === undefined ? {} : { principalId: PrincipalId }),
  };
}

function listedOperation({ RequestId, Status: status, CreatedDate }: Status): ListedOperation[] {
  if (RequestId === undefined || status === undefined) return [];
  const createdAt = CreatedDate?.getTime();
  return [{ requestId: RequestId, status, ...(createdAt === undefined ? {} : { createdAt }) }];
}

/** Not found, and not because of a key that cannot be used: those reasons say nothing about the thing itself. */
export function isGone(error: unknown): boolean {
  return error instanceof ResourceNotFoundException && !isKeyTrouble(error);
}

/** Whether an error, whatever it is called, is about the customer-managed key of the instance (`Reason` begins with `KMS_`). */
export function isKeyTrouble(error: { readonly Reason?: string | undefined }): boolean {
  return (error.Reason ?? '').startsWith('KMS_');
}

/** An accepted call without a request id cannot be followed: its outcome is unknown. */
function acceptedId(requestId: string | undefined): string {
  if (requestId !== undefined) return requestId;
  throw new CallRefusedError({
    name: 'NoRequestId',
    message: 'the answer names no request id',
    fault: 'none',
  });
}

async function refusable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new CallRefusedError(refusalOf(cause), { cause });
  }
}

function refusalOf(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : 'UnknownError';
  const message = serviceText(error instanceof Error ? error.message : String(error)) ?? 'no message';
  if (!(error instanceof SSOAdminServiceException)) return { name, message, fault: 'none' };
  const hasReason = error instanceof ResourceNotFoundException || error instanceof AccessDeniedException;
  const reason = hasReason ? error.Reason : (error as { Reason?: string }).Reason;
  const status = error.$metadata.httpStatusCode ?? 0;
  const fault = status >= 400 && status < 500 ? 'client' : 'server';
  return { name, message, fault, ...(reason === undefined ? {} : { reason }) };
}
