import { uuidFrom } from '../clock/seeded-random';
import type { Membership } from './identity-store-directory';
import { checkStore, identityNotFound, notUnique } from './identity-store-errors';
import type { IDENTITY_STORE_INPUTS } from './identity-store-inputs';
import type { IdentityStoreEnvironment } from './identity-store-service';
import { membershipView } from './identity-store-views';
import { pageOfRows } from './paging';
import type { Handlers } from './simulated-service';

type MembershipOperation =
  | 'CreateGroupMembership'
  | 'DeleteGroupMembership'
  | 'DescribeGroupMembership'
  | 'GetGroupMembershipId'
  | 'IsMemberInGroups'
  | 'ListGroupMemberships'
  | 'ListGroupMembershipsForMember';

/** Who is in which group. */
export function membershipHandlers({
  world,
  random,
  now,
}: IdentityStoreEnvironment): Pick<Handlers<typeof IDENTITY_STORE_INPUTS>, MembershipOperation> {
  const { directory, identityStoreId: store } = world;

  const checkGroup = (id: string): void => {
    if (directory.group(id) === undefined) throw identityNotFound('GROUP', id);
  };
  const checkUser = (id: string): void => {
    if (directory.user(id) === undefined) throw identityNotFound('USER', id);
  };
  const existing = (id: string): Membership => {
    const membership = directory.membership(id);
    if (membership === undefined) throw identityNotFound('GROUP_MEMBERSHIP', id);
    return membership;
  };

  return {
    CreateGroupMembership(input, { caller }) {
      checkStore(world, input.IdentityStoreId);
      const { GroupId: groupId } = input;
      const { UserId: userId } = input.MemberId;
      checkGroup(groupId);
      checkUser(userId);
      if (directory.membershipOf(groupId, userId) !== undefined) throw notUnique('Membership');
      const id = uuidFrom(random);
      const at = now();
      directory.addMembership({
        id,
        groupId,
        userId,
        createdAt: at,
        updatedAt: at,
        createdBy: caller.accountId,
        updatedBy: caller.accountId,
      });
      return { MembershipId: id, IdentityStoreId: store };
    },

    DeleteGroupMembership(input) {
      checkStore(world, input.IdentityStoreId);
      directory.removeMembership(existing(input.MembershipId).id);
      return {};
    },

    DescribeGroupMembership(input) {
      checkStore(world, input.IdentityStoreId);
      return membershipView(store, existing(input.MembershipId));
    },

    GetGroupMembershipId(input) {
      checkStore(world, input.IdentityStoreId);
      const membership = directory.membershipOf(input.GroupId, input.MemberId.UserId);
      if (membership === undefined) throw identityNotFound('GROUP_MEMBERSHIP');
      return { MembershipId: membership.id, IdentityStoreId: store };
    },

    // One unknown group fails the whole call; the members of the others are not answered.
    IsMemberInGroups(input) {
      checkStore(world, input.IdentityStoreId);
      const { UserId: userId } = input.MemberId;
      const results = input.GroupIds.map((groupId) => {
        checkGroup(groupId);
        const isMember = directory.membershipOf(groupId, userId) !== undefined;
        return { GroupId: groupId, MemberId: { UserId: userId }, MembershipExists: isMember };
      });
      return { Results: results };
    },

    ListGroupMemberships(input) {
      checkStore(world, input.IdentityStoreId);
      checkGroup(input.GroupId);
      const { items, nextToken } = pageOfRows(
        (sequence) => directory.membershipsOfGroup(input.GroupId, sequence),
        input,
      );
      return { GroupMemberships: items.map((one) => membershipView(store, one)), ...nextToken };
    },

    // The group's list and this one are two views of the same memberships.
    ListGroupMembershipsForMember(input) {
      checkStore(world, input.IdentityStoreId);
      const { UserId: userId } = input.MemberId;
      checkUser(userId);
      const { items, nextToken } = pageOfRows(
        (sequence) => directory.membershipsOfUser(userId, sequence),
        input,
      );
      return { GroupMemberships: items.map((one) => membershipView(store, one)), ...nextToken };
    },
  };
}
