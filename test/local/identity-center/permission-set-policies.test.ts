import { QUOTA_PROFILES } from '../../../local/identity-center/quotas';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { INSTANCE, POWER_USER, READ_ONLY, createTestWorld, type Output } from './support';

const DEV = '444444444444';
const VIEW = 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess';
const policy = (n: number): string => `arn:aws:iam::aws:policy/Policy${n}`;

function openWorld(settings: Partial<SimulatorSettings> = {}) {
  const world = createTestWorld({ requestsPerSecond: 'unlimited', ...settings });
  const on = (operation: string, input: Output = {}, arn = READ_ONLY): Promise<Output> =>
    world.call(operation, { InstanceArn: INSTANCE, PermissionSetArn: arn, ...input });
  const attach = (arn: string, set = READ_ONLY): Promise<Output> =>
    on('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: arn }, set);
  const reference = (name: string, path?: string): Output => ({
    CustomerManagedPolicyReference: { Name: name, ...(path === undefined ? {} : { Path: path }) },
  });
  const behind = async (): Promise<unknown> =>
    (
      await on('ListAccountsForProvisionedPermissionSet', {
        ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
      })
    ).AccountIds;
  return { ...world, on, attach, reference, behind };
}

describe('managed policies', () => {
  test('are attached, listed by name and ARN, and detached (D8)', async () => {
    const { on, attach } = openWorld();

    await attach(VIEW);
    await attach(policy(1));
    const { AttachedManagedPolicies: both } = await on('ListManagedPoliciesInPermissionSet');
    await on('DetachManagedPolicyFromPermissionSet', { ManagedPolicyArn: VIEW });
    const { AttachedManagedPolicies: one } = await on('ListManagedPoliciesInPermissionSet');

    expect(both).toEqual([
      { Name: 'Policy1', Arn: policy(1) },
      { Name: 'ViewOnlyAccess', Arn: VIEW },
    ]);
    expect(one).toEqual([{ Name: 'Policy1', Arn: policy(1) }]);
  });

  test('are attached once: a second time is a conflict, in the service’s words (D8)', async () => {
    const { attach } = openWorld();
    await attach(VIEW);

    await expect(attach(VIEW)).rejects.toMatchObject({
      code: 'ConflictException',
      message: `Permission set with id ps-0000000000000001 already has a typed link attachment to a manged policy with ${VIEW}`,
    });
  });

  test('that are not attached cannot be detached (D8)', async () => {
    const { on } = openWorld();

    await expect(
      on('DetachManagedPolicyFromPermissionSet', { ManagedPolicyArn: VIEW }),
    ).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Could not find ManagedPolicy with arn ${VIEW}`,
    });
  });

  test('that are no AWS managed policies are refused (V1)', async () => {
    const { attach } = openWorld();

    await expect(attach('arn:aws:iam::111111111111:policy/Own')).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('conflict with those of any other set while one settles (D9)', async () => {
    const { attach, pass } = openWorld({ policyWriteSettles: { kind: 'fixed', seconds: 2 } });
    await attach(VIEW);

    await expect(attach(policy(1), POWER_USER)).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'There is a conflicting operation in process.',
    });
    await pass(2);
    expect(await attach(policy(1), POWER_USER)).toEqual({});
  });

  test.each(['2022', 'newest'] as const)(
    'and references to customer managed ones share the quota of the edition %s (D7)',
    async (quotaVintage) => {
      const { on, attach, reference } = openWorld({ quotaVintage });
      const most = QUOTA_PROFILES[quotaVintage].policiesPerPermissionSet;
      await on('AttachCustomerManagedPolicyReferenceToPermissionSet', reference('Own'));
      for (let n = 1; n < most; n += 1) await attach(policy(n));

      await expect(attach(VIEW)).rejects.toMatchObject({
        code: 'ServiceQuotaExceededException',
        message: expect.stringContaining(
          `Cannot create ManagedPolicy more than ${most} for id ps-0000000000000001.`,
        ) as unknown,
      });
    },
  );
});

describe('references to customer managed policies', () => {
  test('are attached, listed and detached by name and path (D10)', async () => {
    const { on, reference } = openWorld();
    await on('AttachCustomerManagedPolicyReferenceToPermissionSet', reference('Own'));
    await on('AttachCustomerManagedPolicyReferenceToPermissionSet', reference('Own', '/team/'));

    const { CustomerManagedPolicyReferences: both } = await on(
      'ListCustomerManagedPolicyReferencesInPermissionSet',
    );
    await on('DetachCustomerManagedPolicyReferenceFromPermissionSet', reference('Own', '/'));
    const { CustomerManagedPolicyReferences: one } = await on(
      'ListCustomerManagedPolicyReferencesInPermissionSet',
    );

    expect(both).toEqual([
      { Name: 'Own', Path: '/' },
      { Name: 'Own', Path: '/team/' },
    ]);
    expect(one).toEqual([{ Name: 'Own', Path: '/team/' }]);
  });

  test('are attached once, and are not detached where they are not (D10)', async () => {
    const { on, reference } = openWorld();
    await on('AttachCustomerManagedPolicyReferenceToPermissionSet', reference('Own'));

    await expect(
      on('AttachCustomerManagedPolicyReferenceToPermissionSet', reference('Own')),
    ).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'Given customer managed policy with name: Own  and path / already attached',
    });
    await expect(
      on('DetachCustomerManagedPolicyReferenceFromPermissionSet', reference('Other')),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('the inline policy', () => {
  const document = '{"Version":"2012-10-17","Statement":[]}';

  test('is put, answered as it was given, and deleted (D11)', async () => {
    const { on } = openWorld();

    await on('PutInlinePolicyToPermissionSet', { InlinePolicy: ` ${document} ` });
    const { InlinePolicy: put } = await on('GetInlinePolicyForPermissionSet');
    await on('DeleteInlinePolicyFromPermissionSet');

    expect(put).toBe(` ${document} `);
    expect(await on('GetInlinePolicyForPermissionSet')).toEqual({ InlinePolicy: '' });
  });

  test('may be absent where there is none, and deleting none succeeds (D11)', async () => {
    const { on, behind } = openWorld({ noInlinePolicy: 'absent' });

    expect(await on('DeleteInlinePolicyFromPermissionSet')).toEqual({});
    expect(await on('GetInlinePolicyForPermissionSet')).toEqual({});
    expect(await behind()).toEqual([]);
  });

  test.each(['{', '[]', '"text"', '{"Version":"2012-10-17"}'])('is no document: %s (D12)', async (text) => {
    const { on } = openWorld();

    await expect(on('PutInlinePolicyToPermissionSet', { InlinePolicy: text })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/^Malformed policy document/) as unknown,
    });
  });

  test('counts white space by bytes only (D7)', async () => {
    const { on } = openWorld();
    const filled = (characters: string): string => `{"Statement":[],"Id":"${characters}"}`;
    const put = (text: string) => on('PutInlinePolicyToPermissionSet', { InlinePolicy: text });

    expect(await put(`${filled('')}${' '.repeat(30_000)}`)).toEqual({});
    await expect(put(filled('x'.repeat(10_240)))).rejects.toMatchObject({
      code: 'ServiceQuotaExceededException',
    });
  });
});

describe('the permissions boundary', () => {
  test.each([
    [{ ManagedPolicyArn: VIEW }],
    [{ CustomerManagedPolicyReference: { Name: 'Own', Path: '/team/' } }],
  ])('is put and answered: %j (D13)', async (PermissionsBoundary) => {
    const { on } = openWorld();

    await on('PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary });

    expect(await on('GetPermissionsBoundaryForPermissionSet')).toEqual({ PermissionsBoundary });
  });

  test('is one of the two kinds (D13)', async () => {
    const { on } = openWorld();
    const both = { ManagedPolicyArn: VIEW, CustomerManagedPolicyReference: { Name: 'Own' } };

    for (const PermissionsBoundary of [{}, both]) {
      await expect(
        on('PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary }),
      ).rejects.toMatchObject({
        code: 'ValidationException',
      });
    }
  });

  test('that is not there is not found, and its deletion succeeds (D13)', async () => {
    const { on } = openWorld();

    expect(await on('DeletePermissionsBoundaryFromPermissionSet')).toEqual({});
    await expect(on('GetPermissionsBoundaryForPermissionSet')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('every change of what a role has', () => {
  test.each([
    ['AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: VIEW }],
    [
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      { CustomerManagedPolicyReference: { Name: 'Own' } },
    ],
    ['PutInlinePolicyToPermissionSet', { InlinePolicy: '{"Statement":[]}' }],
    ['PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary: { ManagedPolicyArn: VIEW } }],
  ])('leaves accounts behind: %s (D6)', async (operation, input) => {
    const { on, behind } = openWorld();

    await on(operation, input);

    expect(await behind()).toEqual([DEV]);
  });
});

describe('tags', () => {
  test('are added, replaced, listed and removed, and leave no account behind (D14)', async () => {
    const { call, behind } = openWorld();
    const resource = { ResourceArn: READ_ONLY };

    await call('TagResource', {
      ...resource,
      Tags: [
        { Key: 'risk', Value: 'none' },
        { Key: 'team', Value: '' },
      ],
    });
    const { Tags: tagged } = await call('ListTagsForResource', resource);
    await call('UntagResource', { ...resource, TagKeys: ['risk', 'never there'] });
    const { Tags: left } = await call('ListTagsForResource', { ...resource, InstanceArn: INSTANCE });

    expect(tagged).toEqual([
      { Key: 'risk', Value: 'none' },
      { Key: 'team', Value: '' },
    ]);
    expect(left).toEqual([{ Key: 'team', Value: '' }]);
    expect(await behind()).toEqual([]);
  });

  test('are those of the instance, too (D14)', async () => {
    const { call } = openWorld();
    await call('TagResource', { ResourceArn: INSTANCE, Tags: [{ Key: 'owner', Value: 'platform' }] });

    expect(await call('ListTagsForResource', { ResourceArn: INSTANCE })).toEqual({
      Tags: [{ Key: 'owner', Value: 'platform' }],
    });
  });

  test('are at most fifty, each key once and none of AWS’s own (D15)', async () => {
    const { call } = openWorld();
    const tag = (...keys: string[]) =>
      call('TagResource', { ResourceArn: POWER_USER, Tags: keys.map((Key) => ({ Key, Value: 'v' })) });
    await tag(...Array.from({ length: 50 }, (_, n) => `key${n}`));

    await expect(tag('one more')).rejects.toMatchObject({ code: 'ServiceQuotaExceededException' });
    await expect(tag('aws:cloudformation')).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(tag('key1', 'key1')).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('of nothing that is there are not found (D14)', async () => {
    const { call } = openWorld();
    const ResourceArn = `${POWER_USER.slice(0, -1)}9`;

    await expect(call('ListTagsForResource', { ResourceArn })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});
