import { createEventWorld, UUID, type EventWorld } from './events-world';
import { HOST, INSTANCE, MANAGEMENT, ORGANIZATION, READ_ONLY, refusal, STORE, UNKNOWN_SET } from './support';

const DEV = '444444444444';
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const ZOFIA = 'aaaaaaaa-0000-4000-8000-000000000003';
const DEVELOPERS = 'bbbbbbbb-0000-4000-8000-000000000001';
const ASSIGNMENT = { account: 'dev', permissionSet: 'ReadOnly', user: 'alice' };
const ASSIGNED = {
  targetId: DEV,
  targetType: 'AWS_ACCOUNT',
  permissionSetArn: READ_ONLY,
  principalType: 'USER',
  principalId: ALICE,
};
const CALLERS = ORGANIZATION.callers;

/** What the event of a call has around its parameters; by the service desk in the host's account unless told otherwise. */
function record(
  service: string,
  detail: Readonly<Record<string, unknown>>,
  caller = CALLERS[0],
  region = 'eu-west-1',
): unknown {
  const { accessKeyId = '', roleArn = '', sessionName = '' } = caller ?? {};
  const accountId = roleArn.split(':')[4];
  const userName = roleArn.split('/').at(-1);
  return {
    version: '0',
    id: UUID,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: accountId,
    time: '2026-11-24T08:00:00Z',
    region,
    resources: [],
    detail: {
      eventVersion: '1.08',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${String(accountId)}:assumed-role/${String(userName)}/${sessionName}`,
        accountId,
        accessKeyId,
        sessionContext: { sessionIssuer: { type: 'Role', arn: roleArn, accountId, userName } },
      },
      eventTime: '2026-11-24T08:00:00Z',
      eventSource: `${service}.amazonaws.com`,
      awsRegion: region,
      sourceIPAddress: '127.0.0.1',
      userAgent: 'simulated',
      requestID: UUID,
      eventID: UUID,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: accountId,
      eventCategory: 'Management',
      ...detail,
    },
  };
}

async function told(world: EventWorld, operation: string, input: object, as = 'desk'): Promise<unknown> {
  await world.call(operation, { ...input }, as);
  await world.pass(0);
  return world.event(operation);
}

describe('a call that starts an assignment', () => {
  test('is told when it is accepted, and its end is not (N1, N4)', async () => {
    const world = createEventWorld();

    const requestId = await world.start('create', ASSIGNMENT, 'desk');
    await world.pass(60);

    expect(world.arrived).toEqual([
      record('sso', {
        eventName: 'CreateAccountAssignment',
        requestParameters: { instanceArn: INSTANCE, ...ASSIGNED },
        responseElements: {
          accountAssignmentCreationStatus: { status: 'IN_PROGRESS', requestId, ...ASSIGNED },
        },
        requestID: requestId,
      }),
    ]);
  });

  test('is told the same way where it takes one away (N1)', async () => {
    const world = createEventWorld();

    const requestId = await world.start('delete', ASSIGNMENT, 'desk');
    await world.pass(0);

    expect(world.event('DeleteAccountAssignment')).toEqual(
      record('sso', {
        eventName: 'DeleteAccountAssignment',
        requestParameters: { instanceArn: INSTANCE, ...ASSIGNED },
        responseElements: {
          accountAssignmentDeletionStatus: { status: 'IN_PROGRESS', requestId, ...ASSIGNED },
        },
        requestID: requestId,
      }),
    );
  });
});

describe('a call of permission sets', () => {
  test('tells the answer with its instants as text (N1, N5)', async () => {
    const world = createEventWorld();
    const set = { InstanceArn: INSTANCE, Name: 'Audit', SessionDuration: 'PT4H', Tags: [] };

    const event = await told(world, 'CreatePermissionSet', set);

    const made = world.simulator.world.permissionSets().find(({ name }) => name === 'Audit');
    expect(event).toEqual(
      record('sso', {
        eventName: 'CreatePermissionSet',
        requestParameters: { name: 'Audit', instanceArn: INSTANCE, sessionDuration: 'PT4H', tags: [] },
        responseElements: {
          permissionSet: {
            name: 'Audit',
            permissionSetArn: made?.arn,
            createdDate: 'Nov 24, 2026 8:00:00 AM',
            sessionDuration: 'PT4H',
          },
        },
      }),
    );
  });

  test('tells parameters alone where there is nothing to answer (N1)', async () => {
    const input = { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY, Description: 'Look around' };

    expect(await told(createEventWorld(), 'UpdatePermissionSet', input)).toEqual(
      record('sso', {
        eventName: 'UpdatePermissionSet',
        requestParameters: {
          instanceArn: INSTANCE,
          permissionSetArn: READ_ONLY,
          description: 'Look around',
        },
        responseElements: null,
      }),
    );
  });

  test('leaves out what CloudTrail has no room for, and what the service does not know (N5)', async () => {
    const world = createEventWorld();
    const nested = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`) as unknown;
    const input = { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY, Unknown: nested };
    await world.call('UpdatePermissionSet', input, 'desk');
    await refusal(world.call('DeletePermissionSet', { ...input, PermissionSetArn: nested }, 'desk'));
    const large = { ...input, PermissionSetArn: 'x'.repeat(100_001) };
    await refusal(world.call('DetachManagedPolicyFromPermissionSet', large, 'desk'));
    await world.pass(0);

    expect(world.event('UpdatePermissionSet').detail.requestParameters).toEqual({
      instanceArn: INSTANCE,
      permissionSetArn: READ_ONLY,
    });
    expect(JSON.stringify(world.event('DeletePermissionSet').detail.requestParameters)).toBe(
      `{"instanceArn":"${INSTANCE}","permissionSetArn":${'['.repeat(11)}null${']'.repeat(11)}}`,
    );
    expect(world.event('DetachManagedPolicyFromPermissionSet').detail.requestParameters).toBeNull();
  });
});

