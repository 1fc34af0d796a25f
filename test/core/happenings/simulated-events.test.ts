import type { Hint } from '../../../core/happenings/hint';
import { readHappening } from '../../../core/happenings/read-happening';
import { createEventWorld, type EventWorld } from '../../local/identity-center/events-world';
import { INSTANCE, READ_ONLY, refusal, STORE } from '../../local/identity-center/support';

const PROD = '333333333333';
const DEV = '444444444444';
const QUICK = {
  accountCreationLatency: { kind: 'fixed', seconds: 3 },
  accountClosureLatency: { kind: 'fixed', seconds: 60 },
} as const;

const DEVELOPERS_ASSIGNMENT = {
  InstanceArn: INSTANCE,
  PermissionSetArn: READ_ONLY,
  TargetId: PROD,
  TargetType: 'AWS_ACCOUNT',
  PrincipalType: 'GROUP',
  PrincipalId: 'bbbbbbbb-0000-4000-8000-000000000001',
};

const placeIn = (accountId: string): Hint => ({ kind: 'place', accountId, permissionSetArn: READ_ONLY });

/** By the name of the event. */
function hintsOf(world: EventWorld): Readonly<Record<string, readonly Hint[]>> {
  const names = world.names();
  const hints = world.arrived.map((event, index) => [names[index] ?? '', readHappening(event)] as const);
  return Object.fromEntries<readonly Hint[]>(hints);
}

describe('what the simulated services tell', () => {
  test('leads to the account, from its creation to its end', async () => {
    const world = createEventWorld({
      ...QUICK,
      accountFactory: 'control-tower',
      accountFactoryLatency: { kind: 'fixed', seconds: 60 },
    });

    await world.call('CreateAccount', { AccountName: 'team-a-dev', Email: 'new@example.com' }, 'root');
    await world.pass(3);
    const id = world.simulator.world.accounts().at(-1)?.id ?? '';
    await world.call(
      'MoveAccount',
      { AccountId: id, SourceParentId: 'r-ab12', DestinationParentId: 'ou-ab12-workload' },
      'root',
    );
    await world.call('TagResource', { ResourceId: id, Tags: [{ Key: 'team', Value: 'a' }] }, 'root');
    await world.pass(60);
    await world.call('CloseAccount', { AccountId: id }, 'root');
    await world.pass(60);

    const account = [{ kind: 'account', id }];
    expect(hintsOf(world)).toEqual(
      expect.objectContaining({
        CreateAccount: [],
        CreateAccountResult: account,
        AccountJoinedOrganization: account,
        MoveAccount: account,
        TagResource: account,
        'Tag Change on Resource': account,
        CreateManagedAccount: account,
        CloseAccount: account,
        CloseAccountResult: account,
      }),
    );
  });

  test('leads to a place for an assignment, and nowhere for one that was refused', async () => {
    const world = createEventWorld();

    await world.call('CreateAccountAssignment', DEVELOPERS_ASSIGNMENT);
    await refusal(world.call('CreateAccountAssignment', { ...DEVELOPERS_ASSIGNMENT, PrincipalType: 'TEAM' }));
    await world.pass(0);

    expect(world.arrived.map(readHappening)).toEqual([[placeIn(PROD)], []]);
  });

  test('leads to permission sets, users, groups and the organization', async () => {
    const world = createEventWorld();

    await world.call('UpdatePermissionSet', {
      InstanceArn: INSTANCE,
      PermissionSetArn: READ_ONLY,
      SessionDuration: 'PT1H',
    });
    const { GroupId: id } = await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'team' });
    await world.call('DeleteGroup', { IdentityStoreId: STORE, GroupId: id });
    await world.call('CreateOrganizationalUnit', { ParentId: 'r-ab12', Name: 'Sandbox' }, 'root');
    await world.pass(0);

    const group = [{ kind: 'principal', type: 'GROUP', id }];
    expect(hintsOf(world)).toEqual({
      UpdatePermissionSet: [{ kind: 'permission set', arn: READ_ONLY }],
      CreateGroup: group,
      DeleteGroup: group,
      CreateOrganizationalUnit: [{ kind: 'organization' }],
    });
  });

  test.each([
    ['api', [placeIn(DEV)]],
    ['console', [{ kind: 'assignments' }]],
  ] as const)('leads to an edit in the console by its names of the %s', async (names, hints) => {
    const world = createEventWorld({ consoleAssignmentEvents: names });

    world.simulator.addAssignmentByHand({
      accountId: DEV,
      permissionSetArn: READ_ONLY,
      principalType: 'USER',
      principalId: 'aaaaaaaa-0000-4000-8000-000000000001',
    });
    await world.pass(0);

    expect(world.arrived.map(readHappening)).toEqual([hints]);
  });

  test('leads to the accounts that AWS Control Tower updates', async () => {
    const world = createEventWorld();

    world.simulator.controlTowerEvent({ event: 'UpdateManagedAccount', accountId: PROD, state: 'SUCCEEDED' });
    await world.pass(0);

    expect(world.arrived.map(readHappening)).toEqual([[{ kind: 'account', id: PROD }]]);
  });
});
