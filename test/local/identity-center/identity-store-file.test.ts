import { readOrganization } from '../../../local/identity-center/organization-file';
import { createTestWorld, ORGANIZATION_YAML, refusal, STORE, type Output } from './support';

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';
const DEVELOPERS = 'bbbbbbbb-0000-4000-8000-000000000001';
const ISSUER = 'https://idp.example.com';

/** The test organization, in which Alice and the developers come from an identity provider. */
function written(aliceHas: string): string {
  return ORGANIZATION_YAML.replace('userName: alice,', `userName: alice, ${aliceHas},`).replace(
    'displayName: Developers,',
    `displayName: Developers, externalIds: [{ issuer: "${ISSUER}", id: g-1 }],`,
  );
}

const ORGANIZATION = readOrganization(
  written(
    `externalIds: [{ issuer: "${ISSUER}", id: u-1 }], attributes: { Title: Engineer, Name: { GivenName: Alice, FamilyName: Liddell } }`,
  ),
  'test.yaml',
);

describe('a directory that an organization file fills', () => {
  test('answers further attributes and external ids', async () => {
    const { call } = createTestWorld({}, 1, ORGANIZATION);

    expect(await call('DescribeUser', { IdentityStoreId: STORE, UserId: ALICE })).toMatchObject({
      UserName: 'alice',
      Title: 'Engineer',
      Name: { GivenName: 'Alice', FamilyName: 'Liddell' },
      ExternalIds: [{ Issuer: ISSUER, Id: 'u-1' }],
    });
    expect(await call('DescribeGroup', { IdentityStoreId: STORE, GroupId: DEVELOPERS })).toMatchObject({
      ExternalIds: [{ Issuer: ISSUER, Id: 'g-1' }],
    });
  });

  test.each([
    ['GetUserId', 'u-1', { UserId: ALICE }],
    ['GetGroupId', 'g-1', { GroupId: DEVELOPERS }],
  ])('%s finds who has an external id (I9)', async (operation, Id, found) => {
    const { call } = createTestWorld({}, 1, ORGANIZATION);
    const look = (externalId: Output): Promise<Output> =>
      call(operation, { IdentityStoreId: STORE, AlternateIdentifier: { ExternalId: externalId } });

    expect(await look({ Issuer: ISSUER, Id })).toMatchObject(found);
    expect((await refusal(look({ Issuer: 'https://other.example.com', Id }))).code).toBe(
      'ResourceNotFoundException',
    );
  });

  test('an external id is gone with its user (I9)', async () => {
    const { call } = createTestWorld({}, 1, ORGANIZATION);

    await call('DeleteUser', { IdentityStoreId: STORE, UserId: ALICE });

    const ExternalId = { Issuer: ISSUER, Id: 'u-1' };
    const input = { IdentityStoreId: STORE, AlternateIdentifier: { ExternalId } };
    expect((await refusal(call('GetUserId', input))).code).toBe('ResourceNotFoundException');
  });

  test('is told in the form of the file again, as it then is', async () => {
    const { call, simulator } = createTestWorld({}, 1, ORGANIZATION);
    expect(simulator.world.users()).toEqual(ORGANIZATION.users);
    expect(simulator.world.groups()).toEqual(ORGANIZATION.groups);

    await call('UpdateUser', {
      IdentityStoreId: STORE,
      UserId: ALICE,
      Operations: [
        { AttributePath: 'title' },
        {
          AttributePath: 'emails',
          AttributeValue: [{ Value: 'a@example.com', Type: 'home', Primary: true }],
        },
      ],
    });

    expect(simulator.world.user(ALICE)).toMatchObject({
      emails: ['a@example.com'],
      attributes: {
        Name: { GivenName: 'Alice', FamilyName: 'Liddell' },
        Emails: [{ Value: 'a@example.com', Type: 'home', Primary: true }],
      },
    });
    expect(simulator.world.user(ALICE)?.attributes).not.toHaveProperty('Title');
  });

  test.each([
    ['an unknown attribute', 'attributes: { ShoeSize: "46" }'],
    ['an attribute that has a key of its own', 'attributes: { UserName: alice }'],
    ['a value of a wrong type', 'attributes: { Title: 7 }'],
    ['a value that is too long', `attributes: { Title: ${'x'.repeat(1025)} }`],
    ['no map', 'attributes: [Title]'],
  ])('cannot have %s', (_what, aliceHas) => {
    expect(() => readOrganization(written(aliceHas), 'test.yaml')).toThrow(
      /users\[0\]\.attributes is .*: use a map of Name, NickName/,
    );
  });
});
