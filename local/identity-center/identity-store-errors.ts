import { AwsError } from '../aws-api/json-service';
import { notFound, validationError } from './exceptions';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import type { InputOf } from './input-rules';
import type { ExternalId } from './organization';
import type { SimulatorSettings } from './settings';
import type { World } from './world';

/** What the Identity Store keeps, as its errors name it. */
type ResourceType = 'USER' | 'GROUP' | 'GROUP_MEMBERSHIP' | 'IDENTITY_STORE';

/** What is looked for is not there; the id is told where the call had one. */
export function identityNotFound(type: ResourceType, id?: string): AwsError {
  const message =
    type === 'IDENTITY_STORE'
      ? `IdentityStore not present for IdentityStoreId: ${id ?? ''}`
      : `${type === 'GROUP_MEMBERSHIP' ? 'MEMBERSHIP' : type} not found.`;
  return notFound(message, { ResourceType: type, ...(id === undefined ? {} : { ResourceId: id }) });
}

/** Something of which there may be one only is there already. */
export function notUnique(attribute: string): AwsError {
  return new AwsError('ConflictException', `Duplicate ${attribute}`, 400, {
    Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
  });
}

/** One user or group too many. */
export function storeIsFull(what: 'Users' | 'Groups', most: number): AwsError {
  return new AwsError('ServiceQuotaExceededException', `Number of ${what} exceeds the limit of ${most}`);
}

/** @throws AwsError `ResourceNotFoundException` for another store than the instance's own */
export function checkStore(world: World, identityStoreId: string): void {
  if (identityStoreId !== world.identityStoreId) throw identityNotFound('IDENTITY_STORE', identityStoreId);
}

/** The names that neither a user nor a group can have. */
const RESERVED_NAMES: readonly string[] = ['administrator', 'awsadministrators'];

/** @throws AwsError `ValidationException` for a name that the service keeps for itself */
export function checkNotReserved(name: string): void {
  if (RESERVED_NAMES.includes(name.toLowerCase()))
    throw validationError(`${name} is a reserved name: use another one`);
}

/** Whether a stored name is the one that is asked for. */
export function matches(stored: string, asked: string, { nameMatching }: SimulatorSettings): boolean {
  if (nameMatching === 'exact') return stored === asked;
  return stored.toLowerCase() === asked.toLowerCase();
}

type AlternateIdentifier = InputOf<(typeof IDENTITY_STORE_INPUTS)['GetUserId']>['AlternateIdentifier'];

/**
 * What a look-up goes by: an attribute, its path in lower case, or an external id.
 * @throws AwsError `ValidationException` unless exactly one way of identifying is given
 */
export function lookUpOf({
  UniqueAttribute: attribute,
  ExternalId: external,
}: AlternateIdentifier):
  { readonly path: string; readonly value: string } | { readonly externalId: ExternalId } {
  if (attribute !== undefined && external === undefined) {
    return { path: attribute.AttributePath, value: attribute.AttributeValue };
  }
  if (external !== undefined && attribute === undefined) {
    return { externalId: { issuer: external.Issuer, id: external.Id } };
  }
  throw validationError('AlternateIdentifier must have exactly one of UniqueAttribute and ExternalId');
}

/** The refusal of a look-up by an attribute that several users or groups could have. */
export function notAUniqueAttribute(path: string): AwsError {
  return validationError(`The attribute ${path} is not a unique attribute`);
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
