import { required, type Members } from './input-rules';

/** What each operation of the Identity Store takes: lengths and patterns of the service model of 2020-06-15. */

const UUID = '[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}';

const storeId = { type: 'text', min: 1, max: 36, pattern: `d-[0-9a-f]{10}|${UUID}` } as const;
const resourceId = { type: 'text', min: 1, max: 47, pattern: `([0-9a-f]{10}-|)${UUID}` } as const;
const attributePath = {
  type: 'text',
  min: 1,
  max: 255,
  pattern: String.raw`\p{L}+(?:\.\p{L}+){0,2}`,
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

/** The rows, in the order of the names. */
export const IDENTITY_STORE_INPUTS = {
  DescribeGroup: { ...store, GroupId: required(resourceId) },
  DescribeUser: { ...store, UserId: required(resourceId) },
  GetGroupId: { ...store, AlternateIdentifier: required(alternateIdentifier) },
  GetUserId: { ...store, AlternateIdentifier: required(alternateIdentifier) },
  IsMemberInGroups: {
    ...store,
    MemberId: required(memberId),
    GroupIds: required({ type: 'list', min: 1, max: 100, of: resourceId }),
  },
  ListGroupMemberships: { ...store, GroupId: required(resourceId), ...paged },
  ListGroupMembershipsForMember: { ...store, MemberId: required(memberId), ...paged },
  ListGroups: { ...store, Filters: filters, ...paged },
  ListUsers: { ...store, Filters: filters, ...paged },
} as const satisfies Readonly<Record<string, Members>>;
