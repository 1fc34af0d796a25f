import {
  AccessDeniedException,
  DescribePermissionSetCommand,
  InternalServerException,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ResourceNotFoundException,
  SSOAdminClient,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-sso-admin';
import { mockClient } from 'aws-sdk-client-mock';
import { SdkInstances } from '../../../lambdas/runtime/instances';
import { SdkPermissionSets } from '../../../lambdas/runtime/permission-sets';
import { awsError, timeout } from '../../support/aws-errors';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';

/** The index of the ledger, in memory. */
class MemoryIndex {
  names: ReadonlyMap<string, string> = new Map();

  read(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(this.names);
  }

  write(names: ReadonlyMap<string, string>): Promise<void> {
    this.names = names;
    return Promise.resolve();
  }
}

describe('SdkPermissionSets', () => {
  const sso = mockClient(SSOAdminClient);
  let sets: Record<string, { Name: string; SessionDuration?: string }>;
  let index: MemoryIndex;

  beforeEach(() => {
    sso.reset();
    index = new MemoryIndex();
    sets = {
      'arn:1': { Name: 'ReadOnly', SessionDuration: 'PT4H30M' },
      'arn:2': { Name: 'Admin' },
      'arn:3': { Name: 'Billing' },
    };
    sso.on(DescribePermissionSetCommand).callsFake(({ PermissionSetArn }: { PermissionSetArn: string }) => {
      const set = sets[PermissionSetArn];
      if (set === undefined) throw awsError(ResourceNotFoundException, 400);
      return { PermissionSet: { ...set, PermissionSetArn } };
    });
    sso.on(ListPermissionSetsCommand).callsFake(({ NextToken }: { NextToken?: string }) => {
      const [first = '', ...rest] = Object.keys(sets);
      return NextToken === undefined ? { PermissionSets: [first], NextToken: '2' } : { PermissionSets: rest };
    });
  });

  const fresh = () => new SdkPermissionSets(INSTANCE, index);
  const described = () => sso.commandCalls(DescribePermissionSetCommand).length;

  test('finds a name on the last page of the list, with the length of its sessions', async () => {
    expect(await fresh().named('Billing')).toEqual({ arn: 'arn:3', name: 'Billing', sessionMs: 60 * 60_000 });
    expect(await fresh().named('ReadOnly')).toEqual({
      arn: 'arn:1',
      name: 'ReadOnly',
      sessionMs: 270 * 60_000,
    });
  });

  test('costs one description where the name was found before, also in another environment of the function', async () => {
    await fresh().named('Admin');
    const before = described();

    await fresh().named('Billing');

    expect(described() - before).toBe(1);
    expect(sso.commandCalls(ListPermissionSetsCommand)).toHaveLength(2);
  });

  test('finds a set that was deleted and made again under the same name', async () => {
    const known = fresh();
    await known.named('Admin');
    delete sets['arn:2'];
    sets['arn:4'] = { Name: 'Admin' };

    expect(await known.named('Admin')).toMatchObject({ arn: 'arn:4' });
  });

  test('answers nothing for a name or an ARN that is not there', async () => {
    expect(await fresh().named('Nothing')).toBeUndefined();
    expect(await fresh().withArn('arn:9')).toBeUndefined();
  });

  test('answers nothing for an ARN that the service does not take', async () => {
    sso.on(DescribePermissionSetCommand).rejects(awsError(ValidationException, 400));

    expect(await fresh().withArn('arn:1')).toBeUndefined();
  });

  const failures: readonly (readonly [string, Error])[] = [
    ['a timeout', timeout()],
    ['a throttle', awsError(ThrottlingException, 400)],
    ['a missing right', awsError(AccessDeniedException, 400)],
    ['an error of the service', awsError(InternalServerException, 500)],
    ['a key that is not found', awsError(ResourceNotFoundException, 400, 'KMS_NotFoundException')],
    ['a key that is disabled', awsError(ValidationException, 400, 'KMS_DisabledException')],
  ];

  test.each(failures)('never takes %s of a description for the absence of a set', async (_case, error) => {
    sso.on(DescribePermissionSetCommand).rejects(error);

    await expect(fresh().withArn('arn:1')).rejects.toBe(error);
    await expect(fresh().named('ReadOnly')).rejects.toBe(error);
    expect(index.names.size).toBe(0);
  });

  test.each(failures)('never takes %s of the list for the absence of a set', async (_case, error) => {
    sso.on(ListPermissionSetsCommand).rejects(error);

    await expect(fresh().named('ReadOnly')).rejects.toBe(error);
  });
});

describe('SdkInstances', () => {
  const sso = mockClient(SSOAdminClient);

  beforeEach(() => {
    sso.reset();
  });

  test('answers the instances of all pages', async () => {
    sso
      .on(ListInstancesCommand)
      .resolves({ Instances: [{ InstanceArn: 'arn:1', IdentityStoreId: 'd-1' }], NextToken: '2' });
    sso
      .on(ListInstancesCommand, { NextToken: '2' })
      .resolves({ Instances: [{ InstanceArn: 'arn:2', IdentityStoreId: 'd-2' }] });

    expect(await new SdkInstances().list()).toEqual([
      { instanceArn: 'arn:1', identityStoreId: 'd-1' },
      { instanceArn: 'arn:2', identityStoreId: 'd-2' },
    ]);
  });

  test.each([
    ['a timeout', timeout()],
    ['a throttle', awsError(ThrottlingException, 400)],
    ['a missing right', awsError(AccessDeniedException, 400)],
    ['an error of the service', awsError(InternalServerException, 500)],
  ])('passes %s on', async (_case, error) => {
    sso.on(ListInstancesCommand).rejects(error);

    await expect(new SdkInstances().list()).rejects.toBe(error);
  });
});
