import type { OrganizationPicture } from '../ports/organization-picture';
import type { Target } from './grammar';
import { describeEntry, type TargetFacts, TargetMatcher } from './matcher';
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

/**
 * The accounts that a target means in an organization. Depends on nothing but what is passed in, and not on the order of entries,
 * accounts or units.
 */
export function resolveTarget(
  target: Target,
  picture: OrganizationPicture,
  facts: TargetFacts = {},
): TargetResolution {
  const matcher = new TargetMatcher(new OrganizationIndex(picture), facts);
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

function factsOf({ id, name, state, ouPath }: PlacedAccount): TargetAccount {
  return { id, name, state, ouPath };
}
