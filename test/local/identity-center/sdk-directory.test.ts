import {
  ConflictException,
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DescribeUserCommand,
  IdentitystoreClient,
  paginateListUsers,
  ResourceNotFoundException,
  ThrottlingException,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore';
import {
  ConstraintViolationException,
  CreateAccountCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
  TooManyRequestsException,
  CloseAccountCommand,
} from '@aws-sdk/client-organizations';

import { openSdkFront, type SdkFront } from './sdk-front';
import { createTestWorld, MANAGEMENT, START, STORE, UNKNOWN_ID, type TestWorld } from './support';

const IdentityStoreId = STORE;

/** The error that a call was refused with. */
async function refused(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('expected the call to be refused, but it was answered'),
    (error: unknown) => error,
  );
}

describe('the SDK for the Identity Store and for Organizations', () => {
  let world: TestWorld;
  let front: SdkFront;
  let store: IdentitystoreClient;
  let organizations: OrganizationsClient;

  beforeEach(async () => {
    world = createTestWorld({ accountCreationLatency: { kind: 'fixed', seconds: 5 } });
    front = await openSdkFront(world.simulator.services, 'root');
    store = new IdentitystoreClient(front.config);
    organizations = new OrganizationsClient(front.config);
  });

  afterEach(async () => {
    store.destroy();
    organizations.destroy();
    await front.close();
  });

  test('a user is made, changed by documents and put into a group (U1, U6, G4, W3)', async () => {
    const { UserId } = await store.send(
      new CreateUserCommand({
        IdentityStoreId,
        UserName: 'carol',
        DisplayName: 'Carol Danvers',
        Name: { GivenName: 'Carol', FamilyName: 'Danvers' },
      }),
    );
    await store.send(
      new UpdateUserCommand({
        IdentityStoreId,
        UserId,
        Operations: [
          { AttributePath: 'name.givenName', AttributeValue: 'Caroline' },
          { AttributePath: 'emails', AttributeValue: [{ value: 'c@example.com', primary: true }] },
        ],
      }),
    );
    const { GroupId } = await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: 'Pilots' }));
    await store.send(
      new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId: UserId ?? '' } }),
    );

    const user = await store.send(new DescribeUserCommand({ IdentityStoreId, UserId }));
    expect(user).toMatchObject({
      Name: { GivenName: 'Caroline', FamilyName: 'Danvers' },
      Emails: [{ Value: 'c@example.com', Primary: true }],
      CreatedAt: new Date(START),
    });
    expect(world.simulator.world.groupsOf(UserId ?? '')).toEqual([GroupId]);
  });

  test('refusals of the store arrive as its classes, with what they say (G1, I2, U11)', async () => {
    const twin = await refused(
      store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: 'Developers' })),
    );
    const nobody = await refused(
      store.send(new DescribeUserCommand({ IdentityStoreId, UserId: UNKNOWN_ID })),
    );
    world.simulator.changeSettings({ identityStoreRequestsPerSecond: 1 });
    await refused(store.send(new DescribeUserCommand({ IdentityStoreId, UserId: UNKNOWN_ID })));
    const throttled = await refused(
      store.send(new DescribeUserCommand({ IdentityStoreId, UserId: UNKNOWN_ID })),
    );

    expect(twin).toBeInstanceOf(ConflictException);
    expect(twin).toMatchObject({ Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' });
    expect(nobody).toBeInstanceOf(ResourceNotFoundException);
    expect(nobody).toMatchObject({ ResourceType: 'USER', ResourceId: UNKNOWN_ID });
    expect(throttled).toBeInstanceOf(ThrottlingException);
    expect(throttled).toMatchObject({ RetryAfterSeconds: 1 });
  });

  test('an account is made, followed to its end and moved (J1, J7, W3)', async () => {
    const { CreateAccountStatus: accepted } = await organizations.send(
      new CreateAccountCommand({ Email: 'new@example.com', AccountName: 'new' }),
    );
    await world.pass(5);
    const { CreateAccountStatus: ended } = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: accepted?.Id }),
    );
    const AccountId = ended?.AccountId;
    await organizations.send(
      new MoveAccountCommand({
        AccountId,
        SourceParentId: 'r-ab12',
        DestinationParentId: 'ou-ab12-workload',
      }),
    );

    expect(accepted).toMatchObject({ State: 'IN_PROGRESS', RequestedTimestamp: new Date(START) });
    expect(ended).toMatchObject({ State: 'SUCCEEDED', CompletedTimestamp: new Date(START + 5_000) });
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId }));
    expect(Account?.Paths).toEqual(['o-abcdefghij/r-ab12/ou-ab12-workload/']);
  });

  test('refusals of Organizations arrive as its classes, with what they say (J9, R1)', async () => {
    const closed = await refused(organizations.send(new CloseAccountCommand({ AccountId: MANAGEMENT })));
    const describe = (): Promise<unknown> =>
      organizations.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: 'car-00000000' }));
    await refused(describe());
    await refused(describe());
    const throttled = await refused(describe());

    expect(closed).toBeInstanceOf(ConstraintViolationException);
    expect(closed).toMatchObject({ Reason: 'CANNOT_CLOSE_MANAGEMENT_ACCOUNT' });
    expect(throttled).toBeInstanceOf(TooManyRequestsException);
    expect(throttled).toMatchObject({ Type: 'REQUEST_RATE', $metadata: { httpStatusCode: 400 } });
  });

  test('paginators walk all pages (W8, O3)', async () => {
    const users: unknown[] = [];
    for await (const page of paginateListUsers({ client: store, pageSize: 1 }, { IdentityStoreId })) {
      users.push(...(page.Users ?? []));
    }
    const accounts: unknown[] = [];
    for await (const page of paginateListAccounts({ client: organizations, pageSize: 2 }, {})) {
      accounts.push(...(page.Accounts ?? []));
    }

    expect([users.length, accounts.length]).toEqual([3, 5]);
  });
});
