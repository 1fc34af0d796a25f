import type {
  PermissionSetContents,
  PermissionsBoundary,
  PolicyReference,
} from '../permission-sets/definition';
import type { Assignee, Place } from './identity-center';

/** The parts of a permission set that are read, and written, by calls of their own. */
export const CONTENT_PARTS = [
  'attributes',
  'tags',
  'awsManagedPolicies',
  'customerManagedPolicies',
  'inlinePolicy',
  'permissionsBoundary',
] as const;

/** See {@link CONTENT_PARTS}. `attributes`: description, session duration and relay state, which one call replaces together. */
export type ContentPart = (typeof CONTENT_PARTS)[number];

/** One write of the admin API that brings a part of a set nearer to its definition. Each can be repeated. */
export type PermissionSetChange =
  | {
      readonly change: 'attributes';
      readonly description?: string;
      readonly sessionDuration: string;
      readonly relayState?: string;
    }
  | { readonly change: 'tag'; readonly tags: Readonly<Record<string, string>> }
  | { readonly change: 'untag'; readonly keys: readonly string[] }
  | { readonly change: 'attach' | 'detach'; readonly awsManagedPolicy: string }
  | { readonly change: 'attach' | 'detach'; readonly customerManagedPolicy: PolicyReference }
  | { readonly change: 'put inline policy'; readonly inlinePolicy: string }
  | { readonly change: 'delete inline policy' }
  | { readonly change: 'put boundary'; readonly permissionsBoundary: PermissionsBoundary }
  | { readonly change: 'delete boundary' };

/** What a new set begins with; the rest is attached to it afterwards. */
export interface NewPermissionSet extends Pick<
  PermissionSetContents,
  'description' | 'sessionDuration' | 'relayState' | 'tags'
> {
  readonly name: string;
}

/**
 * The part of the admin API that makes and changes permission sets, with the reads that it takes. Every method but the listings is
 * one call; a listing takes one a page. Each call waits for its turn (the rate that a rollout may use) before it is sent.
 * All throw {@link AdminCallError}.
 */
export interface PermissionSetAdmin {
  /** ARNs of all sets, 100 a page. */
  list(): Promise<readonly string[]>;
  /** The name of a set; undefined where it is no more. */
  nameOf(arn: string): Promise<string | undefined>;
  /** The parts asked for, one call each; undefined where the set is no more. */
  read(arn: string, parts: readonly ContentPart[]): Promise<Partial<PermissionSetContents> | undefined>;
  /** Makes a set; answers its ARN. */
  create(set: NewPermissionSet): Promise<string>;
  change(arn: string, change: PermissionSetChange): Promise<void>;
  delete(arn: string): Promise<void>;
  /** Accounts that have a role of the set, 100 a page; `stale`: only those whose role has not its latest version. */
  accounts(arn: string, which: 'all' | 'stale'): Promise<readonly string[]>;
  /** ARNs of the sets that an account has roles of, 100 a page. */
  setsIn(accountId: string): Promise<readonly string[]>;
  /** Who is assigned at a place, 100 a page; nobody where the set is not provisioned there. */
  assignees(place: Place): Promise<readonly Assignee[]>;
}

/**
 * Why a call did not do what was asked:
 * - `conflict`: another change is being made, or what was asked for is so already: look again and repeat.
 * - `exists`: a set of this name is there.
 * - `in use`: a set that is to be deleted still has assignments or roles.
 * - `gone`: the set, or what was to be taken from it, is not there.
 * - `quota`: a limit of the service is reached.
 * - `invalid`: the service will never take it as it is.
 * - `denied`: not permitted, such as a set that the management account has too.
 * - `throttled`, `unavailable` (5xx, timeout, key trouble): nobody knows whether it was done; look again and repeat.
 */
export type AdminCallFault =
  'conflict' | 'exists' | 'in use' | 'gone' | 'quota' | 'invalid' | 'denied' | 'throttled' | 'unavailable';

/** A call of {@link PermissionSetAdmin} that failed; the message is the service's. */
export class AdminCallError extends Error {
  constructor(
    readonly fault: AdminCallFault,
    /** The operation, such as `AttachManagedPolicyToPermissionSet`. */
    readonly operation: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${operation}: ${message}`, options);
    this.name = 'AdminCallError';
  }
}
