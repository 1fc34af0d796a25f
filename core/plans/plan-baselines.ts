import { type ClaimDifference, claimDifference, ruleOf } from '../baselines/change-claims';
import type { BaselineState } from '../baselines/account-record';
import type { DeployedBaselines } from '../baselines/baseline';
import { endingsLeft } from '../baselines/guard';
import { type LookPorts, lookBy } from '../baselines/look-at-account';
import { type ResolveRulesPorts, resolveBaselines } from '../baselines/resolve-rules';
import { rulesNeedTags, targetNotes } from '../baselines/wanted-claims';
import type { AssignmentFinder } from '../ports/assignment-finder';
import type { BaselineLedger } from '../ports/baseline-ledger';
import type { Clock } from '../ports/clock';
import type { Directory, PermissionSets } from '../ports/directory';
import type { OrganizationPictures } from '../ports/organization-picture';
import { TargetMatcher } from '../targets/matcher';
import { OrganizationIndex } from '../targets/organization-index';
import { ASSUMPTIONS, grantTakesSeconds, revokeTakesSeconds } from './estimate';
import { inBatches } from './in-batches';
import type { PlanView } from './plan-request';

/** What planning baselines touches; nothing is written. */
export interface BaselinePlanPorts extends Pick<LookPorts, 'settings'> {
  readonly directory: Directory;
  readonly permissionSets: PermissionSets;
  readonly pictures: OrganizationPictures;
  readonly finder: Pick<AssignmentFinder, 'inAccount'>;
  readonly baselines: Pick<BaselineLedger, 'state' | 'accounts'>;
  readonly clock: Clock;
}

/** Operations of one answer, unless a single account has more. */
const OPERATIONS_PER_PAGE = 100;

/** As for applying rules. */
const PICTURE_MS = 15 * 60_000;
const TAGS_MS = 24 * 60 * 60_000;

/**
 * What these rules would change if they were deployed now: claims to open and close in every account, by the ledger, and whether the guard
 * would let them end. Names are looked up as for rules that are deployed, but a name is bound to nothing. Costs the look-ups of
 * `resolveBaselines`, and a query for each account, twenty at a time: 2,000 accounts are 2 s.
 *
 * @param deadline epoch milliseconds after which no other account is begun: the answer says how far it came
 * @param after operations of accounts up to this one are left out
 */
export async function planBaselines(
  ports: BaselinePlanPorts,
  deployed: DeployedBaselines,
  deadline: number,
  after = '',
): Promise<PlanView> {
  const state = await ports.baselines.state();
  const rules = await resolveBaselines(lookingOnly(ports, state), deployed);
  const { found, at, isStale } = await ports.pictures.picture(PICTURE_MS);
  const index = new OrganizationIndex(found);
  const active = found.accounts.filter((each) => each.state === 'ACTIVE').map(({ id }) => id);
  const tags = rulesNeedTags(deployed.baselines)
    ? (await ports.pictures.tags(active, TAGS_MS)).found
    : new Map<string, Readonly<Record<string, string>>>();
  const known = (await ports.baselines.accounts()).map(({ accountId }) => accountId);
  const accountIds = [...new Set([...found.accounts.map(({ id }) => id), ...known])].sort();
  const differences = await inBatches(
    accountIds,
    async (accountId) => {
      const look = lookBy({ ...ports, deployed }, rules, index, accountId, tags.get(accountId));
      const difference = claimDifference(look, await ports.finder.inAccount(accountId));
      return {
        accountId,
        notes: look.account?.state === 'ACTIVE' && !look.isOffLimits ? look.notes : [],
        difference,
      };
    },
    () => ports.clock.now() < deadline,
  );
  const opens = sum(differences, ({ open }) => open.length);
  const closes = sum(differences, ({ close }) => close.length);
  const claims = sum(differences, ({ kept }) => kept) + closes;
  const left = endingsLeft({ ...state, claims }, deployed.guard, ports.clock.now());
  const isComplete = differences.length === accountIds.length;
  const problems = new Set([
    ...rules.problems.map(({ baseline, problem }) => `rule ${baseline}: ${problem}`),
    ...differences.flatMap(({ notes }) => notes),
  ]);
  return {
    organization: { asOf: iso(at), stale: isStale },
    accounts: { total: accountIds.length, ...(isComplete ? {} : { lookedAt: differences.length }) },
    ...(isComplete ? {} : { isIncomplete: true }),
    problems: [...problems].sort(),
    notes: targetNotes(deployed.baselines, new TargetMatcher(index, { tags })),
    claims: { now: claims, open: opens, close: closes, keep: claims - closes },
    // Of a part of the accounts nobody knows what the guard would say to the whole.
    ...(isComplete ? { guard: guardView(closes, left) } : {}),
    takes: {
      openSeconds: grantTakesSeconds(opens),
      closeSeconds: revokeTakesSeconds(closes <= left ? closes : 0),
      assumptions: ASSUMPTIONS,
    },
    ...operationsAfter(differences, after),
  };
}

/** In one direction only: what is to be opened is opened all the same. */
function guardView(closes: number, left: number): object {
  const isLet = closes <= left;
  return {
    verdict: isLet ? 'lets through' : 'holds back',
    mayEnd: left,
    ...(isLet ? {} : { heldBack: closes }),
  };
}

interface AccountDifference {
  readonly accountId: string;
  readonly difference: ClaimDifference;
}

/** Whole accounts, until there are enough operations. */
function operationsAfter(differences: readonly AccountDifference[], after: string): PlanView {
  const operations: object[] = [];
  let next: string | undefined;
  for (const { accountId, difference } of differences) {
    if (accountId <= after) continue;
    const { open, close } = difference;
    if (open.length + close.length === 0) continue;
    if (operations.length >= OPERATIONS_PER_PAGE)
      return { operations, ...(next === undefined ? {} : { next }) };
    for (const { key, rule } of open) operations.push({ operation: 'open', rule, ...key });
    for (const { key, claim } of close) operations.push({ operation: 'close', rule: ruleOf(claim), ...key });
    next = accountId;
  }
  return { operations };
}

/** The ports of `resolveBaselines`, with bindings that are worked out and not kept. */
function lookingOnly(ports: BaselinePlanPorts, state: BaselineState): ResolveRulesPorts {
  return {
    directory: ports.directory,
    permissionSets: ports.permissionSets,
    clock: ports.clock,
    observer: { warn: () => undefined },
    baselines: { state: () => Promise.resolve(state), writeState: (next) => Promise.resolve(next) },
  };
}

function sum(all: readonly AccountDifference[], of: (difference: ClaimDifference) => number): number {
  return all.reduce((total, { difference }) => total + of(difference), 0);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