describe('a call of the Identity Store', () => {
  test('tells ids (N1, N5)', async () => {
    const input = { IdentityStoreId: STORE, GroupId: DEVELOPERS, MemberId: { UserId: ZOFIA } };

    const event = await told(createEventWorld(), 'CreateGroupMembership', input);

    expect(event).toEqual(
      record('identitystore', {
        eventName: 'CreateGroupMembership',
        requestParameters: {
          identityStoreId: STORE,
          groupId: DEVELOPERS,
          memberId: { userId: ZOFIA },
        },
        responseElements: { membershipId: UUID, identityStoreId: STORE },
      }),
    );
  });

  test('hides everything else of people and groups (N5)', async () => {
    const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
    const world = createEventWorld();
    const user = {
      IdentityStoreId: STORE,
      UserName: 'dora',
      DisplayName: 'Dora',
      Name: { GivenName: 'Dora', FamilyName: 'Secret' },
      Emails: [{ Value: 'dora@example.com' }],
    };

    expect(await told(world, 'CreateUser', user)).toEqual(
      record('identitystore', {
        eventName: 'CreateUser',
        requestParameters: {
          identityStoreId: STORE,
          userName: hidden,
          displayName: hidden,
          name: hidden,
          emails: hidden,
        },
        responseElements: { userId: UUID, identityStoreId: STORE },
      }),
    );
    const change = {
      IdentityStoreId: STORE,
      UserId: ALICE,
      Operations: [{ AttributePath: 'displayName', AttributeValue: 'Somebody' }],
    };
    expect(await told(world, 'UpdateUser', change)).toMatchObject({
      detail: {
        requestParameters: {
          identityStoreId: STORE,
          userId: ALICE,
          operations: [{ attributePath: 'displayName', attributeValue: hidden }],
        },
      },
    });
  });
});

describe('a call of Organizations', () => {
  test('is told in us-east-1 of the management account, with names masked (N4, N5)', async () => {
    const input = { AccountName: 'new', Email: 'new@example.com', Tags: [] };

    expect(await told(createEventWorld(), 'CreateAccount', input, 'root')).toEqual(
      record(
        'organizations',
        {
          eventName: 'CreateAccount',
          requestParameters: { tags: [], email: '****', accountName: '****' },
          responseElements: {
            createAccountStatus: {
              accountName: '****',
              state: 'IN_PROGRESS',
              id: expect.stringMatching(/^car-[0-9a-f]{32}$/) as unknown,
              requestedTimestamp: 'Nov 24, 2026 8:00:00 AM',
            },
          },
        },
        CALLERS[1],
        'us-east-1',
      ),
    );
  });

  test('tells where an account went (N1, N4)', async () => {
    const world = createEventWorld();
    const { parentId = '' } = world.simulator.world.tree.account(DEV) ?? {};
    const move = { AccountId: DEV, SourceParentId: parentId, DestinationParentId: 'ou-ab12-workload' };

    expect(await told(world, 'MoveAccount', move, 'root')).toEqual(
      record(
        'organizations',
        {
          eventName: 'MoveAccount',
          requestParameters: {
            accountId: DEV,
            sourceParentId: parentId,
            destinationParentId: 'ou-ab12-workload',
          },
          responseElements: null,
        },
        CALLERS[1],
        'us-east-1',
      ),
    );
  });
});

