import type { Random } from '../../core/ports/random';
import { AccountPolicies } from './account-policies';
import { AssignmentTable } from './assignment-table';
import { identifyCaller, type CallerIdentity } from './caller-identity';
import { Delegations, IDENTITY_CENTER_PRINCIPAL } from './delegations';
import { Directory, type DirectoryGroup } from './identity-store-directory';
import { groupOf, userOf } from './identity-store-file-form';
import { Names, type NamedAssignment } from './names';
import {
  type Account,
  type AccountState,
  type Assignment,
  type Caller,
  type Group,
  type Organization,
  type OrganizationalUnit,
  type PermissionSet,
  type RoleEntry,
  type User,
} from './organization';
import { OrganizationTree } from './organization-tree';
import { PermissionSetTable, type VersionedPermissionSet } from './permission-set-table';
import { ProvisioningTable } from './provisioning-table';

/** What can be changed about the instance itself. */
export interface InstanceState {
  name?: string;
  encryption: { readonly keyType: 'AWS_OWNED_KMS_KEY' | 'CUSTOMER_MANAGED_KEY'; readonly keyArn?: string };
  isDeleted: boolean;
}

/** An attribute of users that sessions carry, in the form of the API. */
interface AccessControlAttribute {
  readonly Key: string;
  readonly Value: { readonly Source: readonly string[] };
}

/** What a world is made from. */
export interface WorldOptions {
  readonly organization: Organization;
  /** As {@link SimulatorOptions.callers}. */
  readonly callers: readonly Caller[];
  /** Epoch milliseconds of the simulator's clock. */
  readonly now: () => number;
  readonly random: Random;
  /** Draws after how many milliseconds lists show a change of the assignments. */
  readonly drawListLag: () => number;
}

/**
 * The present state of the organization and its Identity Center instance. The services read it; only the end of an operation
 * and edits by hand change it. It keeps one rule by itself: a permission set has a role in an account from the first
 * assignment there to the last.
 */
export class World {
  public readonly organization: Organization;
  /** Epoch milliseconds at which this world began: the creation date of all that the organization file names. */
  public readonly startedAt: number;
  public readonly sets: PermissionSetTable;
  public readonly assignments: AssignmentTable;
  public readonly provisioning: ProvisioningTable;
  /** Root, units and accounts. */
  public readonly tree: OrganizationTree;
  /** Delegated administrators. */
  public readonly delegations = new Delegations();
  /** Users, groups and memberships. */
  public readonly directory: Directory;
  public readonly instance: InstanceState;
  public readonly accountPolicies = new AccountPolicies();
  /** Undefined: attribute-based access control is not configured. */
  public accessControlAttributes: readonly AccessControlAttribute[] | undefined;
  /** The instance has none at first. */
  public instanceTags: PermissionSet['tags'] = {};
  readonly #callers: readonly Caller[];

  public constructor({ organization, callers, now, random, drawListLag }: WorldOptions) {
    this.organization = organization;
    this.#callers = [...organization.callers, ...callers];
    this.startedAt = now();
    this.instance = instanceStateOf(organization);
    const { tags = {}, accessControlAttributes } = organization.instance;
    this.instanceTags = tags;
    this.accessControlAttributes = accessControlAttributes?.map(({ key, source }) => ({
      Key: key,
      Value: { Source: source },
    }));
    this.tree = new OrganizationTree(organization, now);
    this.directory = new Directory(organization, this.startedAt);
    for (const { account, servicePrincipal } of organization.delegations ?? [
      { account: organization.delegatedAdminAccountId, servicePrincipal: IDENTITY_CENTER_PRINCIPAL },
    ])
      this.delegations.add(account, servicePrincipal, this.startedAt);
    this.sets = new PermissionSetTable({ instanceArn: this.instanceArn, now, random });
    for (const set of organization.permissionSets) this.sets.load(set);
    // What the file says is there from the start: no list lags behind it.
    let loading = true;
    this.assignments = new AssignmentTable(now, () => (loading ? 0 : drawListLag()));
    this.provisioning = new ProvisioningTable(random);
    for (const assignment of organization.assignments) this.grant(assignment);
    this.#makeRoles(organization.roles ?? []);
    loading = false;
  }

  public get instanceArn(): string {
    return this.organization.instance.arn;
  }

  public get identityStoreId(): string {
    return this.organization.instance.identityStoreId;
  }

  /** In the order in which they joined; at first, in that of the organization file. */
  public accounts(): Account[] {
    return [...this.tree.accountsAfter(0)].map(
      ({ sequence: _sequence, parentId: _parentId, joinedAt: _at, joinedMethod: _method, ...account }) =>
        account,
    );
  }

  public account(id: string): Account | undefined {
    return this.tree.account(id);
  }

