import type { AccountFactsReader } from '../ports/account-facts';
import type { BaselineRules } from '../ports/baseline-rules';
import type { Clock } from '../ports/clock';
import type {
  OrganizationPicture,
  OrganizationPictures,
  PicturedAccount,
} from '../ports/organization-picture';
import type { Settings } from '../settings/settings';
import { OrganizationIndex, type PlacedAccount } from '../targets/organization-index';
import type { DeployedBaselines, ResolvedBaselines } from './baseline';
import { type WantedClaims, factsHashOf, rulesNeedTags, wantedClaims } from './wanted-claims';

/** What the rules are held against. */
export interface LookPorts {
  readonly deployed: DeployedBaselines;
  readonly rules: Pick<BaselineRules, 'newest'>;
  readonly pictures: Pick<OrganizationPictures, 'picture' | 'tags'>;
  readonly accountFacts: AccountFactsReader;
  readonly settings: Pick<Settings, 'managementAccountId' | 'hostAccountId'>;
}

/** What the rules want in an account, and what that was worked out from. */
export interface AccountLook extends WantedClaims {
  /** Undefined: it is not in the organization. */
  readonly account: PlacedAccount | undefined;
  /** Whether it is the management account, or Latchkey's own. */
  readonly isOffLimits: boolean;
  readonly factsHash: string;
  readonly rulesHash: string;
}

/** Where units lie is believed for so long: an event that tells of units outdates it. */
const PICTURE_MS = 15 * 60_000;

/** A picture without an account's unit is read anew, but not again and again. */
const FRESH_PICTURE_MS = 60_000;

/**
 * Looks at one account as it is at `since` (epoch ms, when somebody asked for a look) or later: one or two calls for the account, one for its tags where a rule looks at tags, and what rules and
 * units are from what all functions share.
 */
export async function lookAtAccount(
  ports: LookPorts & { readonly clock: Clock },
  accountId: string,
  since: number,
): Promise<AccountLook> {
  const rules = await ports.rules.newest(ports.deployed);
  const account = await ports.accountFacts.read(accountId);
  if (account === undefined) return notThere(rules);
  const index = await indexWith(ports, account);
  const isTagged = rulesNeedTags(ports.deployed.baselines);
  const youngerThanMs = Math.max(1, ports.clock.now() - since);
  const tags = isTagged ? await ports.pictures.tags([accountId], youngerThanMs) : undefined;
  if (tags?.isStale === true)
    throw new Error(`the tags of account ${accountId} could not be read: the step is tried again`);
  return lookBy(ports, rules, index, accountId, tags?.found.get(accountId));
}

/** What the rules want in an account of a picture. */
export function lookBy(
  { deployed, settings }: Pick<LookPorts, 'deployed' | 'settings'>,
  rules: ResolvedBaselines,
  index: OrganizationIndex,
  accountId: string,
  tags?: Readonly<Record<string, string>>,
): AccountLook {
  const account = index.accounts.find(({ id }) => id === accountId);
  if (account === undefined) return notThere(rules);
  const never = new Map([
    [settings.managementAccountId, 'it is the management account, in which nothing can be granted'],
    [settings.hostAccountId, 'it is the account that Latchkey runs in, in which nothing can be granted'],
  ]);
  return {
    ...wantedClaims(rules, { index, account, never, tags }),
    account,
    isOffLimits: never.has(accountId),
    factsHash: factsHashOf(deployed.baselines, account, tags),
    rulesHash: rules.hash,
  };
}

function notThere({ hash }: ResolvedBaselines): AccountLook {
  const notes = ['the account is not in the organization'];
  return {
    wanted: [],
    undecided: [],
    keepsAll: false,
    notes,
    account: undefined,
    isOffLimits: false,
    factsHash: '',
    rulesHash: hash,
  };
}

/** The picture with the account as it is now, in a place that the picture knows. */
async function indexWith({ pictures }: LookPorts, account: PicturedAccount): Promise<OrganizationIndex> {
  const { found } = await pictures.picture(PICTURE_MS);
  if (hasParent(found, account)) return new OrganizationIndex(withAccount(found, account));
  const { found: fresh } = await pictures.picture(FRESH_PICTURE_MS);
  if (hasParent(fresh, account)) return new OrganizationIndex(withAccount(fresh, account));
  throw new Error(
    `account ${account.id} is in ${account.parentId}, which the picture of the organization does not have yet: the step is tried again`,
  );
}

function hasParent({ rootId, units }: OrganizationPicture, { parentId }: PicturedAccount): boolean {
  return parentId === rootId || units.some(({ id }) => id === parentId);
}

function withAccount(picture: OrganizationPicture, account: PicturedAccount): OrganizationPicture {
  return { ...picture, accounts: [...picture.accounts.filter(({ id }) => id !== account.id), account] };
}
