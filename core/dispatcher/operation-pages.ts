import type { ListedOperation, OperationsPage } from '../ports/identity-center';

/**
 * Read of one list at most, 100 operations a page: with 15 slots and operations of 2 s, the shortest that were seen, 2,000 are over four
 * minutes, and a search looks back for less than three. Where others have slots too, or the order is not by date, one may be missed:
 * then the effect tells.
 */
const MOST_PAGES = 20;

/** The operations of a call in any state, read page by page, as far as somebody needs them. */
export class OperationPages {
  readonly #rows: ListedOperation[] = [];
  #pages = 0;
  #next: string | undefined;

  /** @param at when the first page was asked for, or is about to be (epoch ms) */
  constructor(
    readonly at: number,
    private readonly ask: (from?: string) => Promise<OperationsPage>,
  ) {}

  get rows(): readonly ListedOperation[] {
    return this.#rows;
  }

  /**
   * Whether nothing is left that began at `since` (epoch ms) or later. The lists are believed to begin with the newest, but no
   * documentation says so: they have to show it themselves before the rest is left out.
   */
  reaches(since: number): boolean {
    if (this.#pages === 0) return false;
    if (this.#next === undefined || this.#pages >= MOST_PAGES) return true;
    const dates = this.#rows.flatMap(({ createdAt }) => createdAt ?? []);
    const last = dates.at(-1) ?? Infinity;
    const isNewestFirst = dates.every((date, index) => date <= (dates[index - 1] ?? Infinity));
    return isNewestFirst && last < (dates[0] ?? last) && last < since;
  }

  /** Reads one more page: one call. */
  async readOn(): Promise<void> {
    const { rows, next } = await this.ask(this.#next);
    this.#rows.push(...rows);
    this.#next = next;
    this.#pages += 1;
  }
}
