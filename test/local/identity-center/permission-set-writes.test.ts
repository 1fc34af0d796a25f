import { QUOTA_PROFILES } from '../../../local/identity-center/quotas';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import {
  BREAK_GLASS,
  INSTANCE,
  ORGANIZATION,
  POWER_USER,
  READ_ONLY,
  START,
  UNKNOWN_SET,
  createTestWorld,
  type Output,
} from './support';

const DEV = '444444444444';
const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });

function openWorld(settings: Partial<SimulatorSettings> = {}) {
  const world = createTestWorld({ requestsPerSecond: 'unlimited', createLatency: fixed(1), ...settings });
  const create = async (input: Output = {}): Promise<Output> => {
    const answer = await world.call('CreatePermissionSet', {
      InstanceArn: INSTANCE,
      Name: 'Auditor',
      ...input,
    });
    return answer.PermissionSet as Output;
  };
  const on = (operation: string, arn: string, input: Output = {}, as?: string): Promise<Output> =>
    world.call(operation, { InstanceArn: INSTANCE, PermissionSetArn: arn, ...input }, as);
  const describe = async (arn: string): Promise<Output> =>
    (await on('DescribePermissionSet', arn)).PermissionSet as Output;
  const behind = async (arn: string): Promise<unknown> =>
    (
      await on('ListAccountsForProvisionedPermissionSet', arn, {
        ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
      })
    ).AccountIds;
  return { ...world, create, on, describe, behind };
}

describe('creating a permission set', () => {
  test('answers it with an ARN of its own, and it is there at once (D1)', async () => {
    const { call, create, describe: described } = openWorld();

    const made = await create({ Description: 'Looks', RelayState: 'https://example.com/' });

    expect(made).toMatchObject({
      Name: 'Auditor',
      Description: 'Looks',
      SessionDuration: 'PT1H',
      RelayState: 'https://example.com/',
      CreatedDate: START / 1000,
    });
    expect(made.PermissionSetArn).toMatch(
      /^arn:aws:sso:::permissionSet\/ssoins-1111222233334444\/ps-[0-9a-f]{16}$/,
    );
    expect(await described(String(made.PermissionSetArn))).toEqual(made);
    const { PermissionSets: all } = await call('ListPermissionSets', { InstanceArn: INSTANCE });
    expect(all).toEqual([READ_ONLY, POWER_USER, BREAK_GLASS, made.PermissionSetArn]);
  });

  test('under a name that is there is a conflict (D2)', async () => {
    const { create } = openWorld();

    await expect(create({ Name: 'ReadOnly' })).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'PermissionSet with name ReadOnly already exists.',
    });
  });

  test.each(['PT59M', 'PT12H1S', 'P1D'])('refuses a session of %s (D3)', async (duration) => {
    await expect(openWorld().create({ SessionDuration: duration })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(duration) as unknown,
    });
  });

  test('takes sessions from one to twelve hours (D3)', async () => {
    const { create } = openWorld();

    expect((await create({ SessionDuration: 'PT1H' })).SessionDuration).toBe('PT1H');
    expect((await create({ Name: 'Long', SessionDuration: 'PT720M' })).SessionDuration).toBe('PT720M');
  });

  test('beyond the quota of the edition is refused (D7)', async () => {
    const { create } = openWorld({ quotaVintage: '2021' });
    const { permissionSets } = QUOTA_PROFILES['2021'];
    for (let n = ORGANIZATION.permissionSets.length; n < permissionSets; n += 1)
      await create({ Name: `Set${n}` });

    await expect(create({ Name: 'OneMore' })).rejects.toMatchObject({
      code: 'ServiceQuotaExceededException',
    });
  });

  test('does not hide or repeat sets of a list that is read page by page (D1)', async () => {
    const { call, on, create } = openWorld();
    const page = async (token?: unknown): Promise<Output> =>
      call('ListPermissionSets', { InstanceArn: INSTANCE, MaxResults: 2, NextToken: token });
    await create();

    const first = await page();
    await on('DeletePermissionSet', POWER_USER);
    const second = await page(first.NextToken);

    expect(first.PermissionSets).toEqual([READ_ONLY, POWER_USER]);
    expect((second.PermissionSets as string[])[0]).toBe(BREAK_GLASS);
  });
});

