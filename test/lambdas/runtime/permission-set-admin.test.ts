import {
  AccessDeniedException,
  AttachManagedPolicyToPermissionSetCommand,
  ConflictException,
  CreatePermissionSetCommand,
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  InternalServerException,
  ListAccountAssignmentsCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  SSOAdminServiceException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-sso-admin';
import { mockClient } from 'aws-sdk-client-mock';
import { AdminCallError, CONTENT_PARTS } from '../../../core/ports/permission-sets';
import { SdkPermissionSetAdmin } from '../../../lambdas/runtime/permission-set-admin';
import { awsError, brokenConnection, timeout } from '../../support/aws-errors';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';
const SET = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1a2b3c4d5e6f7a81';
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

function conflict(message: string): ConflictException {
  return new ConflictException({ message, $metadata: { httpStatusCode: 400 } });
}

const expired = new SSOAdminServiceException({
  name: 'ExpiredTokenException',
  $fault: 'client',
  message: 'The security token is expired',
  $metadata: { httpStatusCode: 403 },
});

const FAULTS: readonly (readonly [string, Error, AdminCallError['fault']])[] = [
  ['a name that is taken', conflict('PermissionSet with name Admin already exists.'), 'exists'],
  [
    'a set that is in use',
    conflict('Could not delete because PermissionSet is provisioned in accounts'),
    'in use',
  ],
  ['another change under way', conflict('There is a conflicting operation in process.'), 'conflict'],
  [
    'a policy that is attached already',
    conflict(
      `Permission set with id ps-1 already has a typed link attachment to a manged policy with ${POLICY}`,
    ),
    'conflict',
  ],
  ['a set that is not there', awsError(ResourceNotFoundException, 400), 'gone'],
  ['a quota', awsError(ServiceQuotaExceededException, 400), 'quota'],
  ['a wrong value', awsError(ValidationException, 400), 'invalid'],
  ['a missing right', awsError(AccessDeniedException, 400), 'denied'],
  ['a throttle', awsError(ThrottlingException, 400), 'throttled'],
  ['an error of the service', awsError(InternalServerException, 500), 'unavailable'],
  ['a timeout', timeout(), 'unavailable'],
  ['a broken connection', brokenConnection(), 'unavailable'],
  ['expired credentials', expired, 'unavailable'],
  [
    'a key that is not found',
    awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException'),
    'unavailable',
  ],
  [
    'a key without the right',
    awsError(AccessDeniedException, 400, 'KMS_AccessDeniedException'),
    'unavailable',
  ],
  ['a key that is disabled', awsError(ValidationException, 400, 'KMS_DisabledException'), 'unavailable'],
  ['a key that throttles', awsError(ThrottlingException, 400, 'KMS_ThrottlingException'), 'unavailable'],
];

describe('SdkPermissionSetAdmin', () => {
  const sso = mockClient(SSOAdminClient);
  const admin = new SdkPermissionSetAdmin(INSTANCE);

  beforeEach(() => {
    sso.reset();
  });

  test.each(FAULTS)(
    'tells %s by its fault, with the operation and the service’s words',
    async (_case, error, fault) => {
      sso.on(AttachManagedPolicyToPermissionSetCommand).rejects(error);

      const thrown = await errorOf(admin.change(SET, { change: 'attach', awsManagedPolicy: POLICY }));

      expect(thrown).toBeInstanceOf(AdminCallError);
      expect(thrown).toMatchObject({
        fault,
        operation: 'AttachManagedPolicyToPermissionSet',
        message: `AttachManagedPolicyToPermissionSet: ${error.message}`,
        cause: error,
      });
    },
  );

  test('holds a set that was made, and whose ARN is not told, for unknown', async () => {
    sso.on(CreatePermissionSetCommand).resolves({});

    const made = admin.create({ name: 'Admin', sessionDuration: 'PT1H', tags: {} });

    await expect(made).rejects.toMatchObject({ fault: 'unavailable' });
  });

  describe('reading', () => {
    /** A set without anything, where the service leaves out all that it can. */
    beforeEach(() => {
      sso.on(DescribePermissionSetCommand).resolves({ PermissionSet: { Name: 'Admin' } });
      sso.on(ListTagsForResourceCommand).resolves({});
      sso.on(ListManagedPoliciesInPermissionSetCommand).resolves({});
      sso.on(ListCustomerManagedPolicyReferencesInPermissionSetCommand).resolves({});
      sso.on(GetInlinePolicyForPermissionSetCommand).resolves({});
      sso.on(GetPermissionsBoundaryForPermissionSetCommand).rejects(awsError(ResourceNotFoundException, 400));
    });

    test('takes what the service leaves out for its defaults', async () => {
      expect(await admin.read(SET, CONTENT_PARTS)).toEqual({
        sessionDuration: 'PT1H',
        tags: {},
        awsManagedPolicies: [],
        customerManagedPolicies: [],
      });
      expect(sso.calls()).toHaveLength(CONTENT_PARTS.length);
    });

    test('has no members for parts that were not asked for', async () => {
      expect(await admin.read(SET, ['tags'])).toEqual({ tags: {} });
      expect(sso.calls()).toHaveLength(1);
    });

    test('writes in one form what can be written in many', async () => {
      sso.on(DescribePermissionSetCommand).resolves({
        PermissionSet: { Description: ' ', SessionDuration: 'PT90M', RelayState: '' },
      });
      sso
        .on(GetInlinePolicyForPermissionSetCommand)
        .resolves({ InlinePolicy: '{ "Version": "2012-10-17",\n "Statement": [] }' });
      sso.on(ListManagedPoliciesInPermissionSetCommand).resolves({
        AttachedManagedPolicies: [{ Arn: `${POLICY}B` }, { Arn: POLICY }],
      });
      sso.on(ListCustomerManagedPolicyReferencesInPermissionSetCommand).resolves({
        CustomerManagedPolicyReferences: [
          { Name: 'b', Path: '/' },
          { Name: 'a', Path: '/x/' },
          { Name: 'a' },
        ],
      });
      sso.on(GetPermissionsBoundaryForPermissionSetCommand).resolves({
        PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'limit' } },
      });

      expect(await admin.read(SET, CONTENT_PARTS)).toEqual({
        sessionDuration: 'PT1H30M',
        tags: {},
        awsManagedPolicies: [POLICY, `${POLICY}B`],
        customerManagedPolicies: [
          { name: 'a', path: '/' },
          { name: 'b', path: '/' },
          { name: 'a', path: '/x/' },
        ],
        inlinePolicy: '{"Statement":[],"Version":"2012-10-17"}',
        permissionsBoundary: { customerManagedPolicy: { name: 'limit', path: '/' } },
      });
    });

    test('leaves as it is what is neither a policy document nor a duration', async () => {
      sso.on(DescribePermissionSetCommand).resolves({ PermissionSet: { SessionDuration: 'long' } });
      sso.on(GetInlinePolicyForPermissionSetCommand).resolves({ InlinePolicy: '{ not JSON' });

      expect(await admin.read(SET, ['attributes', 'inlinePolicy'])).toEqual({
        sessionDuration: 'long',
        inlinePolicy: '{ not JSON',
      });
    });

    test('reads lists to their last page, each a call', async () => {
      sso.on(ListTagsForResourceCommand).resolves({ Tags: [{ Key: 'a', Value: '1' }], NextToken: '2' });
      sso.on(ListTagsForResourceCommand, { NextToken: '2' }).resolves({ Tags: [{ Key: 'b', Value: '' }] });
      sso
        .on(ListManagedPoliciesInPermissionSetCommand)
        .resolves({ AttachedManagedPolicies: [], NextToken: '2' });
      sso
        .on(ListManagedPoliciesInPermissionSetCommand, { NextToken: '2' })
        .resolves({ AttachedManagedPolicies: [{ Arn: POLICY }] });

      expect(await admin.read(SET, ['tags', 'awsManagedPolicies'])).toEqual({
        tags: { a: '1', b: '' },
        awsManagedPolicies: [POLICY],
      });
      expect(sso.calls()).toHaveLength(4);
    });

    test.each(CONTENT_PARTS)('answers nothing for a set that is gone, seen by its %s', async (part) => {
      sso.rejects(awsError(ResourceNotFoundException, 400));

      expect(await admin.read(SET, [part])).toBeUndefined();
    });

    test('asks for the set where only its boundary is asked for, and there is none', async () => {
      expect(await admin.read(SET, ['permissionsBoundary'])).toEqual({});
      sso.on(DescribePermissionSetCommand).rejects(awsError(ResourceNotFoundException, 400));
      expect(await admin.read(SET, ['permissionsBoundary'])).toBeUndefined();
    });

    test('does not take a key that is not found for the absence of a boundary', async () => {
      sso
        .on(GetPermissionsBoundaryForPermissionSetCommand)
        .rejects(awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException'));

      await expect(admin.read(SET, CONTENT_PARTS)).rejects.toMatchObject({ fault: 'unavailable' });
    });
  });

  test('never takes a key that is not found for the absence of a set or of an assignment', async () => {
    sso.rejects(awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException'));

    const place = { accountId: '412345678901', permissionSetArn: SET };
    await expect(admin.nameOf(SET)).rejects.toMatchObject({ fault: 'unavailable' });
    await expect(admin.assignees(place)).rejects.toMatchObject({ fault: 'unavailable' });
    await expect(admin.read(SET, ['tags'])).rejects.toMatchObject({ fault: 'unavailable' });
  });

  test('has nobody assigned where the set is not provisioned', async () => {
    sso.on(ListAccountAssignmentsCommand).rejects(awsError(ResourceNotFoundException, 400));

    expect(await admin.assignees({ accountId: '412345678901', permissionSetArn: SET })).toEqual([]);
  });
});

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}
