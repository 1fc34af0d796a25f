import type { PolicyInForce, PolicyRule } from '../policy/access-policy';
import { findCaller } from '../policy/callers';
import {
  type MeantAccounts,
  meantAccounts,
  type PolicyTargets,
  withinBounds,
} from '../policy/policy-targets';
import { concerns, type RequestSubject } from '../policy/rule-matching';
import {
  type AccountTags,
  type OrganizationPictures,
  OrganizationUnknownError,
} from '../ports/organization-picture';
import type { Target } from '../targets/grammar';
import { type TargetFacts, TargetMatcher } from '../targets/matcher';
import { OrganizationIndex } from '../targets/organization-index';
import type { AccessRequest, OrganizationLook, ResolvedRequest } from './access-request';
import { YOUNG_ENOUGH_MS, YOUNG_ENOUGH_TO_REFUSE_MS } from './look-ages';

/** What rules mean for the accounts of a request, and how the organization was seen for it. */
export interface WorkedOut {
  readonly targets: PolicyTargets;
  /** Absent where the organization could not be seen at all. */
  readonly organization?: OrganizationLook;
}

type TargetRule = PolicyRule & { readonly target: Target };

/** Everything that a rule is held against but accounts and length: as *Decide* does it, and as *Resolve* finds the rules to look up. */
export function subjectOf(
  { policy }: PolicyInForce,
  { caller }: Pick<AccessRequest, 'caller'>,
  { principal, permissionSet, requester }: Pick<ResolvedRequest, 'principal' | 'permissionSet' | 'requester'>,
): RequestSubject {
  return {
    caller: findCaller(policy, caller)?.name ?? caller,
    ...(requester === undefined ? {} : { requestedBy: { userId: requester.id, userName: requester.name } }),
    principal,
    permissionSet,
  };
}

/**
 * Works out what the targets of the rules that concern a request mean for its accounts; undefined where no such rule has a target,
 * without a call. Otherwise by the picture, which is looked at once more where something is not in it; tags are read for those
 * accounts of the request alone of which a rule depends on them. What cannot be found out is said in words, and is for *Decide* to judge.
 */
export async function workOutPolicyTargets(
  { pictures }: { readonly pictures: OrganizationPictures },
  inForce: PolicyInForce,
  subject: RequestSubject,
  accounts: readonly string[],
): Promise<WorkedOut | undefined> {
  const rules = inForce.policy.rules.filter(
    (rule): rule is TargetRule => rule.target !== undefined && concerns(rule, subject),
  );
  if (rules.length === 0) return undefined;
  const { policyHash } = inForce;
  try {
    const first = await look(pictures, rules, accounts, YOUNG_ENOUGH_MS);
    const { meanings, unseen, organization } = first.isWhole
      ? first
      : await look(pictures, rules, accounts, YOUNG_ENOUGH_TO_REFUSE_MS);
    const seen = { ...withinBounds(meanings), ...(unseen.length === 0 ? {} : { unseen }) };
    return { targets: { policyHash, ...seen }, organization };
  } catch (error) {
    if (!(error instanceof OrganizationUnknownError)) throw error;
    const meanings = rules.map(({ name }) => [name, { unknown: error.message }] as const);
    return { targets: { policyHash, ...withinBounds(new Map(meanings)) } };
  }
}

async function look(
  pictures: OrganizationPictures,
  rules: readonly TargetRule[],
  accounts: readonly string[],
  youngerThanMs: number,
): Promise<{
  readonly meanings: ReadonlyMap<string, MeantAccounts>;
  readonly unseen: readonly string[];
  readonly organization: OrganizationLook;
  /** Whether everything that was looked for was there. */
  readonly isWhole: boolean;
}> {
  const picture = await pictures.picture(youngerThanMs);
  const index = new OrganizationIndex(picture.found);
  const unseen = accounts.filter((id) => index.account(id) === undefined);
  const without = new PolicyMatcher(index, {}, rules);
  const untagged = without.dependingOnTags(accounts);
  const tags = untagged.length === 0 ? undefined : await pictures.tags(untagged, youngerThanMs);
  const matcher = tags === undefined ? without : new PolicyMatcher(index, { tags: tags.found }, rules);
  const looks = tags === undefined ? [picture] : [picture, tags];
  return {
    meanings: new Map(rules.map((rule) => [rule.name, matcher.meant(rule, accounts)])),
    unseen,
    isWhole: unseen.length === 0 && !matcher.hasErrors,
    organization: {
      at: Math.min(...looks.map(({ at }) => at)),
      ...(looks.some(({ isStale }) => isStale) ? { isStale: true } : {}),
    },
  };
}

/** Holds the accounts of a request against the targets of rules. */
class PolicyMatcher {
  readonly #matcher: TargetMatcher;
  readonly #errors: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly index: OrganizationIndex,
    facts: { readonly tags?: AccountTags } & TargetFacts,
    private readonly rules: readonly TargetRule[],
  ) {
    this.#matcher = new TargetMatcher(index, facts);
    this.#errors = new Map(rules.map((rule) => [rule.name, this.#errorsOf(rule)]));
  }

  /** Whether some rule names what is not there, or is there twice. */
  get hasErrors(): boolean {
    return [...this.#errors.values()].some((errors) => errors.length > 0);
  }

  dependingOnTags(accounts: readonly string[]): string[] {
    const clear = this.rules.filter(({ name }) => this.#errors.get(name)?.length === 0);
    return accounts.filter((id) => clear.some(({ target }) => this.#meant(target, id) === 'unknown'));
  }

  meant({ name, target }: TargetRule, accounts: readonly string[]): MeantAccounts {
    const errors = this.#errors.get(name) ?? [];
    if (errors.length > 0) return { unknown: errors.join('; ') };
    return meantAccounts(accounts, (id) => {
      const meant = this.#meant(target, id);
      if (meant !== 'unknown') return meant === 'yes';
      throw new Error('tags of accounts are missing that were asked for: the step is tried again');
    });
  }

  #meant(target: Target, id: string): 'yes' | 'no' | 'unknown' {
    const account = this.index.account(id);
    return account === undefined ? 'no' : this.#matcher.meant(target, account);
  }

  /** A name that is misspelled in what a rule forbids would permit it, just as one in an exception from what it permits. */
  #errorsOf({ effect, target }: TargetRule): string[] {
    return this.#matcher.errorsOf(effect === 'deny' ? [{ all: true, except: target }] : target);
  }
}
