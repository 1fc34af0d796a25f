import type { DirectoryGroup, DirectoryUser, Membership } from './identity-store-directory';
import type { ExternalId } from './organization';
import type { Output } from './simulated-service';

/** How the Identity Store answers what it has. */

function history({
  createdAt,
  updatedAt,
  createdBy,
  updatedBy,
}: Pick<DirectoryUser, 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy'>): Output {
  return {
    CreatedAt: createdAt / 1000,
    UpdatedAt: updatedAt / 1000,
    CreatedBy: createdBy,
    UpdatedBy: updatedBy,
  };
}

/** Left out where there is none, as every attribute is. */
function externalIdsOf(externalIds: readonly ExternalId[]): Output {
  if (externalIds.length === 0) return {};
  return { ExternalIds: externalIds.map(({ issuer, id }) => ({ Issuer: issuer, Id: id })) };
}

/** @param extensions names of those that the call asks for; no other is answered */
export function userView(
  IdentityStoreId: string,
  user: DirectoryUser,
  extensions: readonly string[] = [],
): Output {
  const { Extensions: all = {}, ...attributes } = user.attributes;
  const asked = Object.entries(all).filter(([name]) => extensions.includes(name));
  return {
    IdentityStoreId,
    UserId: user.id,
    ...attributes,
    ...externalIdsOf(user.externalIds),
    UserStatus: user.status,
    ...(asked.length === 0 ? {} : { Extensions: Object.fromEntries(asked) }),
    ...history(user),
  };
}

export function groupView(IdentityStoreId: string, group: DirectoryGroup): Output {
  return {
    IdentityStoreId,
    GroupId: group.id,
    DisplayName: group.displayName,
    Description: group.description,
    ...externalIdsOf(group.externalIds),
    ...history(group),
  };
}

export function membershipView(IdentityStoreId: string, membership: Membership): Output {
  return {
    IdentityStoreId,
    MembershipId: membership.id,
    GroupId: membership.groupId,
    MemberId: { UserId: membership.userId },
    ...history(membership),
  };
}
