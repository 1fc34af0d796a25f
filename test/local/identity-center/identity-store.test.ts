import { createTestWorld, refusal, START, STORE, UNKNOWN_ID } from './support';

const USER = (digit: number): string => `aaaaaaaa-0000-4000-8000-00000000000${digit}`;
const GROUP = (digit: number): string => `bbbbbbbb-0000-4000-8000-00000000000${digit}`;
const by = (AttributePath: string, AttributeValue: string): Record<string, unknown> => ({
  IdentityStoreId: STORE,
  AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
});

describe('the Identity Store', () => {
  test.each([
    ['GetUserId', 'userName', 'alice', { UserId: USER(1) }],
    ['GetUserId', 'USERNAME', 'alice', { UserId: USER(1) }],
    ['GetUserId', 'emails.value', 'bob@example.com', { UserId: USER(2) }],
    ['GetGroupId', 'displayName', 'Operators', { GroupId: GROUP(2) }],
  ])('%s finds by %s %s (I1)', async (operation, path, value, found) => {
    expect(await createTestWorld().call(operation, by(path, value))).toEqual({
      ...found,
      IdentityStoreId: STORE,
    });
  });

  test.each([
    ['GetUserId', 'displayName'],
    ['GetGroupId', 'description'],
  ])('%s refuses the path %s (I1)', async (operation, path) => {
    const error = await refusal(createTestWorld().call(operation, by(path, 'x')));

    expect([error.code, error.message]).toEqual([
      'ValidationException',
      `The attribute ${path} is not a unique attribute`,
    ]);
  });

  test.each([
    ['GetUserId', by('userName', 'nobody'), 'USER'],
    ['GetGroupId', by('displayName', 'Nobodies'), 'GROUP'],
    ['DescribeUser', { IdentityStoreId: STORE, UserId: UNKNOWN_ID }, 'USER'],
    ['DescribeGroup', { IdentityStoreId: STORE, GroupId: UNKNOWN_ID }, 'GROUP'],
    ['ListGroupMemberships', { IdentityStoreId: STORE, GroupId: UNKNOWN_ID }, 'GROUP'],
    ['ListGroupMembershipsForMember', { IdentityStoreId: STORE, MemberId: { UserId: UNKNOWN_ID } }, 'USER'],
  ])('%s finds nothing (I2)', async (operation, input, type) => {
    const error = await refusal(createTestWorld().call(operation, input));

    expect([error.code, error.message]).toEqual(['ResourceNotFoundException', `${type} not found.`]);
    expect(error.members).toMatchObject({ ResourceType: type });
  });

  test('names are compared exactly, or without regard to case (I3)', async () => {
    const input = by('userName', 'ALICE');

    expect((await refusal(createTestWorld().call('GetUserId', input))).code).toBe(
      'ResourceNotFoundException',
    );
    expect(await createTestWorld({ nameMatching: 'ignore-case' }).call('GetUserId', input)).toMatchObject({
      UserId: USER(1),
    });
  });

  test('an address that two users have means the first (I4)', async () => {
    expect(await createTestWorld().call('GetUserId', by('emails.value', 'shared@example.com'))).toMatchObject(
      {
        UserId: USER(1),
      },
    );
  });

  test('lists filter by one attribute, by equality (I5)', async () => {
    const { call } = createTestWorld();
    const filter = (AttributePath: string, AttributeValue: string): Record<string, unknown> => ({
      IdentityStoreId: STORE,
      Filters: [{ AttributePath, AttributeValue }],
    });

    expect(await call('ListUsers', filter('UserName', 'bob'))).toMatchObject({
      Users: [{ UserId: USER(2) }],
    });
    expect(await call('ListUsers', filter('UserName', 'bo'))).toEqual({ Users: [] });
    expect(await call('ListGroups', filter('DisplayName', 'Developers'))).toMatchObject({
      Groups: [{ GroupId: GROUP(1) }],
    });
    expect((await refusal(call('ListUsers', filter('DisplayName', 'Bob')))).code).toBe('ValidationException');
  });

  test('lists come in pages (I5, W9)', async () => {
    const { call } = createTestWorld();

    const page = await call('ListUsers', { IdentityStoreId: STORE, MaxResults: 2 });
    const rest = await call('ListUsers', { IdentityStoreId: STORE, NextToken: page.NextToken });

    expect(page.Users).toMatchObject([{ UserName: 'alice' }, { UserName: 'bob' }]);
    expect(rest).toMatchObject({ Users: [{ UserName: 'zofia' }] });
    expect(rest).not.toHaveProperty('NextToken');
  });

  test('users and groups are described with what they have (I6)', async () => {
    const { call } = createTestWorld();

    expect(await call('DescribeUser', { IdentityStoreId: STORE, UserId: USER(1) })).toEqual({
      IdentityStoreId: STORE,
      UserId: USER(1),
      UserName: 'alice',
      DisplayName: 'Alice',
      Emails: [
        { Value: 'alice@example.com', Type: 'work', Primary: true },
        { Value: 'shared@example.com', Type: 'work', Primary: false },
      ],
      UserStatus: 'ENABLED',
      CreatedAt: START / 1000,
      UpdatedAt: START / 1000,
    });
    expect(await call('DescribeUser', { IdentityStoreId: STORE, UserId: USER(3) })).toMatchObject({
      DisplayName: 'Zofia Żółkiewska',
      UserStatus: 'DISABLED',
    });
    expect(await call('DescribeGroup', { IdentityStoreId: STORE, GroupId: GROUP(2) })).toEqual({
      IdentityStoreId: STORE,
      GroupId: GROUP(2),
      DisplayName: 'Operators',
      Description: 'On call',
      CreatedAt: START / 1000,
      UpdatedAt: START / 1000,
    });
  });

  test('memberships are the same from both sides (I7)', async () => {
    const { call } = createTestWorld();

    const ofGroup = await call('ListGroupMemberships', { IdentityStoreId: STORE, GroupId: GROUP(1) });
    const ofBob = await call('ListGroupMembershipsForMember', {
      IdentityStoreId: STORE,
      MemberId: { UserId: USER(2) },
    });

    const members = ofGroup.GroupMemberships as { MembershipId: string; MemberId: { UserId: string } }[];
    const groups = ofBob.GroupMemberships as { MembershipId: string; GroupId: string }[];
    expect(members.map(({ MemberId }) => MemberId.UserId)).toEqual([USER(1), USER(2)]);
    expect(groups.map(({ GroupId }) => GroupId)).toEqual([GROUP(1), GROUP(2)]);
    expect(groups[0]?.MembershipId).toBe(members[1]?.MembershipId);
    expect(members[0]?.MembershipId).not.toBe(members[1]?.MembershipId);
  });

  test('membership in several groups is answered for each (I7)', async () => {
    const { call } = createTestWorld();
    const MemberId = { UserId: USER(1) };

    expect(
      await call('IsMemberInGroups', { IdentityStoreId: STORE, MemberId, GroupIds: [GROUP(1), GROUP(2)] }),
    ).toEqual({
      Results: [
        { GroupId: GROUP(1), MemberId, MembershipExists: true },
        { GroupId: GROUP(2), MemberId, MembershipExists: false },
      ],
    });
  });

  test('another store does not exist (I8)', async () => {
    const error = await refusal(createTestWorld().call('ListUsers', { IdentityStoreId: 'd-0000000000' }));

    expect(error.members).toMatchObject({ ResourceType: 'IDENTITY_STORE' });
  });

  test('nobody is found by an external id, and a look-up goes by exactly one way (I9)', async () => {
    const { call } = createTestWorld();
    const ExternalId = { Issuer: 'https://idp.example.com', Id: '1' };
    const UniqueAttribute = { AttributePath: 'userName', AttributeValue: 'alice' };
    const look = async (AlternateIdentifier: object): Promise<string> =>
      (await refusal(call('GetUserId', { IdentityStoreId: STORE, AlternateIdentifier }))).code;

    expect(await look({ ExternalId })).toBe('ResourceNotFoundException');
    expect(await look({ ExternalId, UniqueAttribute })).toBe('ValidationException');
    expect(await look({})).toBe('ValidationException');
  });
});
