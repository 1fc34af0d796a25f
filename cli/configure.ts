import { readFileSync, writeFileSync } from 'node:fs';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { type Settings, settingsSchema } from '../core/settings/settings';
import { SETTINGS_CONTEXT_KEY } from '../lib/settings';
import { asObject, CDK_JSON, jsonObject } from './cdk-json';
import { type DiscoveryClients, discoverSettings } from './discover-settings';

/** Options of `npm run configure`. */
export interface ConfigureOptions {
  /** Identity Center's home Region. @default - that of the environment or profile */
  readonly region?: string | undefined;
  /** Which instance, where the credentials see several. */
  readonly instance?: string | undefined;
  /** Who is told of alarms. @default - as it is in the file */
  readonly alarmEmail?: string | undefined;
  /** Whether the stacks of the management account are made. @default - as it is in the file */
  readonly organizationEvents?: boolean | undefined;
  /** AWS Control Tower's home Region. @default - as it is in the file */
  readonly controlTowerRegion?: string | undefined;
  /** Say what would be written, and write nothing. */
  readonly dryRun?: boolean | undefined;
  /** @default `cdk.json` of the project */
  readonly cdkJson?: string | undefined;
}

/** Makes the clients; a test gives its own. */
export type MakeDiscoveryClients = (region: string | undefined) => DiscoveryClients;

/**
 * Discovers the settings (instance, identity store, organization, accounts, Region, key) and writes them to `cdk.json`,
 * which is then reviewed and committed like any other change. Every line for the user goes to `output`.
 *
 * @throws Error in one sentence that says what to do
 */
export async function configure(
  options: ConfigureOptions,
  output: (line: string) => void,
  makeClients: MakeDiscoveryClients = awsClients,
): Promise<void> {
  const path = options.cdkJson ?? CDK_JSON;
  const before = readFileSync(path, 'utf8');
  const given = givenSettings(options);
  const discovered = await discoverSettings(makeClients(options.region), { instanceArn: options.instance });
  const { text, changes, alarmEmail } = mergeSettings(before, discovered, path, given);
  for (const change of changes) output(change);
  if (alarmEmail === undefined) {
    output('alarmEmail: (none), so nobody is told of alarms; name an address with --alarm-email');
  }
  if (text === before) {
    output(`${path} has these settings already`);
  } else if (options.dryRun === true) {
    output(`${path} would be changed; run without --dry-run to write it`);
  } else {
    writeFileSync(path, text);
    output(`${path} is written: review and commit it, then run npm run deploy`);
  }
}

/** Settings that the command itself is given, and by which option. */
const OPTIONS = {
  alarmEmail: '--alarm-email',
  organizationEvents: '--organization-events',
  controlTowerRegion: '--control-tower-region',
} as const satisfies Partial<Record<keyof Settings, string>>;

type GivenSettings = Partial<Pick<Settings, keyof typeof OPTIONS>>;

/** What is given by hand is checked before anybody is asked for anything. */
function givenSettings(options: ConfigureOptions): GivenSettings {
  const given = Object.entries(OPTIONS).flatMap(([key, option]) => {
    const name = key as keyof typeof OPTIONS;
    const value = options[name];
    if (value === undefined) return [];
    const { error } = settingsSchema.shape[name].safeParse(value);
    if (error === undefined) return [[name, value] as const];
    throw new Error(
      `${option} is ${JSON.stringify(value)}: ${error.issues.map(({ message }) => message).join(', ')}`,
    );
  });
  return Object.fromEntries(given);
}

/** A changed `cdk.json`. */
export interface MergedSettings {
  readonly text: string;
  /** `key: before → after`, one for each setting that differs. */
  readonly changes: readonly string[];
  /** Who is told of alarms, as the text has it; whatever somebody wrote there. */
  readonly alarmEmail?: unknown;
}

/** Settings that are discovered anew each time; whatever else somebody has set stays. */
const DISCOVERED: readonly string[] = [
  'instanceArn',
  'identityStoreId',
  'organizationId',
  'managementAccountId',
  'hostAccountId',
  'homeRegion',
  'encryptionKeyArn',
] satisfies (keyof Settings)[];

/**
 * Puts settings into the text of a `cdk.json` and keeps everything else in it: other settings too, but for keys that there are none of.
 * Defaults are not written down.
 *
 * @param given with the command: takes the place of what stands there
 * @throws Error where the text is not the JSON of an object
 */
export function mergeSettings(
  cdkJson: string,
  discovered: Settings,
  fileName: string,
  given: GivenSettings = {},
): MergedSettings {
  const document = jsonObject(cdkJson, fileName);
  const context = asObject(document.context);
  const before = asObject(context[SETTINGS_CONTEXT_KEY]);
  const isSetting = (key: string): boolean => Object.hasOwn(settingsSchema.shape, key);
  const byHand = Object.entries(before).filter(([key]) => isSetting(key) && !DISCOVERED.includes(key));
  const found = Object.entries(discovered).filter(([key]) => DISCOVERED.includes(key));
  const after: Record<string, unknown> = Object.fromEntries([...byHand, ...found, ...Object.entries(given)]);
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key}: ${shown(before[key])} → ${shown(after[key])}`);
  const { alarmEmail } = after;
  if (changes.length === 0) return { text: cdkJson, changes, alarmEmail };
  const merged = { ...document, context: { ...context, [SETTINGS_CONTEXT_KEY]: after } };
  return { text: `${JSON.stringify(merged, undefined, 2)}\n`, changes, alarmEmail };
}

function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function awsClients(region: string | undefined): DiscoveryClients {
  const ssoAdmin = new SSOAdminClient(region === undefined ? {} : { region });
  // Organizations has one endpoint per partition, which the SDK finds from any of its Regions.
  return { ssoAdmin, organizations: new OrganizationsClient({ region: () => ssoAdmin.config.region() }) };
}
