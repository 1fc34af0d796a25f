import type { Account, Assignment, Group, Organization, PermissionSet, User } from './organization';

/** An assignment as people name it: account by id or name, permission set by name or ARN, user by name, e-mail or id, group by name or id. */
export interface NamedAssignment {
  readonly account: string;
  readonly permissionSet: string;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

type Part = keyof NamedAssignment;

/** A part of a {@link NamedAssignment} that names nothing, or more than one thing. */
export class UnresolvedNameError extends Error {
  public constructor(
    /** The part that could not be resolved. */
    public readonly part: Part,
    message: string,
  ) {
    super(message);
    this.name = 'UnresolvedNameError';
  }
}

/** What one kind of thing is called by, and where a person finds those names. */
interface Naming<T> {
  readonly part: Part;
  readonly namesOf: (thing: T) => readonly string[];
  readonly remedy: string;
}

const ACCOUNTS: Naming<Account> = {
  part: 'account',
  namesOf: ({ id, name }) => [id, name],
  remedy: 'use an id or a name from "accounts"',
};
const PERMISSION_SETS: Naming<PermissionSet> = {
  part: 'permissionSet',
  namesOf: ({ arn, name }) => [arn, name],
  remedy: 'use a name or an ARN from "permissionSets"',
};
const USERS: Naming<User> = {
  part: 'user',
  namesOf: ({ id, userName, emails }) => [id, userName, ...emails],
  remedy: 'use a userName, an e-mail address or an id from "users"',
};
const GROUPS: Naming<Group> = {
  part: 'group',
  namesOf: ({ id, displayName }) => [id, displayName],
  remedy: 'use a displayName or an id from "groups"',
};

function theOne<T>({ part, remedy }: Naming<T>, name: string, found: readonly T[]): T {
  const [first, second] = found;
  if (first === undefined)
    throw new UnresolvedNameError(part, `names nothing in the organization: ${remedy}`);
  if (second !== undefined)
    throw new UnresolvedNameError(part, `names ${found.length} of them: use the id instead of "${name}"`);
  return first;
}

/**
 * Finds the one account that `name` means: by id or name.
 * @throws UnresolvedNameError
 */
export function resolveAccount<T extends Account>(accounts: readonly T[], name: string): T {
  const found = accounts.filter((one) => ACCOUNTS.namesOf(one).includes(name));
  return theOne<T>(ACCOUNTS, name, found);
}

/**
 * Finds the one permission set that `name` means: by name or ARN.
 * @throws UnresolvedNameError
 */
export function resolvePermissionSet<T extends PermissionSet>(sets: readonly T[], name: string): T {
  const found = sets.filter((one) => PERMISSION_SETS.namesOf(one).includes(name));
  return theOne<T>(PERMISSION_SETS, name, found);
}

/** Things found by any of their names; each name may belong to several. */
class Index<T> {
  readonly #naming: Naming<T>;
  readonly #found = new Map<string, T[]>();

  public constructor(naming: Naming<T>, things: readonly T[]) {
    this.#naming = naming;
    for (const thing of things) {
      for (const name of new Set(naming.namesOf(thing))) {
        const found = this.#found.get(name);
        if (found === undefined) this.#found.set(name, [thing]);
        else found.push(thing);
      }
    }
  }

  public theOne(name: string): T {
    return theOne(this.#naming, name, this.#found.get(name) ?? []);
  }
}

/**
 * The names of an organization, to look up many of them: each costs the same, however many there are. Every method throws
 * {@link UnresolvedNameError} for a name that means nothing, or several things.
 */
export class Names {
  readonly #accounts: Index<Account>;
  readonly #permissionSets: Index<PermissionSet>;
  readonly #users: Index<User>;
  readonly #groups: Index<Group>;

  public constructor({
    accounts,
    permissionSets,
    users,
    groups,
  }: Pick<Organization, 'accounts' | 'permissionSets' | 'users' | 'groups'>) {
    this.#accounts = new Index(ACCOUNTS, accounts);
    this.#permissionSets = new Index(PERMISSION_SETS, permissionSets);
    this.#users = new Index(USERS, users);
    this.#groups = new Index(GROUPS, groups);
  }

  public account(name: string): Account {
    return this.#accounts.theOne(name);
  }

  public permissionSet(name: string): PermissionSet {
    return this.#permissionSets.theOne(name);
  }

  public user(name: string): User {
    return this.#users.theOne(name);
  }

  public group(name: string): Group {
    return this.#groups.theOne(name);
  }

  public assignment({ account, permissionSet, user, group }: NamedAssignment): Assignment {
    const where = {
      accountId: this.account(account).id,
      permissionSetArn: this.permissionSet(permissionSet).arn,
    };
    if (user !== undefined && group === undefined) {
      return { ...where, principalType: 'USER', principalId: this.user(user).id };
    }
    if (group === undefined || user !== undefined) {
      throw new UnresolvedNameError('user', 'and "group": give exactly one of the two');
    }
    return { ...where, principalType: 'GROUP', principalId: this.group(group).id };
  }
}
