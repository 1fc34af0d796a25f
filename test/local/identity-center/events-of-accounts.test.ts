import { createControlWorld } from './control-world';
import { createEventWorld, UUID, type EventWorld } from './events-world';
import { HOST, INSTANCE, MANAGEMENT, READ_ONLY, STORE } from './support';

const PROD = '333333333333';
const DEV = '444444444444';
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const WORKLOADS = 'ou-ab12-workload';
const QUICK = {
  accountCreationLatency: { kind: 'fixed', seconds: 3 },
  accountClosureLatency: { kind: 'fixed', seconds: 60 },
} as const;

/** What a service tells of something that it did by itself. */
function serviceEvent(
  eventName: string,
  serviceEventDetails: Readonly<Record<string, unknown>>,
  time: string,
): unknown {
  return {
    version: '0',
    id: UUID,
    'detail-type': 'AWS Service Event via CloudTrail',
    source: 'aws.organizations',
    account: MANAGEMENT,
    time,
    region: 'us-east-1',
    resources: [],
    detail: {
      eventVersion: '1.08',
      userIdentity: { accountId: MANAGEMENT, invokedBy: 'AWS Internal' },
      eventTime: time,
      eventSource: 'organizations.amazonaws.com',
      eventName,
      awsRegion: 'us-east-1',
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      requestParameters: null,
      responseElements: null,
      eventID: UUID,
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: MANAGEMENT,
      serviceEventDetails,
      eventCategory: 'Management',
    },
  };
}

async function createAccount(world: EventWorld, email = 'new@example.com'): Promise<string> {
  const { CreateAccountStatus: status } = await world.call(
    'CreateAccount',
    { AccountName: 'team-a-dev', Email: email },
    'root',
  );
  await world.pass(3);
  return (status as { Id: string }).Id;
}

const moveOf = (id: string): Readonly<Record<string, string>> => ({
  AccountId: id,
  SourceParentId: 'r-ab12',
  DestinationParentId: WORKLOADS,
});

describe('an account that is created', () => {
  test('is told when it is there, and that it joined (N6)', async () => {
    const world = createEventWorld(QUICK);

    const id = await createAccount(world);

    const accountId = world.simulator.world.accounts().at(-1)?.id ?? '';
    expect(world.event('CreateAccountResult')).toEqual(
      serviceEvent(
        'CreateAccountResult',
        {
          createAccountStatus: {
            id,
            state: 'SUCCEEDED',
            accountName: '****',
            accountId,
            requestedTimestamp: 'Nov 24, 2026 8:00:00 AM',
            completedTimestamp: 'Nov 24, 2026 8:00:03 AM',
          },
        },
        '2026-11-24T08:00:03Z',
      ),
    );
    expect(world.event('AccountJoinedOrganization')).toEqual(
      serviceEvent(
        'AccountJoinedOrganization',
        { joinedMethod: 'Created', joinedTime: 'Nov 24, 2026 8:00:03 AM', accountId },
        '2026-11-24T08:00:03Z',
      ),
    );
  });

  test('is told with a reason where it cannot be created (N6)', async () => {
    const world = createEventWorld(QUICK);

    const id = await createAccount(world, 'd@example.com');

    expect(world.event('CreateAccountResult')).toMatchObject({
      detail: {
        serviceEventDetails: {
          createAccountStatus: {
            id,
            state: 'FAILED',
            accountName: '****',
            failureReason: 'EMAIL_ALREADY_EXISTS',
          },
        },
      },
    });
    expect(world.names()).toEqual(['CreateAccount', 'CreateAccountResult']);
  });
});

test('an account that is closed is told when it is closed (N6)', async () => {
  const world = createEventWorld(QUICK);

  await world.call('CloseAccount', { AccountId: DEV }, 'root');
  await world.pass(60);

  expect(world.event('CloseAccountResult')).toEqual(
    serviceEvent(
      'CloseAccountResult',
      {
        closeAccountStatus: {
          accountId: DEV,
          state: 'SUCCEEDED',
          requestedTimestamp: 'Nov 24, 2026 8:00:00 AM',
          completedTimestamp: 'Nov 24, 2026 8:01:00 AM',
        },
      },
      '2026-11-24T08:01:00Z',
    ),
  );
});

test('an account that is removed is told to have departed (N6)', async () => {
  const world = createEventWorld();

  await world.call('RemoveAccountFromOrganization', { AccountId: PROD }, 'root');
  await world.pass(0);

  expect(world.event('AccountDepartedOrganization')).toEqual(
    serviceEvent(
      'AccountDepartedOrganization',
      { departedMethod: 'Removed', departedTime: 'Nov 24, 2026 8:00:00 AM', accountId: PROD },
      '2026-11-24T08:00:00Z',
    ),
  );
});

