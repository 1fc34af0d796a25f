import type { OrganizationChange } from '../../../local/identity-center/listeners';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import { createTestWorld, HOST, MANAGEMENT, refusal, START, type Output, type TestWorld } from './support';

const ROOT = 'r-ab12';
const WORKLOADS = 'ou-ab12-workload';
const PROD = '333333333333';
const DEV = '444444444444';
const SUSPENDED = '555555555555';
const DAY = 86_400;

function world(settings: Partial<SimulatorSettings> = {}): TestWorld & { changes: OrganizationChange[] } {
  const made = createTestWorld({ accountClosureLatency: { kind: 'fixed', seconds: 60 }, ...settings });
  const changes: OrganizationChange[] = [];
  made.simulator.onOrganizationChange((change) => changes.push(change));
  return { ...made, changes };
}

async function stateOf({ call }: TestWorld, AccountId: string): Promise<unknown> {
  return ((await call('DescribeAccount', { AccountId })).Account as Output).State;
}

async function parentOf({ call }: TestWorld, ChildId: string): Promise<string> {
  const { Parents } = await call('ListParents', { ChildId });
  return (Parents as { Id: string }[])[0]?.Id ?? '';
}

describe('moving an account', () => {
  test('changes its place at once (J7, J11)', async () => {
    const made = world();
    const source = await parentOf(made, PROD);
    const move = { AccountId: PROD, SourceParentId: source, DestinationParentId: ROOT };

    expect(await made.call('MoveAccount', move, 'root')).toEqual({});

    expect(await parentOf(made, PROD)).toBe(ROOT);
    expect(await made.call('ListAccountsForParent', { ParentId: source })).toEqual({ Accounts: [] });
    expect(await made.call('ListChildren', { ParentId: ROOT, ChildType: 'ACCOUNT' })).toMatchObject({
      Children: [{ Id: MANAGEMENT }, { Id: PROD }],
    });
    expect(made.changes).toEqual([
      {
        kind: 'account-moved',
        accountId: PROD,
        sourceParentId: source,
        destinationParentId: ROOT,
        at: START,
      },
    ]);
  });

  test.each([
    ['an unknown account', '999999999999', WORKLOADS, ROOT, 'AccountNotFoundException'],
    ['an unknown source', SUSPENDED, 'ou-ab12-99999999', ROOT, 'SourceParentNotFoundException'],
    [
      'another source than its own',
      SUSPENDED,
      ROOT,
      'ou-ab12-99999999',
      'DestinationParentNotFoundException',
    ],
    ['a source where it is not', PROD, WORKLOADS, ROOT, 'SourceParentNotFoundException'],
    ['an unknown destination', SUSPENDED, WORKLOADS, 'r-zzzz', 'DestinationParentNotFoundException'],
    ['to where it is', SUSPENDED, WORKLOADS, WORKLOADS, 'DuplicateAccountException'],
  ])('%s is refused (J7)', async (_what, AccountId, SourceParentId, DestinationParentId, code) => {
    const move = { AccountId, SourceParentId, DestinationParentId };

    expect((await refusal(world().call('MoveAccount', move, 'root'))).code).toBe(code);
  });
});

