/** An action that a call needs, and the resources on which all of it has to be allowed. */
export interface Need {
  /** As IAM writes it, `sso:CreateAccountAssignment`. */
  readonly action: string;
  readonly resources: readonly string[];
  /** As the service writes the action in its refusals. @default - as IAM does */
  readonly shownAction?: string;
  /** HTTP status of the refusal. @default 400 */
  readonly statusCode?: number;
  /** The tags that the call gives. @default - none */
  readonly requestTags?: Readonly<Record<string, string>>;
  /** Keys of the tags that the call gives or takes away. @default - none */
  readonly tagKeys?: readonly string[];
}

/** Where the calls come from and go to, for what their inputs leave out of ARNs. */
export interface Place {
  readonly region: string;
  /** The account of the functions and state machines, and of all that the template makes. */
  readonly accountId: string;
  readonly managementAccountId: string;
  readonly organizationId: string;
  /** The state machine whose task gave a token; undefined for what is no token of this runtime. */
  readonly machineOfToken: (token: string) => string | undefined;
}

/** The input of a call as it came over the wire. */
export type CallInput = Readonly<Record<string, unknown>>;

/** Works out what a call needs. What the input lacks, or has of a wrong type, is left out: the service refuses it. */
export type Needs = (operation: string, input: CallInput, place: Place) => readonly Need[];

/** For actions that IAM takes on everything or not at all. */
export const EVERYTHING = ['*'];

/** A member that is text; undefined for what is not. */
export function textOf(input: unknown, member: string): string | undefined {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, member)) return undefined;
  const value = (input as CallInput)[member];
  return typeof value === 'string' ? value : undefined;
}

/** The ARNs that there are, each once. */
export function arns(...all: readonly (string | undefined)[]): string[] {
  return [...new Set(all.filter((arn) => arn !== undefined))];
}

/** Makes an ARN of an id, if there is one. */
export function arnOf(prefix: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${prefix}${id}`;
}
