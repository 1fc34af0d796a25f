import { INSTANCE, MANAGEMENT, START, createTestWorld, type Output } from './support';

const KEY = 'arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const minutes = (count: number): { kind: 'fixed'; seconds: number } => ({
  kind: 'fixed',
  seconds: 60 * count,
});

function openWorld() {
  const world = createTestWorld({ requestsPerSecond: 'unlimited', regionLatency: minutes(2) });
  const on = (operation: string, input: Output = {}, as?: string): Promise<Output> =>
    world.call(operation, { InstanceArn: INSTANCE, ...input }, as);
  return { ...world, on };
}

describe('the instance', () => {
  test('is renamed, and gets a key of its own (E1)', async () => {
    const { on } = openWorld();

    await on('UpdateInstance', { Name: 'people' });
    await on('UpdateInstance', {
      EncryptionConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: KEY },
    });

    expect(await on('DescribeInstance')).toMatchObject({
      Name: 'people',
      OwnerAccountId: MANAGEMENT,
      EncryptionConfigurationDetails: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: KEY },
    });
  });

  test.each([[{ KeyType: 'CUSTOMER_MANAGED_KEY' }], [{ KeyType: 'AWS_OWNED_KMS_KEY', KmsKeyArn: KEY }]])(
    'has a key if and only if it is the customer’s: %j (E1)',
    async (EncryptionConfiguration) => {
      await expect(openWorld().on('UpdateInstance', { EncryptionConfiguration })).rejects.toMatchObject({
        code: 'ValidationException',
      });
    },
  );

  test('is not made a second time (E2)', async () => {
    const { call } = openWorld();

    await expect(call('CreateInstance', {}, 'root')).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await expect(call('CreateInstance', {}, 'member')).rejects.toMatchObject({ code: 'ConflictException' });
  });

  test('is deleted by its owner alone, and is nowhere then (E3)', async () => {
    const { on, call } = openWorld();
    await expect(on('DeleteInstance')).rejects.toMatchObject({ code: 'AccessDeniedException' });

    await on('DeleteInstance', {}, 'root');

    expect(await call('ListInstances')).toEqual({ Instances: [] });
    await expect(on('DescribeInstance')).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await expect(on('ListPermissionSets')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('attributes for access control', () => {
  const configured = (...keys: string[]): Output => ({
    InstanceAccessControlAttributeConfiguration: {
      AccessControlAttributes: keys.map((Key) => ({ Key, Value: { Source: [`\${path:${Key}}`] } })),
    },
  });

  test('are configured once, replaced as a whole, and deleted (E4)', async () => {
    const { on } = openWorld();
    await on('CreateInstanceAccessControlAttributeConfiguration', configured('department', 'site'));
    await expect(
      on('CreateInstanceAccessControlAttributeConfiguration', configured('site')),
    ).rejects.toMatchObject({ code: 'ConflictException' });

    await on('UpdateInstanceAccessControlAttributeConfiguration', configured('site'));
    const described = await on('DescribeInstanceAccessControlAttributeConfiguration');
    await on('DeleteInstanceAccessControlAttributeConfiguration');

    expect(described).toEqual({ Status: 'ENABLED', ...configured('site') });
    for (const operation of ['Describe', 'Delete']) {
      await expect(on(`${operation}InstanceAccessControlAttributeConfiguration`)).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
      });
    }
  });
});

describe('the Regions of the instance', () => {
  const PRIMARY = {
    RegionName: 'eu-west-1',
    Status: 'ACTIVE',
    AddedDate: START / 1000,
    IsPrimaryRegion: true,
  };
  const FRANKFURT = { RegionName: 'eu-central-1' };

  test('are its own at first (E5)', async () => {
    const { on } = openWorld();

    expect(await on('ListRegions')).toEqual({ Regions: [PRIMARY] });
    expect(await on('DescribeRegion', { RegionName: 'eu-west-1' })).toEqual(PRIMARY);
    await expect(on('DescribeRegion', FRANKFURT)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  test('are added and removed after a while (E6)', async () => {
    const { on, pass } = openWorld();
    const status = async (): Promise<unknown> => (await on('DescribeRegion', FRANKFURT)).Status;

    expect(await on('AddRegion', FRANKFURT)).toEqual({ Status: 'ADDING' });
    await expect(on('RemoveRegion', FRANKFURT)).rejects.toMatchObject({ code: 'ConflictException' });
    await pass(120);
    expect(await status()).toBe('ACTIVE');
    await expect(on('AddRegion', FRANKFURT)).rejects.toMatchObject({ code: 'ConflictException' });
    expect(await on('RemoveRegion', FRANKFURT)).toEqual({ Status: 'REMOVING' });
    expect(await status()).toBe('REMOVING');
    await pass(120);

    await expect(status()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('are six at most, and the primary one stays (E6)', async () => {
    const { on } = openWorld();
    for (let n = 1; n <= 5; n += 1) await on('AddRegion', { RegionName: `us-east-${n}` });

    await expect(on('AddRegion', FRANKFURT)).rejects.toMatchObject({ code: 'ServiceQuotaExceededException' });
    await expect(on('RemoveRegion', { RegionName: 'eu-west-1' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('are no business of other accounts (C2)', async () => {
    const { on } = openWorld();

    await expect(on('ListRegions', {}, 'member')).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('sso:ListRegions') as unknown,
    });
  });
});
