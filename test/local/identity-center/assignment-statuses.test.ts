import { createTestWorld, INSTANCE, refusal, START, UNKNOWN_ID, type TestWorld } from './support';

const LATENCY = {
  createLatency: { kind: 'fixed', seconds: 2 },
  deleteLatency: { kind: 'fixed', seconds: 2 },
} as const;
const ALICE_IN_PROD = { account: 'prod', permissionSet: 'ReadOnly', user: 'alice' };
const LIST = 'ListAccountAssignmentCreationStatus';

/** Three creates, a second apart: the first has succeeded, the second has failed, the third is under way. */
async function threeCreates({ start, pass }: TestWorld): Promise<[string, string, string]> {
  const first = await start('create', ALICE_IN_PROD);
  await pass(1);
  const second = await start('create', { account: 'closed', permissionSet: 'ReadOnly', user: 'alice' });
  await pass(1);
  const third = await start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
  await pass(1);
  return [first, second, third];
}

async function listed({ call }: TestWorld, input: Record<string, unknown> = {}): Promise<string[]> {
  const output = await call(LIST, { InstanceArn: INSTANCE, ...input });
  return (output.AccountAssignmentsCreationStatus as { RequestId: string }[]).map(
    ({ RequestId }) => RequestId,
  );
}

describe('the status calls', () => {
  test('Describe has a date in seconds with a fraction, and a reason only after a failure (S1, W3)', async () => {
    const world = createTestWorld(LATENCY);
    const [first, second, third] = await threeCreates(world);

    const succeeded = await world.status('create', first);
    const failed = await world.status('create', second);
    const open = await world.status('create', third);

    expect(succeeded).toMatchObject({
      Status: 'SUCCEEDED',
      CreatedDate: START / 1000,
      TargetId: '333333333333',
    });
    expect(succeeded.FailureReason).toBeUndefined();
    expect(failed).toMatchObject({
      Status: 'FAILED',
      FailureReason: expect.stringContaining('AWS SSO is unable') as string,
    });
    expect(open).toMatchObject({ Status: 'IN_PROGRESS', CreatedDate: START / 1000 + 2 });
    expect(open.FailureReason).toBeUndefined();
  });

  test('an id that is unknown, or of the other kind, is not found (S2)', async () => {
    const { start, status } = createTestWorld(LATENCY);
    const create = await start('create', ALICE_IN_PROD);

    expect((await refusal(status('create', UNKNOWN_ID))).code).toBe('ResourceNotFoundException');
    expect((await refusal(status('delete', create))).code).toBe('ResourceNotFoundException');
  });

  test('a list says status, id and date, and nothing of what it is about (S3)', async () => {
    const { call, start } = createTestWorld(LATENCY);
    const id = await start('delete', { account: 'dev', permissionSet: 'ReadOnly', user: 'bob' });

    const output = await call('ListAccountAssignmentDeletionStatus', { InstanceArn: INSTANCE });

    expect(output).toEqual({
      AccountAssignmentsDeletionStatus: [{ Status: 'IN_PROGRESS', RequestId: id, CreatedDate: START / 1000 }],
    });
  });

  test.each([
    ['SUCCEEDED', 0],
    ['FAILED', 1],
    ['IN_PROGRESS', 2],
  ])('a filter for %s answers those only (S4)', async (status, index) => {
    const world = createTestWorld(LATENCY);
    const ids = await threeCreates(world);

    expect(await listed(world, { Filter: { Status: status } })).toEqual([ids[index]]);
  });

  test('the newest comes first, or last (S5)', async () => {
    const newestFirst = createTestWorld(LATENCY);
    const oldestFirst = createTestWorld({ ...LATENCY, statusOrder: 'oldest-first' });

    const [first, second, third] = await threeCreates(newestFirst);
    const others = await threeCreates(oldestFirst);

    expect(await listed(newestFirst)).toEqual([third, second, first]);
    expect(await listed(oldestFirst)).toEqual(others);
  });

  test('ended operations can be forgotten after a time (S6)', async () => {
    const world = createTestWorld({ ...LATENCY, statusRetention: 10 });
    const [first, second, third] = await threeCreates(world);

    await world.pass(10.5);

    expect((await refusal(world.status('create', first))).code).toBe('ResourceNotFoundException');
    expect((await refusal(world.status('create', second))).code).toBe('ResourceNotFoundException');
    expect(await listed(world)).toEqual([third]);
  });

  test('an operation that never ends is never forgotten (S6)', async () => {
    const world = createTestWorld({ ...LATENCY, statusRetention: 10, inactiveAccount: 'hang' });
    const id = await world.start('create', { account: 'closed', permissionSet: 'ReadOnly', user: 'alice' });

    await world.pass(100);

    expect(await world.status('create', id)).toMatchObject({ Status: 'IN_PROGRESS' });
  });

  test('pages follow each other without a gap while new operations come in front (W8)', async () => {
    const world = createTestWorld(LATENCY);
    const [first, second, third] = await threeCreates(world);
    const page = await world.call(LIST, { InstanceArn: INSTANCE, MaxResults: 1 });
    await world.start('create', { account: 'prod', permissionSet: 'PowerUser', user: 'bob' });

    const rest = await listed(world, { MaxResults: 5, NextToken: page.NextToken });

    expect(page.AccountAssignmentsCreationStatus).toMatchObject([{ RequestId: third }]);
    expect(rest).toEqual([second, first]);
  });

  test('a token that no page answered is refused (W8)', async () => {
    const { call } = createTestWorld();

    const error = await refusal(call(LIST, { InstanceArn: INSTANCE, NextToken: 'bm90LW1pbmU' }));

    expect(error.code).toBe('ValidationException');
    expect(error.message).toContain('NextToken');
  });
});
