import { createHash } from 'node:crypto';
import type { AssignmentKey } from '../assignments/assignment';
import { needsTags, tagKeysOf, TargetMatcher } from '../targets/matcher';
import type { OrganizationIndex, PlacedAccount } from '../targets/organization-index';
import { canonicalJson } from '../tickets/canonical-json';
import {
  type Baseline,
  baselineClaimId,
  type DriftMode,
  type ResolvedBaseline,
  type ResolvedBaselines,
} from './baseline';

/** What the claims of one account are worked out from. */
export interface AccountFacts {
  readonly index: OrganizationIndex;
  /** Of the index, with the facts that were read last. */
  readonly account: PlacedAccount;
  /** The account's own; absent where they were not read, which is enough if no rule looks at tags ({@link rulesNeedTags}). */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Accounts that get nothing through a rule, each with the reason: the management account, and Latchkey's own. */
  readonly never: ReadonlyMap<string, string>;
}

/** A claim that a rule wants in an account. */
export interface WantedClaim {
  readonly key: AssignmentKey;
  readonly claimId: string;
  /** Name of the rule. */
  readonly rule: string;
  readonly mode: DriftMode;
  /** Its turn among those of the account, from 0: up to four with one permission set share a turn, and a look. */
  readonly rank: number;
}

/** What the rules want in one account. */
export interface WantedClaims {
  /** In the order of their ranks. Two rules may want the same assignment: one claim each. */
  readonly wanted: readonly WantedClaim[];
  /** Names of rules, sorted, whose claims stay as they are: nobody knows whether, or for whom, they mean the account. */
  readonly undecided: readonly string[];
  /** Whether every claim stays as it is, also of rules that are gone: the account can take and lose nothing now, and may come back. */
  readonly keepsAll: boolean;
  /** Why that is so, and why an account gets nothing: sentences, lowercase, no final period. */
  readonly notes: readonly string[];
}

/** Grants of one permission set in one account that are looked for together: see docs/adr/0009. */
const GRANTS_PER_TURN = 4;

/** States of an account that does not come back. In every other state but ACTIVE nothing is opened and nothing is closed. */
const GONE: ReadonlySet<string> = new Set(['CLOSED']);

/**
 * The claims that an account should have, by rules that were looked up. Claims of rules that are neither wanted nor undecided are to be
 * closed. Depends on nothing but what is passed in, and not on the order of rules, accounts and units. Costs a few look-ups for each
 * entry of a target, whatever the size of the organization.
 */
export function wantedClaims(resolved: ResolvedBaselines, facts: AccountFacts): WantedClaims {
  const { account, never, index } = facts;
  const refusal = never.get(account.id);
  if (refusal !== undefined) return { wanted: [], undecided: [], keepsAll: false, notes: [refusal] };
  if (GONE.has(account.state))
    return { wanted: [], undecided: [], keepsAll: false, notes: [stateOf(account)] };
  const problems = resolved.problems.map(({ baseline, problem }) => ({ rule: baseline, problem }));
  if (account.state !== 'ACTIVE') {
    const names = [
      ...resolved.rules.map(({ baseline }) => baseline.name),
      ...problems.map(({ rule }) => rule),
    ];
    return { wanted: [], undecided: sorted(names), keepsAll: true, notes: [stateOf(account)] };
  }
  const matcher = new TargetMatcher(index, factsOfTags(facts));
  const meant: ResolvedBaseline[] = [];
  for (const each of resolved.rules) {
    const { name, target } = each.baseline;
    const errors = matcher.errorsOf(target);
    problems.push(...errors.map((problem) => ({ rule: name, problem })));
    if (errors.length > 0) continue;
    const verdict = matcher.meant(target, account);
    if (verdict === 'yes') meant.push(each);
    if (verdict === 'unknown')
      problems.push({ rule: name, problem: 'it depends on tags of the account, which were not read' });
  }
  return {
    wanted: withRanks(meant.flatMap((each) => claimsOf(each, account.id))),
    undecided: sorted(problems.map(({ rule }) => rule)),
    keepsAll: false,
    notes: sorted(problems.map(({ rule, problem }) => `rule ${rule}: ${problem}`)),
  };
}

