import * as z from 'zod';

import { ACCOUNT_STATES } from './organization';
import { FURTHER_ATTRIBUTES, areUserAttributes, type UserAttributes } from './user-attributes';

/**
 * The schema of an organization file. Each message is a remedy ("use …"); what stands where, and what value it has, is put
 * before it by organization-file.ts. Unknown keys are refused, so that a misspelled one is not silently without effect.
 */

const text = (remedy: string): z.ZodString => z.string({ error: remedy });
const matching = (pattern: RegExp, remedy: string): z.ZodString =>
  text(remedy).regex(pattern, { error: remedy });

const accountId = matching(/^\d{12}$/, 'use 12 digits in quotes, so that leading zeros stay');
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const principalId = matching(
  new RegExp(`^([0-9a-f]{10}-)?${uuid}$`),
  'use a lower-case UUID such as "a1b2c3d4-1111-7000-8000-0123456789ab" (in older stores with 10 hex digits and "-" before it)',
);
const name = (what: string): z.ZodString => text(`use a text: ${what}`).min(1, { error: `use ${what}` });
const sessionDuration = matching(
  /^P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/,
  'use an ISO 8601 duration from PT1H to PT12H',
);

const tags = z
  .record(
    z.string().min(1, { error: 'use a tag key of 1 to 128 characters' }).max(128),
    text('use a text in quotes'),
    {
      error: 'use a map of tag keys to texts',
    },
  )
  .refine((all) => Object.keys(all).length <= 50, { error: 'use at most 50 tags' })
  .default({});

// The patterns of ids and names are those of the services' own models.
const instance = z.strictObject({
  arn: matching(
    /^arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/,
    'use "arn:aws:sso:::instance/ssoins-" and 16 letters or digits',
  ),
  identityStoreId: matching(/^d-[0-9a-f]{10}$/, 'use "d-" and 10 hex digits'),
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'use a Region such as "eu-west-1"'),
  name: name('the name of the instance').optional(),
  tags: tags.optional(),
  kmsKey: matching(/^arn:aws[a-z-]*:kms:/, 'use the ARN of a KMS key').optional(),
  accessControlAttributes: z
    .array(z.strictObject({ key: name('the key of the attribute'), source: z.array(z.string()).min(1) }), {
      error: 'use a list of {key, source}',
    })
    .optional(),
});

const organization = z.strictObject({
  id: matching(/^o-[a-z0-9]{10,32}$/, 'use "o-" and 10 to 32 lower-case letters or digits'),
  rootId: matching(/^r-[a-z0-9]{4,32}$/, 'use "r-" and 4 to 32 lower-case letters or digits'),
  managementAccount: accountId,
  delegatedAdministrator: accountId,
  rootTags: tags.optional(),
});

// Five levels below the root are what Organizations allows.
const ouPath = matching(
  /^([^/]+(\/[^/]+){0,4})?$/,
  'use the names of at most 5 nested units, from the root down, joined by "/" ("" for the root)',
);

const customerManagedPolicy = z.strictObject({
  name: matching(/^[\w+=,.@-]{1,128}$/, 'use the name of a policy'),
  path: matching(/^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/, 'use a path that begins and ends with "/"').default('/'),
});
const customerManagedPolicies = z.array(customerManagedPolicy, { error: 'use a list of {name, path}' });

const count = (from: number): z.ZodInt => {
  const error = `use a whole number from ${from}`;
  return z.int({ error }).min(from, { error });
};

const account = z.strictObject({
  id: accountId,
  name: name('the name of the account'),
  email: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'use the e-mail address of the account'),
  state: z.enum(ACCOUNT_STATES, { error: `use one of ${ACCOUNT_STATES.join(', ')}` }).default('ACTIVE'),
  ou: ouPath.default(''),
  tags,
  customerManagedPolicies: customerManagedPolicies.optional(),
  roleQuota: count(1).optional(),
  otherRoles: count(0).optional(),
  policiesPerRole: count(1).optional(),
});

const organizationalUnit = z.strictObject({
  id: matching(
    /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
    'use "ou-", the root\'s part, "-" and 8 to 32 lower-case letters or digits',
  ),
  path: ouPath.min(1, { error: 'use the path of a unit, not the root' }),
  tags: tags.optional(),
});

const externalIds = z.array(
  z.strictObject({
    issuer: name('the issuer of the id').max(100, { error: 'use at most 100 characters' }),
    id: name('the id at the issuer').max(256, { error: 'use at most 256 characters' }),
  }),
  { error: 'use a list of {issuer, id}' },
);

// Not every directory has an address for everybody, and two users may share one.
const user = z.strictObject({
  id: principalId,
  userName: name('the name that the user signs in with').max(128, { error: 'use at most 128 characters' }),
  displayName: name('the name that people see').default(''),
  emails: z
    .array(z.email({ error: 'use an e-mail address' }), { error: 'use a list of e-mail addresses' })
    .default([]),
  status: z.enum(['ENABLED', 'DISABLED'], { error: 'use ENABLED or DISABLED' }).default('ENABLED'),
  externalIds: externalIds.optional(),
  attributes: z
    .custom<UserAttributes>((written) => areUserAttributes(written), {
      error: `use a map of ${FURTHER_ATTRIBUTES.join(', ')} to values in the form of the API`,
    })
    .optional(),
});

