import { notFound } from './exceptions';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import type { OperationLog } from './operation-log';
import type { AdminOperation, OperationStatus, OperationSubject } from './operations';
import { pageOfRows, type PageRequest } from './paging';
import { listMember } from './permission-sets';
import type { Output } from './simulated-service';

/** Everything that an operation's description says besides what it is about. */
export function statusOf(operation: AdminOperation, when: 'at-acceptance' | 'later'): Output {
  const { status, requestId, failureReason, createdAt } = operation;
  return {
    Status: status,
    RequestId: requestId,
    FailureReason: failureReason,
    // Seconds since the epoch, with milliseconds as the fraction. The answer to the call that started it has no date.
    ...(when === 'later' ? { CreatedDate: createdAt / 1000 } : {}),
  };
}

/** What a `List…Status` call takes. */
export interface StatusListInput extends PageRequest {
  readonly InstanceArn: string;
  readonly Filter?: { readonly Status?: OperationStatus | undefined } | undefined;
}

/**
 * Finds an operation for `Describe…Status`. Each kind has ids of its own.
 * @throws AwsError `ResourceNotFoundException`
 */
export function findOperation<Subject extends OperationSubject>(
  { world }: Pick<IdentityCenterEnvironment, 'world'>,
  log: OperationLog<Subject>,
  instanceArn: string,
  requestId: string,
): AdminOperation<Subject> {
  checkInstance(world, instanceArn);
  const operation = log.describe(requestId);
  if (operation === undefined) throw notFound(`Could not find a request with id ${requestId}`);
  return operation;
}

/** The answer of a `List…Status` call. It does not say what an operation is about: that takes a Describe for each. */
export function listOperations<Subject extends OperationSubject>(
  { world, settings }: Pick<IdentityCenterEnvironment, 'world' | 'settings'>,
  log: OperationLog<Subject>,
  member: string,
  input: StatusListInput,
): Output {
  checkInstance(world, input.InstanceArn);
  const { items, nextToken } = pageOfRows(
    (sequence, order) => log.list(input.Filter?.Status, sequence, order),
    input,
    log.order,
  );
  const entries = items.map(({ status, requestId, createdAt }) => ({
    Status: status,
    RequestId: requestId,
    CreatedDate: createdAt / 1000,
  }));
  return { ...listMember(member, entries, ['always'], settings), ...nextToken };
}
