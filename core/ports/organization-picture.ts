/** An account as a listing of the organization had it. */
export interface PicturedAccount {
  readonly id: string;
  readonly name: string;
  /** Organizations' own word: `ACTIVE`, `SUSPENDED` … */
  readonly state: string;
  /** The unit or root that it is in. */
  readonly parentId: string;
}

/** An organizational unit. */
export interface PicturedUnit {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

/** All of an organization: every account, every unit, and no other parent than these units and the root. Plain JSON. */
export interface OrganizationPicture {
  readonly rootId: string;
  readonly units: readonly PicturedUnit[];
  readonly accounts: readonly PicturedAccount[];
}

/** A picture, or the tags of accounts, and how good it is. */
export interface Dated<What> {
  readonly found: What;
  /** When its last page was read, in epoch milliseconds; of several readings the earliest. */
  readonly at: number;
  /** Whether it is older than it should be, because Organizations could not be read again. */
  readonly isStale: boolean;
}

/** Tags of accounts, by account id. */
export type AccountTags = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The organization could not be read, and nothing that was read before is young enough to stand for it. */
export class OrganizationUnknownError extends Error {
  override readonly name = 'OrganizationUnknownError';
}

/** A reading takes longer than one step may: who tries again finds it further on. Nothing is known yet, and nothing is wrong. */
export class StillReadingError extends Error {
  override readonly name = 'StillReadingError';
}

/**
 * The organization as a whole, from a store of what was read before, or read anew. Whatever is answered is complete: a listing
 * that broke off is never seen.
 */
export interface OrganizationPictures {
  /**
   * @param youngerThanMs milliseconds since the listing after which it is made again
   * @throws OrganizationUnknownError, StillReadingError
   */
  picture(youngerThanMs: number): Promise<Dated<OrganizationPicture>>;
  /**
   * The tags of every one of these accounts; a tenth of a second for each whose tags are not known yet.
   * @throws OrganizationUnknownError, StillReadingError
   */
  tags(accountIds: readonly string[], youngerThanMs: number): Promise<Dated<AccountTags>>;
  /** A picture whose listing had begun by now is not used again, unless Organizations cannot be reached: something in it has changed. */
  outdate(): Promise<void>;
}
