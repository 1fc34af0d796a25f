import type { Target } from '../targets/grammar';

/** Whose requests a caller may read, or end early. */
type Scope = 'own' | 'all' | 'none';

/** Somebody who may call the request API: one IAM role, or everybody in one account. */
export interface PolicyCaller {
  readonly name: string;
  /** The role's ARN without its path, or the account's id. */
  readonly identity:
    | { readonly kind: 'role'; readonly roleArn: string }
    | { readonly kind: 'account'; readonly accountId: string };
  readonly mayAsk: boolean;
  readonly mayRead: Scope;
  readonly mayRevoke: Scope;
  /** Whether the caller sees permission sets and their plans, or may start rollouts too. */
  readonly mayPermissionSets: 'none' | 'read' | 'rollout';
  /** Whether the caller sees reconciliations, findings and plans of baselines, or may start reconciliations too. */
  readonly mayReconciliations: 'none' | 'read' | 'start';
  /** Whether a person named in `requestedBy` by this caller is believed to be the one who asks. */
  readonly trustedForRequester: boolean;
}

/** What allow and deny rules have in common: for which requests they are. Lists hold globs. */
interface RuleScope {
  readonly name: string;
  /** Names of callers; undefined for all that may ask. */
  readonly callers: readonly string[] | undefined;
  readonly permissionSets: readonly string[];
  /** Account ids, or `*`. A rule has these or a target. */
  readonly accounts?: readonly string[];
  /** What it means is worked out for each request, when that is resolved. */
  readonly target?: Target;
}

/** A rule that permits what it matches, for at most so long. */
export interface AllowRule extends RuleScope {
  readonly effect: 'allow';
  readonly principals: {
    /** Globs on user name, e-mail and user id; `requester` for nobody but the one who asks. */
    readonly users: readonly string[] | 'requester';
    /** Globs on display name and group id. */
    readonly groups: readonly string[];
  };
  readonly longestMs: number;
}

/** A rule that forbids what it matches, whatever other rules permit. */
export interface DenyRule extends RuleScope {
  readonly effect: 'deny';
  readonly principals: { readonly users: readonly string[]; readonly groups: readonly string[] };
}

/** A rule; which of the two is told by `effect`. */
export type PolicyRule = AllowRule | DenyRule;

/** What no rule can lift. The management and host accounts are guarded too, without being named here. */
export interface Guardrails {
  /** Globs on names and ARNs, upper and lower case aside. */
  readonly protectedPermissionSets: readonly string[];
  /** At most {@link LONGEST_LEASE_EVER_MS}. */
  readonly longestMs: number;
}

/** `access/policy.yaml`, read and checked: who may call, and who may have what, where and for how long. */
export interface AccessPolicy {
  readonly callers: readonly PolicyCaller[];
  readonly rules: readonly PolicyRule[];
  readonly guardrails: Guardrails;
}

/** A policy and what it is known by. */
export interface PolicyInForce {
  readonly policy: AccessPolicy;
  /** SHA-256 of the policy, kept with every decision. */
  readonly policyHash: string;
}

/** 14 days. No policy can go beyond it: what lasts longer should be a baseline that is reviewed, not a lease. */
export const LONGEST_LEASE_EVER_MS = 14 * 24 * 60 * 60 * 1_000;