describe('tags of an account', () => {
  const tagChange = (version: number, changed: readonly string[], tags: object): unknown => ({
    version: '0',
    id: UUID,
    'detail-type': 'Tag Change on Resource',
    source: 'aws.tag',
    account: MANAGEMENT,
    time: '2026-11-24T08:00:00Z',
    region: 'us-east-1',
    resources: [`arn:aws:organizations::${MANAGEMENT}:account/o-abcdefghij/${PROD}`],
    detail: {
      'changed-tag-keys': changed,
      service: 'organizations',
      'resource-type': 'account',
      version,
      tags,
    },
  });

  test('are told when they change, beside the call (N7)', async () => {
    const world = createEventWorld();
    const tags = [
      { Key: 'environment', Value: 'prod' },
      { Key: 'owner', Value: 'b' },
    ];

    await world.call('TagResource', { ResourceId: PROD, Tags: tags }, 'root');
    await world.call('UntagResource', { ResourceId: PROD, TagKeys: ['environment', 'none'] }, 'root');
    await world.pass(0);

    expect(world.arrived.filter(({ source }) => source === 'aws.tag')).toEqual([
      tagChange(1, ['owner'], { environment: 'prod', owner: 'b' }),
      tagChange(2, ['environment'], { owner: 'b' }),
    ]);
    expect(world.event('TagResource').source).toBe('aws.organizations');
  });

  test('are not told where nothing changes, and those of units neither (N7)', async () => {
    const world = createEventWorld();
    const tags = [{ Key: 'owner', Value: 'a' }];

    await world.call('TagResource', { ResourceId: PROD, Tags: tags }, 'root');
    await world.call('TagResource', { ResourceId: WORKLOADS, Tags: tags }, 'root');
    await world.pass(0);

    expect(world.names()).toEqual(['TagResource', 'TagResource']);
  });
});

describe('AWS Control Tower', () => {
  test('tells an account of its factory after it was created and moved (N8)', async () => {
    const latency = { kind: 'fixed', seconds: 1197 } as const;
    const world = createEventWorld({
      ...QUICK,
      accountFactory: 'control-tower',
      accountFactoryLatency: latency,
    });
    await createAccount(world);
    const accountId = world.simulator.world.accounts().at(-1)?.id ?? '';

    await world.call('MoveAccount', moveOf(accountId), 'root');
    await world.pass(1197);

    expect(world.names().slice(1)).toEqual([
      'CreateAccountResult',
      'AccountJoinedOrganization',
      'MoveAccount',
      'CreateManagedAccount',
    ]);
    expect(world.event('CreateManagedAccount')).toEqual({
      version: '0',
      id: UUID,
      'detail-type': 'AWS Service Event via CloudTrail',
      source: 'aws.controltower',
      account: MANAGEMENT,
      time: '2026-11-24T08:20:00Z',
      region: 'eu-west-1',
      resources: [],
      detail: {
        eventVersion: '1.05',
        userIdentity: { accountId: MANAGEMENT, invokedBy: 'AWS Internal' },
        eventTime: '2026-11-24T08:20:00Z',
        eventSource: 'controltower.amazonaws.com',
        eventName: 'CreateManagedAccount',
        awsRegion: 'eu-west-1',
        sourceIPAddress: 'AWS Internal',
        userAgent: 'AWS Internal',
        eventID: UUID,
        readOnly: false,
        eventType: 'AwsServiceEvent',
        serviceEventDetails: {
          createManagedAccountStatus: {
            organizationalUnit: { organizationalUnitName: 'Workloads', organizationalUnitId: WORKLOADS },
            account: { accountName: 'team-a-dev', accountId },
            state: 'SUCCEEDED',
            message: 'AWS Control Tower successfully created a managed account.',
            requestedTimestamp: '2026-11-24T08:00:00+0000',
            completedTimestamp: '2026-11-24T08:20:00+0000',
          },
        },
      },
    });
  });

  test('tells nothing by itself of other moves, of what is gone, or where there is no factory (N8)', async () => {
    const known = createEventWorld({ accountFactory: 'control-tower' });
    const { parentId = '' } = known.simulator.world.tree.account(DEV) ?? {};
    const move = { AccountId: DEV, SourceParentId: parentId, DestinationParentId: 'r-ab12' };
    await known.call('MoveAccount', move, 'root');
    const gone = createEventWorld({ ...QUICK, accountFactory: 'control-tower', removableAfterDays: 0 });
    const none = createEventWorld(QUICK);
    for (const world of [gone, none]) {
      await createAccount(world);
      const accountId = world.simulator.world.accounts().at(-1)?.id ?? '';
      await world.call('MoveAccount', moveOf(accountId), 'root');
      if (world === gone) await world.call('RemoveAccountFromOrganization', { AccountId: accountId }, 'root');
    }

    for (const world of [known, gone, none]) {
      await world.pass(3600);
      expect(world.names()).not.toContain('CreateManagedAccount');
    }
  });

  test('tells what it is asked to over HTTP (N8, N13)', () => {
    const world = createControlWorld();

    expect(world.post('events', { controlTower: { account: 'prod' } })).toEqual({
      controlTower: {
        event: 'CreateManagedAccount',
        account: { id: PROD, name: 'prod' },
        state: 'SUCCEEDED',
      },
    });
    const failed = { event: 'UpdateManagedAccount', account: MANAGEMENT, state: 'FAILED' };
    world.post('events', { controlTower: failed });

    const { events } = world.get('events');
    expect(events).toMatchObject([
      { event: { detail: { eventName: 'CreateManagedAccount' } } },
      {
        event: {
          detail: {
            eventName: 'UpdateManagedAccount',
            serviceEventDetails: {
              updateManagedAccountStatus: {
                organizationalUnit: { organizationalUnitName: 'Root', organizationalUnitId: 'r-ab12' },
                state: 'FAILED',
                message: 'AWS Control Tower failed to update a managed account.',
              },
            },
          },
        },
      },
    ]);
  });

  test.each([
    [{}, 'controlTower is missing: use a map such as {"controlTower": {"event": "CreateManagedAccount"'],
    [{ controlTower: { account: 'nobody' } }, 'controlTower.account is "nobody": '],
    [{ controlTower: { account: 'prod', state: 'DONE' } }, 'use "SUCCEEDED" or "FAILED"'],
    [{ controlTower: { account: 'prod', event: 'X' } }, 'use "CreateManagedAccount" or'],
  ])('refuses %j over HTTP (N13)', (body, message) => {
    expect(createControlWorld().refused('events', body)).toContain(message);
  });
});

