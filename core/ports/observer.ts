/** Where the domain says what happened: a log line with these fields, and a count of the name. Ids only, nothing personal. */
export interface Observer {
  note(what: string, fields?: Readonly<Record<string, string | number>>): void;
  /** Something that should not happen and was survived. */
  warn(what: string, fields: Readonly<Record<string, string | number>>, cause?: unknown): void;
}
