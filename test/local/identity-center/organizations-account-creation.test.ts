import type { OrganizationChange } from '../../../local/identity-center/listeners';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, MANAGEMENT, refusal, START, type Output, type TestWorld } from './support';

const NEW = { Email: 'new@example.com', AccountName: 'new' };

/** Creations take ten seconds here. */
function quietWorld(
  settings: Partial<SimulatorSettings> = {},
): TestWorld & { changes: OrganizationChange[] } {
  const world = createTestWorld({ accountCreationLatency: { kind: 'fixed', seconds: 10 }, ...settings });
  const changes: OrganizationChange[] = [];
  world.simulator.onOrganizationChange((change) => changes.push(change));
  return { ...world, changes };
}

async function create({ call }: TestWorld, input: Output = NEW): Promise<Output> {
  return (await call('CreateAccount', input, 'root')).CreateAccountStatus as Output;
}

async function statusOf({ call }: TestWorld, { Id }: Output): Promise<Output> {
  const answer = await call('DescribeCreateAccountStatus', { CreateAccountRequestId: Id });
  return answer.CreateAccountStatus as Output;
}

describe('creating an account', () => {
  test('is accepted at once and takes its time (J1)', async () => {
    const world = quietWorld();

    const status = await create(world);

    expect(status).toEqual({
      Id: expect.stringMatching(/^car-[0-9a-f]{32}$/) as unknown,
      AccountName: 'new',
      State: 'IN_PROGRESS',
      RequestedTimestamp: START / 1000,
    });
    await world.pass(9);
    expect(await statusOf(world, status)).toEqual(status);
    expect(world.changes).toEqual([]);
  });

  test('ends with an active account in the root, with its tags (J1, J11)', async () => {
    const world = quietWorld();
    const status = await create(world, { ...NEW, Tags: [{ Key: 'owner', Value: 'b' }] });

    await world.pass(10);

    const at = START + 10_000;
    const ended = await statusOf(world, status);
    const accountId = ended.AccountId as string;
    expect(ended).toEqual({
      ...status,
      State: 'SUCCEEDED',
      CompletedTimestamp: at / 1000,
      AccountId: expect.stringMatching(/^\d{12}$/) as unknown,
    });
    expect(await world.call('DescribeAccount', { AccountId: accountId })).toMatchObject({
      Account: {
        Email: 'new@example.com',
        Name: 'new',
        State: 'ACTIVE',
        JoinedMethod: 'CREATED',
        JoinedTimestamp: at / 1000,
        Paths: ['o-abcdefghij/r-ab12/'],
      },
    });
    expect(await world.call('ListTagsForResource', { ResourceId: accountId })).toEqual({
      Tags: [{ Key: 'owner', Value: 'b' }],
    });
    const { Accounts } = await world.call('ListAccountsForParent', { ParentId: 'r-ab12' });
    expect((Accounts as Output[]).map(({ Id }) => Id)).toEqual([MANAGEMENT, accountId]);
    expect(world.changes).toEqual([
      {
        kind: 'account-created',
        requestId: status.Id,
        accountId,
        accountName: 'new',
        requestedAt: START,
        at,
      },
      { kind: 'account-joined', accountId, method: 'Created', at },
    ]);
  });

  test('makes an account that can be granted (J1)', async () => {
    const world = quietWorld();
    await create(world);
    await world.pass(10);

    await world.start('create', { account: 'new', permissionSet: 'ReadOnly', user: 'alice' });
    await world.pass(60);

    expect(world.rows()).toContain('new/ReadOnly/alice');
  });

  test('may leave the account to be activated for a while (J2, J11)', async () => {
    const world = quietWorld({ accountActivationLatency: { kind: 'fixed', seconds: 5 } });
    const status = await create(world);
    await world.pass(10);
    const { AccountId } = await statusOf(world, status);
    const state = async (): Promise<unknown> =>
      ((await world.call('DescribeAccount', { AccountId })).Account as Output).State;

    expect(await state()).toBe('PENDING_ACTIVATION');
    await world.pass(5);
    expect(await state()).toBe('ACTIVE');
    expect(world.changes.at(-1)).toEqual({
      kind: 'account-activated',
      accountId: AccountId,
      at: START + 15_000,
    });
  });

  test('does not activate what somebody suspended meanwhile (J2)', async () => {
    const world = quietWorld({ accountActivationLatency: { kind: 'fixed', seconds: 5 } });
    const status = await create(world);
    await world.pass(10);
    const { AccountId } = await statusOf(world, status);

    world.simulator.setAccountState(AccountId as string, 'SUSPENDED');
    await world.pass(5);

    expect(await world.call('DescribeAccount', { AccountId })).toMatchObject({
      Account: { State: 'SUSPENDED' },
    });
  });

  test('fails for an address that an account has (J3, J11)', async () => {
    const world = quietWorld();
    const status = await create(world, { ...NEW, Email: 'P@example.com' });

    await world.pass(10);

    const ended = await statusOf(world, status);
    expect(ended).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
    expect(ended.AccountId).toBeUndefined();
    expect(world.changes).toEqual([
      {
        kind: 'account-creation-failed',
        requestId: status.Id,
        accountName: 'new',
        reason: 'EMAIL_ALREADY_EXISTS',
        requestedAt: START,
        at: START + 10_000,
      },
    ]);
  });

  test('fails for the later of two that want one address, and for one of an account that left (J3)', async () => {
    const world = quietWorld();
    await world.call('RemoveAccountFromOrganization', { AccountId: '444444444444' }, 'root');

    const first = await create(world);
    const second = await create(world);
    const third = await create(world, { ...NEW, Email: 'd@example.com' });
    await world.pass(10);
    await world.pass(1);

    expect(await statusOf(world, first)).toMatchObject({ State: 'SUCCEEDED' });
    expect(await statusOf(world, second)).toMatchObject({ State: 'FAILED' });
    await world.pass(1);
    expect(await statusOf(world, third)).toMatchObject({ State: 'FAILED' });
  });

  test.each([
    ['too-many-requests', 'TooManyRequestsException', { Type: 'CREATE_ACCOUNT' }],
    [
      'constraint-violation',
      'ConstraintViolationException',
      { Reason: 'ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED' },
    ],
  ] as const)(
    'is possible five times at once: else %s (J4)',
    async (tooManyAccountCreations, code, members) => {
      const world = quietWorld({ tooManyAccountCreations });
      for (let made = 0; made < 5; made += 1)
        await create(world, { ...NEW, Email: `new-${made}@example.com` });

      const error = await refusal(create(world));

      expect([error.code, error.members]).toEqual([code, members]);
      await world.pass(10);
      await expect(create(world)).resolves.toMatchObject({ State: 'IN_PROGRESS' });
    },
  );

  test('ends at the number of accounts that there may be (J5)', async () => {
    const world = quietWorld({ organizationAccounts: 6 });
    await create(world);

    // Five are there, and one is under way.
    expect((await refusal(create(world, { ...NEW, Email: 'other@example.com' }))).members).toEqual({
      Reason: 'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
    });
  });

  test('is told in a list, by state (J6)', async () => {
    const world = quietWorld();
    const first = await create(world);
    await world.pass(10);
    const second = await create(world, { ...NEW, Email: 'p@example.com' });
    await world.pass(10);
    const third = await create(world, { ...NEW, Email: 'third@example.com' });
    const list = async (input: Output = {}): Promise<unknown[]> => {
      const { CreateAccountStatuses } = await world.call('ListCreateAccountStatus', input);
      return (CreateAccountStatuses as Output[]).map(({ Id }) => Id);
    };

    expect(await list()).toEqual([first.Id, second.Id, third.Id]);
    expect(await list({ States: ['FAILED'] })).toEqual([second.Id]);
    expect(await list({ States: ['SUCCEEDED', 'IN_PROGRESS'] })).toEqual([first.Id, third.Id]);
    expect(
      (await refusal(world.call('DescribeCreateAccountStatus', { CreateAccountRequestId: 'car-00000000' })))
        .code,
    ).toBe('CreateAccountStatusNotFoundException');
  });
});
