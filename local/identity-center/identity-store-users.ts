import { notFound, validationError } from './exceptions';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import type { IdentityStoreEnvironment } from './identity-store-service';
import type { InputOf } from './input-rules';
import type { User } from './organization';
import { pageOfFixed } from './paging';
import type { SimulatorSettings } from './settings';
import type { AwsError } from '../aws-api/json-service';
import type { Handlers, Output } from './simulated-service';
import type { World } from './world';

/** The one kind of error that an Identity Store look-up has. */
export function identityNotFound(type: 'USER' | 'GROUP' | 'IDENTITY_STORE', id?: string): AwsError {
  return notFound(`${type} not found.`, {
    ResourceType: type,
    ...(id === undefined ? {} : { ResourceId: id }),
  });
}

/** @throws AwsError `ResourceNotFoundException` for another store than the instance's own */
export function checkStore(world: World, identityStoreId: string): void {
  if (identityStoreId !== world.identityStoreId) throw identityNotFound('IDENTITY_STORE', identityStoreId);
}

/** Whether a stored name is the one that is asked for. */
export function matches(stored: string, asked: string, { nameMatching }: SimulatorSettings): boolean {
  if (nameMatching === 'exact') return stored === asked;
  return stored.toLowerCase() === asked.toLowerCase();
}

type AlternateIdentifier = InputOf<(typeof IDENTITY_STORE_INPUTS)['GetUserId']>['AlternateIdentifier'];

/**
 * The attribute that a look-up goes by, its path in lower case, or undefined for one by external id: nobody in the simulated
 * store has such an id, so that look-up finds nothing.
 * @throws AwsError `ValidationException` unless exactly one way of identifying is given
 */
export function uniqueAttribute(
  identifier: AlternateIdentifier,
): { path: string; value: string } | undefined {
  const { UniqueAttribute: attribute, ExternalId: external } = identifier;
  if ((attribute === undefined) === (external === undefined)) {
    throw validationError('AlternateIdentifier must have exactly one of UniqueAttribute and ExternalId');
  }
  if (attribute === undefined) return undefined;
  return { path: attribute.AttributePath.toLowerCase(), value: attribute.AttributeValue };
}

type Filters = InputOf<(typeof IDENTITY_STORE_INPUTS)['ListUsers']>['Filters'];

/**
 * The value that the only possible filter asks for.
 * @throws AwsError `ValidationException` for any other attribute
 */
export function filterValue(filters: Filters, attribute: string): string | undefined {
  const filter = filters?.[0];
  if (filter === undefined) return undefined;
  if (filter.AttributePath === attribute) return filter.AttributeValue;
  throw validationError(
    `The attribute ${filter.AttributePath} is not supported for filtering: use ${attribute}`,
  );
}

type UserOperation = 'DescribeUser' | 'GetUserId' | 'ListUsers';

/** Users of the store. */
export function userHandlers({
  world,
  settings,
}: IdentityStoreEnvironment): Pick<Handlers<typeof IDENTITY_STORE_INPUTS>, UserOperation> {
  const described = (user: User): Output => ({
    IdentityStoreId: world.identityStoreId,
    UserId: user.id,
    UserName: user.userName,
    DisplayName: user.displayName,
    Emails: user.emails.map((address, index) => ({ Value: address, Type: 'work', Primary: index === 0 })),
    UserStatus: user.status,
  });

  const find = (identifier: AlternateIdentifier): User | undefined => {
    const attribute = uniqueAttribute(identifier);
    if (attribute === undefined) return undefined;
    const { path, value } = attribute;
    const isSame = (stored: string): boolean => matches(stored, value, settings);
    if (path === 'username') return world.users().find((user) => isSame(user.userName));
    // An address need not be unique; the first user that has it is answered.
    if (path === 'emails.value') return world.users().find((user) => user.emails.some(isSame));
    throw validationError(
      `The attribute ${identifier.UniqueAttribute?.AttributePath ?? ''} is not a unique attribute`,
    );
  };

  return {
    DescribeUser(input) {
      checkStore(world, input.IdentityStoreId);
      const user = world.user(input.UserId);
      if (user === undefined) throw identityNotFound('USER', input.UserId);
      return described(user);
    },

    GetUserId(input) {
      checkStore(world, input.IdentityStoreId);
      const user = find(input.AlternateIdentifier);
      if (user === undefined) throw identityNotFound('USER');
      return { UserId: user.id, IdentityStoreId: world.identityStoreId };
    },

    ListUsers(input) {
      checkStore(world, input.IdentityStoreId);
      const wanted = filterValue(input.Filters, 'UserName');
      const users = world
        .users()
        .filter((user) => wanted === undefined || matches(user.userName, wanted, settings));
      const { items, nextToken } = pageOfFixed(users, input);
      return { Users: items.map(described), ...nextToken };
    },
  };
}
