import type { Account, CustomerManagedPolicy } from './organization';

/** Which customer managed policies accounts have: what the organization file lists, and what was made or deleted since. */
export class AccountPolicies {
  readonly #changes = new Map<string, boolean>();

  /** Makes a policy exist in an account, or not. */
  public set(accountId: string, policy: CustomerManagedPolicy, exists: boolean): void {
    this.#changes.set(keyOf(accountId, policy), exists);
  }

  /** @param unlisted whether an account without a list has every policy, or none */
  public has(
    { id, customerManagedPolicies: listed }: Account,
    policy: CustomerManagedPolicy,
    unlisted: 'present' | 'missing',
  ): boolean {
    const changed = this.#changes.get(keyOf(id, policy));
    if (changed !== undefined) return changed;
    if (listed === undefined) return unlisted === 'present';
    return listed.some(({ name, path }) => name === policy.name && path === policy.path);
  }
}

function keyOf(accountId: string, { name, path }: CustomerManagedPolicy): string {
  return `${accountId} ${path}${name}`;
}
