import {
  createTestWorld,
  HOST,
  INSTANCE,
  MANAGEMENT,
  refusal,
  START,
  type Output,
  type TestWorld,
} from './support';

const SSO = 'sso.amazonaws.com';
const GUARD = 'guardduty.amazonaws.com';
const PROD = '333333333333';

const delegate = (AccountId: string, ServicePrincipal: string): Output => ({ AccountId, ServicePrincipal });

function register({ call }: TestWorld, AccountId: string, service: string): Promise<Output> {
  return call('RegisterDelegatedAdministrator', delegate(AccountId, service), 'root');
}

function deregister({ call }: TestWorld, AccountId: string, service: string): Promise<Output> {
  return call('DeregisterDelegatedAdministrator', delegate(AccountId, service), 'root');
}

async function administrators({ call }: TestWorld, input: Output = {}): Promise<unknown[]> {
  const { DelegatedAdministrators } = await call('ListDelegatedAdministrators', input, 'root');
  return (DelegatedAdministrators as Output[]).map(({ Id }) => Id);
}

describe('delegated administrators', () => {
  test('who administers Identity Center can be changed (B1)', async () => {
    const world = createTestWorld();
    const list = (as?: string): Promise<Output> =>
      world.call('ListPermissionSets', { InstanceArn: INSTANCE }, as);

    await deregister(world, HOST, SSO);
    await register(world, PROD, SSO);

    expect((await refusal(list())).code).toBe('AccessDeniedException');
    await expect(list('member')).resolves.toHaveProperty('PermissionSets');
    expect(world.simulator.world.caller('member').kind).toBe('delegated-admin');
    expect(world.simulator.world.caller('desk').kind).toBe('member');
    expect(await administrators(world, { ServicePrincipal: SSO })).toEqual([PROD]);
  });

  test('whoever is registered is listed once, and by service (B1, B4)', async () => {
    const world = createTestWorld();
    await world.pass(5);

    await register(world, PROD, GUARD);
    await register(world, HOST, GUARD);

    expect(await administrators(world)).toEqual([HOST, PROD]);
    expect(await administrators(world, { ServicePrincipal: GUARD })).toEqual([PROD, HOST]);
    expect(await world.call('ListDelegatedServicesForAccount', { AccountId: HOST }, 'root')).toEqual({
      DelegatedServices: [
        { ServicePrincipal: SSO, DelegationEnabledDate: START / 1000 },
        { ServicePrincipal: GUARD, DelegationEnabledDate: START / 1000 + 5 },
      ],
    });
  });

  test.each([
    ['the management account', MANAGEMENT, GUARD, 'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR'],
    [
      'a suspended account',
      '555555555555',
      GUARD,
      'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
    ],
    ['a second one for Identity Center', PROD, SSO, 'DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE'],
  ])('%s is refused (B2)', async (_what, account, service, Reason) => {
    const error = await refusal(register(createTestWorld(), account, service));

    expect([error.code, error.members]).toEqual(['ConstraintViolationException', { Reason }]);
  });

  test('nobody is registered twice, or deregistered without being registered (B2)', async () => {
    const world = createTestWorld();

    expect((await refusal(register(world, HOST, SSO))).code).toBe('AccountAlreadyRegisteredException');
    expect((await refusal(register(world, '999999999999', GUARD))).code).toBe('AccountNotFoundException');
    expect((await refusal(deregister(world, PROD, SSO))).code).toBe('AccountNotRegisteredException');
    expect((await refusal(deregister(world, '999999999999', SSO))).code).toBe('AccountNotFoundException');
  });

  test('who administers any service reads the organization, and writes nothing (B3)', async () => {
    const world = createTestWorld();
    expect((await refusal(world.call('ListAccounts', {}, 'member'))).code).toBe('AccessDeniedException');

    await register(world, PROD, GUARD);

    await expect(world.call('ListAccounts', {}, 'member')).resolves.toHaveProperty('Accounts');
    for (const [operation, input] of [
      ['CloseAccount', { AccountId: PROD }],
      ['CreateOrganizationalUnit', { ParentId: 'r-ab12', Name: 'X' }],
      ['TagResource', { ResourceId: PROD, Tags: [] }],
      ['RegisterDelegatedAdministrator', delegate(PROD, SSO)],
    ] as const) {
      expect((await refusal(world.call(operation, input, 'member'))).code).toBe('AccessDeniedException');
    }
    // Identity Center is another service.
    expect((await refusal(world.call('ListInstances', {}, 'member'))).code).toBe('AccessDeniedException');
  });

  test('an account that administers nothing has no services (B4)', async () => {
    const { call } = createTestWorld();
    const services = (AccountId: string): Promise<Output> =>
      call('ListDelegatedServicesForAccount', { AccountId });

    expect((await refusal(services(PROD))).code).toBe('AccountNotRegisteredException');
    expect((await refusal(services('999999999999'))).code).toBe('AccountNotFoundException');
  });
});
