import * as z from 'zod';
import { closed, list, oneOf, said, text, yesOrNo } from '../policy/schema-parts';
import { textFault } from '../tickets/safe-text';
import { DRIFT_MODES } from './baseline';
import { REFERENCE_JSON_SCHEMAS } from './reference-json-schemas';

/**
 * The grammar of `access/baselines.yaml`. Principals and targets have the grammar of tickets, and are read by its readers; what one
 * value alone cannot tell (unique names, protected sets) is checked in `baseline-rules.ts`.
 */

/** Rules of one file. Each is held against every account: 500 against 7,000 accounts take ten seconds. */
export const MOST_RULES = 500;

/** Permission sets of one rule; the most that an account may have provisioned is 500. */
const MOST_PERMISSION_SETS = 50;

const name = text('a name of 1 to 64 lower-case letters, digits and hyphens', /^[a-z0-9][a-z0-9-]{0,63}$/);

const DESCRIPTION = { kind: 'prose', longest: 700, what: 'a description: what the rule is for' } as const;

const description = z
  .string({ error: said('is not a text', `write ${DESCRIPTION.what}`) })
  .superRefine((value, context) => {
    const fault = textFault(value, DESCRIPTION);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: said(fault.problem, fault.remedy) });
  })
  .describe('What the rule is for, up to 700 characters');

const permissionSet = text(
  'the name of a permission set: 1 to 32 letters, digits and _+=,.@-',
  /^[\w+=,.@-]{1,32}$/,
);

const mode = oneOf(...DRIFT_MODES);

function wholeNumber(what: string, most: number) {
  const error = said(`is not ${what}, from 0 to ${most}`, `write a whole number from 0 to ${most}`);
  return z.int({ error }).min(0, { error }).max(most, { error });
}

const rule = closed('a rule', {
  name: name.describe('Part of the ids of all that the rule gives: under another name it is another rule'),
  description,
  principal: z.unknown().meta({ $ref: '#/$defs/principal', description: 'Exactly one user or group' }),
  followsName: yesOrNo
    .default(false)
    .describe(
      'Whether a user or group that was made anew under the same name takes the place of the one before',
    ),
  permissionSets: list(permissionSet, 'permission sets', MOST_PERMISSION_SETS),
  target: z.unknown().meta({ $ref: '#/$defs/target', description: 'Which accounts, now and later' }),
  mode: mode.optional().describe("The file's, if left out"),
});

/** The whole file. */
export const baselinesSchema = closed('an object of baselines', {
  mode: mode
    .default('report')
    .describe(
      'What a reconciliation does about assignments that differ from the rules. report: tells. adopt: lets unknown ones stand. enforce: removes unknown ones, restores missing ones',
    ),
  guard: closed('a guard', {
    most: wholeNumber('a number of claims', 100_000)
      .default(100)
      .describe('Claims of rules that may end within an hour'),
    percent: wholeNumber('a number of percent', 100)
      .default(25)
      .describe('Of a hundred claims of rules, how many may end within an hour'),
  })
    .prefault({})
    .describe('Against mass change: what goes beyond it is held, and told'),
  baselines: z
    .array(rule, { error: said('is not a list of rules', 'write a list, [] for none') })
    .max(MOST_RULES, {
      error: said(`has more than ${MOST_RULES} rules`, 'join rules that differ in their targets only'),
    }),
});

/** A file whose every value is right in itself, but for principals and targets. */
export type BaselinesFile = z.infer<typeof baselinesSchema>;

/** The grammar as JSON Schema (draft 2020-12), for editors that check the file while it is written. */
export function baselinesJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(baselinesSchema, { io: 'input' });
  return { ...schema, $defs: REFERENCE_JSON_SCHEMAS, title: 'Latchkey baselines' };
}
