import { UnresolvedNameError, type Names } from './names';
import type { Assignment, PrincipalType, RoleEntry } from './organization';
import type { OrganizationFile } from './organization-schema';
import type { Problem } from './problems';

/** A row of `assignments` as it was written. Several accounts, permission sets or principals mean every combination of them. */
type Row = OrganizationFile['assignments'][number];

type RoleRow = NonNullable<OrganizationFile['roles']>[number];

type Principal = Pick<Assignment, 'principalType' | 'principalId'>;

/** What goes wrong with one row is added to `problems` with the key that it stands at. */
class RowReader {
  readonly #names: Names;
  readonly #problems: Problem[];
  readonly #path: Problem['path'];

  public constructor(names: Names, problems: Problem[], path: Problem['path']) {
    this.#names = names;
    this.#problems = problems;
    this.#path = path;
  }

  public read(row: Row): Assignment[] {
    const accounts = this.#accounts(row);
    const sets = this.#oneOrSeveral(
      row,
      'permissionSet',
      'permissionSets',
      (name) => this.#names.permissionSet(name).arn,
    );
    const principals = this.#principals(row);
    return accounts.flatMap((accountId) =>
      sets.flatMap((permissionSetArn) =>
        principals.map((principal) => ({ accountId, permissionSetArn, ...principal })),
      ),
    );
  }

  public role({ permissionSet, accounts, deletedAccounts, stale }: RoleRow): RoleEntry[] {
    const setOf = (name: string): string => this.#names.permissionSet(name).arn;
    const accountOf = (name: string): string => this.#names.account(name).id;
    const accountIds = [
      ...this.#each(accounts, (index) => ['accounts', index], accountOf),
      ...deletedAccounts,
    ];
    const sets = this.#each([permissionSet], () => ['permissionSet'], setOf);
    return sets.map((permissionSetArn) => ({ permissionSetArn, accountIds, stale }));
  }

  #accounts(row: Row): string[] {
    const { account, accounts, deletedAccounts } = row;
    const present =
      deletedAccounts !== undefined && account === undefined && accounts === undefined
        ? []
        : this.#oneOrSeveral(row, 'account', 'accounts', (name) => this.#names.account(name).id);
    return [...present, ...(deletedAccounts ?? [])];
  }

  #principals(row: Row): Principal[] {
    const { user, users = [], group, groups = [], deletedUsers = [], deletedGroups = [] } = row;
    if (user !== undefined && group !== undefined) {
      this.#wrong(['user'], 'and "group": give exactly one of the two, or "users" and "groups"');
      return [];
    }
    const of = (principalType: PrincipalType, ids: readonly string[]): Principal[] =>
      ids.map((principalId) => ({ principalType, principalId }));
    const userId = (name: string): string => this.#names.user(name).id;
    const groupId = (name: string): string => this.#names.group(name).id;
    const found = [
      ...of(
        'USER',
        this.#each(user === undefined ? [] : [user], () => ['user'], userId),
      ),
      ...of(
        'USER',
        this.#each(users, (index) => ['users', index], userId),
      ),
      ...of(
        'GROUP',
        this.#each(group === undefined ? [] : [group], () => ['group'], groupId),
      ),
      ...of(
        'GROUP',
        this.#each(groups, (index) => ['groups', index], groupId),
      ),
      ...of('USER', deletedUsers),
      ...of('GROUP', deletedGroups),
    ];
    const written = [user, group, ...users, ...groups, ...deletedUsers, ...deletedGroups];
    if (written.every((name) => name === undefined))
      this.#wrong([], 'say who has it with "user", "group", "users" or "groups"');
    return found;
  }

  #oneOrSeveral<K extends 'account' | 'permissionSet'>(
    row: Row,
    one: K,
    several: `${K}s`,
    idOf: (name: string) => string,
  ): string[] {
    const name = row[one];
    const names = row[several];
    if (name !== undefined && names !== undefined) {
      this.#wrong([one], `and "${several}": give exactly one of the two`);
      return [];
    }
    if (name !== undefined) return this.#each([name], () => [one], idOf);
    if (names !== undefined) return this.#each(names, (index) => [several, index], idOf);
    this.#wrong([one], `give "${one}", or "${several}" as a list`);
    return [];
  }

  #each(
    names: readonly string[],
    keysOf: (index: number) => Problem['path'],
    idOf: (name: string) => string,
  ): string[] {
    return names.flatMap((name, index) => {
      try {
        return [idOf(name)];
      } catch (error) {
        if (!(error instanceof UnresolvedNameError)) throw error;
        this.#wrong(keysOf(index), error.message);
        return [];
      }
    });
  }

  #wrong(keys: Problem['path'], remedy: string): void {
    this.#problems.push({ path: [...this.#path, ...keys], remedy });
  }
}

/**
 * The assignments that the rows of an organization file mean, in their order; what is wrong with them, and what two of them
 * say, is added to `problems`.
 */
export function assignmentsOf(rows: readonly Row[], names: Names, problems: Problem[]): Assignment[] {
  const seen = new Map<string, number>();
  return rows.flatMap((row, index) => {
    const path = ['assignments', index];
    const assignments = new RowReader(names, problems, path).read(row);
    let earlier: number | undefined;
    for (const { accountId, permissionSetArn, principalType, principalId } of assignments) {
      const key = `${accountId} ${permissionSetArn} ${principalType} ${principalId}`;
      earlier ??= seen.get(key);
      seen.set(key, index);
    }
    if (earlier === index)
      problems.push({ path, remedy: 'name each account, permission set and principal once' });
    else if (earlier !== undefined && assignments.length === 1)
      problems.push({ path, remedy: `remove it, assignments[${earlier}] says the same` });
    else if (earlier !== undefined)
      problems.push({ path, remedy: `remove from it what assignments[${earlier}] says already` });
    return assignments;
  });
}

/** The roles that an organization file names besides its assignments; what is wrong with them is added to `problems`. */
export function rolesOf(rows: readonly RoleRow[], names: Names, problems: Problem[]): RoleEntry[] {
  return rows.flatMap((row, index) => new RowReader(names, problems, ['roles', index]).role(row));
}
