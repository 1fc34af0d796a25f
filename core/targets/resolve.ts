import { matchesGlob } from '../policy/glob';
import type { AccountTags, OrganizationPicture } from '../ports/organization-picture';
import type { Selector, TagPatterns, Target, TargetEntry } from './grammar';
import { OrganizationIndex, type PlacedAccount } from './organization-index';

/** An account that a target means. */
export interface TargetAccount {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Names of the units from the root down, joined by `/`; empty in the root. */
  readonly ouPath: string;
}

/** An account that a target means and that gets nothing, with the reason in words. */
export interface SkippedAccount extends TargetAccount {
  readonly reason: string;
}

/** What a target means: its accounts, or what is missing to say so, or all that is wrong with it. */
export type TargetResolution =
  | {
      readonly outcome: 'resolved';
      /** In the order of their ids. */
      readonly accounts: readonly TargetAccount[];
      /** In the order of their ids. */
      readonly skipped: readonly SkippedAccount[];
    }
  /** It depends on the tags of these accounts, which are not known yet. */
  | { readonly outcome: 'needs tags'; readonly accountIds: readonly string[] }
  /** Sentences that name what was looked for: lowercase, no final period. */
  | { readonly outcome: 'problems'; readonly problems: readonly string[] };

/** What is known besides the picture. */
export interface TargetFacts {
  /** Absent for accounts whose tags were not read. */
  readonly tags?: AccountTags;
  /** Accounts that get nothing through a target, each with the reason. */
  readonly never?: ReadonlyMap<string, string>;
}

/** Whether an account is meant; `unknown` where it depends on tags that were not read. */
type Meant = 'yes' | 'no' | 'unknown';

/** More names than this are counted, not listed: the sentence is for a person. */
const LISTED = 10;

/**
 * The accounts that a target means in an organization. Depends on nothing but what is passed in, and not on the order of entries,
 * accounts or units.
 */
export function resolveTarget(
  target: Target,
  picture: OrganizationPicture,
  facts: TargetFacts = {},
): TargetResolution {
  const matcher = new Matcher(new OrganizationIndex(picture), facts);
  const problems = [...new Set(matcher.problemsOf(target))];
  if (problems.length > 0) return { outcome: 'problems', problems };
  const inOrder = [...matcher.index.accounts].sort((a, b) => (a.id < b.id ? -1 : 1));
  const needed = inOrder.filter(
    (account) => matcher.refusal(account) === undefined && matcher.meant(target, account) === 'unknown',
  );
  if (needed.length > 0) return { outcome: 'needs tags', accountIds: needed.map(({ id }) => id) };
  // What depends on tags that nobody reads (an account that could not take access anyway) is not reported.
  const meant = inOrder.filter((account) => matcher.meant(target, account) === 'yes');
  const empty = target.filter((entry) => matcher.meansNothing(entry));
  if (empty.length > 0) {
    const words = empty.map(
      (entry) => `${describeEntry(entry)} means no account, correct it or leave it out`,
    );
    return { outcome: 'problems', problems: [...new Set(words)] };
  }
  const skipped = meant.flatMap((account): SkippedAccount[] => {
    const reason = matcher.refusal(account);
    return reason === undefined ? [] : [{ ...factsOf(account), reason }];
  });
  const accounts = meant.filter((account) => matcher.refusal(account) === undefined).map(factsOf);
  return { outcome: 'resolved', accounts, skipped };
}

/** Holds accounts against the entries of a target. */
class Matcher {
  readonly #ids: ReadonlySet<string>;

  constructor(
    readonly index: OrganizationIndex,
    private readonly facts: TargetFacts,
  ) {
    this.#ids = new Set(index.accounts.map(({ id }) => id));
  }

  /** Why an account gets nothing, if so. */
  refusal({ id, state }: PlacedAccount): string | undefined {
    return this.facts.never?.get(id) ?? (state === 'ACTIVE' ? undefined : `the account is ${state}`);
  }

