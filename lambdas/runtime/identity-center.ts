import {
  AccessDeniedException,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  SSOAdminServiceException,
  paginateListAccountAssignments,
} from '@aws-sdk/client-sso-admin';
import type { AssignmentKey } from '../../core/assignments/assignment';
import type { Refusal } from '../../core/assignments/outcomes';
import { CallRefusedError, type IdentityCenter, type ReportedStatus } from '../../core/ports/identity-center';
import { ONCE, REPEATABLE_IN_A_PASS } from './clients';

/** Identity Center through the SDK. */
export class SdkIdentityCenter implements IdentityCenter {
  readonly #once = new SSOAdminClient(ONCE);
  readonly #reads = new SSOAdminClient(REPEATABLE_IN_A_PASS);

  constructor(private readonly instanceArn: string) {}

  async createAssignment(key: AssignmentKey): Promise<string> {
    const answer = await refusable(() =>
      this.#once.send(new CreateAccountAssignmentCommand(this.#triple(key))),
    );
    return requestIdOf(answer.AccountAssignmentCreationStatus?.RequestId);
  }

  async deleteAssignment(key: AssignmentKey): Promise<string> {
    const answer = await refusable(() =>
      this.#once.send(new DeleteAccountAssignmentCommand(this.#triple(key))),
    );
    return requestIdOf(answer.AccountAssignmentDeletionStatus?.RequestId);
  }

  async describe(kind: 'create' | 'delete', requestId: string): Promise<ReportedStatus> {
    try {
      const status = await (kind === 'create' ? this.#creation(requestId) : this.#deletion(requestId));
      return {
        status: status?.Status ?? 'UNKNOWN',
        ...(status?.FailureReason === undefined ? {} : { reason: status.FailureReason }),
      };
    } catch (error) {
      if (isGone(error)) return { status: 'UNKNOWN' };
      throw error;
    }
  }

  async assignmentExists(key: AssignmentKey): Promise<boolean> {
    const pages = paginateListAccountAssignments(
      { client: this.#reads, pageSize: 100 },
      { InstanceArn: this.instanceArn, AccountId: key.accountId, PermissionSetArn: key.permissionSetArn },
    );
    try {
      for await (const { AccountAssignments: rows = [] } of pages) {
        const isThere = rows.some(
          (row) => row.PrincipalId === key.principalId && row.PrincipalType === key.principalType,
        );
        if (isThere) return true;
      }
      return false;
    } catch (error) {
      // The permission set is not provisioned in the account, or is no more: so is the assignment.
      if (isGone(error)) return false;
      throw error;
    }
  }

  async #creation(requestId: string) {
    const command = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn: this.instanceArn,
      AccountAssignmentCreationRequestId: requestId,
    });
    return (await this.#reads.send(command)).AccountAssignmentCreationStatus;
  }

  async #deletion(requestId: string) {
    const command = new DescribeAccountAssignmentDeletionStatusCommand({
      InstanceArn: this.instanceArn,
      AccountAssignmentDeletionRequestId: requestId,
    });
    return (await this.#reads.send(command)).AccountAssignmentDeletionStatus;
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

/** Not found, and not because of a key that cannot be used: those reasons say nothing about the thing itself. */
export function isGone(error: unknown): boolean {
  return error instanceof ResourceNotFoundException && !isKeyTrouble(error);
}

/** Whether an error, whatever it is called, is about the customer-managed key of the instance (`Reason` begins with `KMS_`). */
export function isKeyTrouble(error: { readonly Reason?: string | undefined }): boolean {
  return (error.Reason ?? '').startsWith('KMS_');
}

/** An accepted call without a request id cannot be followed: its outcome is unknown. */
function requestIdOf(requestId: string | undefined): string {
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
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof SSOAdminServiceException)) return { name, message, fault: 'none' };
  const hasReason = error instanceof ResourceNotFoundException || error instanceof AccessDeniedException;
  const reason = hasReason ? error.Reason : (error as { Reason?: string }).Reason;
  const status = error.$metadata.httpStatusCode ?? 0;
  const fault = status >= 400 && status < 500 ? 'client' : 'server';
  return { name, message, fault, ...(reason === undefined ? {} : { reason }) };
}
