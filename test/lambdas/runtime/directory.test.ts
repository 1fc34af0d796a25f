import {
  AccessDeniedException,
  AccessDeniedExceptionReason,
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  InternalServerException,
  ListUsersCommand,
  ResourceNotFoundException,
  ResourceNotFoundExceptionReason,
  ThrottlingException,
  ThrottlingExceptionReason,
  ValidationException,
  ValidationExceptionReason,
} from '@aws-sdk/client-identitystore';
import {
  AccountNotFoundException,
  AccessDeniedException as OrganizationsAccessDeniedException,
  DescribeAccountCommand,
  OrganizationsClient,
  ServiceException,
  TooManyRequestsException,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { SdkDirectory, SdkOrganization } from '../../../lambdas/runtime/directory';
import { awsError, timeout } from '../../support/aws-errors';
import { FakeClock } from '../../support/fake-clock';

/** Every way in which a customer-managed key can fail, as the Identity Store spells it: the admin API has other words. */
const KEY_FAILURES: readonly (readonly [string, Error])[] = [
  ...Object.values(AccessDeniedExceptionReason).map(
    (why) => [why, awsError(AccessDeniedException, 400, why)] as const,
  ),
  ...Object.values(ResourceNotFoundExceptionReason).map(
    (why) => [why, awsError(ResourceNotFoundException, 400, why)] as const,
  ),
  ...Object.values(ThrottlingExceptionReason).map(
    (why) => [why, awsError(ThrottlingException, 400, why)] as const,
  ),
  ...Object.values(ValidationExceptionReason).map(
    (why) => [why, awsError(ValidationException, 400, why)] as const,
  ),
];

/** What is no answer about the thing that was asked for, and must not be taken for one. */
const FAILURES: readonly (readonly [string, Error])[] = [
  ['a timeout', timeout()],
  ['a throttle', awsError(ThrottlingException, 400)],
  ['a missing right', awsError(AccessDeniedException, 400)],
  ['an error of the service', awsError(InternalServerException, 500)],
  ...KEY_FAILURES,
];
/** What says that there is no such thing. */
const ABSENCES: readonly (readonly [string, Error])[] = [
  ['not found', awsError(ResourceNotFoundException, 400)],
  ['a name that the store cannot have', awsError(ValidationException, 400)],
];

const listed = (UserId: string, Value: string) => ({
  IdentityStoreId: 'd-1234567890',
  UserId,
  UserName: UserId,
  Emails: [{ Value }],
});

describe('SdkDirectory', () => {
  const store = mockClient(IdentitystoreClient);
  let clock: FakeClock;
  let directory: SdkDirectory;
  const attribute = (AttributePath: string, AttributeValue: string) => ({
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  });

  beforeEach(() => {
    store.reset();
    store.on(ListUsersCommand).resolves({ Users: [] });
    clock = new FakeClock();
    directory = new SdkDirectory('d-1234567890', clock);
  });

  test('looks a user name up by user name alone', async () => {
    store.on(GetUserIdCommand).resolves({ UserId: 'u-1' });
    store.on(DescribeUserCommand).resolves({
      UserId: 'u-1',
      UserName: 'bob',
      Emails: [{ Value: 'b@x.org' }, { Value: 'bob@x.org', Primary: true }],
    });

    expect(await directory.usersNamed('bob')).toEqual([{ id: 'u-1', name: 'bob', email: 'bob@x.org' }]);
    expect(store.commandCalls(GetUserIdCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { IdentityStoreId: 'd-1234567890', ...attribute('userName', 'bob') },
    ]);
  });

  test.each([
    ['DISABLED', { isDisabled: true }],
    ['ENABLED', {}],
  ] as const)('tells whether a user is disabled: %s', async (UserStatus, told) => {
    store.on(DescribeUserCommand).resolves({ UserId: 'u-1', UserName: 'bob', UserStatus });

    expect(await directory.user('u-1')).toEqual({ id: 'u-1', name: 'bob', ...told });
  });

  test('looks an address up as a user name too, and answers one person once', async () => {
    store.on(GetUserIdCommand).resolves({ UserId: 'u-1' });
    store.on(DescribeUserCommand).resolves({ UserId: 'u-1', UserName: 'bob@x.org' });

    expect(await directory.usersNamed('bob@x.org')).toEqual([{ id: 'u-1', name: 'bob@x.org' }]);
    expect(store.commandCalls(GetUserIdCommand)).toHaveLength(2);
  });

  test('answers everybody who has an address, upper and lower case aside', async () => {
    store
      .on(GetUserIdCommand, attribute('userName', 'bob@x.org'))
      .rejects(awsError(ResourceNotFoundException, 400));
    store.on(GetUserIdCommand, attribute('emails.value', 'bob@x.org')).resolves({ UserId: 'u-1' });
    store
      .on(ListUsersCommand)
      .resolvesOnce({ Users: [listed('u-1', 'bob@x.org')], NextToken: 'more' })
      .resolves({ Users: [listed('u-2', 'Bob@X.org')] });
    store.on(DescribeUserCommand).callsFake(({ UserId }: { UserId: string }) => listed(UserId, 'Bob@x.org'));

    expect((await directory.usersNamed('bob@x.org')).map(({ id }) => id)).toEqual(['u-1', 'u-2']);
  });

  test('does not take a listing for the present: who has given an address up is not answered', async () => {
    store.on(GetUserIdCommand).rejects(awsError(ResourceNotFoundException, 400));
    store.on(ListUsersCommand).resolves({ Users: [listed('u-1', 'bob@x.org')] });
    store.on(DescribeUserCommand).resolves(listed('u-1', 'robert@x.org'));

    expect(await directory.usersNamed('bob@x.org')).toEqual([]);
  });

  test('lists the store once in five minutes, and again after a listing that broke off', async () => {
    store.on(GetUserIdCommand).rejects(awsError(ResourceNotFoundException, 400));
    store.on(ListUsersCommand).rejectsOnce(awsError(InternalServerException, 500)).resolves({ Users: [] });

    await expect(directory.usersNamed('bob@x.org')).rejects.toThrow();
    await directory.usersNamed('bob@x.org');
    await directory.usersNamed('bob@x.org');
    clock.advance(6 * 60_000);
    await directory.usersNamed('bob@x.org');

    expect(store.commandCalls(ListUsersCommand)).toHaveLength(3);
  });

  test('answers both people where an address is the user name of one and the address of the other', async () => {
    store.on(GetUserIdCommand, attribute('userName', 'bob@x.org')).resolves({ UserId: 'u-1' });
    store.on(GetUserIdCommand, attribute('emails.value', 'bob@x.org')).resolves({ UserId: 'u-2' });
    store
      .on(DescribeUserCommand)
      .callsFake(({ UserId }: { UserId: string }) => ({ UserId, UserName: `name of ${UserId}` }));

    expect((await directory.usersNamed('bob@x.org')).map(({ id }) => id)).toEqual(['u-1', 'u-2']);
  });

  test('leaves out somebody who was deleted between the two calls', async () => {
    store.on(GetUserIdCommand).resolves({ UserId: 'u-1' });
    store.on(DescribeUserCommand).rejects(awsError(ResourceNotFoundException, 400));

    expect(await directory.usersNamed('bob')).toEqual([]);
  });

  test('finds groups by display name and by id', async () => {
    store.on(GetGroupIdCommand, attribute('displayName', 'Platform')).resolves({ GroupId: 'g-1' });
    store.on(DescribeGroupCommand).resolves({ GroupId: 'g-1', DisplayName: 'Platform' });

    expect(await directory.groupsNamed('Platform')).toEqual([{ id: 'g-1', name: 'Platform' }]);
    expect(await directory.group('g-1')).toEqual({ id: 'g-1', name: 'Platform' });
  });

  test.each(ABSENCES)('answers nobody for %s', async (_case, error) => {
    store.rejects(error);
    store.on(ListUsersCommand).resolves({ Users: [] });

    expect(await directory.usersNamed('bob@x.org')).toEqual([]);
    expect(await directory.groupsNamed('Platform')).toEqual([]);
    expect(await directory.user('u-1')).toBeUndefined();
    expect(await directory.group('g-1')).toBeUndefined();
  });

  test.each(FAILURES)('never takes %s for the absence of a person or group', async (_case, error) => {
    store.rejects(error);

    await expect(directory.usersNamed('bob@x.org')).rejects.toBe(error);
    await expect(directory.groupsNamed('Platform')).rejects.toBe(error);
    await expect(directory.user('u-1')).rejects.toBe(error);
    await expect(directory.group('g-1')).rejects.toBe(error);
  });
});

describe('SdkOrganization', () => {
  const organizations = mockClient(OrganizationsClient);
  const organization = new SdkOrganization();

  beforeEach(() => {
    organizations.reset();
  });

  test('answers the state of an account, and the retired status where there is no state', async () => {
    organizations
      .on(DescribeAccountCommand, { AccountId: '1' })
      .resolves({ Account: { State: 'PENDING_CLOSURE', Status: 'ACTIVE' } });
    organizations
      .on(DescribeAccountCommand, { AccountId: '2' })
      .resolves({ Account: { Status: 'SUSPENDED' } });
    organizations.on(DescribeAccountCommand, { AccountId: '3' }).resolves({ Account: {} });

    expect(await organization.accountState('1')).toBe('PENDING_CLOSURE');
    expect(await organization.accountState('2')).toBe('SUSPENDED');
    expect(await organization.accountState('3')).toBe('of unknown state');
  });

  test('answers nothing for an account that is not in the organization', async () => {
    organizations.on(DescribeAccountCommand).rejects(awsError(AccountNotFoundException, 400));

    expect(await organization.accountState('1')).toBeUndefined();
  });

  test.each([
    ['a timeout', timeout()],
    ['a throttle', awsError(TooManyRequestsException, 400)],
    ['a missing right', awsError(OrganizationsAccessDeniedException, 400)],
    ['an error of the service', awsError(ServiceException, 500)],
  ])('never takes %s for the absence of an account', async (_case, error) => {
    organizations.on(DescribeAccountCommand).rejects(error);

    await expect(organization.accountState('1')).rejects.toBe(error);
  });
});