describe('a call that is refused', () => {
  test('is told with its error (N2)', async () => {
    const world = createEventWorld();
    const input = { InstanceArn: INSTANCE, PermissionSetArn: UNKNOWN_SET };

    const { message } = await refusal(world.call('DeletePermissionSet', input, 'desk'));
    await world.pass(0);

    expect(world.arrived).toEqual([
      record('sso', {
        eventName: 'DeletePermissionSet',
        errorCode: 'ResourceNotFoundException',
        errorMessage: message,
        requestParameters: { instanceArn: INSTANCE, permissionSetArn: UNKNOWN_SET },
        responseElements: null,
      }),
    ]);
  });

  test('is told in the account that called (N2, N4)', async () => {
    const world = createEventWorld();

    await refusal(world.call('CreateAccount', { AccountName: 'new', Email: 'n@example.com' }, 'member'));
    await world.pass(0);

    expect(world.event('CreateAccount')).toMatchObject({
      account: '333333333333',
      detail: { errorCode: 'AccessDeniedException', recipientAccountId: '333333333333' },
    });
  });
});

describe('a call without an answer', () => {
  test.each([
    ['lose-reply', ['CreateAccountAssignment']],
    ['hang-after', ['CreateAccountAssignment']],
    ['lose-request', []],
    ['hang', []],
  ] as const)('is told if it was carried out: %s (N2)', async (effect, names) => {
    const world = createEventWorld();
    world.simulator.failNext({ operation: 'CreateAccountAssignment', effect });

    await expect(world.start('create', ASSIGNMENT, 'desk')).rejects.toThrow('lost on purpose');
    await world.pass(0);

    expect(world.names()).toEqual(names);
    for (const { detail } of world.arrived) expect(detail.responseElements).not.toBeNull();
  });

  test('is told with its error if it was refused (N2)', async () => {
    const world = createEventWorld();
    world.simulator.failNext({ operation: 'DeletePermissionSet', effect: 'lose-reply' });
    const input = { InstanceArn: INSTANCE, PermissionSetArn: UNKNOWN_SET };

    await expect(world.call('DeletePermissionSet', input)).rejects.toThrow('lost on purpose');
    await world.pass(0);

    expect(world.arrived[0]?.detail.errorCode).toBe('ResourceNotFoundException');
  });
});

test('calls that only look are not told, and neither are unknown ones (N3)', async () => {
  const world = createEventWorld();
  await world.call('ListInstances');
  await world.call('DescribePermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: READ_ONLY });
  await world.call('GetInlinePolicyForPermissionSet', {
    InstanceArn: INSTANCE,
    PermissionSetArn: READ_ONLY,
  });
  await world.call('IsMemberInGroups', {
    IdentityStoreId: STORE,
    MemberId: { UserId: ALICE },
    GroupIds: [DEVELOPERS],
  });
  await refusal(world.call('DescribeAccount', { AccountId: '999999999999' }));
  await refusal(world.call('CreateApplication'));
  await world.pass(3600);

  expect(world.arrived).toEqual([]);
  expect(world.simulator.cloudEvents()).toEqual([]);
});

test('the instance owner is told too where the settings say so (N4)', async () => {
  const world = createEventWorld({ identityCenterEventAccounts: 'caller-and-instance-owner' });

  await world.start('create', ASSIGNMENT, 'desk');
  await world.call('CreateGroup', { IdentityStoreId: STORE, DisplayName: 'team' }, 'root');
  await world.call('CreateOrganizationalUnit', { ParentId: 'r-ab12', Name: 'Sandbox' }, 'root');
  await world.pass(0);

  const places = world.arrived.map(({ account, detail }) => [
    detail.eventName,
    account,
    detail.recipientAccountId,
  ]);
  expect(places).toEqual([
    ['CreateAccountAssignment', HOST, HOST],
    ['CreateAccountAssignment', MANAGEMENT, MANAGEMENT],
    ['CreateGroup', MANAGEMENT, MANAGEMENT],
    ['CreateOrganizationalUnit', MANAGEMENT, MANAGEMENT],
  ]);
  expect(new Set(world.arrived.map(({ detail }) => detail.eventID)).size).toBe(4);
});
