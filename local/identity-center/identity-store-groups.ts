import { createHash } from 'node:crypto';

import { validationError } from './exceptions';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import type { IdentityStoreEnvironment } from './identity-store-service';
import { checkStore, filterValue, identityNotFound, matches, uniqueAttribute } from './identity-store-users';
import type { Group } from './organization';
import { pageOfFixed } from './paging';
import type { Handlers, Output } from './simulated-service';

/** A membership's id: the same for the same group and user, as memberships are not stored by themselves. */
function membershipId(groupId: string, userId: string): string {
  const hex = createHash('sha256').update(`${groupId} ${userId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

type GroupOperation =
  | 'DescribeGroup'
  | 'GetGroupId'
  | 'IsMemberInGroups'
  | 'ListGroupMemberships'
  | 'ListGroupMembershipsForMember'
  | 'ListGroups';

/** Groups of the store, and who is in them. Groups are not nested. */
export function groupHandlers({
  world,
  settings,
}: IdentityStoreEnvironment): Pick<Handlers<typeof IDENTITY_STORE_INPUTS>, GroupOperation> {
  const described = (group: Group): Output => ({
    IdentityStoreId: world.identityStoreId,
    GroupId: group.id,
    DisplayName: group.displayName,
    Description: group.description,
  });
  const membership = (groupId: string, userId: string): Output => ({
    IdentityStoreId: world.identityStoreId,
    MembershipId: membershipId(groupId, userId),
    GroupId: groupId,
    MemberId: { UserId: userId },
  });
  const groupOf = (id: string): Group => {
    const group = world.group(id);
    if (group === undefined) throw identityNotFound('GROUP', id);
    return group;
  };

  return {
    DescribeGroup(input) {
      checkStore(world, input.IdentityStoreId);
      return described(groupOf(input.GroupId));
    },

    // By external id nothing is found: no group of the simulated store has one.
    GetGroupId(input) {
      checkStore(world, input.IdentityStoreId);
      const attribute = uniqueAttribute(input.AlternateIdentifier);
      if (attribute !== undefined && attribute.path !== 'displayname') {
        const path = input.AlternateIdentifier.UniqueAttribute?.AttributePath ?? '';
        throw validationError(`The attribute ${path} is not a unique attribute`);
      }
      const group = world
        .groups()
        .find(
          ({ displayName }) => attribute !== undefined && matches(displayName, attribute.value, settings),
        );
      if (group === undefined) throw identityNotFound('GROUP');
      return { GroupId: group.id, IdentityStoreId: world.identityStoreId };
    },

    // One unknown group fails the whole call; the members of the others are not answered.
    IsMemberInGroups(input) {
      checkStore(world, input.IdentityStoreId);
      const { UserId: userId } = input.MemberId;
      const results = input.GroupIds.map((groupId) => ({
        GroupId: groupId,
        MemberId: { UserId: userId },
        MembershipExists: groupOf(groupId).members.includes(userId),
      }));
      return { Results: results };
    },

    ListGroupMemberships(input) {
      checkStore(world, input.IdentityStoreId);
      const { id, members } = groupOf(input.GroupId);
      const { items, nextToken } = pageOfFixed(members, input);
      return { GroupMemberships: items.map((userId) => membership(id, userId)), ...nextToken };
    },

    // The group's list and this one are two views of the same members.
    ListGroupMembershipsForMember(input) {
      checkStore(world, input.IdentityStoreId);
      const { UserId: userId } = input.MemberId;
      if (world.user(userId) === undefined) throw identityNotFound('USER', userId);
      const groups = world.groups().filter(({ members }) => members.includes(userId));
      const { items, nextToken } = pageOfFixed(groups, input);
      return { GroupMemberships: items.map(({ id }) => membership(id, userId)), ...nextToken };
    },

    ListGroups(input) {
      checkStore(world, input.IdentityStoreId);
      const wanted = filterValue(input.Filters, 'DisplayName');
      const groups = world
        .groups()
        .filter(({ displayName }) => wanted === undefined || matches(displayName, wanted, settings));
      const { items, nextToken } = pageOfFixed(groups, input);
      return { Groups: items.map(described), ...nextToken };
    },
  };
}
