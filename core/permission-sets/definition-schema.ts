import * as z from 'zod';
import { closed, list, oneOf, said, text, yesOrNo } from '../policy/schema-parts';
import { findJsonFault } from '../tickets/json-syntax';
import { MOST_POLICIES } from './differences';
import { AWS_MANAGED_POLICY } from './managed-policy-arn';
import { readSessionDuration } from './session-duration';

/**
 * The grammar of a file in `access/permission-sets/`. Lengths and patterns are those of the service's model (2020-07-20). What one
 * value alone cannot tell (repeats, sums, Action or NotAction) is checked in `definition-rules.ts`.
 */

const policyReference = closed('a customer-managed policy', {
  name: text('the name of a policy: 1 to 128 letters, digits and _+=,.@-', /^[\w+=,.@-]{1,128}$/),
  path: text(
    'a path that begins and ends with a slash, such as /platform/',
    /^(?=.{1,512}$)(?:\/[A-Za-z0-9.,+@=_-]+)*\/$/,
  )
    .default('/')
    .describe('Where IAM keeps the policy'),
}).describe('A policy that every account has to have that the set is provisioned to');

const awsManagedPolicy = text(
  'an AWS-managed policy, such as ReadOnlyAccess or arn:aws:iam::aws:policy/ReadOnlyAccess (yours are customerManagedPolicies)',
  AWS_MANAGED_POLICY,
);

const action = text(
  'an action, such as s3:GetObject, ec2:Describe* or *',
  /^(?:\*|(?:[A-Za-z0-9-]{1,64}|\*):[A-Za-z0-9*?]{1,128})$/,
);

const resource = text(
  'a resource: an ARN, such as arn:aws:s3:::a-bucket/*, or *',
  /^(?:\*|arn:[^\s]{1,2000})$/,
);

/** More than fit into the 10,240 characters of a policy. */
const MOST_IN_STATEMENT = 2_000;

function oneOrMore<Item extends z.ZodType>(item: Item, what: string, example: string) {
  return z.union([item, list(item, what, MOST_IN_STATEMENT)], {
    error: said(`is neither one of ${what} nor a list of them`, `write ${example}`),
  });
}

const conditionValue = z.union(
  [
    z.string(),
    z.boolean(),
    // Without quotes an account id loses the zeros that it begins with.
    z.number().refine((value) => Math.abs(value) < 1e10, {
      error: said('is a number of more than ten digits', 'put it in quotes, as account ids are'),
    }),
  ],
  { error: said('is no value of a condition', 'write a text in quotes, a number, true or false') },
);

const conditions = z.record(
  z.string(),
  z.record(z.string(), oneOrMore(conditionValue, 'values', 'a text in quotes, or a list of them'), {
    error: said(
      'is not an object of condition keys',
      'write one such as { "aws:PrincipalOrgID": o-a1b2c3d4e5 }',
    ),
  }),
  {
    error: said(
      'is not an object of conditions',
      'write one such as { StringEquals: { "aws:PrincipalOrgID": o-a1b2c3d4e5 } }',
    ),
  },
);

const statement = closed('a statement', {
  Sid: text('a statement id of letters and digits', /^[A-Za-z0-9]{0,128}$/).optional(),
  Effect: oneOf('Allow', 'Deny'),
  Action: oneOrMore(action, 'actions', '["s3:GetObject"]').optional(),
  NotAction: oneOrMore(action, 'actions', '["iam:*"]').optional(),
  Resource: oneOrMore(resource, 'resources', '"*"').optional(),
  NotResource: oneOrMore(resource, 'resources', '["arn:aws:s3:::a-bucket"]').optional(),
  Condition: conditions.optional(),
});

const policyDocument = closed('a policy document', {
  Version: z.enum(['2012-10-17', '2008-10-17'], {
    error: said('is not the version of the policy language', "write Version: '2012-10-17'"),
  }),
  Id: z.string({ error: said('is not a text', 'write a text, or leave it out') }).optional(),
  Statement: z.union([statement, list(statement, 'statements', MOST_IN_STATEMENT)], {
    error: said(
      'is neither a statement nor a list of statements',
      'write a list with Effect, Action and Resource',
    ),
  }),
});

/** Where it is JSON the document in it is checked, not the text. */
const policyText = z.string().superRefine((value, context) => {
  const fault = findJsonFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: said(fault.problem, fault.remedy) });
});

const tagValue = text(
  'the value of a tag, in quotes: at most 256 letters, digits, blanks and _.:/=+-@',
  /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
);

const sessionDuration = z
  .string({ error: said('is not an ISO 8601 duration', 'write one from PT1H to PT12H') })
  .superRefine((value, context) => {
    const reading = readSessionDuration(value);
    if (!reading.ok) context.addIssue({ code: 'custom', message: said(reading.problem, reading.remedy) });
  })
  .describe('ISO 8601, PT1H to PT12H in whole minutes. PT1H if left out');

/** The whole file. */
export const definitionSchema = closed('a permission set', {
  name: text('the name of a permission set: 1 to 32 letters, digits and _+=,.@-', /^[\w+=,.@-]{1,32}$/),
  description: text(
    'a description of 1 to 700 characters, tabs and line ends among them, of Latin-1 (U+0020 to U+00FF)',
    /^[\t\n\r\x20-\x7E\xA1-\xFF]{1,700}$/,
  ).optional(),
  sessionDuration: sessionDuration.optional(),
  relayState: text(
    'a relay state of 1 to 240 characters, such as https://console.aws.amazon.com/billing/',
    /^[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]{1,240}$/,
  )
    .optional()
    .describe('Where the console opens'),
  tags: z
    .record(z.string(), tagValue, {
      error: said('is not an object of tags', 'write one such as { risk: low }'),
    })
    .optional(),
  awsManagedPolicies: list(awsManagedPolicy, 'AWS-managed policies', MOST_POLICIES).optional(),
  customerManagedPolicies: list(policyReference, 'customer-managed policies', MOST_POLICIES).optional(),
  inlinePolicy: z
    .union([policyDocument, policyText], {
      error: said('is neither a policy document nor the JSON of one', 'write it with Version and Statement'),
    })
    .optional()
    .describe('A policy document, as YAML or as a text of JSON'),
  permissionsBoundary: closed('a permissions boundary', {
    awsManagedPolicy: awsManagedPolicy.optional(),
    customerManagedPolicy: policyReference.optional(),
  })
    .optional()
    .describe(
      'One of the two kinds: what the policies of the set permit and the boundary does not is not permitted',
    ),
  adopt: yesOrNo
    .default(false)
    .describe(
      'Whether a set of this name that Latchkey did not make is taken over, and brought to this file',
    ),
  protected: yesOrNo.default(false).describe('Whether a change needs approveHash'),
  approveHash: text('a hash of 64 hexadecimal digits', /^[0-9a-f]{64}$/)
    .optional()
    .describe('Only for a protected set: the hash of what the file says. npm run access -- check tells it'),
});

/** A file whose every value is right in itself. */
export type DefinitionFile = z.infer<typeof definitionSchema>;

/** The grammar as JSON Schema (draft 2020-12), for editors that check a file while it is written. */
export function definitionJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(definitionSchema, { io: 'input' }), title: 'Latchkey permission set' };
}
