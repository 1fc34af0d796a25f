import {
  DescribeOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import {
  DescribeInstanceCommand,
  type DescribeInstanceResponse,
  type InstanceMetadata,
  ListInstancesCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { parseSettings, type Settings } from '../core/settings/settings';

/** The services that the settings are read from, in the Region given or that of the environment. */
export interface DiscoveryClients {
  readonly ssoAdmin: SSOAdminClient;
  readonly organizations: OrganizationsClient;
}

/** What to discover. */
export interface DiscoveryOptions {
  /** Which instance, where the credentials see several. */
  readonly instanceArn?: string | undefined;
}

/** Service principal under which a delegated administrator of Identity Center is registered. */
const IDENTITY_CENTER_PRINCIPAL = 'sso.amazonaws.com';

/** Pages of a listing before it is given up: an organization has one instance, so a second page is already strange. */
const PAGE_LIMIT = 20;

/**
 * Asks Identity Center and Organizations for everything that the settings hold. Reads only.
 *
 * @throws Error in one sentence that says what is missing and what to do about it
 */
export async function discoverSettings(
  clients: DiscoveryClients,
  options: DiscoveryOptions = {},
): Promise<Settings> {
  const region = await regionOf(clients.ssoAdmin);
  const instance = chooseInstance(await listInstances(clients.ssoAdmin), region, options.instanceArn);
  const details = await asking('sso:DescribeInstance', () =>
    clients.ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn: instance.InstanceArn })),
  );
  const organization = await asking('organizations:DescribeOrganization', () =>
    clients.organizations.send(new DescribeOrganizationCommand({})),
  );
  const managementAccountId = organization.Organization?.MasterAccountId;
  const owner = details.OwnerAccountId ?? instance.OwnerAccountId;
  if (owner !== undefined && owner !== managementAccountId) {
    throw new Error(
      `${instance.InstanceArn ?? 'the instance'} belongs to account ${owner} alone, not to the organization: ` +
        'choose the organization instance with --instance <arn>',
    );
  }
  return parseSettings(
    {
      instanceArn: instance.InstanceArn,
      identityStoreId: details.IdentityStoreId ?? instance.IdentityStoreId,
      organizationId: organization.Organization?.Id,
      managementAccountId,
      hostAccountId: await delegatedAdministrator(clients.organizations),
      // An instance that is replicated answers in several Regions; assignments are made in its primary one alone.
      homeRegion: details.PrimaryRegion ?? region,
      ...encryptionKey(details),
    },
    'what AWS answered',
  );
}

async function regionOf(client: SSOAdminClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw new Error("no Region is set: name Identity Center's home Region with --region, such as eu-west-1", {
      cause: error,
    });
  }
}

async function listInstances(client: SSOAdminClient): Promise<InstanceMetadata[]> {
  const instances: InstanceMetadata[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGE_LIMIT; page += 1) {
    const answer = await asking('sso:ListInstances', () =>
      client.send(new ListInstancesCommand({ NextToken: next })),
    );
    instances.push(...(answer.Instances ?? []));
    next = answer.NextToken;
    if (next === undefined) return instances;
  }
  throw new Error(
    `sso:ListInstances goes on after ${PAGE_LIMIT} pages: name the instance with --instance <arn>`,
  );
}

function chooseInstance(
  instances: readonly InstanceMetadata[],
  region: string,
  wanted: string | undefined,
): InstanceMetadata {
  const arns = instances.map(({ InstanceArn }) => InstanceArn ?? '(without an ARN)');
  const where = `in ${region}`;
  const [only, ...others] =
    wanted === undefined ? instances : instances.filter((each) => each.InstanceArn === wanted);
  if (only === undefined && wanted !== undefined && arns.length > 0) {
    throw new Error(
      `there is no instance ${wanted} ${where}, but ${arns.join(', ')}: choose one of these with --instance`,
    );
  }
  if (only === undefined) {
    throw new Error(
      `no Identity Center instance is to be seen ${where}: use credentials of the delegated-administrator account, ` +
        "and name Identity Center's home Region with --region",
    );
  }
  if (others.length > 0) {
    throw new Error(
      `there are several instances ${where}, ${arns.join(', ')}: choose one with --instance <arn>`,
    );
  }
  return only;
}

async function delegatedAdministrator(client: OrganizationsClient): Promise<string | undefined> {
  const answer = await asking('organizations:ListDelegatedAdministrators', () =>
    client.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: IDENTITY_CENTER_PRINCIPAL })),
  );
  const [account, ...others] = answer.DelegatedAdministrators ?? [];
  if (account === undefined) {
    throw new Error(
      'no account is the delegated administrator of Identity Center: register one from the management account ' +
        `(aws organizations register-delegated-administrator --service-principal ${IDENTITY_CENTER_PRINCIPAL} --account-id …)`,
    );
  }
  if (others.length > 0) {
    const ids = [account, ...others].map(({ Id }) => Id ?? '(without an id)');
    throw new Error(
      `${ids.join(' and ')} are both delegated administrators of Identity Center, which allows one: deregister the other`,
    );
  }
  return account.Id;
}

function encryptionKey(details: DescribeInstanceResponse): { readonly encryptionKeyArn?: string } {
  const { KeyType, KmsKeyArn } = details.EncryptionConfigurationDetails ?? {};
  return KeyType === 'CUSTOMER_MANAGED_KEY' && KmsKeyArn !== undefined ? { encryptionKeyArn: KmsKeyArn } : {};
}

/** Makes one call; what goes wrong is said in terms of what a person can change. */
async function asking<Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw new Error(inWords(action, error), { cause: error });
  }
}

function inWords(action: string, error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  switch (name) {
    case 'AccessDeniedException':
      return (
        `${action} is not allowed to these credentials (${message}): use a role of the delegated-administrator account ` +
        'with AWSSSOReadOnly and AWSOrganizationsReadOnlyAccess'
      );
    case 'AWSOrganizationsNotInUseException':
      return `${action}: this account is in no organization; Latchkey governs the accounts of one`;
    case 'CredentialsProviderError':
      return `${action} needs AWS credentials, and there are none (${message}): set AWS_PROFILE, or sign in`;
    default:
      return `${action} failed with ${name}: ${message}; try again, or write the settings into cdk.json by hand`;
  }
}
