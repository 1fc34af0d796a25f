import {
  createTestWorld,
  INSTANCE,
  POWER_USER,
  READ_ONLY,
  refusal,
  START,
  UNKNOWN_ID,
  type Output,
  type TestWorld,
} from './support';

const PROD = '333333333333';
const DEV = '444444444444';
const NOT_ASSIGNED = 'Received a 404 status error: Assignment not found.';

const fixed = (seconds: number): { kind: 'fixed'; seconds: number } => ({ kind: 'fixed', seconds });
/** Two seconds, and one for each account. */
const QUICK = { provisionLatency: fixed(2), provisionLatencyPerAccount: fixed(1) };

describe('following provisions', () => {
  /** Three provisions, a second apart: the first has succeeded, the second has failed, the third is under way. */
  async function three(world: TestWorld): Promise<[string, string, string]> {
    const first = await world.provision(READ_ONLY, DEV);
    await world.pass(1);
    const second = await world.provision(READ_ONLY, PROD);
    await world.pass(1);
    const third = await world.provision(POWER_USER, PROD);
    await world.pass(2);
    return [first, second, third];
  }
  const listed = async ({ call }: TestWorld, input: Output = {}): Promise<unknown> => {
    const output = await call('ListPermissionSetProvisioningStatus', { InstanceArn: INSTANCE, ...input });
    return output.PermissionSetsProvisioningStatus;
  };

  test('Describe says what it is about, when it was accepted and why it failed (P17, S1)', async () => {
    const world = createTestWorld(QUICK);
    const [first, second, third] = await three(world);

    expect(JSON.parse(JSON.stringify(await world.status('provision', first)))).toEqual({
      Status: 'SUCCEEDED',
      RequestId: first,
      AccountId: DEV,
      PermissionSetArn: READ_ONLY,
      CreatedDate: START / 1000,
    });
    expect(await world.status('provision', second)).toMatchObject({ FailureReason: NOT_ASSIGNED });
    expect(await world.status('provision', third)).toMatchObject({
      Status: 'IN_PROGRESS',
      CreatedDate: START / 1000 + 2,
    });
  });

  test('ids are not known across kinds (P17, S2)', async () => {
    const world = createTestWorld();
    const provision = await world.provision(READ_ONLY);
    const create = await world.start('create', { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' });

    for (const call of [
      world.status('create', provision),
      world.status('delete', provision),
      world.status('provision', create),
      world.status('provision', UNKNOWN_ID),
    ]) {
      expect((await refusal(call)).code).toBe('ResourceNotFoundException');
    }
  });

  test('the list has status, id and date only, newest first, filtered and in pages (P17, S3, S4, S5, W8)', async () => {
    const world = createTestWorld(QUICK);
    const [first, second, third] = await three(world);

    const page = await world.call('ListPermissionSetProvisioningStatus', {
      InstanceArn: INSTANCE,
      MaxResults: 2,
    });

    expect(page.PermissionSetsProvisioningStatus).toEqual([
      { Status: 'IN_PROGRESS', RequestId: third, CreatedDate: START / 1000 + 2 },
      { Status: 'FAILED', RequestId: second, CreatedDate: START / 1000 + 1 },
    ]);
    expect(await listed(world, { NextToken: page.NextToken })).toMatchObject([{ RequestId: first }]);
    expect(await listed(world, { Filter: { Status: 'IN_PROGRESS' } })).toMatchObject([{ RequestId: third }]);
    expect(await listed(world, { Filter: { Status: 'FAILED' } })).toMatchObject([{ RequestId: second }]);
  });

  test('it is known after its lags, and forgotten after its time (P17, L2, L3, S6)', async () => {
    const world = createTestWorld({
      ...QUICK,
      describeLag: fixed(1),
      statusListLag: fixed(2),
      statusRetention: 10,
    });
    const id = await world.provision(READ_ONLY);

    expect((await refusal(world.status('provision', id))).code).toBe('ResourceNotFoundException');
    await world.pass(1);
    expect(await world.status('provision', id)).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await listed(world)).toEqual([]);
    await world.pass(1);
    expect(await listed(world)).toMatchObject([{ RequestId: id }]);
    await world.pass(11.5);
    expect(await listed(world)).toEqual([]);
    expect((await refusal(world.status('provision', id))).code).toBe('ResourceNotFoundException');
  });
});
