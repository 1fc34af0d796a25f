import type { DirectoryEntry } from '../ports/directory';
import { describePrincipal, principalType, type PrincipalReference } from '../tickets/ticket';
import type { BaselineState, Binding } from './account-record';
import type { Baseline, BaselinePrincipal, ResolvedBaseline } from './baseline';
import { isControlTowerGroup } from './control-tower';

/** What the directory answered for each rule, by the rule's name. */
export type FoundPrincipals = ReadonlyMap<string, readonly DirectoryEntry[]>;

/** Whom a rule is for, or why nobody can say so. */
export type PrincipalVerdict =
  | { readonly principal: ResolvedBaseline['principal'] }
  /** See `BaselineProblem`. */
  | { readonly problem: string };

/** Names that mean somebody else from now on, because their rules follow the name. */
export interface MovedBinding {
  readonly baseline: string;
  readonly before: string;
  readonly after: string;
}

/** What comes of all rules. */
export interface BoundPrincipals {
  /** Those of these rules, and no others. */
  readonly bindings: BaselineState['bindings'];
  /** By rule. */
  readonly verdicts: ReadonlyMap<string, PrincipalVerdict>;
  readonly moved: readonly MovedBinding[];
}

/**
 * Holds what the directory answered against the ids that the names were bound to before. A name that is ambiguous or gone keeps its
 * binding; the name of a rule that was given to somebody else is bound anew. Pure.
 */
export function bindPrincipals(
  baselines: readonly Baseline[],
  found: FoundPrincipals,
  bindings: BaselineState['bindings'],
  now: number,
): BoundPrincipals {
  const next: Record<string, Binding> = {};
  const verdicts = new Map<string, PrincipalVerdict>();
  const moved: MovedBinding[] = [];
  for (const baseline of baselines) {
    const { name } = baseline;
    const reference = referenceOf(baseline.principal);
    const before = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    const present = isOf(before, reference) ? before : undefined;
    if (present !== undefined) next[name] = present;
    const [entry, ...others] = found.get(name) ?? [];
    if (entry === undefined || others.length > 0) {
      verdicts.set(name, { problem: notOne(reference, present, found.get(name) ?? []) });
      continue;
    }
    if (present !== undefined && present.id !== entry.id) {
      if (!baseline.followsName) {
        verdicts.set(name, { problem: otherId(reference, present.id, entry.id) });
        continue;
      }
      moved.push({ baseline: name, before: present.id, after: entry.id });
    }
    if (isByName(reference) && present?.id !== entry.id) {
      next[name] = bindingOf(reference, entry.id, now, present?.id);
    }
    verdicts.set(name, verdictOn(reference, entry));
  }
  return { bindings: next, verdicts, moved };
}

/** A rule's principal in the form of a ticket's. */
export function referenceOf(principal: BaselinePrincipal): PrincipalReference {
  if ('group' in principal) return { by: 'group', value: principal.group };
  if ('groupId' in principal) return { by: 'groupId', value: principal.groupId };
  if ('user' in principal) return { by: 'user', value: principal.user };
  return { by: 'userId', value: principal.userId };
}

/** Whether a binding was made for what the rule says now. */
function isOf(binding: Binding | undefined, reference: PrincipalReference): boolean {
  return (
    isByName(reference) && binding?.name === reference.value && binding.type === principalType(reference)
  );
}

function isByName({ by }: PrincipalReference): boolean {
  return by === 'group' || by === 'user';
}

function bindingOf(reference: PrincipalReference, id: string, since: number, before?: string): Binding {
  const type = principalType(reference);
  return { type, name: reference.value, id, since, ...(before === undefined ? {} : { before }) };
}

function verdictOn(
  reference: PrincipalReference,
  { id, name, isDisabled }: DirectoryEntry,
): PrincipalVerdict {
  if (isDisabled === true) {
    return {
      problem: `${describePrincipal(reference)} is disabled, and gets nothing new until enabled again`,
    };
  }
  const type = principalType(reference);
  if (type === 'GROUP' && isControlTowerGroup(name)) {
    const problem = `${describePrincipal(reference)} (${name}) is a group of AWS Control Tower, which looks after it itself`;
    return { problem };
  }
  return { principal: { type, id, name } };
}

function notOne(
  reference: PrincipalReference,
  present: Binding | undefined,
  found: readonly DirectoryEntry[],
): string {
  const words = describePrincipal(reference);
  if (found.length > 0) {
    const ids = found.map(({ id }) => id).sort();
    return `${words} is ambiguous (${ids.join(', ')}), name the one that is meant by its id`;
  }
  return present === undefined
    ? `${words} was not found in the directory, check the spelling`
    : `${words} (id ${present.id}) is not in the directory any more, remove the rule, or name somebody else in it`;
}

function otherId(reference: PrincipalReference, before: string, after: string): string {
  const what = reference.by;
  return `the ${describePrincipal(reference)} has another id than before (was ${before}, is ${after}): set followsName: true if it is the same ${what}, or give the rule another name`;
}
