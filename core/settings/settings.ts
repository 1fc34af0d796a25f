import * as z from 'zod';

const accountId = z.string().regex(/^\d{12}$/, 'must be twelve digits');

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a Region such as eu-west-1');

/**
 * What Latchkey knows of the organization that it governs. Discovered once by `npm run configure`, kept in `cdk.json`
 * (context `latchkey`), so that roles name exact ARNs and synth needs no AWS. The sweep compares it with what it sees.
 */
export const settingsSchema = z.strictObject({
  instanceArn: z
    .string()
    .regex(
      /^arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/,
      'must be an Identity Center instance ARN',
    ),
  identityStoreId: z
    .string()
    .regex(/^d-[0-9a-f]{10}$|^[0-9a-f-]{36}$/, 'must be an identity store id such as d-1234567890'),
  organizationId: z.string().regex(/^o-[a-z0-9]{10,32}$/, 'must be an organization id such as o-a1b2c3d4e5'),
  managementAccountId: accountId,
  /** The delegated-administrator account that Latchkey is deployed to. */
  hostAccountId: accountId,
  /** Identity Center's home Region. */
  homeRegion: region,
  /** The customer-managed key of the Identity Center instance, where it has one. */
  encryptionKeyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:/, 'must be a KMS key ARN')
    .optional(),
  /** Outstanding asynchronous assignment operations that the service allows; 15 today, 10 on older accounts. */
  assignmentSlots: z.int().min(1).max(15).default(15),
  /** Calls a second that the dispatcher allows itself; the service takes 20 over all admin APIs and all callers. */
  callsPerSecond: z.int().min(3).max(20).default(18),
  /** Accounts in one request; its steps have the time for 500. */
  mostAccountsPerRequest: z.int().min(1).max(500).default(500),
  /** Whether a permission set of Latchkey's is deleted when its file is gone from access/permission-sets. */
  prune: z.boolean().default(false),
  /** The guard against mass change: a rollout that would delete more sets than this deletes none … */
  mostDeletions: z.int().min(0).max(3500).default(5),
  /** … and neither does one that would delete more of a hundred that Latchkey owns; a single one always may go. */
  mostDeletionsPercent: z.int().min(0).max(100).default(20),
  /** Permission sets that the service allows in the instance: 3,500 unless raised, fewer on older accounts. */
  permissionSetsPerInstance: z.int().min(1).max(100_000).default(3500),
  /** Permission sets that the service allows in one account: 500 unless raised, fewer on older accounts. */
  permissionSetsPerAccount: z.int().min(1).max(100_000).default(500),
  /** Whether the stacks are made that bring the events of the management account; they deploy into that account. */
  organizationEvents: z.boolean().default(false),
  /** AWS Control Tower's home Region, where its events are. Absent: us-east-1, or there is no Control Tower. */
  controlTowerRegion: region.optional(),
  /** Who is told of alarms, by e-mail; AWS asks that address once to confirm. Absent: nobody, unless subscribed by hand. */
  alarmEmail: z
    .email('must be an e-mail address such as on-call@example.com')
    .max(254, 'must have at most 254 characters')
    .optional(),
});

/** See {@link settingsSchema}. */
export type Settings = z.infer<typeof settingsSchema>;

/** Reads settings from an unknown value; throws one error that names every wrong key, its value and the remedy. */
export function parseSettings(value: unknown, source: string): Settings {
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const at = issue.path.reduce<unknown>(
      (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    return `${issue.path.join('.') || '(the whole)'} is ${at === undefined ? 'missing' : JSON.stringify(at)}: ${issue.message}`;
  });
  throw new Error(
    `${source} is not usable: ${problems.join('; ')}; run npm run configure, or correct it by hand`,
  );
}
