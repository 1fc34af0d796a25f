/** A source of chance. Production draws from the platform; tests and the local runtime pass a seeded one. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}
