import type { Organization } from '../../../local/identity-center/organization';
import { createTestWorld, ORGANIZATION, refusal, STORE, type Output } from './support';

const LIST = { IdentityStoreId: STORE };

/** The test organization with so many users more. */
function withUsers(count: number): Organization {
  const [first] = ORGANIZATION.users;
  if (first === undefined) throw new Error('the test organization has no users');
  const more = Array.from({ length: count }, (_, index) => ({
    ...first,
    id: `cccccccc-0000-4000-8000-${index.toString().padStart(12, '0')}`,
    userName: `user-${index}`,
    emails: [],
  }));
  return { ...ORGANIZATION, users: [...ORGANIZATION.users, ...more] };
}

describe('limits of the Identity Store', () => {
  test('twenty calls a second pass for each operation by itself (U11)', async () => {
    const { call, pass } = createTestWorld();
    for (let calls = 0; calls < 20; calls += 1) await call('ListUsers', LIST);

    const error = await refusal(call('ListUsers', LIST));

    expect([error.code, error.message, error.statusCode]).toEqual([
      'ThrottlingException',
      'Rate exceeded',
      400,
    ]);
    expect(error.members).toEqual({ RetryAfterSeconds: 1 });
    await expect(call('ListGroups', LIST)).resolves.toBeDefined();
    await pass(1);
    await expect(call('ListUsers', LIST)).resolves.toBeDefined();
  });

  test('in older editions the rate is one for all operations together (U11)', async () => {
    const { call } = createTestWorld({ identityStoreRateScope: 'collective' });
    for (let calls = 0; calls < 10; calls += 1) {
      await call('ListUsers', LIST);
      await call('ListGroups', LIST);
    }

    expect((await refusal(call('ListGroups', LIST))).code).toBe('ThrottlingException');
  });

  test('the rate follows its setting, also while calls come (U11)', async () => {
    const { call, simulator } = createTestWorld({ identityStoreRequestsPerSecond: 0.5 });
    await call('ListUsers', LIST);
    expect((await refusal(call('ListUsers', LIST))).code).toBe('ThrottlingException');

    simulator.changeSettings({ identityStoreRequestsPerSecond: 'unlimited' });

    for (let calls = 0; calls < 50; calls += 1) await call('ListUsers', LIST);
  });

  test('groups are as many as the edition allows (U10)', async () => {
    const { call, simulator } = createTestWorld({
      identityStoreRequestsPerSecond: 'unlimited',
      quotaVintage: '2021',
    });
    const create = (name: string): Promise<Output> => call('CreateGroup', { ...LIST, DisplayName: name });
    for (let groups = 2; groups < 10_000; groups += 1) await create(`group-${groups}`);

    const error = await refusal(create('one too many'));

    expect(error.code).toBe('ServiceQuotaExceededException');
    simulator.changeSettings({ quotaVintage: '2022' });
    await expect(create('one too many')).resolves.toBeDefined();
  });

  test('users are as many as the edition allows (U10)', async () => {
    const { call, simulator } = createTestWorld({ quotaVintage: '2021' }, 1, withUsers(49_997));
    const create = (): Promise<Output> =>
      call('CreateUser', {
        ...LIST,
        UserName: 'carol',
        DisplayName: 'Carol',
        Name: { GivenName: 'Carol', FamilyName: 'Danvers' },
      });

    const error = await refusal(create());

    expect([error.code, error.message]).toEqual([
      'ServiceQuotaExceededException',
      'Number of Users exceeds the limit of 50000',
    ]);
    simulator.changeSettings({ quotaVintage: 'newest' });
    await expect(create()).resolves.toBeDefined();
  });
});
