import { matchesGlobIgnoringCase } from '../policy/glob';
import type { BaselineLedger } from '../ports/baseline-ledger';
import type { Clock } from '../ports/clock';
import type { Directory, DirectoryEntry, PermissionSets } from '../ports/directory';
import { LedgerContentionError } from '../ports/ledger';
import type { Observer } from '../ports/observer';
import { lookUpPrincipal } from '../requests/look-up-principal';
import { canonicalJson } from '../tickets/canonical-json';
import type {
  Baseline,
  BaselineProblem,
  DeployedBaselines,
  ResolvedBaseline,
  ResolvedBaselines,
} from './baseline';
import { bindPrincipals, type BoundPrincipals, type FoundPrincipals, referenceOf } from './bind-principals';

/** What looking rules up touches. */
export interface ResolveRulesPorts {
  readonly directory: Directory;
  readonly permissionSets: Pick<PermissionSets, 'named'>;
  readonly baselines: Pick<BaselineLedger, 'state' | 'writeState'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly observer: Pick<Observer, 'warn'>;
}

/** A permission set of the rules, or why none of them can give it. */
type SetVerdict = ResolvedBaseline['permissionSets'][number] | { readonly problem: string };

/** Many write the item of the bindings: each loses a few times at most. */
const MAX_CHANGES = 20;

/**
 * Looks up whom and what the rules name, and binds each name to the id that it was first found to mean: whoever makes another group of
 * that name does not get what was meant for the first. Bindings of rules that are gone are dropped. A rule whose principal is clear stands
 * with those of its permission sets that were found, also where that is none.
 *
 * Costs, each user, group and set once, however many rules name it: a group one call to the identity store, a user by id one, by name two, by
 * e-mail address three and the listing of addresses where that is old; a permission set one `DescribePermissionSet`, and a listing where
 * the index does not know it. One after the other: 20 rules of 5 groups and 10 sets are 15 calls, about a second. One read of the ledger,
 * and a write where a binding changes.
 * @throws Error of a port: who did not answer has not said that something is gone
 */
export async function resolveBaselines(
  ports: ResolveRulesPorts,
  deployed: DeployedBaselines,
): Promise<ResolvedBaselines> {
  const { verdicts } = await bind(ports, deployed, await findPrincipals(ports, deployed));
  const sets = await findPermissionSets(ports, deployed);
  const rules: ResolvedBaseline[] = [];
  const problems: BaselineProblem[] = [];
  for (const baseline of deployed.baselines) {
    const note = (problem: string): void => {
      problems.push({ baseline: baseline.name, problem });
    };
    const verdict = verdicts.get(baseline.name);
    if (verdict !== undefined && 'problem' in verdict) note(verdict.problem);
    const found = baseline.permissionSets.map((name) => sets.get(name)).filter((set) => set !== undefined);
    for (const set of found) if ('problem' in set) note(set.problem);
    if (verdict === undefined || 'problem' in verdict) continue;
    const permissionSets = found.flatMap((set) => ('problem' in set ? [] : [set]));
    rules.push({ baseline, principal: verdict.principal, permissionSets });
  }
  return { hash: deployed.hash, rules, problems };
}

async function findPrincipals(
  { directory }: Pick<ResolveRulesPorts, 'directory'>,
  { baselines }: DeployedBaselines,
): Promise<FoundPrincipals> {
  const answers = new Map<string, readonly DirectoryEntry[]>();
  const found = new Map<string, readonly DirectoryEntry[]>();
  for (const { name, principal } of baselines) {
    const key = canonicalJson(principal);
    const answer = answers.get(key) ?? (await lookUpPrincipal(directory, referenceOf(principal)));
    answers.set(key, answer);
    found.set(name, answer);
  }
  return found;
}

/** Writes the bindings that follow from what was found; those that others wrote meanwhile count. */
async function bind(
  { baselines: ledger, clock, observer }: Pick<ResolveRulesPorts, 'baselines' | 'clock' | 'observer'>,
  { baselines }: DeployedBaselines,
  found: FoundPrincipals,
): Promise<BoundPrincipals> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    const state = await ledger.state();
    const bound = bindPrincipals(baselines, found, state.bindings, clock.now());
    if (canonicalJson(bound.bindings) === canonicalJson(state.bindings)) return bound;
    if ((await ledger.writeState({ ...state, bindings: bound.bindings })) === undefined) continue;
    for (const { baseline, before, after } of bound.moved) {
      observer.warn('baseline follows its name', { baseline, before, after });
    }
    return bound;
  }
  throw new LedgerContentionError('the bindings of baselines', MAX_CHANGES);
}

async function findPermissionSets(
  { permissionSets }: Pick<ResolveRulesPorts, 'permissionSets'>,
  { baselines, protectedArns = [] }: DeployedBaselines,
): Promise<ReadonlyMap<string, SetVerdict>> {
  const found = new Map<string, SetVerdict>();
  for (const name of namesOfSets(baselines)) {
    const set = await permissionSets.named(name);
    const glob = protectedArns.find((each) => matchesGlobIgnoringCase(each, set?.arn ?? ''));
    if (set === undefined) {
      found.set(name, {
        problem: `permission set ${name} does not exist, check the spelling, or roll it out`,
      });
    } else if (glob !== undefined) {
      const problem = `permission set ${name} is protected: guardrails.protectedPermissionSets of the policy has ${glob}`;
      found.set(name, { problem });
    } else {
      found.set(name, { name, arn: set.arn });
    }
  }
  return found;
}

function namesOfSets(baselines: readonly Baseline[]): ReadonlySet<string> {
  return new Set(baselines.flatMap(({ permissionSets }) => permissionSets));
}
