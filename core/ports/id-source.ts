/** Makes identifiers that never repeat. */
export interface IdSource {
  /** A new identifier of lower-case letters and digits, sortable by time of creation. */
  next(): string;
}
