import type { Random } from '../../core/ports/random';
import { AwsError } from '../aws-api/json-service';
import { NAMED_ERRORS, type NamedError } from './named-errors';

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

/** What a call can lose: whether it is carried out before, and what becomes of its connection. */
const LOSSES = {
  hang: { carriedOut: false, connection: 'silent' },
  'hang-after': { carriedOut: true, connection: 'silent' },
  'lose-request': { carriedOut: false, connection: 'closed' },
  'lose-reply': { carriedOut: true, connection: 'closed' },
} as const;

type Loss = keyof typeof LOSSES;

/** The effects that have a name. */
export const NAMED_EFFECTS: readonly (Loss | 'never-ends' | NamedError)[] = [
  ...(Object.keys(LOSSES) as Loss[]),
  'never-ends',
  ...(Object.keys(NAMED_ERRORS) as NamedError[]),
];

/**
 * What goes wrong with a call:
 * - `hang`: nothing is done and nothing is ever answered (the client's timeout ends it);
 * - `hang-after`: the call is carried out as usual, and nothing is ever answered;
 * - `lose-request`: nothing is done and the connection is closed without an answer;
 * - `lose-reply`: the call is carried out as usual, and then the connection is closed without an answer;
 * - `never-ends`: the call is answered as usual, but its asynchronous operation stays `IN_PROGRESS` for ever;
 * - a named error such as `throttle`, or `{error, message}`: nothing is done, and the error is answered;
 * - `{failed}`: the call is answered as usual, but its asynchronous operation ends `FAILED` with this reason.
 */
export type FaultEffect =
  | Loss
  | 'never-ends'
  | NamedError
  | {
      /** Such as `InternalServerException`. */
      readonly error: string;
      readonly message: string;
      /** @default 400 */
      readonly statusCode?: number;
      /** Further members of the error's body, such as `{Reason: 'KMS_AccessDeniedException'}`. */
      readonly members?: Readonly<Record<string, unknown>>;
    }
  | { readonly failed: string };

/** How often a fault strikes: the next so many calls (a whole number from 1), or each call with a chance above 0 and up to 1. */
export type FaultFrequency = { readonly times: number } | { readonly share: number };

/** A fault to come. `operation` is the name of one, or `*` for any that can have the effect. */
export type FaultRule = { readonly operation: string; readonly effect: FaultEffect } & FaultFrequency;

/** A rule that is still in force: what is left of its `times`, and how often it has struck. */
export type PendingFault = FaultRule & { readonly struck: number };

/** Does the effect concern what happens after the call was answered? */
export function isAsynchronous(effect: FaultEffect): effect is 'never-ends' | { readonly failed: string } {
  return effect === 'never-ends' || (typeof effect === 'object' && 'failed' in effect);
}

/** How the call loses its reply, if it does. */
export function lossOf(effect: FaultEffect | undefined): (typeof LOSSES)[Loss] | undefined {
  return typeof effect === 'string' && effect in LOSSES ? LOSSES[effect as Loss] : undefined;
}

/** The error that is answered instead of carrying the call out, if there is one. */
export function errorOf(effect: FaultEffect | undefined): AwsError | undefined {
  if (typeof effect === 'string')
    return effect in NAMED_ERRORS ? NAMED_ERRORS[effect as NamedError]() : undefined;
  if (effect === undefined || !('error' in effect)) return undefined;
  return new AwsError(effect.error, effect.message, effect.statusCode ?? 400, effect.members ?? {});
}

/** What {@link Faults} need. */
export interface FaultsOptions {
  /** Every simulated operation. */
  readonly operations: Iterable<string>;
  /** Those of them that start an asynchronous one. */
  readonly asynchronous: Iterable<string>;
  /** Drawn from once for each call that a rule with a share is for. */
  readonly random: Random;
}

/** Stands for every operation. */
const ANY = '*';

/**
 * Faults on demand. For each call the rules are asked in the order in which they were added; the first that strikes is the
 * call's only fault.
 */
export class Faults {
  readonly #operations: ReadonlySet<string>;
  readonly #asynchronous: ReadonlySet<string>;
  readonly #random: Random;
  readonly #rules: { readonly rule: FaultRule; struck: number }[] = [];

  public constructor({ operations, asynchronous, random }: FaultsOptions) {
    this.#operations = new Set(operations);
    this.#asynchronous = new Set(asynchronous);
    this.#random = random;
  }

  /** @throws Error for an operation that is not simulated, or that cannot have the effect: such a rule would never do anything */
  public add(rule: FaultRule): void {
    const { operation, effect } = rule;
    if (operation !== ANY && !this.#operations.has(operation)) {
      throw new Error(
        `fault is for "${operation}", which is not simulated: use the name of a simulated operation, or "*" for any`,
      );
    }
    if ('times' in rule && (!Number.isInteger(rule.times) || rule.times < 1)) {
      throw new Error(`fault for ${operation} has times ${rule.times}: use a whole number from 1`);
    }
    if ('share' in rule && !(rule.share > 0 && rule.share <= 1)) {
      throw new Error(`fault for ${operation} has share ${rule.share}: use a number above 0 and up to 1`);
    }
    if (isAsynchronous(effect) && operation !== ANY && !this.#asynchronous.has(operation)) {
      const known = [...this.#asynchronous].join(', ');
      throw new Error(`fault is for ${operation}, which ends with its answer: use this effect with ${known}`);
    }
    this.#rules.push({ rule, struck: 0 });
  }

  /** Forgets every rule. */
  public clear(): void {
    this.#rules.length = 0;
  }

  /** The rules that are in force, in the order in which they are asked. */
  public pending(): readonly PendingFault[] {
    return this.#rules.map(({ rule, struck }) =>
      'times' in rule ? { ...rule, times: rule.times - struck, struck } : { ...rule, struck },
    );
  }

  /** The fault of this call, if it has one. */
  public take(operation: string): FaultEffect | undefined {
    const index = this.#rules.findIndex(
      ({ rule }) => this.#isFor(rule, operation) && ('times' in rule || this.#random.next() < rule.share),
    );
    const entry = this.#rules[index];
    if (entry === undefined) return undefined;
    entry.struck += 1;
    if ('times' in entry.rule && entry.struck === entry.rule.times) this.#rules.splice(index, 1);
    return entry.rule.effect;
  }

  #isFor({ operation, effect }: FaultRule, called: string): boolean {
    if (operation !== ANY) return operation === called;
    return !isAsynchronous(effect) || this.#asynchronous.has(called);
  }
}
