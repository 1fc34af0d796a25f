import { uuidFrom } from '../clock/seeded-random';
import { validationError } from './exceptions';
import type { DirectoryGroup } from './identity-store-directory';
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
import { GROUP_ATTRIBUTES, type IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import { IDENTITY_STORE_QUOTAS } from './identity-store-quotas';
import type { IdentityStoreEnvironment } from './identity-store-service';
import { updatedAttributes } from './identity-store-updates';
import { groupView } from './identity-store-views';
import { pageOfRows } from './paging';
import type { Handlers } from './simulated-service';

type GroupOperation =
  'CreateGroup' | 'DeleteGroup' | 'DescribeGroup' | 'GetGroupId' | 'ListGroups' | 'UpdateGroup';

/** Groups of the store. Groups are not nested; who is in them is in identity-store-memberships.ts. */
export function groupHandlers({
  world,
  settings,
  random,
  now,
}: IdentityStoreEnvironment): Pick<Handlers<typeof IDENTITY_STORE_INPUTS>, GroupOperation> {
  const { directory, identityStoreId: store } = world;

  const existing = (id: string): DirectoryGroup => {
    const group = directory.group(id);
    if (group === undefined) throw identityNotFound('GROUP', id);
    return group;
  };
  const named = (name: string): DirectoryGroup[] =>
    directory.groupsNamed(name).filter(({ displayName }) => matches(displayName, name, settings));

  /** @throws AwsError `ValidationException` for a name that no group can have, `ConflictException` for one that another has */
  const checkName = (name: string | undefined, self?: string): string => {
    if (name === undefined) throw validationError('DisplayName is required');
    checkNotReserved(name);
    if (named(name).some(({ id }) => id !== self)) throw notUnique('GroupDisplayName');
    return name;
  };

  return {
    CreateGroup(input, { caller }) {
      checkStore(world, input.IdentityStoreId);
      const displayName = checkName(input.DisplayName);
      const { groups: most } = IDENTITY_STORE_QUOTAS[settings.quotaVintage];
      if (directory.groupCount >= most) throw storeIsFull('Groups', most);
      const id = uuidFrom(random);
      const at = now();
      directory.addGroup({
        id,
        displayName,
        description: input.Description,
        externalIds: [],
        createdAt: at,
        updatedAt: at,
        createdBy: caller.accountId,
        updatedBy: caller.accountId,
      });
      return { GroupId: id, IdentityStoreId: store };
    },

    // Assignments stay, and point to an id that no group has any more.
    DeleteGroup(input) {
      checkStore(world, input.IdentityStoreId);
      directory.removeGroup(existing(input.GroupId).id);
      return {};
    },

    DescribeGroup(input) {
      checkStore(world, input.IdentityStoreId);
      return groupView(store, existing(input.GroupId));
    },

    GetGroupId(input) {
      checkStore(world, input.IdentityStoreId);
      const by = lookUpOf(input.AlternateIdentifier);
      if ('path' in by && by.path.toLowerCase() !== 'displayname') throw notAUniqueAttribute(by.path);
      const group = 'path' in by ? named(by.value)[0] : directory.groupByExternalId(by.externalId);
      if (group === undefined) throw identityNotFound('GROUP');
      return { GroupId: group.id, IdentityStoreId: store };
    },

    ListGroups(input) {
      checkStore(world, input.IdentityStoreId);
      const wanted = filterValue(input.Filters, 'DisplayName');
      const { items, nextToken } = pageOfRows(
        (sequence) =>
          wanted === undefined
            ? directory.groupsAfter(sequence)
            : named(wanted).filter((group) => group.sequence > sequence),
        input,
      );
      return { Groups: items.map((group) => groupView(store, group)), ...nextToken };
    },

    UpdateGroup(input, { caller }) {
      checkStore(world, input.IdentityStoreId);
      const group = existing(input.GroupId);
      const before = { DisplayName: group.displayName, Description: group.description };
      const { DisplayName: name, Description: description } = updatedAttributes(
        GROUP_ATTRIBUTES,
        before,
        input.Operations,
      );
      const displayName = checkName(name, group.id);
      const updatedBy = caller.accountId;
      directory.replaceGroup({ ...group, displayName, description, updatedAt: now(), updatedBy });
      return {};
    },
  };
}
