import {
  AccessDeniedException,
  ConflictException,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  InternalServerException,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  SSOAdminServiceException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-sso-admin';
import { mockClient } from 'aws-sdk-client-mock';
import { classifyRefusal } from '../../../core/assignments/outcomes';
import { CallRefusedError, type NextPage } from '../../../core/ports/identity-center';
import { SdkIdentityCenter } from '../../../lambdas/runtime/identity-center';
import { awsError, brokenConnection, timeout } from '../../support/aws-errors';
import { keyOf } from '../../support/dispatcher-world';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const KEY = keyOf();
const expired = new SSOAdminServiceException({
  name: 'ExpiredTokenException',
  $fault: 'client',
  message: 'The security token is expired',
  $metadata: { httpStatusCode: 403 },
});
const unnamed = new SSOAdminServiceException({
  name: 'Unknown',
  $fault: 'server',
  message: '',
  $metadata: { httpStatusCode: 503 },
});

/** Every class of failure of the two calls: what the domain is told, and what it makes of it for a create and for a delete. */
const REFUSALS = [
  ['a timeout', timeout(), 'none', 'unknown', 'unknown'],
  ['a broken connection', brokenConnection(), 'none', 'unknown', 'unknown'],
  ['an error of the service', awsError(InternalServerException, 500), 'server', 'unknown', 'unknown'],
  ['an error without a name', unnamed, 'server', 'unknown', 'unknown'],
  ['a throttle', awsError(ThrottlingException, 400), 'client', 'not accepted', 'not accepted'],
  ['a conflict', awsError(ConflictException, 400), 'client', 'not accepted', 'not accepted'],
  [
    'a quota',
    awsError(ServiceQuotaExceededException, 400),
    'client',
    'not accepted, slowly',
    'not accepted, slowly',
  ],
  ['expired credentials', expired, 'client', 'not accepted, slowly', 'not accepted, slowly'],
  ['not found', awsError(ResourceNotFoundException, 400), 'client', 'terminal', 'done'],
  ['a wrong value', awsError(ValidationException, 400), 'client', 'terminal', 'not accepted, slowly'],
  ['a missing right', awsError(AccessDeniedException, 400), 'client', 'terminal', 'not accepted, slowly'],
  [
    'a key that is not found',
    awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException'),
    'client',
    'not accepted, slowly',
    'not accepted, slowly',
  ],
  [
    'a key without the right',
    awsError(AccessDeniedException, 400, 'KMS_AccessDeniedException'),
    'client',
    'not accepted, slowly',
    'not accepted, slowly',
  ],
  [
    'a key that is disabled',
    awsError(ValidationException, 400, 'KMS_DisabledException'),
    'client',
    'not accepted, slowly',
    'not accepted, slowly',
  ],
  [
    'a key that throttles',
    awsError(ThrottlingException, 400, 'KMS_ThrottlingException'),
    'client',
    'not accepted, slowly',
    'not accepted, slowly',
  ],
] as const;

/** What a look must not take for "it is not there". */
const FAILURES: readonly (readonly [string, Error])[] = [
  ['a timeout', timeout()],
  ['a throttle', awsError(ThrottlingException, 400)],
  ['a missing right', awsError(AccessDeniedException, 400)],
  ['a wrong value', awsError(ValidationException, 400)],
  ['an error of the service', awsError(InternalServerException, 500)],
  ['a key that is not found', awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException')],
];

describe('SdkIdentityCenter', () => {
  const sso = mockClient(SSOAdminClient);
  const identityCenter = new SdkIdentityCenter(INSTANCE);

  beforeEach(() => {
    sso.reset();
  });

  test('sends the whole triple, and answers the request id', async () => {
    sso
      .on(CreateAccountAssignmentCommand)
      .resolves({ AccountAssignmentCreationStatus: { RequestId: 'c-1' } });
    sso
      .on(DeleteAccountAssignmentCommand)
      .resolves({ AccountAssignmentDeletionStatus: { RequestId: 'd-1' } });

    expect(await identityCenter.createAssignment(KEY)).toBe('c-1');
    expect(await identityCenter.deleteAssignment(KEY)).toBe('d-1');
    const triple = {
      InstanceArn: INSTANCE,
      TargetId: KEY.accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: KEY.permissionSetArn,
      PrincipalType: 'USER',
      PrincipalId: KEY.principalId,
    };
    expect(sso.calls().map(({ args: [{ input }] }) => input)).toEqual([triple, triple]);
  });

  test.each(REFUSALS)(
    'tells %s by name, fault and reason',
    async (_case, error, fault, asCreate, asDelete) => {
      sso.on(CreateAccountAssignmentCommand).rejects(error);
      sso.on(DeleteAccountAssignmentCommand).rejects(error);

      const create = await refusalOf(identityCenter.createAssignment(KEY));
      const remove = await refusalOf(identityCenter.deleteAssignment(KEY));

      expect(create).toMatchObject({ refusal: { name: error.name, fault }, cause: error });
      expect(classifyRefusal('create', create.refusal)).toBe(asCreate);
      expect(classifyRefusal('delete', remove.refusal)).toBe(asDelete);
    },
  );

  test('holds an accepted call whose answer names no request id for unknown', async () => {
    sso.on(CreateAccountAssignmentCommand).resolves({});

    const { refusal } = await refusalOf(identityCenter.createAssignment(KEY));

    expect(classifyRefusal('create', refusal)).toBe('unknown');
  });

  test('answers status and reason of an operation word for word', async () => {
    sso
      .on(DescribeAccountAssignmentCreationStatusCommand)
      .resolves({ AccountAssignmentCreationStatus: { Status: 'FAILED', FailureReason: 'Received a 404' } });
    sso
      .on(DescribeAccountAssignmentDeletionStatusCommand)
      .resolves({ AccountAssignmentDeletionStatus: { Status: 'IN_PROGRESS' } });

    expect(await identityCenter.describe('create', 'c-1')).toEqual({
      status: 'FAILED',
      reason: 'Received a 404',
    });
    expect(await identityCenter.describe('delete', 'd-1')).toEqual({ status: 'IN_PROGRESS' });
  });

  test('holds an operation that the service does not know for unknown', async () => {
    sso.on(DescribeAccountAssignmentCreationStatusCommand).rejects(awsError(ResourceNotFoundException, 400));
    sso.on(DescribeAccountAssignmentDeletionStatusCommand).resolves({});

    expect(await identityCenter.describe('create', 'c-1')).toEqual({ status: 'UNKNOWN' });
    expect(await identityCenter.describe('delete', 'd-1')).toEqual({ status: 'UNKNOWN' });
  });

  test('shows who is assigned at a place, to the last page', async () => {
    const row = { PrincipalType: 'USER', PrincipalId: KEY.principalId } as const;
    const group = { ...row, PrincipalType: 'GROUP' } as const;
    sso.on(ListAccountAssignmentsCommand).resolves({ AccountAssignments: [group], NextToken: '2' });
    sso.on(ListAccountAssignmentsCommand, { NextToken: '2' }).resolves({ AccountAssignments: [row] });

    expect(await identityCenter.assignees(KEY)).toEqual([
      { principalType: 'GROUP', principalId: KEY.principalId },
      { principalType: 'USER', principalId: KEY.principalId },
    ]);
  });

  test('asks when the next page may be read, and reads no more where it may not', async () => {
    const over = new Error('the pass is over');
    sso.on(ListAccountAssignmentsCommand).resolves({ AccountAssignments: [], NextToken: '2' });
    sso.on(ListAccountAssignmentCreationStatusCommand).resolves({ NextToken: '2' });
    sso.on(ListAccountsForProvisionedPermissionSetCommand).resolves({ AccountIds: [], NextToken: '2' });
    const lists = [
      (nextPage: NextPage) => identityCenter.assignees(KEY, nextPage),
      (nextPage: NextPage) => identityCenter.inProgress('create', nextPage),
      (nextPage: NextPage) => identityCenter.staleAccounts(KEY.permissionSetArn, nextPage),
    ];

    for (const list of lists) {
      const nextPage = jest.fn<Promise<void>, []>().mockResolvedValueOnce().mockRejectedValueOnce(over);
      await expect(list(nextPage)).rejects.toBe(over);
      expect(nextPage).toHaveBeenCalledTimes(2);
    }
    expect(sso.calls()).toHaveLength(6);
  });

  test('shows operations of every state a page at a time, in the order of the service', async () => {
    const rows = [
      { RequestId: 'c-2', Status: 'FAILED', CreatedDate: new Date(2_000) },
      { RequestId: 'c-1', Status: 'SUCCEEDED' },
    ] as const;
    sso
      .on(ListAccountAssignmentCreationStatusCommand)
      .resolves({ AccountAssignmentsCreationStatus: [...rows], NextToken: '2' });
    sso
      .on(ListAccountAssignmentCreationStatusCommand, { NextToken: '2' })
      .resolves({ AccountAssignmentsCreationStatus: [{ RequestId: 'c-0', Status: 'IN_PROGRESS' }] });

    const first = await identityCenter.operationsPage('create');
    const second = await identityCenter.operationsPage('create', first.next);

    expect(first).toEqual({
      rows: [
        { requestId: 'c-2', status: 'FAILED', createdAt: 2_000 },
        { requestId: 'c-1', status: 'SUCCEEDED' },
      ],
      next: '2',
    });
    expect(second).toEqual({ rows: [{ requestId: 'c-0', status: 'IN_PROGRESS' }] });
  });

  test('takes a permission set that is not in the account for a place without assignments', async () => {
    sso.on(ListAccountAssignmentsCommand).rejects(awsError(ResourceNotFoundException, 400));

    expect(await identityCenter.assignees(KEY)).toEqual([]);
  });

  test.each(FAILURES)(
    'never takes %s for the absence of an assignment or an operation',
    async (_case, error) => {
      sso.rejects(error);

      await expect(identityCenter.assignees(KEY)).rejects.toBe(error);
      await expect(identityCenter.describe('create', 'c-1')).rejects.toBe(error);
      await expect(identityCenter.describe('delete', 'd-1')).rejects.toBe(error);
    },
  );
});

async function refusalOf(call: Promise<unknown>): Promise<CallRefusedError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallRefusedError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}
