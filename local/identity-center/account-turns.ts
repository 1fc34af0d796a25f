/** One operation's place in the queues of its accounts. */
interface Turn {
  readonly begin: () => void;
  /** Earlier operations that must end before this one begins. */
  waitsFor: number;
  /** Operations that wait for this one. */
  readonly followers: Turn[];
}

/**
 * Whose turn it is in each account, where roles are updated one at a time. An operation that takes its turn waits for all that
 * were accepted before it in any of its accounts, also for those that began at once because turns were off by then. Nobody
 * waits for a later one, so no circle of waits can come about.
 */
export class AccountTurns {
  readonly #open = new Map<string, Set<Turn>>();

  /**
   * Enters an operation; `begin` is called at once, or when it is its turn.
   * @param accountIds each of them once
   * @param waits false for one that begins at once, whoever is before it
   * @returns what to call at the operation's end
   */
  public enter(accountIds: readonly string[], waits: boolean, begin: () => void): () => void {
    const turn: Turn = { begin, waitsFor: 0, followers: [] };
    if (waits) {
      const earlier = new Set(accountIds.flatMap((accountId) => [...(this.#open.get(accountId) ?? [])]));
      for (const other of earlier) other.followers.push(turn);
      turn.waitsFor = earlier.size;
    }
    for (const accountId of accountIds) {
      const open = this.#open.get(accountId);
      if (open === undefined) this.#open.set(accountId, new Set([turn]));
      else open.add(turn);
    }
    if (turn.waitsFor === 0) begin();
    return () => {
      this.#leave(turn, accountIds);
    };
  }

  #leave(turn: Turn, accountIds: readonly string[]): void {
    for (const accountId of accountIds) {
      const open = this.#open.get(accountId);
      open?.delete(turn);
      if (open?.size === 0) this.#open.delete(accountId);
    }
    for (const follower of turn.followers) {
      follower.waitsFor -= 1;
      if (follower.waitsFor === 0) follower.begin();
    }
  }
}
