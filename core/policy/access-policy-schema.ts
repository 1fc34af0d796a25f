import * as z from 'zod';
import { readDuration } from '../tickets/durations';
import { isJsonObject } from '../tickets/field-reading';
import { TARGET_JSON_SCHEMAS } from '../targets/json-schema';
import { PERMISSION_SET_ARN } from '../tickets/references';
import { textFault } from '../tickets/safe-text';
import { closed, list, oneOf, said, text, yesOrNo } from './schema-parts';

/**
 * The grammar of `access/policy.yaml`. What one value alone cannot tell (unique names, known callers) is checked in
 * `parse-access-policy.ts`.
 */

const name = text('a name of 1 to 64 lower-case letters, digits and hyphens', /^[a-z0-9][a-z0-9-]{0,63}$/);

const accountId = text('an account id of 12 digits in quotes', /^\d{12}$/);

const roleArn = text(
  'the ARN of an IAM role, such as arn:aws:iam::222233334444:role/ServiceDesk',
  /^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/(?:[\x21-\x7E]{1,510}\/)?[\w+=,.@-]{1,64}$/,
);

const duration = z
  .string({ error: said('is not an ISO 8601 duration', 'write one such as PT8H or P14D') })
  .superRefine((value, context) => {
    const reading = readDuration(value);
    if (!reading.ok) context.addIssue({ code: 'custom', message: said(reading.problem, reading.remedy) });
  })
  .describe('ISO 8601 duration of weeks, days, hours, minutes and seconds');

/** A pattern for names of people or groups; checked like the names themselves, so that it can match one. */
const principalGlob = z
  .string({ error: said('is not a pattern in quotes', 'write one such as "*@example.com"') })
  .superRefine((value, context) => {
    const fault = textFault(value, { kind: 'name', longest: 256, what: 'a pattern such as "*@example.com"' });
    if (fault !== undefined) context.addIssue({ code: 'custom', message: said(fault.problem, fault.remedy) });
  });

const permissionSetGlob = text(
  'a permission set (a name or an ARN; * stands for any characters)',
  /^(?:[\w+=,.@*-]{1,64}|arn:aws[\w:/.*-]{1,200})$/,
).refine((value) => !value.startsWith('arn:') || value.includes('*') || PERMISSION_SET_ARN.test(value), {
  error: said(
    'is not the ARN of a permission set',
    'write one such as arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444',
  ),
});

const accountPattern = text('an account id of 12 digits in quotes, or "*"', /^(?:\d{12}|\*)$/);

const caller = closed('a caller', {
  name,
  role: roleArn.optional().describe('One role; its path is not compared'),
  account: accountId.optional().describe('Every role and user of one account'),
  may: closed('an object of rights', {
    ask: yesOrNo.default(false),
    read: oneOf('own', 'all', 'none').default('none'),
    revoke: oneOf('own', 'all', 'none').default('none'),
    permissionSets: oneOf('read', 'rollout', 'none')
      .default('none')
      .describe('read: sees permission sets and what a rollout would do. rollout: starts rollouts, too'),
    reconciliations: oneOf('read', 'start', 'none')
      .default('none')
      .describe(
        'read: sees reconciliations, findings and plans of baselines. start: starts reconciliations, too',
      ),
  }),
  trustedForRequester: yesOrNo
    .default(false)
    .describe('Whether a person that this caller names in requestedBy is believed to be the one who asks'),
});

const scope = {
  name,
  callers: list(name, 'names of callers').optional().describe('All that may ask, if left out'),
};

const principalGlobs = list(principalGlob, 'patterns');

/** Read by the reader of tickets in `policy-references.ts`. */
const target = z.unknown().meta({
  $ref: '#/$defs/target',
  description: 'Which accounts, as a ticket names them; instead of accounts',
});

/** Says all that it permits: a dimension left out by mistake must not mean everything. */
const allowRule = closed('an allow rule', {
  ...scope,
  effect: z.literal('allow'),
  principals: closed('an object of users and groups', {
    users: z
      .union([z.literal('requester'), principalGlobs], {
        error: said(
          'is neither requester nor a list of patterns',
          'write requester or a list such as ["*@example.com"]',
        ),
      })
      .optional()
      .describe('requester: only for the one who asks. Patterns: on user name, e-mail and user id'),
    groups: principalGlobs.optional().describe('Patterns on display name and group id'),
  }),
  permissionSets: list(permissionSetGlob, 'permission sets'),
  accounts: list(accountPattern, 'accounts').optional().describe('These, or a target'),
  target: target.optional(),
  longest: duration,
});

/** May leave dimensions out, because forbidding too much is found out at once and harms nobody. */
const denyRule = closed('a deny rule', {
  ...scope,
  effect: z.literal('deny'),
  principals: closed('an object of users and groups', {
    users: principalGlobs.optional(),
    groups: principalGlobs.optional(),
  })
    .optional()
    .describe('Everybody, if left out'),
  permissionSets: list(permissionSetGlob, 'permission sets').optional().describe('All, if left out'),
  accounts: list(accountPattern, 'accounts').optional().describe('All, if left out and there is no target'),
  target: target.optional(),
});

/** The whole file. */
export const accessPolicySchema = closed('an access policy', {
  callers: list(caller, 'callers'),
  rules: z
    .array(
      z.discriminatedUnion('effect', [allowRule, denyRule], {
        error: (issue) =>
          isJsonObject(issue.input)
            ? said('is neither allow nor deny', 'write effect: allow or effect: deny')
            : said('is not a rule', 'write an object with name and effect'),
      }),
      { error: said('is not a list of rules', 'write a list, [] for none') },
    )
    .max(500, { error: said('has more than 500 rules', 'join rules that differ in one list only') }),
  guardrails: closed('an object of guardrails', {
    protectedPermissionSets: list(permissionSetGlob, 'permission sets').optional(),
    longest: duration.optional().describe('At most P14D, which it is if left out'),
  }).optional(),
});

/** A file whose every value is right in itself. */
export type AccessPolicyFile = z.infer<typeof accessPolicySchema>;

/** The grammar as JSON Schema (draft 2020-12), for editors that check the file while it is written. */
export function accessPolicyJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(accessPolicySchema, { io: 'input' });
  return { ...schema, $defs: TARGET_JSON_SCHEMAS, title: 'Latchkey access policy' };
}