describe('updating a permission set', () => {
  test('clears the relay state that is not given, and keeps the rest (D4)', async () => {
    const { on, describe: described } = openWorld();

    await on('UpdatePermissionSet', POWER_USER, { Description: 'Builds' });
    await on('UpdatePermissionSet', POWER_USER, { SessionDuration: 'PT2H' });

    const { Description, SessionDuration, RelayState } = await described(POWER_USER);
    expect({ Description, SessionDuration, RelayState }).toEqual({
      Description: 'Builds',
      SessionDuration: 'PT2H',
      RelayState: undefined,
    });
  });

  test('may clear everything that is not given (D4)', async () => {
    const { on, describe: described } = openWorld({ updateClears: 'everything' });

    await on('UpdatePermissionSet', READ_ONLY, { RelayState: 'https://example.com/' });

    const { Description, SessionDuration } = await described(READ_ONLY);
    expect({ Description, SessionDuration }).toEqual({ Description: undefined, SessionDuration: 'PT1H' });
  });

  test('leaves accounts behind until the set is provisioned (D6)', async () => {
    const { on, behind } = openWorld();
    expect(await behind(READ_ONLY)).toEqual([]);

    await on('UpdatePermissionSet', READ_ONLY, { Description: 'Looks' });

    expect(await behind(READ_ONLY)).toEqual([DEV]);
  });
});

describe('deleting a permission set', () => {
  test('that has a role somewhere is a conflict, until the role is gone (D5)', async () => {
    const { call, on, start, pass } = openWorld({ deleteLatency: fixed(1) });
    await expect(on('DeletePermissionSet', READ_ONLY)).rejects.toMatchObject({
      code: 'ConflictException',
      message: expect.stringMatching(/^Could not delete bec/) as unknown,
    });
    await start('delete', { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' });
    await pass(1);
    await start('delete', { account: 'dev', permissionSet: 'ReadOnly', group: 'Developers' });
    await expect(on('DeletePermissionSet', READ_ONLY)).rejects.toMatchObject({ code: 'ConflictException' });
    await pass(1);

    await on('DeletePermissionSet', READ_ONLY);

    await expect(on('DescribePermissionSet', READ_ONLY)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    const { PermissionSets: all } = await call('ListPermissionSets', { InstanceArn: INSTANCE });
    expect(all).not.toContain(READ_ONLY);
  });

  test('for which an assignment is being made is a conflict (D5)', async () => {
    const { on, start } = openWorld();
    await start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'bob' });

    await expect(on('DeletePermissionSet', POWER_USER)).rejects.toMatchObject({ code: 'ConflictException' });
  });
});

describe('the delegated administrator', () => {
  test.each([
    ['UpdatePermissionSet', {}],
    ['DeletePermissionSet', {}],
    ['AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['DetachManagedPolicyFromPermissionSet', { ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['PutInlinePolicyToPermissionSet', { InlinePolicy: '{"Statement":[]}' }],
    ['DeleteInlinePolicyFromPermissionSet', {}],
    ['DeletePermissionsBoundaryFromPermissionSet', {}],
  ])('may not %s where the set is provisioned in the management account (C8)', async (operation, input) => {
    const { on } = openWorld();

    await expect(on(operation, BREAK_GLASS, input)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining(`sso:${operation} on resource: ${BREAK_GLASS}`) as unknown,
    });
  });

  test('is refused before anybody looks whether the set exists, and the management account is not (C8)', async () => {
    const { on } = openWorld();

    await expect(on('UpdatePermissionSet', UNKNOWN_SET)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await on('UpdatePermissionSet', BREAK_GLASS, { Description: 'Emergencies' }, 'root')).toEqual({});
  });
});