/** SHA-256 of what of the rules could not be looked up. */
export function problemsHashOf({ problems }: Pick<ResolvedBaselines, 'problems'>): string {
  return createHash('sha256').update(canonicalJson(problems)).digest('hex');
}

/** Whether what some rule means can depend on tags. */
export function rulesNeedTags(baselines: readonly Pick<Baseline, 'target'>[]): boolean {
  return baselines.some(({ target }) => needsTags(target));
}

/**
 * SHA-256 of all about an account that rules are held against: its name, state and place (names of units included, which rules may be
 * written by), and those of its tags that some rule looks at.
 * @param tags the account's; not looked at where no rule does
 */
export function factsHashOf(
  baselines: readonly Pick<Baseline, 'target'>[],
  { name, state, line, ouPath }: PlacedAccount,
  tags: Readonly<Record<string, string>> = {},
): string {
  const keys = new Set(baselines.flatMap(({ target }) => tagKeysOf(target)));
  const counting = Object.entries(tags)
    .map(([key, value]) => [key.normalize('NFC'), value.normalize('NFC')] as const)
    .filter(([key]) => keys.has(key))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const facts = { name: name.normalize('NFC'), state, line, ouPath, tags: counting };
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/**
 * What is odd about the rules' targets and does no harm: accounts and names that are not there, entries that mean no account. Looks at
 * every account for every entry: for a check or a report, not for each account.
 */
export function targetNotes(
  baselines: readonly Pick<Baseline, 'name' | 'target'>[],
  matcher: TargetMatcher,
): readonly string[] {
  return baselines.flatMap(({ name, target }) =>
    matcher.notesOf(target).map((note) => `rule ${name}: ${note}`),
  );
}

function factsOfTags({ account, tags }: AccountFacts): ConstructorParameters<typeof TargetMatcher>[1] {
  return tags === undefined ? {} : { tags: new Map([[account.id, tags]]) };
}

function claimsOf(
  { baseline, principal, permissionSets }: ResolvedBaseline,
  accountId: string,
): Omit<WantedClaim, 'rank'>[] {
  return permissionSets.map(({ arn }) => ({
    key: {
      accountId,
      permissionSetArn: arn,
      principalType: principal.type,
      principalId: principal.id,
    },
    claimId: baselineClaimId(baseline.name),
    rule: baseline.name,
    mode: baseline.mode,
  }));
}

/** Claims on one assignment have one rank: it is granted once. */
function withRanks(claims: readonly Omit<WantedClaim, 'rank'>[]): WantedClaim[] {
  const principals = new Map<string, Set<string>>();
  for (const { key } of claims) {
    const ofSet = principals.get(key.permissionSetArn) ?? new Set();
    principals.set(key.permissionSetArn, ofSet.add(principalOf(key)));
  }
  const ranks = new Map<string, number>();
  let turn = 0;
  for (const arn of [...principals.keys()].sort()) {
    const ofSet = [...(principals.get(arn) ?? [])].sort();
    ofSet.forEach((principal, index) => {
      ranks.set(`${arn} ${principal}`, turn + Math.floor(index / GRANTS_PER_TURN));
    });
    turn += Math.ceil(ofSet.length / GRANTS_PER_TURN);
  }
  return claims
    .map((claim) => ({
      ...claim,
      rank: ranks.get(`${claim.key.permissionSetArn} ${principalOf(claim.key)}`) ?? 0,
    }))
    .sort((left, right) => left.rank - right.rank || (orderOf(left) < orderOf(right) ? -1 : 1));
}

function principalOf({ principalType, principalId }: AssignmentKey): string {
  return `${principalType} ${principalId}`;
}

function orderOf({ key, rule }: Omit<WantedClaim, 'rank'>): string {
  return [key.permissionSetArn, principalOf(key), rule].join(' ');
}

function stateOf({ state }: PlacedAccount): string {
  return `the account is ${state}`;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
