import type { Account, AccountState, Organization, OrganizationalUnit } from './organization';
import { SequencedRows, type Sequenced } from './sequenced-rows';

/** How an account came into the organization, as the API names it. */
type JoinedMethod = 'CREATED' | 'INVITED';

/** An account as it is kept: where it lies is told by the id of what it lies in, so that renaming a unit costs nothing. */
interface AccountRow extends Sequenced {
  readonly account: Omit<Account, 'ou'>;
  readonly parentId: string;
  readonly joinedMethod: JoinedMethod;
  /** Epoch milliseconds. */
  readonly joinedAt: number;
  /** Epoch milliseconds from which the account is `CLOSED`, for one that is closed and not for ever yet. */
  readonly closedFrom?: number | undefined;
}

/** An account and what its place in the organization adds. */
export interface MemberAccount extends Account, Sequenced {
  readonly parentId: string;
  readonly joinedMethod: JoinedMethod;
  /** Epoch milliseconds. */
  readonly joinedAt: number;
}

/** A unit and what its place in the organization adds. */
export interface UnitNode {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

/** A child of the root or of a unit, by its arrival there. */
interface Child extends Sequenced {
  readonly id: string;
}

type ChildKind = 'accounts' | 'units';

/** What one parent has. `places` finds a child's row by its id. */
class Children {
  readonly #rows = new SequencedRows<Child>();
  readonly #places = new Map<string, number>();
  #arrivals = 0;

  public get size(): number {
    return this.#rows.size;
  }

  public add(id: string): void {
    this.#arrivals += 1;
    this.#rows.append({ id, sequence: this.#arrivals });
    this.#places.set(id, this.#arrivals);
  }

  public remove(id: string): void {
    const sequence = this.#places.get(id);
    if (sequence === undefined) return;
    this.#places.delete(id);
    this.#rows.remove(sequence);
  }

  public after(sequence: number): Iterable<Child> {
    return this.#rows.after(sequence);
  }
}

/** What a new account is made from. */
export type NewAccount = Pick<Account, 'id' | 'name' | 'email' | 'state' | 'tags'>;

/**
 * The tree of the organization: root, units, accounts, and their tags. Accounts are found by id, and listed by parent or all
 * together from any place, so that a page costs what the page has.
 */
export class OrganizationTree {
  readonly #rootId: string;
  readonly #managementAccountId: string;
  readonly #now: () => number;
  readonly #accounts = new Map<string, AccountRow>();
  readonly #accountRows = new SequencedRows<AccountRow>();
  readonly #units = new Map<string, UnitNode>();
  readonly #children = new Map<string, Readonly<Record<ChildKind, Children>>>();
  readonly #tags = new Map<string, Account['tags']>();
  /** Addresses that no new account can have: those of accounts that left or closed stay taken. */
  readonly #emails = new Set<string>();
  #sequence = 0;