const group = z.strictObject({
  id: principalId,
  displayName: name('the name of the group'),
  description: name('what the group is for').optional(),
  members: z
    .array(name('a userName, an e-mail address or an id'), { error: 'use a list of users' })
    .default([]),
  externalIds: externalIds.optional(),
});

const managedPolicy = matching(
  /^arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy\/[\w+=,.@/-]+$/,
  'use the ARN of an AWS managed policy: "arn:aws:iam::aws:policy/…"',
);

const permissionSet = z.strictObject({
  arn: matching(
    /^arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/,
    'use "arn:aws:sso:::permissionSet/<instance id>/ps-" and 16 letters or digits',
  ),
  name: matching(/^[\w+=,.@-]{1,32}$/, 'use 1 to 32 letters, digits and + = , . @ - _'),
  description: matching(
    /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]{1,700}$/,
    'use 1 to 700 characters of Latin-1 (the service takes no others)',
  ).optional(),
  sessionDuration: sessionDuration.default('PT1H'),
  relayState: name('the page that a session begins on')
    .max(240, { error: 'use at most 240 characters' })
    .optional(),
  tags,
  managedPolicies: z.array(managedPolicy, { error: 'use a list of ARNs' }).default([]),
  customerManagedPolicies: customerManagedPolicies.default([]),
  inlinePolicy: z
    .union([z.string().min(1), z.record(z.string(), z.json())], {
      error: 'use a policy document, as a map or as JSON text',
    })
    .optional(),
  permissionsBoundary: z
    .union([z.strictObject({ managedPolicy }), z.strictObject({ customerManagedPolicy })], {
      error: 'use either {managedPolicy: ARN} or {customerManagedPolicy: {name, path}}',
    })
    .optional(),
});

const names = (what: string): z.ZodArray<z.ZodString> =>
  z.array(name(what), { error: `use a list: ${what} each` });

// Which of these go together is checked where names are resolved (assignment-rows.ts).
const assignment = z.strictObject({
  account: name('the id or the name of an account').optional(),
  accounts: names('the id or the name of an account').optional(),
  deletedAccounts: z.array(accountId).optional(),
  permissionSet: name('the name or the ARN of a permission set').optional(),
  permissionSets: names('the name or the ARN of a permission set').optional(),
  user: name('a userName, an e-mail address or an id').optional(),
  users: names('a userName, an e-mail address or an id').optional(),
  group: name('the displayName or the id of a group').optional(),
  groups: names('the displayName or the id of a group').optional(),
  deletedUsers: z.array(principalId).optional(),
  deletedGroups: z.array(principalId).optional(),
});

const role = z.strictObject({
  permissionSet: name('the name or the ARN of a permission set'),
  accounts: names('the id or the name of an account').default([]),
  deletedAccounts: z.array(accountId).default([]),
  stale: z.boolean({ error: 'use true or false' }).default(false),
});

const delegation = z.strictObject({
  account: accountId,
  servicePrincipal: matching(/^[\w+=,.@-]{1,128}$/, 'use a service such as "sso.amazonaws.com"'),
});

// Keys here are shorter than real ones on purpose: nobody should put a real one into this file.
const caller = z.strictObject({
  accessKeyId: matching(/^\w{3,128}$/, 'use 3 to 128 letters, digits or "_"'),
  secretAccessKey: name('any secret that is good for tests only'),
  roleArn: matching(
    /^arn:aws(-[a-z]{1,5}){0,3}:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
    'use the ARN of a role: "arn:aws:iam::<account>:role/<name>"',
  ),
  sessionName: matching(/^[\w+=,.@-]{2,64}$/, 'use 2 to 64 letters, digits and + = , . @ - _').optional(),
  iamInManagementAccount: z
    .enum(['allowed', 'denied'], { error: 'use allowed or denied' })
    .default('allowed'),
});

const listOf = <T extends z.ZodType>(item: T, what: string): z.ZodArray<T> =>
  z.array(item, { error: `use a list of ${what}` });

/** What an organization file may say. Names are not resolved, and nothing is compared across entries, here. */
export const ORGANIZATION_FILE = z.strictObject(
  {
    instance,
    organization,
    organizationalUnits: listOf(organizationalUnit, 'units with their ids').default([]),
    accounts: listOf(account, 'accounts'),
    users: listOf(user, 'users'),
    groups: listOf(group, 'groups'),
    permissionSets: listOf(permissionSet, 'permission sets'),
    assignments: listOf(assignment, 'assignments').default([]),
    roles: listOf(role, 'roles that the assignments do not tell').optional(),
    delegations: listOf(delegation, 'delegated administrators').optional(),
    callers: listOf(caller, 'callers with their credentials').default([]),
  },
  { error: 'use the keys that examples/organization.yaml shows' },
);

/** An organization file as it was written, with defaults filled in. */
export type OrganizationFile = z.output<typeof ORGANIZATION_FILE>;
