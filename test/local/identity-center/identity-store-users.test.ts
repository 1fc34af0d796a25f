import {
  createTestWorld,
  HOST,
  READ_ONLY,
  refusal,
  START,
  STORE,
  type Output,
  type TestWorld,
} from './support';

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const ZOFIA = 'aaaaaaaa-0000-4000-8000-000000000003';

/** What a user needs at least. */
const CAROL: Output = {
  IdentityStoreId: STORE,
  UserName: 'carol',
  DisplayName: 'Carol Danvers',
  Name: { GivenName: 'Carol', FamilyName: 'Danvers' },
};

async function created({ call }: TestWorld, user: Output = CAROL): Promise<string> {
  return (await call('CreateUser', user)).UserId as string;
}

function described({ call }: TestWorld, UserId: string, more: Output = {}): Promise<Output> {
  return call('DescribeUser', { IdentityStoreId: STORE, UserId, ...more });
}

function update({ call }: TestWorld, UserId: string, ...operations: [string, unknown?][]): Promise<Output> {
  const Operations = operations.map(([AttributePath, AttributeValue]) => ({ AttributePath, AttributeValue }));
  return call('UpdateUser', { IdentityStoreId: STORE, UserId, Operations });
}

describe('users', () => {
  test('a new user has a new id and all that was given (U1)', async () => {
    const world = createTestWorld();
    const attributes = {
      ...CAROL,
      NickName: 'C',
      ProfileUrl: 'https://example.com/carol',
      Emails: [{ Value: 'carol@example.com', Type: 'work', Primary: true }],
      Addresses: [{ StreetAddress: 'Main Street 1', Locality: 'Linz', Country: 'AT', Primary: true }],
      PhoneNumbers: [{ Value: '+43 1 234', Type: 'work', Primary: true }],
      UserType: 'employee',
      Title: 'Captain',
      PreferredLanguage: 'de-AT',
      Locale: 'de-AT',
      Timezone: 'Europe/Vienna',
      Photos: [{ Value: 'https://example.com/carol.png', Type: 'photo' }],
      Website: 'https://example.com',
      Birthdate: '1990-01-01',
      Roles: [{ Value: 'pilot', Type: 'work', Primary: true }],
    };

    const UserId = await created(world, { ...attributes, Unknown: 'member' });

    expect(UserId).toMatch(/^[0-9a-f-]{36}$/);
    const made = { CreatedAt: START / 1000, UpdatedAt: START / 1000, CreatedBy: HOST, UpdatedBy: HOST };
    expect(await described(world, UserId)).toEqual({ ...attributes, UserId, UserStatus: 'ENABLED', ...made });
  });

  test('a new user is listed, found, and can be granted (U1)', async () => {
    const world = createTestWorld();
    const UserId = await created(world, {
      ...CAROL,
      Emails: [{ Value: 'carol@example.com', Type: 'work', Primary: true }],
    });
    const by = (AttributePath: string, AttributeValue: string): Promise<Output> =>
      world.call('GetUserId', {
        IdentityStoreId: STORE,
        AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
      });

    await world.start('create', { account: 'dev', permissionSet: 'ReadOnly', user: 'carol' });
    await world.pass(60);

    const { Users } = await world.call('ListUsers', { IdentityStoreId: STORE });
    expect((Users as { UserId: string }[]).at(-1)?.UserId).toBe(UserId);
    expect(await by('userName', 'carol')).toMatchObject({ UserId });
    expect(await by('emails.value', 'carol@example.com')).toMatchObject({ UserId });
    expect(world.rows()).toContain('dev/ReadOnly/carol');
  });

  test('the same seed gives the same ids (U1)', async () => {
    expect(await created(createTestWorld({}, 7))).toBe(await created(createTestWorld({}, 7)));
  });

  test.each([
    ['UserName', { UserName: undefined }],
    ['DisplayName', { DisplayName: undefined }],
    ['Name.FamilyName', { Name: { GivenName: 'Carol' } }],
    ['Name.GivenName, Name.FamilyName', { Name: undefined }],
  ])('a user without %s is refused (U2)', async (missing, without) => {
    const error = await refusal(created(createTestWorld(), { ...CAROL, ...without }));

    expect([error.code, error.message]).toEqual(['ValidationException', `${missing} is required`]);
  });

  test('a user name can be enough (U2)', async () => {
    const world = createTestWorld({ personNames: 'optional' });

    const UserId = await created(world, { IdentityStoreId: STORE, UserName: 'robot' });

    expect(await described(world, UserId)).toMatchObject({ UserName: 'robot' });
  });

  test('a user name is there once (U3)', async () => {
    const error = await refusal(created(createTestWorld(), { ...CAROL, UserName: 'alice' }));

    expect([error.code, error.message]).toEqual(['ConflictException', 'Duplicate UserName']);
    expect(error.members).toEqual({ Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' });
  });

  test('whether another case makes another user name is how names are compared (U3, I3)', async () => {
    const loud = { ...CAROL, UserName: 'ALICE' };

    await expect(created(createTestWorld(), loud)).resolves.toEqual(expect.any(String));
    expect((await refusal(created(createTestWorld({ nameMatching: 'ignore-case' }), loud))).code).toBe(
      'ConflictException',
    );
  });

  test('an address that somebody has is refused, or shared (U4)', async () => {
    const same = { ...CAROL, Emails: [{ Value: 'Bob@example.com', Type: 'work', Primary: true }] };

    expect((await refusal(created(createTestWorld(), same))).members).toEqual({
      Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
    });
    await expect(created(createTestWorld({ sharedAddresses: 'allowed' }), same)).resolves.toEqual(
      expect.any(String),
    );
  });

  test('an address that two users had from the start stays theirs (U4)', async () => {
    const world = createTestWorld();

    await update(world, ALICE, ['title', 'Engineer'], ['emails', [{ value: 'shared@example.com' }]]);

    expect(await described(world, ALICE)).toMatchObject({ Emails: [{ Value: 'shared@example.com' }] });
  });

  test.each(['Administrator', 'AWSAdministrators'])('nobody can be called %s (U5)', async (name) => {
    const { call } = createTestWorld();

    expect((await refusal(call('CreateUser', { ...CAROL, UserName: name }))).code).toBe(
      'ValidationException',
    );
    expect((await refusal(call('CreateGroup', { IdentityStoreId: STORE, DisplayName: name }))).code).toBe(
      'ValidationException',
    );
  });

  test('an update changes attributes and their parts, and takes away (U6)', async () => {
    const world = createTestWorld();
    const UserId = await created(world, { ...CAROL, Title: 'Captain', NickName: 'C' });
    await world.pass(10);

    await update(
      world,
      UserId,
      ['name.givenName', 'Caroline'],
      ['Name.HonorificPrefix', 'Dr.'],
      ['TITLE', 'Colonel'],
      ['nickName'],
      ['phoneNumbers', [{ value: '+43 1 999', type: 'home', primary: false }]],
      ['addresses', [{ Locality: 'Graz' }]],
    );

    const after = await described(world, UserId);
    expect(after).toMatchObject({
      Name: { GivenName: 'Caroline', FamilyName: 'Danvers', HonorificPrefix: 'Dr.' },
      Title: 'Colonel',
      PhoneNumbers: [{ Value: '+43 1 999', Type: 'home', Primary: false }],
      Addresses: [{ Locality: 'Graz' }],
      CreatedAt: START / 1000,
      UpdatedAt: START / 1000 + 10,
    });
    expect(after).not.toHaveProperty('NickName');
  });

  test('the last part that is taken away takes the whole with it (U6)', async () => {
    const world = createTestWorld({ personNames: 'optional' });
    const UserId = await created(world, {
      IdentityStoreId: STORE,
      UserName: 'robot',
      Name: { GivenName: 'R' },
    });

    await update(world, UserId, ['name.givenName', null]);

    expect(await described(world, UserId)).not.toHaveProperty('Name');
  });

  test.each([
    ['an unknown attribute', 'shoeSize', '46'],
    ['a part of a list', 'emails.value', 'x@example.com'],
    ['an unknown part', 'name.initials', 'C'],
    ['a part of a text', 'title.short', 'Cpt'],
    ['a value that is too long', 'title', 'x'.repeat(1025)],
    ['two addresses', 'emails', [{ Value: 'a@example.com' }, { Value: 'b@example.com' }]],
    ['the status', 'userStatus', 'DISABLED'],
    ['a part of an extension', 'aws:identitystore:enterprise.department', 'x'],
    ['no user name', 'userName', null],
  ])('an update of %s is refused (U6)', async (_what, path, value) => {
    const world = createTestWorld({ userNameChange: 'allowed' });

    const error = await refusal(update(world, ALICE, ['title', 'Engineer'], [path, value]));

    expect(error.code).toBe('ValidationException');
    expect(await described(world, ALICE)).not.toHaveProperty('Title');
  });

  test('a value of a wrong type is refused (U6)', async () => {
    expect((await refusal(update(createTestWorld(), ALICE, ['title', 7]))).code).toBe(
      'SerializationException',
    );
  });

  test('a user name stays, or can be changed (U7)', async () => {
    const world = createTestWorld({ userNameChange: 'allowed' });

    await update(world, ALICE, ['userName', 'alicia']);

    expect(await described(world, ALICE)).toMatchObject({ UserName: 'alicia' });
    expect((await refusal(update(world, ALICE, ['userName', 'bob']))).code).toBe('ConflictException');
    expect((await refusal(update(createTestWorld(), ALICE, ['userName', 'alicia']))).code).toBe(
      'ValidationException',
    );
  });

  test('extensions are told to those who ask for them (U8)', async () => {
    const world = createTestWorld();
    const enterprise = 'aws:identitystore:enterprise';
    const UserId = await created(world, { ...CAROL, Extensions: { [enterprise]: { department: 'Flight' } } });
    const asked = (): Promise<Output> => described(world, UserId, { Extensions: [enterprise] });

    expect(await described(world, UserId)).not.toHaveProperty('Extensions');
    expect(await asked()).toMatchObject({ Extensions: { [enterprise]: { department: 'Flight' } } });

    await update(world, UserId, [enterprise, { department: 'Space' }]);
    expect(await asked()).toMatchObject({ Extensions: { [enterprise]: { department: 'Space' } } });

    await update(world, UserId, [enterprise, null]);
    expect(await asked()).not.toHaveProperty('Extensions');
  });

  test('a user who is deleted leaves groups, and leaves assignments behind (U9)', async () => {
    const world = createTestWorld();
    const bob = 'aaaaaaaa-0000-4000-8000-000000000002';

    await world.call('DeleteUser', { IdentityStoreId: STORE, UserId: bob });

    const group = { IdentityStoreId: STORE, GroupId: 'bbbbbbbb-0000-4000-8000-000000000002' };
    expect(await world.call('ListGroupMemberships', group)).toEqual({ GroupMemberships: [] });
    expect(world.rows()).toContain(`dev/ReadOnly/${bob}`);
    expect((await refusal(described(world, bob))).members).toEqual({ ResourceType: 'USER', ResourceId: bob });
    expect((await refusal(world.call('DeleteUser', { IdentityStoreId: STORE, UserId: bob }))).code).toBe(
      'ResourceNotFoundException',
    );
  });

  test('who is made again is somebody else (U9)', async () => {
    const world = createTestWorld();
    const first = await created(world);

    await world.call('DeleteUser', { IdentityStoreId: STORE, UserId: first });

    expect(await created(world)).not.toBe(first);
    expect(
      await world.call('GetUserId', {
        IdentityStoreId: STORE,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'carol' } },
      }),
    ).not.toMatchObject({ UserId: first });
  });

  test('somebody who is gone when a create ends cannot be granted (U9)', async () => {
    const world = createTestWorld();
    const UserId = await created(world);
    const requestId = await world.start('create', {
      account: 'dev',
      permissionSet: 'ReadOnly',
      user: 'carol',
    });

    await world.call('DeleteUser', { IdentityStoreId: STORE, UserId });
    await world.pass(60);

    expect(await world.status('create', requestId)).toMatchObject({
      Status: 'FAILED',
      FailureReason: `Received a 404 status error: the USER assignee ${UserId} was not found in directory ${STORE}.`,
    });
    expect(world.simulator.world.provisioning.find('444444444444', READ_ONLY)).toBeDefined();
  });

  test('a user is disabled by hand only, and stays a user (U12)', async () => {
    const world = createTestWorld();

    world.simulator.setUserStatus(ALICE, 'DISABLED');
    world.simulator.setUserStatus(ZOFIA, 'ENABLED');

    expect(await described(world, ALICE)).toMatchObject({ UserStatus: 'DISABLED' });
    expect(await described(world, ZOFIA)).toMatchObject({ UserStatus: 'ENABLED' });
    expect(() => {
      world.simulator.setUserStatus('nobody', 'DISABLED');
    }).toThrow('user "nobody" is not in the directory: use one of its user ids');
    await world.start('create', { account: 'dev', permissionSet: 'PowerUser', user: 'alice' });
    await world.pass(60);
    expect(world.rows()).toContain('dev/PowerUser/alice');
  });
});
