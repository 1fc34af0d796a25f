import { arnOf, arns, textOf, type Needs } from './need';

/** Operations on users, groups and memberships that name none of them yet: they need every one. */
const ON_ALL: Readonly<Record<string, readonly string[]>> = {
  CreateUser: ['user'],
  GetUserId: ['user'],
  ListUsers: ['user'],
  CreateGroup: ['group'],
  GetGroupId: ['group'],
  ListGroups: ['group'],
  CreateGroupMembership: ['membership'],
  GetGroupMembershipId: ['membership'],
  IsMemberInGroups: ['membership'],
  ListGroupMemberships: ['membership'],
  ListGroupMembershipsForMember: ['membership'],
};

/**
 * What `identitystore` actions need: the store, which belongs to the management account, and the users, groups and memberships
 * that the call is about. Source: the service authorization reference of the Identity Store.
 */
export const identityStoreNeeds: Needs = (operation, input, { managementAccountId }) => {
  const groups = Array.isArray(input.GroupIds) ? (input.GroupIds as readonly unknown[]) : [];
  return [
    {
      action: `identitystore:${operation}`,
      resources: arns(
        arnOf(
          `arn:aws:identitystore::${managementAccountId}:identitystore/`,
          textOf(input, 'IdentityStoreId'),
        ),
        ...(ON_ALL[operation] ?? []).map((kind) => `arn:aws:identitystore:::${kind}/*`),
        arnOf('arn:aws:identitystore:::user/', textOf(input, 'UserId') ?? textOf(input.MemberId, 'UserId')),
        arnOf('arn:aws:identitystore:::group/', textOf(input, 'GroupId')),
        ...groups.map((id) => `arn:aws:identitystore:::group/${String(id)}`),
        arnOf('arn:aws:identitystore:::membership/', textOf(input, 'MembershipId')),
      ),
    },
  ];
};