  /** Whether some entry means the account. */
  meant(target: Target, account: PlacedAccount): Meant {
    const found = target.map((entry) => this.#meantBy(entry, account));
    if (found.includes('yes')) return 'yes';
    return found.includes('unknown') ? 'unknown' : 'no';
  }

  /** Whether an entry certainly means no account at all: one that is already meant by others is not asked for its tags. */
  meansNothing(entry: TargetEntry): boolean {
    return this.index.accounts.every((account) => {
      const isOut = this.#meantBy(entry, account) === 'no';
      return isOut || ('tag' in entry && this.#isUnread(account) && this.refusal(account) !== undefined);
    });
  }

  /** What an entry, or an exception, names and the organization has not, or has twice. */
  problemsOf(target: Target): string[] {
    return target.flatMap((entry) => [...this.#problemsOf(entry), ...this.problemsOf(entry.except ?? [])]);
  }

  #isUnread({ id }: PlacedAccount): boolean {
    return this.facts.tags?.has(id) !== true;
  }

  #meantBy(entry: TargetEntry, account: PlacedAccount): Meant {
    const selected = this.#selected(entry, account);
    if (selected === 'no' || entry.except === undefined) return selected;
    const excepted = this.meant(entry.except, account);
    if (excepted === 'yes') return 'no';
    return excepted === 'unknown' ? 'unknown' : selected;
  }

  #selected(selector: Selector, account: PlacedAccount): Meant {
    if ('account' in selector) return yesIf(selector.account === account.id);
    if ('accountName' in selector) return yesIf(matchesName(selector.accountName, account.name));
    if ('ou' in selector) {
      const [unit] = this.index.unitsMeant(selector.ou);
      const line = selector.direct === true ? account.line.slice(-1) : account.line;
      return yesIf(unit !== undefined && line.includes(unit));
    }
    if ('tag' in selector) {
      const tags = this.facts.tags?.get(account.id);
      return tags === undefined ? 'unknown' : yesIf(matchesTags(selector.tag, tags));
    }
    return 'yes';
  }

  #problemsOf(selector: Selector): string[] {
    if ('account' in selector) {
      const { account } = selector;
      return this.#ids.has(account)
        ? []
        : [`account ${account} is not in the organization, check its digits`];
    }
    if ('accountName' in selector) return this.#problemsOfName(selector.accountName);
    return 'ou' in selector ? this.#problemsOfUnit(selector.ou) : [];
  }

  #problemsOfName(name: string): string[] {
    const named = this.index.accounts.filter((account) => matchesName(name, account.name));
    const isPattern = name.includes('*');
    if (named.length === 0) {
      const problem = isPattern ? `no account has a name like ${name}` : `no account has the name ${name}`;
      return [`${problem}, check the spelling (upper and lower case count)`];
    }
    if (isPattern || named.length === 1) return [];
    const ids = listed(named.map(({ id }) => id));
    return [`the account name ${name} is ambiguous (${ids}), name the one that is meant by its id`];
  }

  #problemsOfUnit(reference: string): string[] {
    const meant = this.index.unitsMeant(reference);
    if (meant.length === 1) return [];
    if (meant.length === 0) {
      const remedy = 'write its id, or the names of all units from the root to it, such as Workloads/Prod';
      return [`there is no organizational unit ${reference} below the root, ${remedy}`];
    }
    return [
      `the organizational unit ${reference} is ambiguous (${listed(meant)}), name the one that is meant by its id`,
    ];
  }
}

/** An entry in words: `organizational unit Workloads/Prod (with exceptions)`. */
function describeEntry(entry: TargetEntry): string {
  return `${describeSelector(entry)}${entry.except === undefined ? '' : ' (with its exceptions)'}`;
}

function describeSelector(selector: Selector): string {
  if ('account' in selector) return `account ${selector.account}`;
  if ('accountName' in selector) return `account name ${selector.accountName}`;
  if ('ou' in selector) {
    return `organizational unit ${selector.ou}${selector.direct === true ? ' (its own accounts only)' : ''}`;
  }
  if ('all' in selector) return 'the whole organization';
  const tags = Object.entries(selector.tag).map(([key, pattern]) => `${key}=${pattern}`);
  return `${tags.length === 1 ? 'tag' : 'tags'} ${listed(tags)}`;
}

function matchesTags(patterns: TagPatterns, tags: Readonly<Record<string, string>>): boolean {
  const given = new Map(
    Object.entries(tags).map(([key, value]) => [key.normalize('NFC'), value.normalize('NFC')]),
  );
  return Object.entries(patterns).every(([key, pattern]) => {
    const value = given.get(key);
    return value !== undefined && matchesGlob(pattern, value);
  });
}

function matchesName(pattern: string, name: string): boolean {
  return matchesGlob(pattern, name.normalize('NFC'));
}

function yesIf(isSo: boolean): Meant {
  return isSo ? 'yes' : 'no';
}

function listed(names: readonly string[]): string {
  const sorted = [...names].sort();
  const more = sorted.length - LISTED;
  return `${sorted.slice(0, LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function factsOf({ id, name, state, ouPath }: PlacedAccount): TargetAccount {
  return { id, name, state, ouPath };
}
