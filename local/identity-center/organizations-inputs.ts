import { AwsError } from '../aws-api/json-service';
import { required, type InputError, type Members } from './input-rules';

/** What each operation of Organizations takes: lengths and patterns of the service model of 2016-11-28. */

const ACCOUNT = String.raw`\d{12}`;
const ROOT = 'r-[0-9a-z]{4,32}';
const UNIT = 'ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}';

const accountId = { type: 'text', max: 12, pattern: ACCOUNT } as const;
const parentId = { type: 'text', max: 100, pattern: `${ROOT}|${UNIT}` } as const;
const childId = { type: 'text', max: 100, pattern: `${ACCOUNT}|${UNIT}` } as const;
const taggableId = {
  type: 'text',
  max: 130,
  pattern: `${ROOT}|${ACCOUNT}|${UNIT}|p-[0-9a-zA-Z_]{8,128}`,
} as const;

const unitId = { type: 'text', max: 68, pattern: UNIT } as const;
const unitName = { type: 'text', min: 1, max: 128, pattern: String.raw`[\s\S]*` } as const;
const servicePrincipal = { type: 'text', min: 1, max: 128, pattern: String.raw`[\w+=,.@-]*` } as const;
const TAG = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`;
const tagKey = { type: 'text', min: 1, max: 128, pattern: TAG } as const;
const tags = {
  type: 'list',
  of: {
    type: 'structure',
    members: { Key: required(tagKey), Value: required({ type: 'text', min: 0, max: 256, pattern: TAG }) },
  },
} as const;

// Tags come in pages without a size that a client could choose.
const nextToken = { NextToken: { type: 'text', max: 100_000 } } as const;
const paged = { MaxResults: { type: 'integer', min: 1, max: 20 }, ...nextToken } as const;

/** The rows, in the order of the names. */
export const ORGANIZATIONS_INPUTS = {
  CloseAccount: { AccountId: required(accountId) },
  CreateAccount: {
    Email: required({ type: 'text', min: 6, max: 64, pattern: String.raw`[^\s@]+@[^\s@]+\.[^\s@]+` }),
    AccountName: required({ type: 'text', min: 1, max: 50, pattern: String.raw`[\u0020-\u007E]+` }),
    RoleName: { type: 'text', max: 64, pattern: String.raw`[\w+=,.@-]{1,64}` },
    IamUserAccessToBilling: { type: 'text', values: ['ALLOW', 'DENY'] },
    Tags: tags,
  },
  CreateOrganizationalUnit: { ParentId: required(parentId), Name: required(unitName), Tags: tags },
  DeleteOrganizationalUnit: { OrganizationalUnitId: required(unitId) },
  DeregisterDelegatedAdministrator: {
    AccountId: required(accountId),
    ServicePrincipal: required(servicePrincipal),
  },
  DescribeAccount: { AccountId: required(accountId) },
  DescribeCreateAccountStatus: {
    CreateAccountRequestId: required({ type: 'text', max: 36, pattern: 'car-[a-z0-9]{8,32}' }),
  },
  DescribeOrganization: {},
  DescribeOrganizationalUnit: { OrganizationalUnitId: required(unitId) },
  ListAccounts: paged,
  ListAccountsForParent: { ParentId: required(parentId), ...paged },
  ListChildren: {
    ParentId: required(parentId),
    ChildType: required({ type: 'text', values: ['ACCOUNT', 'ORGANIZATIONAL_UNIT'] }),
    ...paged,
  },
  ListCreateAccountStatus: {
    States: { type: 'list', of: { type: 'text', values: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED'] } },
    ...paged,
  },
  ListDelegatedAdministrators: { ServicePrincipal: servicePrincipal, ...paged },
  ListDelegatedServicesForAccount: { AccountId: required(accountId), ...paged },
  ListOrganizationalUnitsForParent: { ParentId: required(parentId), ...paged },
  ListParents: { ChildId: required(childId), ...paged },
  ListRoots: paged,
  ListTagsForResource: { ResourceId: required(taggableId), ...nextToken },
  MoveAccount: {
    AccountId: required(accountId),
    SourceParentId: required(parentId),
    DestinationParentId: required(parentId),
  },
  RegisterDelegatedAdministrator: {
    AccountId: required(accountId),
    ServicePrincipal: required(servicePrincipal),
  },
  RemoveAccountFromOrganization: { AccountId: required(accountId) },
  TagResource: { ResourceId: required(taggableId), Tags: required(tags) },
  UntagResource: { ResourceId: required(taggableId), TagKeys: required({ type: 'list', of: tagKey }) },
  UpdateOrganizationalUnit: { OrganizationalUnitId: required(unitId), Name: unitName },
} as const satisfies Readonly<Record<string, Members>>;

/** Which `Reason` stands for which violated constraint; the pattern is what is left. */
const REASONS: readonly (readonly [string, string])[] = [
  ['must not be null', 'INPUT_REQUIRED'],
  ['length less than', 'MAX_LENGTH_EXCEEDED'],
  ['length greater than', 'MIN_LENGTH_EXCEEDED'],
  ['value less than', 'MAX_VALUE_EXCEEDED'],
  ['value greater than', 'MIN_VALUE_EXCEEDED'],
  ['enum value set', 'INVALID_ENUM'],
];

/** Organizations' wording of a refused input: one exception with a `Reason`, for the first violation. */
export const organizationsInputError: InputError = ([first = '']) => {
  const reason = REASONS.find(([words]) => first.includes(words))?.[1] ?? 'INVALID_PATTERN';
  return new AwsError('InvalidInputException', `You provided invalid values: ${first}`, 400, {
    Reason: reason,
  });
};