  /** @throws Error for an account that is not in the organization */
  public setAccountState(id: string, state: AccountState): void {
    this.tree.setAccountState(id, state);
  }

  /** Every unit, parents before children. */
  public organizationalUnits(): readonly OrganizationalUnit[] {
    return this.tree.units();
  }

  public users(): User[] {
    return [...this.directory.usersAfter(0)].map(userOf);
  }

  public user(id: string): User | undefined {
    const user = this.directory.user(id);
    return user === undefined ? undefined : userOf(user);
  }

  /** @throws Error for a user that is not in the directory */
  public setUserStatus(id: string, status: User['status']): void {
    const user = this.directory.user(id);
    if (user === undefined) throw new Error(`user "${id}" is not in the directory: use one of its user ids`);
    this.directory.replaceUser({ ...user, status });
  }

  /** With their members: a look at everything. */
  public groups(): Group[] {
    return [...this.directory.groupsAfter(0)].map((group) => groupOf(group, this.directory));
  }

  public group(id: string): DirectoryGroup | undefined {
    return this.directory.group(id);
  }

  /** Ids of the groups that the user is in. */
  public groupsOf(userId: string): string[] {
    return [...this.directory.membershipsOfUser(userId, 0)].map(({ groupId }) => groupId);
  }

  /** Whether the directory has this user or group. */
  public hasPrincipal({
    principalType,
    principalId,
  }: Pick<Assignment, 'principalType' | 'principalId'>): boolean {
    const found =
      principalType === 'USER' ? this.directory.user(principalId) : this.directory.group(principalId);
    return found !== undefined;
  }

  public permissionSets(): VersionedPermissionSet[] {
    return this.sets.all();
  }

  public permissionSet(arn: string): VersionedPermissionSet | undefined {
    return this.sets.find(arn);
  }

  /** Makes the assignment exist, and the role with it; false if it existed. The permission set must be known. */
  public grant(assignment: Assignment): boolean {
    this.provisioning.ensure(assignment.accountId, this.sets.existing(assignment.permissionSetArn));
    return this.assignments.add(assignment);
  }

  /** Brings the role up to the set's present version; makes it if there is none. The permission set must be known. */
  public provision(accountId: string, permissionSetArn: string): void {
    this.provisioning.update(accountId, this.sets.existing(permissionSetArn));
  }

  /** Makes the assignment not exist, and the role neither if it was the last one there; false if it did not exist. */
  public withdraw(assignment: Assignment): boolean {
    const removed = this.assignments.remove(assignment);
    const { accountId, permissionSetArn } = assignment;
    if (removed && this.assignments.count(accountId, permissionSetArn) === 0) {
      this.provisioning.remove(accountId, permissionSetArn);
    }
    return removed;
  }

  /** The principal of these credentials, for authorization and for messages. */
  public caller(accessKeyId: string | undefined): CallerIdentity {
    return identifyCaller(this.organization, this.#callers, accessKeyId, this.delegations.identityCenter);
  }

  /**
   * Ids for the names that hold now, as the organization file resolves them.
   * @throws UnresolvedNameError
   */
  public resolve(named: NamedAssignment): Assignment {
    return this.#names().assignment(named);
  }

  /**
   * The user that a name means now: a user name, an e-mail address or an id.
   * @throws UnresolvedNameError
   */
  public resolveUser(name: string): User {
    return this.#names().user(name);
  }

  /** Roles without an assignment, and those that an edit of their permission set left behind. */
  #makeRoles(roles: readonly RoleEntry[]): void {
    const stale = new Map<string, Set<string>>();
    for (const { permissionSetArn: arn, accountIds, stale: isStale } of roles) {
      for (const accountId of accountIds) this.provisioning.ensure(accountId, this.sets.existing(arn));
      if (isStale) stale.set(arn, new Set([...(stale.get(arn) ?? []), ...accountIds]));
    }
    for (const [arn, accountIds] of stale) {
      const set = this.sets.change(arn);
      for (const { accountId } of [...this.provisioning.ofPermissionSet(arn)])
        if (!accountIds.has(accountId)) this.provisioning.update(accountId, set);
    }
  }

  #names(): Names {
    return new Names({
      accounts: this.accounts(),
      users: this.users(),
      groups: this.groups(),
      permissionSets: this.permissionSets(),
    });
  }
}

function instanceStateOf({ instance: { name, kmsKey } }: Organization): InstanceState {
  return {
    ...(name === undefined ? {} : { name }),
    encryption:
      kmsKey === undefined
        ? { keyType: 'AWS_OWNED_KMS_KEY' }
        : { keyType: 'CUSTOMER_MANAGED_KEY', keyArn: kmsKey },
    isDeleted: false,
  };
}
