import {
  createTestWorld,
  HOST,
  INSTANCE,
  refusal,
  START,
  STORE,
  UNKNOWN_ID,
  type Output,
  type TestWorld,
} from './support';

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const BOB = 'aaaaaaaa-0000-4000-8000-000000000002';
const DEVELOPERS = 'bbbbbbbb-0000-4000-8000-000000000001';
const OPERATORS = 'bbbbbbbb-0000-4000-8000-000000000002';

async function createdGroup({ call }: TestWorld, DisplayName: string): Promise<string> {
  return (await call('CreateGroup', { IdentityStoreId: STORE, DisplayName })).GroupId as string;
}

const membership = (GroupId: string, UserId: string): Output => ({
  IdentityStoreId: STORE,
  GroupId,
  MemberId: { UserId },
});

describe('groups', () => {
  test('a new group has a new id, is described, listed and found (G1)', async () => {
    const world = createTestWorld();

    const { GroupId } = await world.call('CreateGroup', {
      IdentityStoreId: STORE,
      DisplayName: 'Pilots',
      Description: 'They fly',
    });

    const group = {
      IdentityStoreId: STORE,
      GroupId,
      DisplayName: 'Pilots',
      Description: 'They fly',
      CreatedAt: START / 1000,
      UpdatedAt: START / 1000,
      CreatedBy: HOST,
      UpdatedBy: HOST,
    };
    expect(await world.call('DescribeGroup', { IdentityStoreId: STORE, GroupId })).toEqual(group);
    const { Groups } = await world.call('ListGroups', { IdentityStoreId: STORE });
    expect((Groups as Output[]).at(-1)).toEqual(group);
    expect(
      await world.call('GetGroupId', {
        IdentityStoreId: STORE,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'Pilots' } },
      }),
    ).toMatchObject({ GroupId });
  });

  test('a group has a name, and no other group has it (G1)', async () => {
    const world = createTestWorld();

    const nameless = await refusal(world.call('CreateGroup', { IdentityStoreId: STORE }));
    const twin = await refusal(createdGroup(world, 'Developers'));

    expect([nameless.code, nameless.message]).toEqual(['ValidationException', 'DisplayName is required']);
    expect([twin.code, twin.message]).toEqual(['ConflictException', 'Duplicate GroupDisplayName']);
    expect(twin.members).toEqual({ Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' });
  });

  test('an update changes name and description, and takes the description away (G2)', async () => {
    const { call } = createTestWorld();
    const update = (AttributePath: string, AttributeValue?: unknown): Promise<Output> =>
      call('UpdateGroup', {
        IdentityStoreId: STORE,
        GroupId: OPERATORS,
        Operations: [{ AttributePath, AttributeValue }],
      });

    await update('displayName', 'On-call');
    await update('description', null);

    const group = await call('DescribeGroup', { IdentityStoreId: STORE, GroupId: OPERATORS });
    expect(group).toMatchObject({ DisplayName: 'On-call', UpdatedBy: HOST });
    expect(group.Description).toBeUndefined();
    expect((await refusal(update('displayName', 'Developers'))).code).toBe('ConflictException');
    expect((await refusal(update('displayName', null))).code).toBe('ValidationException');
    expect((await refusal(update('owner', 'x'))).code).toBe('ValidationException');
    expect((await refusal(update('description.short', 'x'))).code).toBe('ValidationException');
  });

  test('the old name of a group is free (G2)', async () => {
    const world = createTestWorld();
    await world.call('UpdateGroup', {
      IdentityStoreId: STORE,
      GroupId: OPERATORS,
      Operations: [{ AttributePath: 'displayName', AttributeValue: 'On-call' }],
    });

    expect(await createdGroup(world, 'Operators')).not.toBe(OPERATORS);
  });

  test('a group that is deleted takes its memberships with it, and leaves assignments behind (G3)', async () => {
    const world = createTestWorld();

    await world.call('DeleteGroup', { IdentityStoreId: STORE, GroupId: DEVELOPERS });

    expect(world.rows()).toContain(`dev/ReadOnly/${DEVELOPERS}`);
    const ofAlice = { IdentityStoreId: STORE, MemberId: { UserId: ALICE } };
    expect(await world.call('ListGroupMembershipsForMember', ofAlice)).toEqual({ GroupMemberships: [] });
    expect(await createdGroup(world, 'Developers')).not.toBe(DEVELOPERS);
  });

  test('a group of unknown id is neither changed nor deleted (G3)', async () => {
    const { call } = createTestWorld();
    const group = { IdentityStoreId: STORE, GroupId: UNKNOWN_ID };
    const Operations = [{ AttributePath: 'description', AttributeValue: 'x' }];

    expect((await refusal(call('DeleteGroup', group))).members).toEqual({
      ResourceType: 'GROUP',
      ResourceId: UNKNOWN_ID,
    });
    expect((await refusal(call('UpdateGroup', { ...group, Operations }))).code).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('memberships', () => {
  test('a membership has an id that both ways lead to (G4)', async () => {
    const { call } = createTestWorld();

    const { MembershipId } = await call('CreateGroupMembership', membership(OPERATORS, ALICE));

    expect(await call('DescribeGroupMembership', { IdentityStoreId: STORE, MembershipId })).toEqual({
      ...membership(OPERATORS, ALICE),
      MembershipId,
      CreatedAt: START / 1000,
      UpdatedAt: START / 1000,
      CreatedBy: HOST,
      UpdatedBy: HOST,
    });
    expect(await call('GetGroupMembershipId', membership(OPERATORS, ALICE))).toEqual({
      IdentityStoreId: STORE,
      MembershipId,
    });
    const { GroupMemberships } = await call('ListGroupMembershipsForMember', {
      IdentityStoreId: STORE,
      MemberId: { UserId: ALICE },
    });
    expect((GroupMemberships as Output[]).map(({ GroupId }) => GroupId)).toEqual([DEVELOPERS, OPERATORS]);
  });

  test('a membership that was ended and made again is another one (G4)', async () => {
    const { call } = createTestWorld();
    const { MembershipId: first } = await call('GetGroupMembershipId', membership(DEVELOPERS, ALICE));

    await call('DeleteGroupMembership', { IdentityStoreId: STORE, MembershipId: first });
    const gone = await refusal(call('GetGroupMembershipId', membership(DEVELOPERS, ALICE)));
    const { MembershipId: second } = await call('CreateGroupMembership', membership(DEVELOPERS, ALICE));

    expect(gone.members).toMatchObject({ ResourceType: 'GROUP_MEMBERSHIP' });
    expect(second).not.toBe(first);
    expect(
      (await refusal(call('DeleteGroupMembership', { IdentityStoreId: STORE, MembershipId: first }))).code,
    ).toBe('ResourceNotFoundException');
    expect(
      (await refusal(call('DescribeGroupMembership', { IdentityStoreId: STORE, MembershipId: first }))).code,
    ).toBe('ResourceNotFoundException');
  });

  test('nobody is twice in a group, and both must be there (G4)', async () => {
    const { call } = createTestWorld();
    const refused = (GroupId: string, UserId: string): Promise<{ code: string; members: Output }> =>
      refusal(call('CreateGroupMembership', membership(GroupId, UserId)));

    expect(await refused(DEVELOPERS, BOB)).toMatchObject({
      code: 'ConflictException',
      members: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' },
    });
    expect(await refused(UNKNOWN_ID, BOB)).toMatchObject({
      code: 'ResourceNotFoundException',
      members: { ResourceType: 'GROUP', ResourceId: UNKNOWN_ID },
    });
    expect(await refused(DEVELOPERS, UNKNOWN_ID)).toMatchObject({
      code: 'ResourceNotFoundException',
      members: { ResourceType: 'USER', ResourceId: UNKNOWN_ID },
    });
  });

  test('who joins a group has its assignments at once, and who leaves has them no more (G5)', async () => {
    const { call } = createTestWorld({ listForPrincipalByDelegatedAdmin: 'allowed' });
    const ofAlice = async (): Promise<unknown[]> => {
      const answer = await call('ListAccountAssignmentsForPrincipal', {
        InstanceArn: INSTANCE,
        PrincipalType: 'USER',
        PrincipalId: ALICE,
      });
      return (answer.AccountAssignments as Output[]).map(({ PrincipalId }) => PrincipalId);
    };
    const before = await ofAlice();

    const { MembershipId } = await call('CreateGroupMembership', membership(OPERATORS, ALICE));
    const within = await ofAlice();
    await call('DeleteGroupMembership', { IdentityStoreId: STORE, MembershipId });

    expect(before).toEqual([DEVELOPERS]);
    expect(within).toEqual([DEVELOPERS, OPERATORS]);
    expect(await ofAlice()).toEqual([DEVELOPERS]);
  });
});
