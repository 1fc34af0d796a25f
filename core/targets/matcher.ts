import { matchesGlob } from '../policy/glob';
import type { AccountTags } from '../ports/organization-picture';
import type { Selector, TagPatterns, Target, TargetEntry } from './grammar';
import type { OrganizationIndex, PlacedAccount } from './organization-index';

/** What is known besides the picture. */
export interface TargetFacts {
  /** Absent for accounts whose tags were not read. */
  readonly tags?: AccountTags;
  /** Accounts that get nothing through a target, each with the reason. */
  readonly never?: ReadonlyMap<string, string>;
}

/** Whether an account is meant; `unknown` where it depends on tags that were not read. */
export type Meant = 'yes' | 'no' | 'unknown';

/** A name of a target that the organization does not bear out, in a sentence: lowercase, no final period. */
interface Mistake {
  /** `absent`: means no account, for sure. `unclear`: nobody knows what is meant. */
  readonly kind: 'absent' | 'unclear';
  readonly text: string;
}

/** More names than this are counted, not listed: the sentence is for a person. */
const LISTED = 10;

/** Holds accounts against the entries of a target. */
export class TargetMatcher {
  constructor(
    readonly index: OrganizationIndex,
    private readonly facts: TargetFacts,
  ) {}

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

  /** What an entry, or an exception, names and the organization has not, or has twice: all that a request is refused for. */
  problemsOf(target: Target): string[] {
    return this.#mistakesOf(target).map(({ text }) => text);
  }

  /**
   * Names by which nobody knows what the target means: unknown units, units and account names that stand for two, and names of accounts
   * that are to be kept out and are not there. A few look-ups, whatever the size of the organization.
   */
  errorsOf(target: Target): string[] {
    const mistakes = this.#mistakesOf(target, 'unclear');
    return unique(mistakes.filter(({ kind }) => kind === 'unclear').map(({ text }) => text));
  }

  /** What means no account now, and does no harm: accounts and names that are not there, entries that fit nobody. Looks at every account. */
  notesOf(target: Target): string[] {
    const absent = this.#mistakesOf(target)
      .filter(({ kind }) => kind === 'absent')
      .map(({ text }) => text);
    const isClear = (entry: TargetEntry): boolean => this.#mistakesOf([entry]).length === 0;
    const empty = target.filter((entry) => isClear(entry) && this.meansNothing(entry));
    return unique([...absent, ...empty.map((entry) => `${describeEntry(entry)} means no account`)]);
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

  /** @param only leaves out the other kind, and what it takes to find it */
  #mistakesOf(target: Target, only?: 'unclear', isExcepted = false): Mistake[] {
    return target.flatMap((entry) => [
      ...this.#mistakesOfSelector(entry, isExcepted, only),
      ...this.#mistakesOf(entry.except ?? [], only, true),
    ]);
  }

  #mistakesOfSelector(selector: Selector, isExcepted: boolean, only?: 'unclear'): Mistake[] {
    if ('ou' in selector) return this.#mistakesOfUnit(selector.ou);
    if ('accountName' in selector) return this.#mistakesOfName(selector.accountName, isExcepted, only);
    if (only !== undefined || !('account' in selector) || this.index.account(selector.account) !== undefined)
      return [];
    return [
      { kind: 'absent', text: `account ${selector.account} is not in the organization, check its digits` },
    ];
  }

  #mistakesOfName(name: string, isExcepted: boolean, only?: 'unclear'): Mistake[] {
    const remedy = 'check the spelling (upper and lower case count)';
    if (name.includes('*')) {
      if (only !== undefined || this.index.accounts.some((account) => matchesName(name, account.name)))
        return [];
      return [{ kind: 'absent', text: `no account has a name like ${name}, ${remedy}` }];
    }
    const ids = this.index.accountsNamed(name);
    if (ids.length === 1) return [];
    if (ids.length > 1) {
      const text = `the account name ${name} is ambiguous (${listed(ids)}), name the one that is meant by its id`;
      return [{ kind: 'unclear', text }];
    }
    // Misspelled, or renamed: an account that was to be kept out would be let in.
    const kind = isExcepted ? 'unclear' : 'absent';
    return [{ kind, text: `no account has the name ${name}, ${remedy}` }];
  }

  #mistakesOfUnit(reference: string): Mistake[] {
    const meant = this.index.unitsMeant(reference);
    if (meant.length === 1) return [];
    const text =
      meant.length === 0
        ? `there is no organizational unit ${reference} below the root, write its id, or the names of all units from the root to it, such as Workloads/Prod`
        : `the organizational unit ${reference} is ambiguous (${listed(meant)}), name the one that is meant by its id`;
    return [{ kind: 'unclear', text }];
  }
}

/** Keys of the tags that a target looks at, its exceptions included; none: it can be resolved without tags. */
export function tagKeysOf(target: Target): string[] {
  return unique(
    target.flatMap((entry) => [
      ...('tag' in entry ? Object.keys(entry.tag) : []),
      ...tagKeysOf(entry.except ?? []),
    ]),
  );
}

/** Whether what a target means can depend on tags. */
export function needsTags(target: Target): boolean {
  return tagKeysOf(target).length > 0;
}

/** An entry in words: `organizational unit Workloads/Prod (with its exceptions)`. */
export function describeEntry(entry: TargetEntry): string {
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

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
