import type { Account, CustomerManagedPolicy } from './organization';

interface Change {
  readonly accountId: string;
  readonly policy: CustomerManagedPolicy;
  readonly exists: boolean;
}

/** Which customer managed policies accounts have: what the organization file lists, and what was made or deleted since. */
export class AccountPolicies {
  readonly #changes = new Map<string, Change>();

  /** Makes a policy exist in an account, or not. */
  public set(accountId: string, policy: CustomerManagedPolicy, exists: boolean): void {
    this.#changes.set(keyOf(accountId, policy), { accountId, policy, exists });
  }

  /** The list of an account as it is now; undefined for one that has none, and nothing was made there. */
  public listOf({ id, customerManagedPolicies: listed }: Account): CustomerManagedPolicy[] | undefined {
    const made = [...this.#changes.values()].filter((change) => change.accountId === id && change.exists);
    if (listed === undefined && made.length === 0) return undefined;
    const kept = (listed ?? []).filter((policy) => !this.#changes.has(keyOf(id, policy)));
    return [...kept, ...made.map(({ policy }) => policy)];
  }

  /** @param unlisted whether an account without a list has every policy, or none */
  public has(
    { id, customerManagedPolicies: listed }: Account,
    policy: CustomerManagedPolicy,
    unlisted: 'present' | 'missing',
  ): boolean {
    const changed = this.#changes.get(keyOf(id, policy));
    if (changed !== undefined) return changed.exists;
    if (listed === undefined) return unlisted === 'present';
    return listed.some(({ name, path }) => name === policy.name && path === policy.path);
  }
}

function keyOf(accountId: string, { name, path }: CustomerManagedPolicy): string {
  return `${accountId} ${path}${name}`;
}
