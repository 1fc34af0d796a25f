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

// Tags come in pages without a size that a client could choose.
const nextToken = { NextToken: { type: 'text', max: 100_000 } } as const;
const paged = { MaxResults: { type: 'integer', min: 1, max: 20 }, ...nextToken } as const;

/** The rows, in the order of the names. */
export const ORGANIZATIONS_INPUTS = {
  DescribeAccount: { AccountId: required(accountId) },
  DescribeOrganization: {},
  ListAccounts: paged,
  ListAccountsForParent: { ParentId: required(parentId), ...paged },
  ListDelegatedAdministrators: {
    ServicePrincipal: { type: 'text', min: 1, max: 128, pattern: String.raw`[\w+=,.@-]*` },
    ...paged,
  },
  ListOrganizationalUnitsForParent: { ParentId: required(parentId), ...paged },
  ListParents: { ChildId: required(childId), ...paged },
  ListRoots: paged,
  ListTagsForResource: { ResourceId: required(taggableId), ...nextToken },
} as const satisfies Readonly<Record<string, Members>>;

/** Which `Reason` stands for which violated constraint; the pattern is what is left. */
const REASONS: readonly (readonly [string, string])[] = [
  ['must not be null', 'INPUT_REQUIRED'],
  ['length less than', 'MAX_LENGTH_EXCEEDED'],
  ['length greater than', 'MIN_LENGTH_EXCEEDED'],
  ['value less than', 'MAX_VALUE_EXCEEDED'],
  ['value greater than', 'MIN_VALUE_EXCEEDED'],
];

/** Organizations' wording of a refused input: one exception with a `Reason`, for the first violation. */
export const organizationsInputError: InputError = ([first = '']) => {
  const reason = REASONS.find(([words]) => first.includes(words))?.[1] ?? 'INVALID_PATTERN';
  return new AwsError('InvalidInputException', `You provided invalid values: ${first}`, 400, {
    Reason: reason,
  });
};
