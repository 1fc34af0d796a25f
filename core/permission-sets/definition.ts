import { createHash } from 'node:crypto';
import { canonicalJson } from '../tickets/canonical-json';

/** A customer-managed policy, as a permission set refers to it: the account has to have one of this name under this path. */
export interface PolicyReference {
  readonly name: string;
  /** Begins and ends with a slash; `/` is the service's default. */
  readonly path: string;
}

/** The policy that limits what all others of a set permit. */
export type PermissionsBoundary =
  { readonly awsManagedPolicy: string } | { readonly customerManagedPolicy: PolicyReference };

/**
 * All that a permission set is made of, whether a file says so or the service. Two with the same contents are written in the same
 * way: lists are sorted and without repeats, the inline policy is canonical JSON.
 */
export interface PermissionSetContents {
  readonly description?: string;
  /** ISO 8601, `PT1H` to `PT12H`; `PT1H` is the service's default. */
  readonly sessionDuration: string;
  readonly relayState?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of AWS-managed policies. */
  readonly awsManagedPolicies: readonly string[];
  readonly customerManagedPolicies: readonly PolicyReference[];
  readonly inlinePolicy?: string;
  readonly permissionsBoundary?: PermissionsBoundary;
}

/** A permission set as its file wants it. */
export interface PermissionSetDefinition extends PermissionSetContents {
  readonly name: string;
  /** Whether a set of this name that Latchkey did not make is taken over. */
  readonly adopt: boolean;
  /** Whether every change needs the hash of what it leads to. */
  readonly protected: boolean;
  /** What {@link definitionHash} has to be where the set is protected. */
  readonly approveHash?: string;
}

/** The tag that tells the sets that Latchkey made or took over: it changes and deletes only those. */
export const OWNER_TAG = { key: 'latchkey:owner', value: 'latchkey' } as const;

/** What the service gives a set that names no session duration. */
export const DEFAULT_SESSION_DURATION = 'PT1H';

/** SHA-256 of a definition without its `approveHash`, in hexadecimal. The form of the file (order, comments) does not matter. */
export function definitionHash({ approveHash: _approval, ...definition }: PermissionSetDefinition): string {
  return sha256(canonicalJson(definition));
}

/** SHA-256 of all definitions, whatever their order. */
export function definitionsHash(definitions: readonly PermissionSetDefinition[]): string {
  return sha256(canonicalJson(definitions.map((each) => [each.name, definitionHash(each)]).sort()));
}

/** What the service has to show for a definition: its tags and the one of the owner. */
export function wantedContents(definition: PermissionSetDefinition): PermissionSetContents {
  const {
    name: _name,
    adopt: _adopt,
    protected: _protected,
    approveHash: _approval,
    ...contents
  } = definition;
  return { ...contents, tags: { ...contents.tags, [OWNER_TAG.key]: OWNER_TAG.value } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