  public constructor(organization: Organization, now: () => number) {
    this.#rootId = organization.rootId;
    this.#managementAccountId = organization.managementAccountId;
    this.#now = now;
    this.#children.set(this.#rootId, { accounts: new Children(), units: new Children() });
    const ids = new Map([['', this.#rootId]]);
    this.#tags.set(this.#rootId, organization.rootTags ?? {});
    for (const { id, path, tags } of organization.organizationalUnits) {
      if (tags !== undefined) this.#tags.set(id, tags);
      const cut = path.lastIndexOf('/');
      ids.set(path, id);
      this.#keepUnit({
        id,
        name: path.slice(cut + 1),
        parentId: ids.get(path.slice(0, Math.max(cut, 0))) ?? this.#rootId,
      });
    }
    for (const { ou, ...account } of organization.accounts) {
      this.#keepAccount(account, ids.get(ou) ?? this.#rootId);
    }
  }

  public get accountCount(): number {
    return this.#accounts.size;
  }

  public get unitCount(): number {
    return this.#units.size;
  }

  public account(id: string): MemberAccount | undefined {
    const row = this.#accounts.get(id);
    return row === undefined ? undefined : this.#viewOf(row);
  }

  /** Every account from the one after `sequence` on, in the order in which they joined. */
  public *accountsAfter(sequence: number): Generator<MemberAccount, void> {
    for (const row of this.#accountRows.after(sequence)) yield this.#viewOf(row);
  }

  public unit(id: string): UnitNode | undefined {
    return this.#units.get(id);
  }

  /** Every unit, in the order in which they were made: parents before children. */
  public units(): OrganizationalUnit[] {
    return [...this.#units.keys()].map((id) => ({ id, path: this.pathOf(id) }));
  }

  /** Whether the id is that of the root or of a unit. */
  public isParent(id: string): boolean {
    return this.#children.has(id);
  }

  /** The children of one kind from the one after `sequence` on, in the order of their arrival; none for an unknown parent. */
  public childrenAfter(parentId: string, kind: ChildKind, sequence: number): Iterable<Child> {
    return this.#children.get(parentId)?.[kind].after(sequence) ?? [];
  }

  /** How many children of either kind the root or a unit has. */
  public childCount(parentId: string): number {
    const children = this.#children.get(parentId);
    return children === undefined ? 0 : children.accounts.size + children.units.size;
  }

  /** Ids of the units on the way from the root down to this parent, itself included; empty for the root. */
  public lineOf(parentId: string): string[] {
    const line: string[] = [];
    for (let unit = this.#units.get(parentId); unit !== undefined; unit = this.#units.get(unit.parentId)) {
      line.unshift(unit.id);
    }
    return line;
  }

  /** Names of the units on the way from the root down, joined by `/`; empty for the root. */
  public pathOf(parentId: string): string {
    return this.lineOf(parentId)
      .map((id) => this.#units.get(id)?.name ?? '')
      .join('/');
  }

  /** Whether a unit directly below the parent has this name. */
  public hasUnitNamed(parentId: string, name: string): boolean {
    for (const { id } of this.childrenAfter(parentId, 'units', 0)) {
      if (this.#units.get(id)?.name === name) return true;
    }
    return false;
  }

  /** The parent must be there. */
  public addUnit(unit: UnitNode): void {
    this.#keepUnit(unit);
  }

  /** Nothing happens for a unit that is not there. */
  public renameUnit(id: string, name: string): void {
    const unit = this.#units.get(id);
    if (unit !== undefined) this.#units.set(id, { ...unit, name });
  }

  /** That it is empty is for the caller to check. */
  public removeUnit(id: string): void {
    const unit = this.#units.get(id);
    if (unit === undefined) return;
    this.#units.delete(id);
    this.#children.delete(id);
    this.#tags.delete(id);
    this.#children.get(unit.parentId)?.units.remove(id);
  }

  /** Whether an account has, or had, this address: addresses are not told apart by case. */
  public isEmailTaken(email: string): boolean {
    return this.#emails.has(email.toLowerCase());
  }

  /** A new account lies in the root. */
  public addAccount(account: NewAccount): void {
    this.#keepAccount(account, this.#rootId);
  }

  /** Nothing happens for an account that is not there. The address stays taken. */
  public removeAccount(id: string): void {
    const row = this.#accounts.get(id);
    if (row === undefined) return;
    this.#accounts.delete(id);
    this.#accountRows.remove(row.sequence);
    this.#children.get(row.parentId)?.accounts.remove(id);
  }

  /** The account and the parent must be there. */
  public moveAccount(id: string, parentId: string): void {
    const row = this.#accounts.get(id);
    if (row === undefined) return;
    this.#children.get(row.parentId)?.accounts.remove(id);
    this.#children.get(parentId)?.accounts.add(id);
    this.#replace({ ...row, parentId });
  }

  /**
   * Puts the account into a state.
   * @param closedFrom epoch milliseconds from which it is `CLOSED` without anybody doing anything
   * @throws Error for an account that is not in the organization
   */
  public setAccountState(id: string, state: AccountState, closedFrom?: number): void {
    const row = this.#accounts.get(id);
    if (row === undefined)
      throw new Error(`account "${id}" is not in the organization: use one of its account ids`);
    this.#replace({ ...row, account: { ...row.account, state }, closedFrom });
  }

  /** The tags of an account, a unit or the root; undefined where there is no such thing. */
  public tagsOf(id: string): Account['tags'] | undefined {
    const account = this.#accounts.get(id)?.account;
    if (account !== undefined) return account.tags;
    return this.isParent(id) ? (this.#tags.get(id) ?? {}) : undefined;
  }

  /** Replaces the tags of what is there. */
  public setTags(id: string, tags: Account['tags']): void {
    const row = this.#accounts.get(id);
    if (row !== undefined) this.#replace({ ...row, account: { ...row.account, tags } });
    else if (this.isParent(id)) this.#tags.set(id, tags);
  }

  #keepUnit(unit: UnitNode): void {
    this.#units.set(unit.id, unit);
    this.#children.set(unit.id, { accounts: new Children(), units: new Children() });
    this.#children.get(unit.parentId)?.units.add(unit.id);
  }

  #keepAccount(account: Omit<Account, 'ou'>, parentId: string): void {
    this.#sequence += 1;
    const row: AccountRow = {
      sequence: this.#sequence,
      account,
      parentId,
      // An organization begins with its management account, which therefore was never created in it.
      joinedMethod: account.id === this.#managementAccountId ? 'INVITED' : 'CREATED',
      joinedAt: this.#now(),
    };
    this.#accounts.set(account.id, row);
    this.#accountRows.append(row);
    this.#emails.add(account.email.toLowerCase());
    this.#children.get(parentId)?.accounts.add(account.id);
  }

  #replace(row: AccountRow): void {
    this.#accounts.set(row.account.id, row);
    this.#accountRows.replace(row);
  }

  #viewOf({ sequence, account, parentId, joinedMethod, joinedAt, closedFrom }: AccountRow): MemberAccount {
    const isClosed = closedFrom !== undefined && closedFrom <= this.#now();
    return {
      ...account,
      ...(isClosed ? { state: 'CLOSED' } : {}),
      ou: this.pathOf(parentId),
      sequence,
      parentId,
      joinedMethod,
      joinedAt,
    };
  }
}
