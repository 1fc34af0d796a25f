import type { UserAttributes } from './user-attributes';

/**
 * An organization with its Identity Center instance, as plain data: what an organization file says, checked and with every
 * name resolved to an id. The simulator starts from it and never changes it (the changing state is in world.ts).
 */

/** The life of a member account, as Organizations names it in `State`. */
export const ACCOUNT_STATES = [
  'PENDING_ACTIVATION',
  'ACTIVE',
  'SUSPENDED',
  'PENDING_CLOSURE',
  'CLOSED',
] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** What can have an assignment. */
export type PrincipalType = 'USER' | 'GROUP';

/** The Identity Center instance: one per organization, in one Region. */
interface Instance {
  /** `arn:aws:sso:::instance/ssoins-<16 characters>` */
  readonly arn: string;
  /** `d-<10 hex digits>` */
  readonly identityStoreId: string;
  readonly region: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** The key of the customer that encrypts it; undefined: one of AWS. */
  readonly kmsKey?: string | undefined;
  /** Attributes of users that sessions carry; undefined: attribute-based access control is not configured. */
  readonly accessControlAttributes?:
    readonly { readonly key: string; readonly source: readonly string[] }[] | undefined;
}

/** A member account, or the management account. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly state: AccountState;
  /** Names of the organizational units from the root down, joined by `/`; empty for an account in the root. */
  readonly ou: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The customer managed policies that the account has; undefined: the setting `unlistedCustomerPolicies` says. */
  readonly customerManagedPolicies?: readonly CustomerManagedPolicy[] | undefined;
  /** How many IAM roles it may have; undefined: the setting `roleQuota` says. */
  readonly roleQuota?: number | undefined;
  /** IAM roles that it has besides those of permission sets; undefined: none. */
  readonly otherRoles?: number | undefined;
  /** How many managed policies a role in it may have; undefined: the setting `policiesPerRole` says. */
  readonly policiesPerRole?: number | undefined;
}

/** A node of the tree between the root and the accounts. */
export interface OrganizationalUnit {
  /** `ou-<root>-<8 characters or more>` */
  readonly id: string;
  /** From the root down, joined by `/`: `Workloads/Prod`. */
  readonly path: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What a user or group is called by the identity provider that it came from. */
export interface ExternalId {
  readonly issuer: string;
  readonly id: string;
}

/** A user of the directory. */
export interface User {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  /** The first one is the primary one. */
  readonly emails: readonly string[];
  readonly status: 'ENABLED' | 'DISABLED';
  readonly externalIds?: readonly ExternalId[] | undefined;
  /** What else the API tells of the user, in the API's form: `Name`, `Title`, `PhoneNumbers` and so on. */
  readonly attributes?: UserAttributes | undefined;
}

/** A group of the directory. */
export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description?: string;
  /** User ids: groups are not nested. */
  readonly members: readonly string[];
  readonly externalIds?: readonly ExternalId[] | undefined;
}

/** A policy of an account, told apart by name and path. */
export interface CustomerManagedPolicy {
  readonly name: string;
  readonly path: string;
}

/** A permission set, and all the policies that its roles get. */
export interface PermissionSet {
  /** `arn:aws:sso:::permissionSet/<instance id>/ps-<16 characters>` */
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  /** ISO 8601, answered as it was given. */
  readonly sessionDuration: string;
  readonly relayState?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of AWS managed policies. */
  readonly managedPolicies: readonly string[];
  readonly customerManagedPolicies: readonly CustomerManagedPolicy[];
  /** A policy document as JSON text. */
  readonly inlinePolicy?: string;
  readonly permissionsBoundary?:
    { readonly managedPolicy: string } | { readonly customerManagedPolicy: CustomerManagedPolicy };
}

/** One account assignment: who has which permission set in which account. */
export interface Assignment {
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

/** Somebody who calls the local runtime, with credentials that are good for tests only. */
export interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The IAM role behind the credentials: it says in whose name, and from which account, a call comes. */
  readonly roleArn: string;
  readonly sessionName: string;
  /** Whether the role has the IAM rights that Identity Center uses in its name in the management account; allowed unless said. */
  readonly iamInManagementAccount?: 'allowed' | 'denied';
}

/** Roles of a permission set that its assignments alone do not tell. */
export interface RoleEntry {
  readonly permissionSetArn: string;
  readonly accountIds: readonly string[];
  /** Whether they are of an older version than the permission set. */
  readonly stale: boolean;
}

/** That an account administers a service for the organization. */
interface DelegationEntry {
  readonly account: string;
  readonly servicePrincipal: string;
}

/** All that an organization file says. */
export interface Organization {
  readonly instance: Instance;
  /** `o-<10 to 32 characters>` */
  readonly id: string;
  /** `r-<4 to 32 characters>` */
  readonly rootId: string;
  readonly rootTags?: Readonly<Record<string, string>> | undefined;
  readonly managementAccountId: string;
  /** The account from which Identity Center is administered (and where Latchkey is deployed). */
  readonly delegatedAdminAccountId: string;
  readonly accounts: readonly Account[];
  /** Every unit, parents before children. */
  readonly organizationalUnits: readonly OrganizationalUnit[];
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly permissionSets: readonly PermissionSet[];
  readonly assignments: readonly Assignment[];
  /** Undefined: each permission set has its roles where it is assigned, at its present version. */
  readonly roles?: readonly RoleEntry[] | undefined;
  /** Undefined: the delegated administrator has Identity Center, and no other account anything. */
  readonly delegations?: readonly DelegationEntry[] | undefined;
  readonly callers: readonly Caller[];
}