describe('what somebody does in the console', () => {
  const assignment = {
    accountId: DEV,
    permissionSetArn: READ_ONLY,
    principalType: 'USER',
    principalId: ALICE,
  } as const;

  test('is told as calls of an administrator (N9)', async () => {
    const { simulator, pass, arrived } = createEventWorld();

    simulator.addAssignmentByHand(assignment);
    simulator.addAssignmentByHand(assignment);
    simulator.removeAssignmentByHand(assignment);
    simulator.removeAssignmentByHand(assignment);
    simulator.changePermissionSet(READ_ONLY);
    simulator.setUserStatus(ALICE, 'DISABLED');
    simulator.setUserStatus(ALICE, 'ENABLED');
    await pass(0);

    const assigned = {
      instanceArn: INSTANCE,
      targetId: DEV,
      targetType: 'AWS_ACCOUNT',
      permissionSetArn: READ_ONLY,
      principalType: 'USER',
      principalId: ALICE,
    };
    const user = { identityStoreId: STORE, userId: ALICE };
    const told = arrived.map(({ source, detail }) => [source, detail.eventName, detail.requestParameters]);
    expect(told).toEqual([
      ['aws.sso', 'CreateAccountAssignment', assigned],
      ['aws.sso', 'DeleteAccountAssignment', assigned],
      ['aws.sso', 'UpdatePermissionSet', { instanceArn: INSTANCE, permissionSetArn: READ_ONLY }],
      ['aws.sso-directory', 'DisableUser', user],
      ['aws.sso-directory', 'EnableUser', user],
    ]);
    for (const { account, detail } of arrived) {
      expect(account).toBe(HOST);
      expect(detail).toMatchObject({ requestID: UUID, userIdentity: { accountId: HOST } });
    }
  });

  test('has the older names of the console where the settings say so (N9)', async () => {
    const world = createEventWorld({ consoleAssignmentEvents: 'console' });

    world.simulator.addAssignmentByHand(assignment);
    world.simulator.removeAssignmentByHand(assignment);
    await world.pass(0);

    expect(world.names()).toEqual(['AssociateProfile', 'DisassociateProfile']);
    expect(world.event('AssociateProfile').detail.requestParameters).toEqual({
      instanceId: 'ssoins-1111222233334444',
      directoryId: STORE,
      accessorType: 'USER',
      accessorId: ALICE,
    });
  });
});
