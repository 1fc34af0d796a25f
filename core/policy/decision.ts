import type { PolicyTargets } from './policy-targets';

/** A request with its names looked up, as a policy judges it. */
export interface DecisionRequest {
  /** The name of the caller's entry in the policy. */
  readonly caller: string;
  /** The person whom the ticket names as the one who asks, looked up; believed only of trusted callers. */
  readonly requestedBy?: { readonly userId: string; readonly userName: string } | undefined;
  readonly principal: {
    readonly type: 'USER' | 'GROUP';
    /** The Identity Store id. */
    readonly id: string;
    /** User name, or display name of a group. */
    readonly name: string;
    readonly email?: string | undefined;
  };
  readonly permissionSet: { readonly name: string; readonly arn: string };
  /** Account ids, at least one. */
  readonly accounts: readonly string[];
  /** What the targets of the policy's rules mean for these accounts; needed only where a rule that concerns the request has one. */
  readonly targets?: PolicyTargets | undefined;
  /** From the lease's start to its end, in milliseconds. */
  readonly durationMs: number;
  readonly managementAccountId: string;
  readonly hostAccountId: string;
}

/** What a policy says to a request. */
export type Decision =
  | {
      readonly effect: 'allow';
      /** The names of all allow rules that permit some account of it, in the order of the policy. */
      readonly rules: readonly string[];
      /** The longest that these rules and the guardrail permit for all its accounts. */
      readonly longestMs: number;
    }
  | {
      readonly effect: 'deny';
      /** A sentence for the one who asks; names the rule, or that there is none. Lowercase, no final period. */
      readonly reason: string;
      /** The rule that decided; absent for guardrails and where no rule permits. */
      readonly rule?: string;
      /** The first account that is not permitted, where it depends on one. */
      readonly account?: string;
    };
