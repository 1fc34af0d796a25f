import {
  type AccountTags,
  type Dated,
  type OrganizationPicture,
  OrganizationUnknownError,
} from '../ports/organization-picture';
import type { Settings } from '../settings/settings';
import type { Target } from '../targets/grammar';
import { resolveTarget, type TargetResolution } from '../targets/resolve';
import { MOST_ACCOUNTS } from '../tickets/targets';
import type { AccessRequest, OrganizationLook } from './access-request';
import { YOUNG_ENOUGH_MS, YOUNG_ENOUGH_TO_REFUSE_MS } from './look-ages';
import { NotResolvedError } from './not-resolved';
import type { RequestPorts } from './ports';

type AccountPorts = Pick<RequestPorts, 'requests' | 'organization' | 'pictures' | 'clock'>;

/** The settings that accounts are resolved by. */
export type AccountSettings = Pick<
  Settings,
  'managementAccountId' | 'hostAccountId' | 'mostAccountsPerRequest'
>;

/** Accounts that can take access; where a target was resolved, also how the organization was seen for it. */
export interface FoundAccounts {
  readonly accounts: readonly string[];
  readonly organization?: OrganizationLook;
}

/**
 * Accounts that are ACTIVE; every other gets a report with its state, and no lease. Ids that are written one by one, and those that
 * were pinned before, cost one call to Organizations each; what else a target may say is looked up in the picture.
 * @throws NotResolvedError
 */
export async function resolveAccounts(
  ports: AccountPorts,
  settings: AccountSettings,
  request: AccessRequest,
): Promise<FoundAccounts> {
  const { id, ticket, resolved } = request;
  if (ticket.target === undefined) return { accounts: await activeOf(ports, id, ticket.accounts) };
  // What a target means is found once: a later look never adds an account that nobody decided.
  if (resolved !== undefined) {
    const accounts = await activeOf(ports, id, resolved.accounts);
    return { accounts, ...(resolved.organization && { organization: resolved.organization }) };
  }
  return targetAccounts(ports, settings, id, ticket.target);
}

async function activeOf(
  { organization, requests, clock }: AccountPorts,
  id: string,
  accountIds: readonly string[],
): Promise<string[]> {
  const active: string[] = [];
  for (const accountId of accountIds) {
    const state = await organization.accountState(accountId);
    if (state === 'ACTIVE') {
      active.push(accountId);
      continue;
    }
    const reason = state === undefined ? 'the account is not in the organization' : `the account is ${state}`;
    await reportSkipped({ requests, clock }, id, accountId, reason);
  }
  return active;
}

async function targetAccounts(
  ports: AccountPorts,
  settings: AccountSettings,
  id: string,
  target: Target,
): Promise<FoundAccounts> {
  const first = await look(ports, settings, target, YOUNG_ENOUGH_MS);
  const { resolution, organization } =
    first.resolution.outcome === 'problems'
      ? await look(ports, settings, target, YOUNG_ENOUGH_TO_REFUSE_MS)
      : first;
  if (resolution.outcome === 'problems') {
    throw new NotResolvedError(`target: ${resolution.problems.join('; ')}${stalenessWords(organization)}`);
  }
  const { accounts, skipped } = resolution;
  const most = Math.min(settings.mostAccountsPerRequest, MOST_ACCOUNTS);
  if (accounts.length > most) {
    throw new NotResolvedError(
      `target: it means ${accounts.length} accounts, a request may have ${most}: narrow it, or split it over several requests`,
    );
  }
  if (accounts.length === 0 && skipped.length === 0) {
    throw new NotResolvedError('target: it means no account that can take access, correct it');
  }
  for (const { id: accountId, reason } of skipped) await reportSkipped(ports, id, accountId, reason);
  return { accounts: accounts.map((account) => account.id), organization };
}

type Looked = Exclude<TargetResolution, { readonly outcome: 'needs tags' }>;

/** Resolves a target by the picture; reads tags only where it depends on them. */
async function look(
  { pictures }: AccountPorts,
  { managementAccountId, hostAccountId }: AccountSettings,
  target: Target,
  youngerThanMs: number,
): Promise<{ readonly resolution: Looked; readonly organization: OrganizationLook }> {
  const never = new Map([
    [managementAccountId, 'it is the management account, in which nothing can be granted'],
    [hostAccountId, 'it is the account that Latchkey runs in, in which nothing can be granted'],
  ]);
  try {
    const picture = await pictures.picture(youngerThanMs);
    const first = resolveTarget(target, picture.found, { never });
    if (first.outcome !== 'needs tags') return { resolution: first, organization: lookOf([picture]) };
    const tags = await pictures.tags(first.accountIds, youngerThanMs);
    return { resolution: withTags(target, picture, tags, never), organization: lookOf([picture, tags]) };
  } catch (error) {
    if (!(error instanceof OrganizationUnknownError)) throw error;
    throw new NotResolvedError(`target: ${error.message}`, { cause: error });
  }
}

function withTags(
  target: Target,
  { found: picture }: Dated<OrganizationPicture>,
  { found: tags }: Dated<AccountTags>,
  never: ReadonlyMap<string, string>,
): Looked {
  const resolution = resolveTarget(target, picture, { never, tags });
  if (resolution.outcome !== 'needs tags') return resolution;
  throw new Error('tags of accounts are missing that were asked for: the step is tried again');
}

function lookOf(looks: readonly Pick<Dated<unknown>, 'at' | 'isStale'>[]): OrganizationLook {
  return {
    at: Math.min(...looks.map(({ at }) => at)),
    ...(looks.some(({ isStale }) => isStale) ? { isStale: true } : {}),
  };
}

/** What a person has to know of a picture that is older than it should be. */
export function stalenessWords({ at, isStale }: OrganizationLook): string {
  if (isStale !== true) return '';
  return ` (by the organization of ${new Date(at).toISOString()}: Organizations could not be reached since)`;
}

async function reportSkipped(
  { requests, clock }: Pick<AccountPorts, 'requests' | 'clock'>,
  id: string,
  accountId: string,
  reason: string,
): Promise<void> {
  const endedAt = clock.now();
  await requests.report(id, { accountId, status: 'skipped', reason, endedAt, assignmentVersion: 0 });
}
