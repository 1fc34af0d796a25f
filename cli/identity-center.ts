import { parseLatency } from '../local/identity-center/latency';
import type { Organization } from '../local/identity-center/organization';
import { giveBackMemory } from '../local/server/give-back-memory';
import { startIdentityCenter, type IdentityCenterServer } from '../local/server/identity-center-server';
import { EXAMPLE_ORGANIZATION, latencies, readOrganizationFile } from './local-app';
import { CLOCKS, oneOf, untilInterrupted, wholeNumber } from './option-values';

/** Options of `npm run identity-center`, as commander reads them. */
export interface IdentityCenterOptions {
  readonly port: string;
  readonly host?: string;
  readonly organization?: string;
  readonly credentials: string;
  readonly clock: string;
  readonly latency?: string;
  readonly seed: string;
}

/** `npm run identity-center`: runs the simulated Identity Center by itself until Ctrl-C. */
export async function identityCenter(
  options: IdentityCenterOptions,
  output: (line: string) => void,
): Promise<void> {
  const interrupted = untilInterrupted();
  const organization = readOrganizationFile(options.organization ?? EXAMPLE_ORGANIZATION);
  const credentials = credentialsOf(options.credentials, organization);
  const server = await startIdentityCenter({
    organization,
    clock: oneOf('--clock', options.clock, CLOCKS),
    seed: wholeNumber('--seed', options.seed, Number.MAX_SAFE_INTEGER),
    port: wholeNumber('--port', options.port, 65_535),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(options.latency === undefined ? {} : { settings: latencies(parseLatency(options.latency)) }),
    report: output,
  });
  giveBackMemory();
  for (const line of welcome(server, organization, credentials)) output(line);
  await interrupted;
  await server.stop();
  output('stopped');
}

/**
 * Whose signatures are checked: nobody's for `any`, those of the organization file for `callers`, or one pair.
 * @throws Error for anything else
 */
export function credentialsOf(
  text: string,
  { callers }: Pick<Organization, 'callers'>,
): ReadonlyMap<string, string> | undefined {
  if (text === 'any') return undefined;
  if (text === 'callers' && callers.length === 0)
    throw new Error(
      '--credentials is callers, and the organization file has none: add some, or give one pair',
    );
  if (text === 'callers')
    return new Map(callers.map(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]));
  const [, accessKeyId, secretAccessKey] = /^(\w{3,128}):(.+)$/.exec(text) ?? [];
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return new Map([[accessKeyId, secretAccessKey]]);
  // What was given may hold a secret, so it is not shown.
  throw new Error('--credentials is none of any, callers and ACCESS_KEY_ID:SECRET: give one of them');
}

/** What a person needs to go on: where it is, how to call it, how to steer it. */
function welcome(
  { endpoint }: IdentityCenterServer,
  { instance, accounts, permissionSets, assignments }: Organization,
  credentials: ReadonlyMap<string, string> | undefined,
): string[] {
  return [
    `Identity Center runs at ${endpoint}. Ctrl-C stops it.`,
    '',
    `  ${accounts.length} accounts, ${permissionSets.length} permission sets, ${assignments.length} assignments`,
    `  Instance      ${instance.arn}`,
    `  Store         ${instance.identityStoreId}`,
    `  Region        ${instance.region}`,
    `  Credentials   ${credentials === undefined ? 'any' : [...credentials.keys()].join(', ')}`,
    '',
    'Call it with any SDK or CLI:',
    '',
    `  aws sso-admin list-instances --region ${instance.region} \\`,
    `    --endpoint-url ${endpoint}`,
    '',
    'Make it slow, or faulty (docs/guide.md says what there is):',
    '',
    `  curl -s -d '{"createLatency": 30}' ${endpoint}/_simulator/settings`,
    '',
  ];
}
