import type { ExternalId } from './organization';
import { SequencedRows, type Sequenced } from './sequenced-rows';

/** What users and groups have in common. */
export interface Principal extends Sequenced {
  readonly id: string;
  readonly externalIds: readonly ExternalId[];
}

/** Things found by names that are compared without regard to case; each name may belong to several. */
export class NameIndex {
  readonly #ids = new Map<string, Set<string>>();

  public add(name: string, id: string): void {
    const key = name.toLowerCase();
    const ids = this.#ids.get(key) ?? new Set<string>();
    this.#ids.set(key, ids.add(id));
  }

  public remove(name: string, id: string): void {
    const key = name.toLowerCase();
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }

  public find(name: string): Iterable<string> {
    return this.#ids.get(name.toLowerCase()) ?? [];
  }
}

/** The users, or the groups, of the directory: found by id, by name and by external id, and listed from any place. */
export class Principals<T extends Principal> {
  readonly #nameOf: (principal: T) => string;
  readonly #byId = new Map<string, T>();
  readonly #rows = new SequencedRows<T>();
  readonly #names = new NameIndex();
  readonly #external = new Map<string, string>();

  /** @param nameOf what a principal is called; another may have the same name */
  public constructor(nameOf: (principal: T) => string) {
    this.#nameOf = nameOf;
  }

  public get size(): number {
    return this.#byId.size;
  }

  public get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** From the one after `sequence` on. */
  public after(sequence: number): Iterable<T> {
    return this.#rows.after(sequence);
  }

  /** Those that have one of these ids. */
  public withIds(ids: Iterable<string>): T[] {
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Those whose name is this one but for its case. */
  public named(name: string): T[] {
    return this.withIds(this.#names.find(name));
  }

  public byExternalId(externalId: ExternalId): T | undefined {
    return this.#byId.get(this.#external.get(externalKey(externalId)) ?? '');
  }

  /** The id must be new, and the sequence above all that are there. */
  public add(principal: T): void {
    this.#rows.append(principal);
    this.#index(principal);
  }

  /** Puts the principal in the place of the one with its id, which must be there. */
  public replace(principal: T): void {
    this.#forget(principal.id);
    this.#rows.replace(principal);
    this.#index(principal);
  }

  /** Nothing happens for one that is not there. */
  public remove(id: string): void {
    const principal = this.#forget(id);
    if (principal !== undefined) this.#rows.remove(principal.sequence);
  }

  #index(principal: T): void {
    const { id, externalIds } = principal;
    this.#byId.set(id, principal);
    this.#names.add(this.#nameOf(principal), id);
    for (const externalId of externalIds) this.#external.set(externalKey(externalId), id);
  }

  #forget(id: string): T | undefined {
    const principal = this.#byId.get(id);
    if (principal === undefined) return undefined;
    this.#byId.delete(id);
    this.#names.remove(this.#nameOf(principal), id);
    for (const externalId of principal.externalIds) this.#external.delete(externalKey(externalId));
    return principal;
  }
}

/** A key for an external id: neither part can contain the character between them unnoticed. */
function externalKey({ issuer, id }: ExternalId): string {
  return JSON.stringify([issuer, id]);
}
