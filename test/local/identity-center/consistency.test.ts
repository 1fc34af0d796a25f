import { createTestWorld, INSTANCE, READ_ONLY, refusal, type TestWorld } from './support';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
const QUICK = { createLatency: fixed(1), deleteLatency: fixed(1) };
const ALICE_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'alice' };
const BOB_IN_DEV = { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' };

/** Last digits of the users that the list shows. */
async function listedUsers({ call }: TestWorld): Promise<string[]> {
  const output = await call('ListAccountAssignments', {
    InstanceArn: INSTANCE,
    AccountId: '444444444444',
    PermissionSetArn: READ_ONLY,
  });
  return (output.AccountAssignments as { PrincipalType: string; PrincipalId: string }[])
    .filter(({ PrincipalType }) => PrincipalType === 'USER')
    .map(({ PrincipalId }) => PrincipalId.slice(-1));
}

describe('eventual consistency', () => {
  test('a grant and a revoke are listed after the lag, and true before (L1)', async () => {
    const world = createTestWorld({ ...QUICK, listLag: fixed(10) });
    await world.start('create', ALICE_IN_DEV);
    await world.pass(1);
    await world.start('delete', BOB_IN_DEV);
    await world.pass(1);

    expect(world.rows()).toContain('dev/ReadOnly/alice');
    expect(world.rows()).not.toContain('dev/ReadOnly/bob');
    expect(await listedUsers(world)).toEqual(['2']);

    await world.pass(9);
    expect(await listedUsers(world)).toEqual(['2', '1']);

    await world.pass(1);
    expect(await listedUsers(world)).toEqual(['1']);
  });

  test('what is revoked and granted again within the lag stays listed once (L1)', async () => {
    const world = createTestWorld({ ...QUICK, listLag: fixed(10) });
    await world.start('delete', BOB_IN_DEV);
    await world.pass(1);
    await world.start('create', BOB_IN_DEV);
    await world.pass(1);

    expect(await listedUsers(world)).toEqual(['2']);
    await world.pass(20);
    expect(await listedUsers(world)).toEqual(['2']);
  });

  test('what is granted and revoked within the lag is never listed (L1)', async () => {
    const world = createTestWorld({ ...QUICK, listLag: fixed(10) });
    await world.start('create', ALICE_IN_DEV);
    await world.pass(1);
    await world.start('delete', ALICE_IN_DEV);
    await world.pass(1);

    expect(await listedUsers(world)).toEqual(['2']);
    await world.pass(9);
    expect(await listedUsers(world)).toEqual(['2']);
  });

  test('what the organization file says is listed from the start (L1)', async () => {
    expect(await listedUsers(createTestWorld({ listLag: fixed(3600) }))).toEqual(['2']);
  });

  test('Describe knows an operation after its lag (L2)', async () => {
    const { start, status, pass } = createTestWorld({ ...QUICK, describeLag: fixed(3) });
    const id = await start('create', ALICE_IN_DEV);

    await pass(2.999);
    expect((await refusal(status('create', id))).code).toBe('ResourceNotFoundException');
    await pass(0.001);
    expect(await status('create', id)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('List…Status shows an operation after its lag (L3)', async () => {
    const { call, start, pass } = createTestWorld({ ...QUICK, statusListLag: fixed(3) });
    await start('create', ALICE_IN_DEV);
    const count = async (): Promise<number> => {
      const output = await call('ListAccountAssignmentCreationStatus', { InstanceArn: INSTANCE });
      return (output.AccountAssignmentsCreationStatus as unknown[]).length;
    };

    expect(await count()).toBe(0);
    await pass(3);
    expect(await count()).toBe(1);
  });
});