describe('closing an account', () => {
  test('goes through closure and suspension to the end (J8, J11)', async () => {
    const made = world();

    await made.call('CloseAccount', { AccountId: DEV }, 'root');
    expect(await stateOf(made, DEV)).toBe('PENDING_CLOSURE');

    await made.pass(60);
    expect(await stateOf(made, DEV)).toBe('SUSPENDED');
    expect(made.changes).toEqual([
      { kind: 'account-closed', accountId: DEV, requestedAt: START, at: START + 60_000 },
    ]);

    await made.pass(90 * DAY - 1);
    expect(await stateOf(made, DEV)).toBe('SUSPENDED');
    await made.pass(1);
    expect(await stateOf(made, DEV)).toBe('CLOSED');
  });

  test('can leave it suspended for good (J8)', async () => {
    const made = world({ suspendedDays: 'unlimited' });
    await made.call('CloseAccount', { AccountId: DEV }, 'root');

    await made.pass(365 * DAY);

    expect(await stateOf(made, DEV)).toBe('SUSPENDED');
  });

  test('does not end what somebody reopened (J8)', async () => {
    const made = world();
    await made.call('CloseAccount', { AccountId: DEV }, 'root');

    made.simulator.setAccountState(DEV, 'ACTIVE');
    await made.pass(60);

    expect(await stateOf(made, DEV)).toBe('ACTIVE');
    expect(made.changes).toEqual([]);
  });

  test('that was reopened counts from its second closure (J8)', async () => {
    const made = world();
    await made.call('CloseAccount', { AccountId: DEV }, 'root');
    await made.pass(60);
    made.simulator.setAccountState(DEV, 'ACTIVE');
    await made.pass(90 * DAY);

    expect(await stateOf(made, DEV)).toBe('ACTIVE');
  });

  test('makes its operations fail as in any account that is not active (J8, A7)', async () => {
    const made = world();
    await made.call('CloseAccount', { AccountId: DEV }, 'root');

    const requestId = await made.start('create', {
      account: 'dev',
      permissionSet: 'ReadOnly',
      user: 'alice',
    });
    await made.pass(60);

    expect(await made.status('create', requestId)).toMatchObject({ Status: 'FAILED' });
  });

  test.each([
    ['the management account', MANAGEMENT, 'ConstraintViolationException'],
    ['an account that is closed', SUSPENDED, 'AccountAlreadyClosedException'],
    ['an unknown account', '999999999999', 'AccountNotFoundException'],
  ])('%s is refused (J9)', async (_what, AccountId, code) => {
    expect((await refusal(world().call('CloseAccount', { AccountId }, 'root'))).code).toBe(code);
  });

  test('an account that is being closed is refused (J9)', async () => {
    const made = world();
    await made.call('CloseAccount', { AccountId: DEV }, 'root');

    expect((await refusal(made.call('CloseAccount', { AccountId: DEV }, 'root'))).code).toBe(
      'ConflictException',
    );
  });

  test('too many at a time are refused (J9)', async () => {
    const made = world({ concurrentAccountClosures: 1 });
    const close = (AccountId: string): Promise<Output> => made.call('CloseAccount', { AccountId }, 'root');
    await close(DEV);

    expect((await refusal(close(PROD))).members).toEqual({ Reason: 'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED' });
    await made.pass(60);
    await expect(close(PROD)).resolves.toEqual({});
  });

  test('in thirty days 250 accounts can be closed, however few there are (J9)', async () => {
    const made = world({ accountClosureLatency: { kind: 'fixed', seconds: 0 } });
    const close = async (): Promise<void> => {
      await made.call('CloseAccount', { AccountId: DEV }, 'root');
      await made.pass(1);
      made.simulator.setAccountState(DEV, 'ACTIVE');
    };
    for (let closed = 0; closed < 250; closed += 1) await close();

    expect((await refusal(close())).members).toEqual({ Reason: 'CLOSE_ACCOUNT_QUOTA_EXCEEDED' });
    await made.pass(30 * DAY);
    await expect(close()).resolves.toBeUndefined();
  });
});

describe('removing an account from the organization', () => {
  test('leaves nothing of it but its assignments (J10, J11)', async () => {
    const made = world();

    await made.call('RemoveAccountFromOrganization', { AccountId: DEV }, 'root');

    expect((await refusal(stateOf(made, DEV))).code).toBe('AccountNotFoundException');
    const { Accounts } = await made.call('ListAccounts');
    expect((Accounts as Output[]).map(({ Id }) => Id)).not.toContain(DEV);
    expect(made.simulator.assignments().filter(({ accountId }) => accountId === DEV)).toHaveLength(2);
    expect(made.changes).toEqual([
      { kind: 'account-departed', accountId: DEV, method: 'Removed', at: START },
    ]);
  });

  test.each([
    ['the management account', MANAGEMENT, 'MasterCannotLeaveOrganizationException', {}],
    [
      'a delegated administrator',
      HOST,
      'ConstraintViolationException',
      { Reason: 'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG' },
    ],
    ['an unknown account', '999999999999', 'AccountNotFoundException', {}],
  ])('%s is refused (J10)', async (_what, AccountId, code, members) => {
    const error = await refusal(world().call('RemoveAccountFromOrganization', { AccountId }, 'root'));

    expect([error.code, error.members]).toEqual([code, members]);
  });

  test('an account without what it needs alone stays (J10)', async () => {
    const made = world({ standaloneInformation: 'missing' });

    expect(
      (await refusal(made.call('RemoveAccountFromOrganization', { AccountId: DEV }, 'root'))).members,
    ).toEqual({ Reason: 'ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA' });
  });

  test('a new account stays for seven days (J10)', async () => {
    const made = world({ accountCreationLatency: { kind: 'fixed', seconds: 1 } });
    const input = { Email: 'new@example.com', AccountName: 'new' };
    const { CreateAccountStatus: status } = await made.call('CreateAccount', input, 'root');
    await made.pass(1);
    const { CreateAccountStatus: ended } = await made.call('DescribeCreateAccountStatus', {
      CreateAccountRequestId: (status as Output).Id,
    });
    const { AccountId } = ended as Output;
    const remove = (): Promise<Output> => made.call('RemoveAccountFromOrganization', { AccountId }, 'root');

    await made.pass(7 * DAY - 1);
    expect((await refusal(remove())).members).toEqual({ Reason: 'WAIT_PERIOD_ACTIVE' });
    await made.pass(1);
    await expect(remove()).resolves.toEqual({});
  });
});
