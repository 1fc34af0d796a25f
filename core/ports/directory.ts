/** A user or group of the identity store. */
export interface DirectoryEntry {
  readonly id: string;
  /** A user's user name, a group's display name. */
  readonly name: string;
  /** A user's primary e-mail address, where there is one. */
  readonly email?: string;
  /** A user who may not sign in: nothing new is granted. */
  readonly isDisabled?: true;
}

/** The identity store: every method answers all that match, so that the domain can refuse ambiguity. */
export interface Directory {
  /** Users with this user name, or with this e-mail address (upper and lower case aside). */
  usersNamed(nameOrEmail: string): Promise<DirectoryEntry[]>;
  groupsNamed(displayName: string): Promise<DirectoryEntry[]>;
  user(id: string): Promise<DirectoryEntry | undefined>;
  group(id: string): Promise<DirectoryEntry | undefined>;
}

/** A permission set, as far as a request needs it. */
export interface PermissionSetFacts {
  readonly arn: string;
  readonly name: string;
  readonly sessionMs: number;
}

/** The instance's permission sets. */
export interface PermissionSets {
  named(name: string): Promise<PermissionSetFacts | undefined>;
  withArn(arn: string): Promise<PermissionSetFacts | undefined>;
}

/** The organization: states are Organizations' own (`ACTIVE`, `SUSPENDED` …); undefined for an account that is not in it. */
export interface Organization {
  accountState(accountId: string): Promise<string | undefined>;
}
