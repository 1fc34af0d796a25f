import { accountNumber } from '../support/organizations';
import { type FunctionCall, RolloutApp, organizationWithSets, setOf } from '../support/rollout-app';

const POLICY = { name: 'TeamPolicy', path: '/team/' };
const LACKING = [accountNumber(3), accountNumber(17), accountNumber(39)];

const FILES = {
  'builder.yaml': 'name: Builder\ncustomerManagedPolicies: [{ name: TeamPolicy, path: /team/ }]\n',
  'everywhere.yaml': 'name: Everywhere\nsessionDuration: PT9H\n',
  'foreign.yaml': 'name: PowerUserAccess\nsessionDuration: PT9H\n',
};

/** 40 accounts have the set *Builder*; 3 of them lack the policy that its file names. *Everywhere* is in the management account. */
function organization() {
  const everywhere = setOf(2, { name: 'Everywhere' });
  const made = organizationWithSets([
    { set: setOf(1, { name: 'Builder' }), accounts: 40 },
    { set: everywhere, accounts: 1 },
  ]);
  const accounts = made.accounts.map((account) =>
    LACKING.includes(account.id) ? { ...account, customerManagedPolicies: [] } : account,
  );
  const [{ id: principalId } = { id: '' }] = made.groups;
  const above = {
    accountId: made.managementAccountId,
    permissionSetArn: everywhere.arn,
    principalType: 'GROUP' as const,
    principalId,
  };
  return { ...made, accounts, assignments: [...made.assignments, above] };
}

/** Targets of the provisions that were sent. */
function provisions(calls: readonly FunctionCall[]): unknown[] {
  return calls
    .filter(({ operation }) => operation === 'ProvisionPermissionSet')
    .map(({ input }) => input.TargetId ?? input.TargetType)
    .sort();
}

describe('a rollout', () => {
  let world: RolloutApp;
  let atFirst: { readonly calls: readonly FunctionCall[]; readonly failures: readonly unknown[] };

  beforeAll(async () => {
    world = await RolloutApp.start({ organization: organization(), access: { permissionSets: FILES } });
    await world.app.advance('PT2M');
    atFirst = {
      calls: [...world.calls],
      failures: ['Builder', 'PowerUserAccess', 'Everywhere'].map((name) =>
        world.told('PermissionSetRolloutFailed', name),
      ),
    };
  });

  afterAll(async () => {
    await world.stop();
  });

  beforeEach(() => {
    world.forget();
  });

  test('of a policy which 3 of 40 accounts lack is current in 37, and in those 3 alone once they have it', async () => {
    const failed = await world.set('Builder');

    for (const id of LACKING) world.app.runtime.simulator.world.accountPolicies.set(id, POLICY, true);
    await world.rollOut();
    await world.app.advance('PT1M');

    expect(failed).toMatchObject({ status: 'behind', accounts: { current: 37, stale: 3 } });
    expect(failed.accounts?.failed).toEqual(
      LACKING.map((accountId) => ({ accountId, reason: expect.stringContaining('TeamPolicy') as string })),
    );
    expect(provisions(atFirst.calls)).toEqual([...LACKING, 'ALL_PROVISIONED_ACCOUNTS']);
    expect(atFirst.failures[0]).toMatchObject([{ outcome: 'failed', accounts: { current: 37, stale: 3 } }]);
    expect([provisions(world.calls), world.operations()]).toEqual([LACKING, []]);
    expect(await world.set('Builder')).toMatchObject({
      status: 'current',
      accounts: { current: 40, stale: 0, failed: [] },
    });
    expect(world.told('PermissionSetRolledOut', 'Builder')).toHaveLength(1);
  });

  test.each([
    ['that others made', 'PowerUserAccess', 'PT2H', 'adopt: true'],
    ['that the management account has too', 'Everywhere', 'PT1H', 'management account'],
  ])('leaves a set alone %s, and says so', async (_which, name, sessionDuration, reason) => {
    const { arn } = world.inService(name) ?? {};
    const index = ['Builder', 'PowerUserAccess', 'Everywhere'].indexOf(name);

    expect(await world.set(name)).toMatchObject({
      status: 'refused',
      last: { outcome: 'refused', reason: expect.stringContaining(reason) as string },
    });
    expect(world.inService(name)).toMatchObject({ sessionDuration });
    expect(
      atFirst.calls.filter(
        ({ operation, input }) => /^(?!Get|List|Describe)/.test(operation) && input.PermissionSetArn === arn,
      ),
    ).toEqual([]);
    expect(atFirst.failures[index]).toMatchObject([{ outcome: 'refused' }]);
  });
});
