import type { OrganizationPicture, PicturedAccount, PicturedUnit } from '../ports/organization-picture';

/** An account with its place in the tree. */
export interface PlacedAccount extends PicturedAccount {
  /** Ids from the root down to the parent, both included. */
  readonly line: readonly string[];
  /** Names of the units from the root down, joined by `/`; empty in the root. */
  readonly ouPath: string;
}

/** A picture of the organization, arranged for looking things up. */
export class OrganizationIndex {
  readonly accounts: readonly PlacedAccount[];
  readonly rootId: string;
  readonly #units: ReadonlyMap<string, PicturedUnit>;
  readonly #paths = new Map<string, string[]>();
  readonly #accounts: ReadonlyMap<string, PlacedAccount>;
  readonly #named = new Map<string, string[]>();

  constructor({ rootId, units, accounts }: OrganizationPicture) {
    this.rootId = rootId;
    this.#units = new Map(units.map((unit) => [unit.id, unit]));
    for (const { id } of units) {
      const path = this.#pathOf(this.#lineOf(id));
      this.#paths.set(path, [...(this.#paths.get(path) ?? []), id]);
    }
    this.accounts = accounts.map((account) => {
      const line = this.#lineOf(account.parentId);
      return { ...account, line, ouPath: this.#pathOf(line) };
    });
    this.#accounts = new Map(this.accounts.map((account) => [account.id, account]));
    for (const { id, name } of this.accounts) {
      const key = name.normalize('NFC');
      this.#named.set(key, [...(this.#named.get(key) ?? []), id]);
    }
  }

  /** An account with its place; undefined where it is not in the picture. */
  account(id: string): PlacedAccount | undefined {
    return this.#accounts.get(id);
  }

  /** Ids of the accounts with this name, upper and lower case told apart. */
  accountsNamed(name: string): readonly string[] {
    return this.#named.get(name.normalize('NFC')) ?? [];
  }

  /** Ids of the units that a reference means: by id, by path from the root, or the root itself. Two only where two have one path. */
  unitsMeant(reference: string): readonly string[] {
    if (reference === '/' || reference === this.rootId) return [this.rootId];
    if (this.#units.has(reference)) return [reference];
    return this.#paths.get(reference.normalize('NFC')) ?? [];
  }

  /** @throws Error for a parent that the picture lacks, or a circle: such a picture is not whole */
  #lineOf(id: string): string[] {
    const line: string[] = [];
    for (let at = id; at !== this.rootId;) {
      const unit = this.#units.get(at);
      if (unit === undefined || line.includes(at))
        throw new Error(`the picture of the organization has no way from ${id} to its root: read it again`);
      line.unshift(at);
      at = unit.parentId;
    }
    return [this.rootId, ...line];
  }

  #pathOf(line: readonly string[]): string {
    const names = line.slice(1).map((id) => this.#units.get(id)?.name ?? '');
    return names.join('/').normalize('NFC');
  }
}
