/**
 * Time as the domain sees it. Instants are epoch milliseconds, UTC; nothing in `core/` reads a clock of its own.
 */
export interface Clock {
  /** The present instant, in epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock's time. */
  sleep(ms: number): Promise<void>;
  /** Calls `ring` once after `ms` milliseconds, unless the answer was called before. */
  after(ms: number, ring: () => void): () => void;
}
