import { createTestWorld, refusal, type Output } from './support';

const PROD = '333333333333';

describe('the rates of Organizations', () => {
  test.each([
    ['DescribeAccount', { AccountId: PROD }, 30],
    ['ListAccounts', {}, 12],
    ['ListAccountsForParent', { ParentId: 'r-ab12' }, 8],
    ['ListChildren', { ParentId: 'r-ab12', ChildType: 'ACCOUNT' }, 10],
    ['ListOrganizationalUnitsForParent', { ParentId: 'r-ab12' }, 8],
    ['ListParents', { ChildId: PROD }, 8],
    ['ListRoots', {}, 2],
    ['ListTagsForResource', { ResourceId: PROD }, 15],
  ])('%s with %p passes at most %i times at once (R1)', async (operation, input: Output, burst) => {
    const { call } = createTestWorld();
    for (let calls = 0; calls < burst; calls += 1) await call(operation, input);

    const error = await refusal(call(operation, input));

    expect([error.code, error.statusCode]).toEqual(['TooManyRequestsException', 400]);
    expect(error.members).toEqual({ Type: 'REQUEST_RATE' });
  });

  test('a bucket fills again at its own pace (R1)', async () => {
    const { call, pass } = createTestWorld();
    for (let calls = 0; calls < 12; calls += 1) await call('ListAccounts');

    await pass(1);

    for (let calls = 0; calls < 8; calls += 1) await call('ListAccounts');
    expect((await refusal(call('ListAccounts'))).code).toBe('TooManyRequestsException');
  });

  test('each account has a bucket, and the organization has one for all (R1)', async () => {
    const { call } = createTestWorld();
    for (let calls = 0; calls < 12; calls += 1) await call('ListAccounts');

    for (let calls = 0; calls < 3; calls += 1) await call('ListAccounts', {}, 'root');

    // Fifteen in all: the organization's bucket is empty, the account's own is not.
    expect((await refusal(call('ListAccounts', {}, 'root'))).code).toBe('TooManyRequestsException');
  });

  test('one operation takes nothing of another (R1)', async () => {
    const { call } = createTestWorld();
    await call('ListRoots');
    await call('ListRoots');

    await expect(call('ListAccounts')).resolves.toHaveProperty('Accounts');
  });

  test('rates can be lifted, also while calls come (R1)', async () => {
    const { call, simulator } = createTestWorld();
    await call('ListRoots');
    await call('ListRoots');
    expect((await refusal(call('ListRoots'))).code).toBe('TooManyRequestsException');

    simulator.changeSettings({ organizationsRates: 'unlimited' });

    await expect(call('ListRoots')).resolves.toHaveProperty('Roots');
  });

  test('what has no documented rate can have one (R2)', async () => {
    const { call } = createTestWorld({ otherOrganizationsRate: 2 });
    await call('DescribeOrganization');
    await call('DescribeOrganization');

    expect((await refusal(call('DescribeOrganization'))).code).toBe('TooManyRequestsException');
    const { call: unlimited } = createTestWorld();
    for (let calls = 0; calls < 100; calls += 1) await unlimited('DescribeOrganization');
  });
});
