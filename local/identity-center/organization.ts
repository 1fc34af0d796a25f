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
}

/** A node of the tree between the root and the accounts. */
export interface OrganizationalUnit {
  /** `ou-<root>-<8 characters or more>` */
  readonly id: string;
  /** From the root down, joined by `/`: `Workloads/Prod`. */
  readonly path: string;
}

/** A user of the directory. */
export interface User {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  /** The first one is the primary one. */
  readonly emails: readonly string[];
  readonly status: 'ENABLED' | 'DISABLED';
}

/** A group of the directory. */
export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description?: string;
  /** User ids: groups are not nested. */
  readonly members: readonly string[];
}

interface CustomerManagedPolicy {
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
interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The IAM role behind the credentials: it says in whose name, and from which account, a call comes. */
  readonly roleArn: string;
  readonly sessionName: string;
}

/** All that an organization file says. */
export interface Organization {
  readonly instance: Instance;
  /** `o-<10 to 32 characters>` */
  readonly id: string;
  /** `r-<4 to 32 characters>` */
  readonly rootId: string;
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
  readonly callers: readonly Caller[];
}

/** An assignment as people name it: account by id or name, permission set by name or ARN, user by name, e-mail or id, group by name or id. */
export interface NamedAssignment {
  readonly account: string;
  readonly permissionSet: string;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

type Names = Pick<Organization, 'accounts' | 'users' | 'groups' | 'permissionSets'>;

/** A part of a {@link NamedAssignment} that names nothing, or more than one thing. */
export class UnresolvedNameError extends Error {
  public constructor(
    /** The part that could not be resolved. */
    public readonly part: keyof NamedAssignment,
    message: string,
  ) {
    super(message);
    this.name = 'UnresolvedNameError';
  }
}

function theOne<T>(part: keyof NamedAssignment, name: string, found: readonly T[], remedy: string): T {
  const [first, second] = found;
  if (first === undefined)
    throw new UnresolvedNameError(part, `names nothing in the organization: ${remedy}`);
  if (second !== undefined)
    throw new UnresolvedNameError(part, `names ${found.length} of them: use the id instead of "${name}"`);
  return first;
}

/** Finds the one user that `name` means: by user name, any of the e-mail addresses, or id. */
export function resolveUser(users: readonly User[], name: string): User {
  const found = users.filter(
    (user) => user.userName === name || user.id === name || user.emails.includes(name),
  );
  return theOne('user', name, found, 'use a userName, an e-mail address or an id from "users"');
}

/** Finds the one account that `name` means: by id or name. */
export function resolveAccount<T extends Account>(accounts: readonly T[], name: string): T {
  const found = accounts.filter((one) => one.id === name || one.name === name);
  return theOne('account', name, found, 'use an id or a name from "accounts"');
}

/** Finds the one permission set that `name` means: by name or ARN. */
export function resolvePermissionSet<T extends PermissionSet>(sets: readonly T[], name: string): T {
  const found = sets.filter((one) => one.name === name || one.arn === name);
  return theOne('permissionSet', name, found, 'use a name or an ARN from "permissionSets"');
}

/**
 * Turns names into ids.
 * @throws UnresolvedNameError naming the part that means nothing, or several things
 */
export function resolveAssignment(names: Names, named: NamedAssignment): Assignment {
  const { account, permissionSet, user, group } = named;
  const where = {
    accountId: resolveAccount(names.accounts, account).id,
    permissionSetArn: resolvePermissionSet(names.permissionSets, permissionSet).arn,
  };
  if (user !== undefined && group === undefined) {
    return { ...where, principalType: 'USER', principalId: resolveUser(names.users, user).id };
  }
  if (group === undefined || user !== undefined) {
    throw new UnresolvedNameError('user', 'and "group": give exactly one of the two');
  }
  const groups = names.groups.filter((one) => one.displayName === group || one.id === group);
  const { id } = theOne('group', group, groups, 'use a displayName or an id from "groups"');
  return { ...where, principalType: 'GROUP', principalId: id };
}
