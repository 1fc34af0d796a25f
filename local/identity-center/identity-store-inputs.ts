import { required, type Members } from './input-rules';
import { USER_ATTRIBUTES, extensionName, groupName, sensitiveText } from './user-attributes';

/** What each operation of the Identity Store takes: lengths and patterns of the service model of 2020-06-15. */

const UUID = '[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}';

const storeId = { type: 'text', min: 1, max: 36, pattern: `d-[0-9a-f]{10}|${UUID}` } as const;
const resourceId = { type: 'text', min: 1, max: 47, pattern: `([0-9a-f]{10}-|)${UUID}` } as const;
const attributePath = {
  type: 'text',
  min: 1,
  max: 255,
  pattern: String.raw`(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})`,
} as const;
const attributeValue = { type: 'text', min: 1, max: 1024 } as const;

const store = { IdentityStoreId: required(storeId) } as const;
const paged = {
  MaxResults: { type: 'integer', min: 1, max: 100 },
  NextToken: { type: 'text', min: 1, max: 65_535, pattern: '[-a-zA-Z0-9+=/:_]*' },
} as const;
// Deprecated in the model and still in use; one filter at most.
const filters = {
  type: 'list',
  max: 1,
  of: {
    type: 'structure',
    members: { AttributePath: required(attributePath), AttributeValue: required(attributeValue) },
  },
} as const;
const memberId = { type: 'structure', members: { UserId: required(resourceId) } } as const;
// A union on the wire: that exactly one of the two is there is checked where it is read.
const alternateIdentifier = {
  type: 'structure',
  members: {
    UniqueAttribute: {
      type: 'structure',
      members: { AttributePath: required(attributePath), AttributeValue: required(attributeValue) },
    },
    ExternalId: {
      type: 'structure',
      members: {
        Issuer: required({ type: 'text', min: 1, max: 100 }),
        Id: required({ type: 'text', min: 1, max: 256 }),
      },
    },
  },
} as const;

const operations = {
  type: 'list',
  min: 1,
  max: 100,
  of: {
    type: 'structure',
    members: { AttributePath: required(attributePath), AttributeValue: { type: 'document' } },
  },
} as const;
const extensions = { type: 'list', min: 1, max: 10, of: extensionName } as const;

/** What a group is described by. */
export const GROUP_ATTRIBUTES = { DisplayName: groupName, Description: sensitiveText } as const;

/** The rows, in the order of the names. */
export const IDENTITY_STORE_INPUTS = {
  CreateGroup: { ...store, ...GROUP_ATTRIBUTES },
  CreateGroupMembership: { ...store, GroupId: required(resourceId), MemberId: required(memberId) },
  CreateUser: { ...store, ...USER_ATTRIBUTES },
  DeleteGroup: { ...store, GroupId: required(resourceId) },
  DeleteGroupMembership: { ...store, MembershipId: required(resourceId) },
  DeleteUser: { ...store, UserId: required(resourceId) },
  DescribeGroup: { ...store, GroupId: required(resourceId) },
  DescribeGroupMembership: { ...store, MembershipId: required(resourceId) },
  DescribeUser: { ...store, UserId: required(resourceId), Extensions: extensions },
  GetGroupId: { ...store, AlternateIdentifier: required(alternateIdentifier) },
  GetGroupMembershipId: { ...store, GroupId: required(resourceId), MemberId: required(memberId) },
  GetUserId: { ...store, AlternateIdentifier: required(alternateIdentifier) },
  IsMemberInGroups: {
    ...store,
    MemberId: required(memberId),
    GroupIds: required({ type: 'list', min: 1, max: 100, of: resourceId }),
  },
  ListGroupMemberships: { ...store, GroupId: required(resourceId), ...paged },
  ListGroupMembershipsForMember: { ...store, MemberId: required(memberId), ...paged },
  ListGroups: { ...store, Filters: filters, ...paged },
  ListUsers: { ...store, Extensions: extensions, Filters: filters, ...paged },
  UpdateGroup: { ...store, GroupId: required(resourceId), Operations: required(operations) },
  UpdateUser: { ...store, UserId: required(resourceId), Operations: required(operations) },
} as const satisfies Readonly<Record<string, Members>>;
