import * as z from 'zod';

import { NAMED_EFFECTS, type FaultRule } from './faults';
import type { NamedAssignment } from './names';
import type { Assignment } from './organization';

/** What the calls of the control API take. As in settings-schema.ts, each message is a remedy. */

const text = (remedy: string): z.ZodString => z.string({ error: remedy }).min(1, { error: remedy });
const map = <Shape extends z.ZodRawShape>(shape: Shape, remedy: string): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, { error: remedy });

/** Whether something written is a map that has this key: which form of several is meant is told by a key of it. */
function hasKey(written: unknown, key: string): boolean {
  return typeof written === 'object' && written !== null && key in written;
}

const STATUS_CODE_REMEDY = 'use an HTTP status from 400 to 599';
const ERROR_EFFECT = map(
  {
    error: text('use the code of an error, such as "InternalServerException"'),
    message: text('use the text of the error').default('a fault on demand'),
    statusCode: z
      .int({ error: STATUS_CODE_REMEDY })
      .min(400, { error: STATUS_CODE_REMEDY })
      .max(599, { error: STATUS_CODE_REMEDY })
      .default(400),
    members: z
      .record(z.string(), z.json(), { error: 'use a map of further members of the body' })
      .default({}),
  },
  '',
);
const FAILED_EFFECT = map({ failed: text('use the reason that the operation fails with') }, '');
const NAMED_EFFECT = z.enum(NAMED_EFFECTS, {
  error:
    `use one of ${NAMED_EFFECTS.map((name) => `"${name}"`).join(', ')}, {"failed": reason} or ` +
    '{"error": code, "message": text, "statusCode": 400, "members": {…}}',
});

function effectSchema(effect: unknown): z.ZodType<FaultRule['effect']> {
  if (hasKey(effect, 'failed')) return FAILED_EFFECT;
  return typeof effect === 'object' && effect !== null ? ERROR_EFFECT : NAMED_EFFECT;
}

/**
 * A fault to come: once, unless it says `times` or `share`.
 * @param written what is to be read: the form of its effect decides what the effect may have
 */
export function faultSchema(written: unknown): z.ZodType<FaultRule> {
  const effect = hasKey(written, 'effect') ? (written as { effect: unknown }).effect : undefined;
  const share = 'use either "times", a whole number, or "share", a number above 0 and up to 1';
  return map(
    {
      operation: text('use the name of an operation, such as "CreateAccountAssignment", or "*" for any'),
      times: z.number({ error: share }).optional(),
      share: z.number({ error: share }).optional(),
      effect: effectSchema(effect),
    },
    'use a map such as {"operation": "CreateAccountAssignment", "times": 1, "effect": "throttle"}',
  ).transform((rule, context): FaultRule => {
    const { operation, times = 1, share: chance } = rule;
    if (chance === undefined) return { operation, times, effect: rule.effect };
    if (rule.times === undefined) return { operation, share: chance, effect: rule.effect };
    context.addIssue({ code: 'custom', path: ['share'], message: share });
    return z.NEVER;
  });
}

const NAMED_ASSIGNMENT = map(
  {
    account: text('use the id or the name of an account'),
    permissionSet: text('use the name or the ARN of a permission set'),
    user: text('use a userName, an e-mail address or an id').optional(),
    group: text('use the displayName or the id of a group').optional(),
  },
  'use a map such as {"account": …, "permissionSet": …, "user": …}',
);
const ASSIGNMENT_BY_IDS = map(
  {
    accountId: text('use an account id in quotes').regex(/^\d{12}$/, { error: 'use 12 digits in quotes' }),
    permissionSetArn: text('use the ARN of a permission set'),
    principalType: z.enum(['USER', 'GROUP'], { error: 'use "USER" or "GROUP"' }),
    principalId: text('use the id of a user or group, also of one that is gone'),
  },
  '',
);

const CHANGE_REMEDY = 'use {"add": assignment} or {"remove": assignment}';

/** Exactly one of the two. */
interface AssignmentChange {
  readonly add?: NamedAssignment | Assignment | undefined;
  readonly remove?: NamedAssignment | Assignment | undefined;
}

/**
 * One assignment to add or to remove, by names or by ids.
 * @param written what is to be read: a key of it decides between names and ids
 */
export function assignmentChangeSchema(written: unknown): z.ZodType<AssignmentChange> {
  const formOf = (key: string): typeof NAMED_ASSIGNMENT | typeof ASSIGNMENT_BY_IDS =>
    hasKey(written, key) && hasKey((written as Record<string, unknown>)[key], 'principalId')
      ? ASSIGNMENT_BY_IDS
      : NAMED_ASSIGNMENT;
  return map({ add: formOf('add').optional(), remove: formOf('remove').optional() }, CHANGE_REMEDY).refine(
    ({ add, remove }) => (add === undefined) !== (remove === undefined),
    { error: CHANGE_REMEDY },
  );
}

/** The status that a user is put into. */
export const USER_CHANGE = map(
  {
    user: text('use a userName, an e-mail address or an id'),
    status: z.enum(['ENABLED', 'DISABLED'], { error: 'use "ENABLED" or "DISABLED"' }),
  },
  'use a map such as {"user": …, "status": "DISABLED"}',
);

const CONTROL_TOWER_REMEDY =
  'use a map such as {"controlTower": {"event": "CreateManagedAccount", "account": …}}';

/** What AWS Control Tower is to have done. */
export const CONTROL_TOWER_EVENT = map(
  {
    controlTower: map(
      {
        event: z
          .enum(['CreateManagedAccount', 'UpdateManagedAccount'], {
            error: 'use "CreateManagedAccount" or "UpdateManagedAccount"',
          })
          .default('CreateManagedAccount'),
        account: text('use the id or the name of an account'),
        state: z.enum(['SUCCEEDED', 'FAILED'], { error: 'use "SUCCEEDED" or "FAILED"' }).default('SUCCEEDED'),
      },
      CONTROL_TOWER_REMEDY,
    ),
  },
  CONTROL_TOWER_REMEDY,
);
