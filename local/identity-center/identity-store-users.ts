import { uuidFrom } from '../clock/seeded-random';
import { validationError } from './exceptions';
import type { DirectoryUser } from './identity-store-directory';
import {
  checkNotReserved,
  checkStore,
  filterValue,
  identityNotFound,
  lookUpOf,
  matches,
  notAUniqueAttribute,
  notUnique,
  storeIsFull,
} from './identity-store-errors';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { IDENTITY_STORE_QUOTAS } from './identity-store-quotas';
import type { IdentityStoreEnvironment } from './identity-store-service';
import { updatedUser } from './identity-store-updates';
import { userView } from './identity-store-views';
import type { InputOf } from './input-rules';
import { pageOfRows } from './paging';
import type { Handlers } from './simulated-service';
import { USER_ATTRIBUTES, addressesOf, type UserAttributes } from './user-attributes';

type UserOperation = 'CreateUser' | 'DeleteUser' | 'DescribeUser' | 'GetUserId' | 'ListUsers' | 'UpdateUser';

/** Users of the store. */
export function userHandlers(
  environment: IdentityStoreEnvironment,
): Pick<Handlers<typeof IDENTITY_STORE_INPUTS>, UserOperation> {
  const { world, settings, random, now } = environment;
  const { directory, identityStoreId: store } = world;

  const existing = (id: string): DirectoryUser => {
    const user = directory.user(id);
    if (user === undefined) throw identityNotFound('USER', id);
    return user;
  };

  return {
    CreateUser({ IdentityStoreId: storeId, ...attributes }, { caller }) {
      checkStore(world, storeId);
      const known = onlyAttributes(attributes);
      checkUser(environment, known);
      const { users: most } = IDENTITY_STORE_QUOTAS[settings.quotaVintage];
      if (directory.userCount >= most) throw storeIsFull('Users', most);
      const id = uuidFrom(random);
      const at = now();
      directory.addUser({
        id,
        status: 'ENABLED',
        externalIds: [],
        attributes: known,
        createdAt: at,
        updatedAt: at,
        createdBy: caller.accountId,
        updatedBy: caller.accountId,
      });
      return { UserId: id, IdentityStoreId: store };
    },

    // Assignments stay, and point to an id that nobody has any more.
    DeleteUser(input) {
      checkStore(world, input.IdentityStoreId);
      directory.removeUser(existing(input.UserId).id);
      return {};
    },

    DescribeUser(input) {
      checkStore(world, input.IdentityStoreId);
      return userView(store, existing(input.UserId), input.Extensions);
    },

    GetUserId(input) {
      checkStore(world, input.IdentityStoreId);
      const user = find(environment, input.AlternateIdentifier);
      if (user === undefined) throw identityNotFound('USER');
      return { UserId: user.id, IdentityStoreId: store };
    },

    ListUsers(input) {
      checkStore(world, input.IdentityStoreId);
      const wanted = filterValue(input.Filters, 'UserName');
      const { items, nextToken } = pageOfRows(
        (sequence) =>
          wanted === undefined
            ? directory.usersAfter(sequence)
            : named(environment, wanted).filter((user) => user.sequence > sequence),
        input,
      );
      return { Users: items.map((user) => userView(store, user, input.Extensions)), ...nextToken };
    },

    UpdateUser(input, { caller }) {
      checkStore(world, input.IdentityStoreId);
      const user = existing(input.UserId);
      const attributes = updatedUser(user.attributes, input.Operations);
      if (settings.userNameChange === 'refused' && attributes.UserName !== user.attributes.UserName) {
        throw validationError('The attribute userName cannot be updated');
      }
      checkUser(environment, attributes, user);
      directory.replaceUser({ ...user, attributes, updatedAt: now(), updatedBy: caller.accountId });
      return {};
    },
  };
}

type CreateInput = Omit<InputOf<(typeof IDENTITY_STORE_INPUTS)['CreateUser']>, 'IdentityStoreId'>;

/** Only what the model has: an unknown member of the call is passed over, and must not come back in an answer. */
function onlyAttributes(input: CreateInput): UserAttributes {
  return Object.fromEntries(Object.entries(input).filter(([name]) => Object.hasOwn(USER_ATTRIBUTES, name)));
}

/**
 * What every user must have, and what no two users can have.
 * @param self the user that is being changed
 * @throws AwsError `ValidationException` or `ConflictException`
 */
function checkUser(
  environment: IdentityStoreEnvironment,
  attributes: UserAttributes,
  self?: DirectoryUser,
): void {
  const { settings, world } = environment;
  const { UserName: userName, DisplayName: displayName, Name: name } = attributes;
  if (userName === undefined) throw validationError('UserName is required');
  checkNotReserved(userName);
  if (settings.personNames === 'required') {
    const missing = [
      displayName === undefined ? 'DisplayName' : '',
      name?.GivenName === undefined ? 'Name.GivenName' : '',
      name?.FamilyName === undefined ? 'Name.FamilyName' : '',
    ].filter((one) => one !== '');
    // What the organization file left out of a user does not keep the user from being changed.
    if (missing.length > 0 && self === undefined) throw validationError(`${missing.join(', ')} is required`);
  }
  const isAnother = ({ id }: DirectoryUser): boolean => id !== self?.id;
  if (named(environment, userName).some(isAnother)) throw notUnique('UserName');
  if (settings.sharedAddresses === 'allowed') return;
  const before = self === undefined ? [] : addressesOf(self.attributes);
  for (const { Value: address } of attributes.Emails ?? []) {
    // An address that the user has already is no news, even if the file gave it to two users.
    if (address === undefined || before.includes(address)) continue;
    if (world.directory.usersWithAddress(address).some(isAnother)) throw notUnique('Emails');
  }
}

function named({ world, settings }: IdentityStoreEnvironment, name: string): DirectoryUser[] {
  return world.directory
    .usersNamed(name)
    .filter(({ attributes }) => matches(attributes.UserName ?? '', name, settings));
}

function find(
  environment: IdentityStoreEnvironment,
  identifier: InputOf<(typeof IDENTITY_STORE_INPUTS)['GetUserId']>['AlternateIdentifier'],
): DirectoryUser | undefined {
  const { world, settings } = environment;
  const by = lookUpOf(identifier);
  if ('externalId' in by) return world.directory.userByExternalId(by.externalId);
  const path = by.path.toLowerCase();
  if (path === 'username') return named(environment, by.value)[0];
  if (path !== 'emails.value') throw notAUniqueAttribute(by.path);
  // Where users share an address, the oldest of them is answered.
  return world.directory
    .usersWithAddress(by.value)
    .find((user) => addressesOf(user.attributes).some((address) => matches(address, by.value, settings)));
}
