/**
 * The call has no reply: the caller must not learn whether it was accepted. Thrown by a service's `call` instead of an
 * `AwsError`; it is for the HTTP front, which writes nothing and
 * - `closed`: destroys the socket at once, so that the client sees a connection that was reset;
 * - `silent`: leaves the socket open until the client (or the front, at its own shutdown) closes it, so that the client
 *   runs into its timeout.
 */
export class ReplyLost extends Error {
  public constructor(
    public readonly connection: 'closed' | 'silent',
    operation: string,
  ) {
    super(`the reply of ${operation} is lost on purpose (${connection} connection)`);
    this.name = 'ReplyLost';
  }
}

/**
 * What goes wrong with a call:
 * - `hang`: nothing is done and nothing is ever answered (the client's timeout ends it);
 * - `lose-request`: nothing is done and the connection is closed without an answer;
 * - `lose-reply`: the call is carried out as usual, and then the connection is closed without an answer;
 * - `never-ends`: the call is answered as usual, but its asynchronous operation stays `IN_PROGRESS` for ever;
 * - `{error, message}`: nothing is done, and this error is answered;
 * - `{failed}`: the call is answered as usual, but its asynchronous operation ends `FAILED` with this reason.
 */
export type FaultEffect =
  | 'hang'
  | 'lose-request'
  | 'lose-reply'
  | 'never-ends'
  | {
      /** Such as `InternalServerException`. */
      readonly error: string;
      readonly message: string;
      /** @default 400 */
      readonly statusCode?: number;
      /** Further members of the error's body, such as `{Reason: 'KMS_ACCESS_DENIED'}`. */
      readonly members?: Readonly<Record<string, unknown>>;
    }
  | { readonly failed: string };

/** A fault to come: the next `times` calls of `operation` have it. */
export interface FaultRule {
  readonly operation: string;
  /** A whole number from 1. */
  readonly times: number;
  readonly effect: FaultEffect;
}

/** Does the effect concern what happens after the call was answered? */
export function isAsynchronous(effect: FaultEffect): effect is 'never-ends' | { readonly failed: string } {
  return effect === 'never-ends' || (typeof effect === 'object' && 'failed' in effect);
}

/** Faults on demand: rules are used up in the order in which they were added, one per call. */
export class Faults {
  readonly #operations: ReadonlySet<string>;
  readonly #asynchronous: ReadonlySet<string>;
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  /** @param operations every simulated operation; @param asynchronous those of them that start an asynchronous one */
  public constructor(operations: Iterable<string>, asynchronous: Iterable<string>) {
    this.#operations = new Set(operations);
    this.#asynchronous = new Set(asynchronous);
  }

  /** @throws Error for an operation that is not simulated, or that cannot have the effect: such a rule would never do anything */
  public add(rule: FaultRule): void {
    const { operation, times, effect } = rule;
    if (!this.#operations.has(operation)) {
      throw new Error(
        `fault is for "${operation}", which is not simulated: use the name of a simulated operation`,
      );
    }
    if (!Number.isInteger(times) || times < 1) {
      throw new Error(`fault for ${operation} has times ${times}: use a whole number from 1`);
    }
    if (isAsynchronous(effect) && !this.#asynchronous.has(operation)) {
      const known = [...this.#asynchronous].join(', ');
      throw new Error(`fault is for ${operation}, which ends with its answer: use this effect with ${known}`);
    }
    this.#rules.push({ rule, left: times });
  }

  /** Forgets every rule. */
  public clear(): void {
    this.#rules.length = 0;
  }

  /** The rules that are not used up. */
  public pending(): readonly FaultRule[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, times: left }));
  }

  /** Uses up one fault of the operation, if there is one. */
  public take(operation: string): FaultEffect | undefined {
    const index = this.#rules.findIndex((entry) => entry.rule.operation === operation);
    const entry = this.#rules[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#rules.splice(index, 1);
    return entry.rule.effect;
  }
}
