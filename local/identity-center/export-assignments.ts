import type { Names } from './names';
import type { Assignment, PrincipalType } from './organization';
import type { WritableOrganization } from './organization-text';
import type { World } from './world';

type AssignmentRow = NonNullable<WritableOrganization['assignments']>[number];
type RoleRow = NonNullable<WritableOrganization['roles']>[number];
type AccountKeys = Pick<RoleRow, 'accounts' | 'deletedAccounts'>;

/** How the things of a world are written: by name where the name means one of them alone, else by id. */
export interface Spelling {
  account(id: string): string;
  user(id: string): string;
  group(id: string): string;
  permissionSet(arn: string): string;
}

/** @param names of what the world has now */
export function spellingOf(world: World, names: Names): Spelling {
  const unique = (name: string | undefined, id: string, find: (name: string) => string): string => {
    try {
      return name !== undefined && name !== '' && find(name) === id ? name : id;
    } catch {
      return id;
    }
  };
  const account = new Map(world.accounts().map(({ id, name }) => [id, name]));
  const user = new Map(world.users().map(({ id, userName }) => [id, userName]));
  const group = new Map([...world.directory.groupsAfter(0)].map(({ id, displayName }) => [id, displayName]));
  const set = new Map(world.permissionSets().map(({ arn, name }) => [arn, name]));
  return {
    account: (id) => unique(account.get(id), id, (name) => names.account(name).id),
    user: (id) => unique(user.get(id), id, (name) => names.user(name).id),
    group: (id) => unique(group.get(id), id, (name) => names.group(name).id),
    permissionSet: (arn) => unique(set.get(arn), arn, (name) => names.permissionSet(name).arn),
  };
}

/** Ids by their place in the world; those that are gone come last, by themselves in the order of the alphabet. */
class Order {
  readonly #places: ReadonlyMap<string, number>;

  public constructor(ids: readonly string[]) {
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  public has(id: string): boolean {
    return this.#places.has(id);
  }

  public readonly compare = (a: string, b: string): number => {
    const [placeOfA, placeOfB] = [this.#places.get(a) ?? Infinity, this.#places.get(b) ?? Infinity];
    if (placeOfA !== placeOfB) return placeOfA - placeOfB;
    return a < b ? -1 : Number(a > b);
  };
}

/** The orders that make the same world the same text. */
class Orders {
  public readonly accounts: Order;
  public readonly sets: Order;
  public readonly principals: Order;

  public constructor(world: World) {
    this.accounts = new Order(world.accounts().map(({ id }) => id));
    this.sets = new Order(world.permissionSets().map(({ arn }) => arn));
    const ids = (rows: Iterable<{ readonly id: string }>): string[] => [...rows].map(({ id }) => id);
    this.principals = new Order([
      ...ids(world.directory.groupsAfter(0)).map((id) => principalKey('GROUP', id)),
      ...ids(world.directory.usersAfter(0)).map((id) => principalKey('USER', id)),
    ]);
  }
}

function principalKey(type: PrincipalType, id: string): string {
  return `${type} ${id}`;
}

function entryIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

interface Product {
  readonly principals: string[];
  readonly accountIds: readonly string[];
  readonly setArns: readonly string[];
}

/** Merges accounts where a principal has the same permission sets, then principals that have the same in the same accounts. */
function productsOf(assignments: readonly Assignment[], orders: Orders): Product[] {
  const byPrincipal = new Map<string, Map<string, string[]>>();
  for (const { principalType, principalId, accountId, permissionSetArn } of assignments) {
    const places = entryIn(
      byPrincipal,
      principalKey(principalType, principalId),
      () => new Map<string, string[]>(),
    );
    entryIn(places, accountId, () => []).push(permissionSetArn);
  }
  const products = new Map<string, Product>();
  for (const principal of [...byPrincipal.keys()].sort(orders.principals.compare)) {
    const bySets = new Map<string, { accountIds: string[]; setArns: string[] }>();
    for (const [accountId, arns] of byPrincipal.get(principal) ?? []) {
      const setArns = arns.sort(orders.sets.compare);
      entryIn(bySets, setArns.join(' '), () => ({ accountIds: [], setArns })).accountIds.push(accountId);
    }
    const ofPrincipal = [...bySets.entries()].map(([sets, { accountIds, setArns }]) => ({
      sets,
      setArns,
      accountIds: accountIds.sort(orders.accounts.compare),
    }));
    ofPrincipal.sort((a, b) => orders.accounts.compare(a.accountIds[0] ?? '', b.accountIds[0] ?? ''));
    for (const { sets, setArns, accountIds } of ofPrincipal) {
      const product = { principals: [], accountIds, setArns };
      entryIn(products, `${accountIds.join(' ')} ${sets}`, () => product).principals.push(principal);
    }
  }
  return [...products.values()];
}

function accountKeys(ids: readonly string[], { accounts }: Orders, spelling: Spelling): AccountKeys {
  const present = ids.filter((id) => accounts.has(id)).map((id) => spelling.account(id));
  const deletedAccounts = ids.filter((id) => !accounts.has(id));
  return {
    ...(present.length === 0 ? {} : { accounts: present }),
    ...(deletedAccounts.length === 0 ? {} : { deletedAccounts }),
  };
}

/** The assignments of a world as few rows, the same for the same world. */
export function assignmentRowsOf(world: World, spelling: Spelling): AssignmentRow[] {
  const orders = new Orders(world);
  return productsOf(world.assignments.rows(), orders).map(({ principals, accountIds, setArns }) => {
    const idsOf = (type: PrincipalType, isPresent: boolean): string[] =>
      principals
        .filter((key) => key.startsWith(type) && orders.principals.has(key) === isPresent)
        .map((key) => key.slice(type.length + 1));
    const lists = {
      groups: idsOf('GROUP', true).map((id) => spelling.group(id)),
      users: idsOf('USER', true).map((id) => spelling.user(id)),
      deletedGroups: idsOf('GROUP', false),
      deletedUsers: idsOf('USER', false),
    };
    return {
      ...accountKeys(accountIds, orders, spelling),
      permissionSets: setArns.map((arn) => spelling.permissionSet(arn)),
      ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    };
  });
}

/** The roles that the assignments do not tell: those without one, and those of an older version of their permission set. */
export function roleRowsOf(world: World, spelling: Spelling): RoleRow[] {
  const orders = new Orders(world);
  return world.permissionSets().flatMap(({ arn, version }) => {
    const roles = [...world.provisioning.ofPermissionSet(arn)];
    const rowOf = (stale: boolean): RoleRow[] => {
      const accountIds = roles
        .filter((role) => role.version < version === stale)
        .filter(({ accountId }) => stale || world.assignments.count(accountId, arn) === 0)
        .map(({ accountId }) => accountId)
        .sort(orders.accounts.compare);
      const row = {
        permissionSet: spelling.permissionSet(arn),
        ...accountKeys(accountIds, orders, spelling),
        ...(stale ? { stale } : {}),
      };
      return accountIds.length === 0 ? [] : [row];
    };
    return [...rowOf(false), ...rowOf(true)];
  });
}
