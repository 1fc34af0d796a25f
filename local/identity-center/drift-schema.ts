import * as z from 'zod';

import { ACCOUNT_STATES } from './organization';

/** What the calls of the control API take that change an organization behind the back of its clients. Messages are remedies. */

const text = (remedy: string): z.ZodString => z.string({ error: remedy }).min(1, { error: remedy });
const map = <Shape extends z.ZodRawShape>(shape: Shape, remedy: string): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, { error: remedy });
const account = text('use the id or the name of an account');

const POLICY_REMEDY = 'use a map such as {"name": "Baseline", "path": "/"}';
const customerManagedPolicy = map(
  {
    name: z
      .string({ error: 'use the name of a policy' })
      .regex(/^[\w+=,.@-]{1,128}$/, { error: 'use 1 to 128 letters, digits and + = , . @ - _' }),
    path: z
      .string({ error: 'use "/" or a path' })
      .regex(/^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/, { error: 'use "/", or a path that begins and ends with it' })
      .default('/'),
  },
  POLICY_REMEDY,
);

const INLINE_REMEDY = 'use a policy document as a map or as JSON text, or null for none';
const PERMISSION_SET = text('use the name or the ARN of a permission set');

/** An edit of a permission set in the console. What is not named stays; null takes away. */
export const PERMISSION_SET_EDIT = map(
  {
    change: PERMISSION_SET,
    description: text('use a text, or null for none').max(700).nullable().optional(),
    sessionDuration: z
      .string({ error: 'use a duration such as "PT8H"' })
      .regex(/^PT([1-9]|1[0-2])H$/, { error: 'use whole hours from "PT1H" to "PT12H"' })
      .optional(),
    relayState: text('use a page, or null for none').max(240).nullable().optional(),
    managedPolicies: z
      .array(
        z
          .string({ error: 'use ARNs of AWS managed policies' })
          .regex(/^arn:aws[a-z-]*:iam::aws:policy\/.+$/, { error: 'use ARNs of AWS managed policies' }),
        { error: 'use a list of ARNs' },
      )
      .optional(),
    customerManagedPolicies: z
      .array(customerManagedPolicy, { error: 'use a list of {name, path}' })
      .optional(),
    inlinePolicy: z
      .union([z.string().min(1), z.record(z.string(), z.json())], { error: INLINE_REMEDY })
      .transform((policy) => (typeof policy === 'string' ? policy : JSON.stringify(policy)))
      .nullable()
      .optional(),
    provision: z
      .boolean({ error: 'use true to bring it to every account that has the set, or false' })
      .default(false),
  },
  'use a map such as {"change": name}',
);

/** A role without an assignment. */
export const ROLE = map(
  { provision: PERMISSION_SET, account },
  'use a map such as {"provision": name, "account": …}',
);

const DELETE_REMEDY = 'use either {"user": …} or {"group": …}';

/** A principal that goes, and leaves its assignments. */
export const PRINCIPAL_DELETION = map(
  {
    delete: map(
      {
        user: text('use a userName, an e-mail address or an id').optional(),
        group: text('use the displayName or the id of a group').optional(),
      },
      DELETE_REMEDY,
    ).refine(({ user, group }) => (user === undefined) !== (group === undefined), { error: DELETE_REMEDY }),
  },
  'use a map such as {"delete": {"user": …}}',
);

const ACCOUNT_REMEDY = 'use a map such as {"account": …, "state": "SUSPENDED"}';
const POLICIES_REMEDY = 'use {"add": {"name": …}} or {"remove": {"name": …}}';

/** The state that an account is put into, or a customer managed policy that it gets or loses. */
export const ACCOUNT_CHANGE = map(
  {
    account,
    state: z.enum(ACCOUNT_STATES, { error: `use one of ${ACCOUNT_STATES.join(', ')}` }).optional(),
    customerManagedPolicies: map(
      { add: customerManagedPolicy.optional(), remove: customerManagedPolicy.optional() },
      POLICIES_REMEDY,
    )
      .refine(({ add, remove }) => add !== undefined || remove !== undefined, { error: POLICIES_REMEDY })
      .optional(),
  },
  ACCOUNT_REMEDY,
).refine(
  ({ state, customerManagedPolicies }) => state !== undefined || customerManagedPolicies !== undefined,
  {
    error: `use one of ${ACCOUNT_STATES.join(', ')}, or give customerManagedPolicies`,
    path: ['state'],
  },
);

/** The accounts in which AWS Control Tower keeps logs and audits; where none is named, those that are called so. */
export const CONTROL_TOWER = map(
  { logArchive: account.optional(), audit: account.optional() },
  'use a map such as {}, or {"logArchive": …, "audit": …}',
);
