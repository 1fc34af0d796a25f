/** Fields of a log line: ids, counts and words of the domain, nothing personal. */
export type Fields = Readonly<Record<string, string | number>>;

/** What is measured, with the unit of each value and the dimension by which it is told apart. */
export interface Measures {
  /** Operations that came to their end, each once. */
  readonly OperationsEnded: { readonly kind: string; readonly outcome: string };
  /** Calls for an operation that were answered with an error and did not end it: nothing was started, or nobody knows. */
  readonly OperationsRefused: { readonly kind: string; readonly outcome: string };
  /** Seconds that the longest-waiting operation of a class has been due. */
  readonly QueueAge: { readonly class: string };
  /** Outstanding asynchronous assignment operations, as a pass saw them. */
  readonly SlotsUsed: undefined;
  /** Calls of an admin API, tries and refused ones included. */
  readonly Calls: { readonly api: string };
  /** Calls that were refused because of the rate, or of too many outstanding operations. */
  readonly Throttles: { readonly api: string };
  /** Operations whose lost reply was resolved, and how. */
  readonly Recoveries: { readonly verdict: string };
  /** Seconds between the end of the last claim and the proof that the assignment is gone. */
  readonly RevokeLateness: undefined;
  /** Requests whose access should have been gone for 15 minutes and is not. */
  readonly OverdueRevokes: undefined;
  /** Claims of rules that the guard against mass change kept from ending. */
  readonly EndingsHeld: undefined;
  /** Permission sets whose rollout came to an end, each once a rollout. */
  readonly PermissionSetRollouts: { readonly outcome: string };
  /** Assignments that differ from the claims in one way, as a walk counted them at its end. */
  readonly AssignmentDrift: { readonly kind: string };
}

/** Name of a measure. */
export type Measure = keyof Measures;

/** Units of the measures, in the words of CloudWatch. */
export const MEASURE_UNITS = {
  OperationsEnded: 'Count',
  OperationsRefused: 'Count',
  QueueAge: 'Seconds',
  SlotsUsed: 'Count',
  Calls: 'Count',
  Throttles: 'Count',
  Recoveries: 'Count',
  RevokeLateness: 'Seconds',
  OverdueRevokes: 'Count',
  EndingsHeld: 'Count',
  PermissionSetRollouts: 'Count',
  AssignmentDrift: 'Count',
} as const satisfies Record<Measure, 'Count' | 'Seconds'>;

/** Where the domain says what happened: log lines (each also a count of its name), and measured values. */
export interface Observer {
  note(what: string, fields?: Fields): void;
  /** Something that should not happen and was survived. */
  warn(what: string, fields: Fields, cause?: unknown): void;
  /** One value of a measure. */
  measure<Name extends Measure>(name: Name, value: number, dimension?: Measures[Name]): void;
}
