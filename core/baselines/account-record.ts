import type { PrincipalType } from '../assignments/assignment';
import { NO_RUN, type RunRecord } from '../runs/run';

/** What became of an account's baseline the last time that it was looked at. */
export interface AccountOutcome {
  readonly at: number;
  /**
   * `complete`: everything that the rules want is there. `incomplete`: something failed, was removed by others, or a rule cannot be
   * looked up. `waiting`: asked for, not all there yet. `held`: the guard held endings back. `not ready`: the account did not become ready
   * in the time. `skipped`: it cannot take access, with the reason.
   */
  readonly outcome: 'complete' | 'incomplete' | 'waiting' | 'held' | 'not ready' | 'skipped';
  readonly reason?: string;
  /** Claims of rules that the account should have, has proved, and that were opened and closed by that run. */
  readonly wanted: number;
  readonly granted: number;
  readonly opened: number;
  readonly closed: number;
  /** Of what the claims were worked out from: the account's name, state, place and the tags that count. */
  readonly factsHash: string;
  /** Of the rules. */
  readonly rulesHash: string;
}

/** What a run has found and done so far. */
export interface AccountProgress {
  readonly at: number;
  /** Organizations' own word for the account's state. */
  readonly state: string;
  /** Whether it is one of the accounts in which Latchkey grants nothing. */
  readonly isOffLimits: boolean;
  /** Claims that the rules want, and what was done about them. */
  readonly wanted: number;
  readonly opened: number;
  readonly closed: number;
  /** Closings that the guard held back. */
  readonly held: number;
  /** Open claims of rules that stayed. */
  readonly kept: number;
  /** About rules that could not be worked out, and why the account gets nothing. */
  readonly notes: readonly string[];
  readonly factsHash: string;
  readonly rulesHash: string;
}

/** How the baseline of one account stands: one item, `BASELINES` / `ACCOUNT#<id>`. At most one execution works on it at a time. */
export interface AccountBaseline extends RunRecord {
  readonly accountId: string;
  /** Somebody asked for a look that has not begun. */
  readonly isWanted: boolean;
  /** When the run began that is being worked on, and since when it waits for the account to be ready. */
  readonly since?: number;
  /** From when on what is read counts: before that, nobody had been asked to look again. */
  readonly lookSince?: number;
  readonly progress?: AccountProgress;
  readonly last?: AccountOutcome;
}

/** Before the first look. */
export function unknownAccount(accountId: string): AccountBaseline {
  return { ...NO_RUN, accountId, isWanted: false };
}

/** Which user or group a rule's name was first found to mean, or means since the rule followed the name. */
export interface Binding {
  readonly type: PrincipalType;
  /** As the rule writes it: a rule that is given to somebody else is bound anew. */
  readonly name: string;
  readonly id: string;
  readonly since: number;
  /** The id that the name meant before, where the rule followed it. */
  readonly before?: string;
}

/** What all accounts share: one item, `BASELINES` / `STATE`. */
export interface BaselineState {
  readonly version: number;
  /** By rule. A name that means another id later is followed only where the rule says so. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Claims that were ended, by the minute (epoch ms of its beginning), for the guard; those of more than an hour ago are dropped. */
  readonly endings: readonly { readonly minute: number; readonly count: number }[];
  /** All open baseline claims, as of the last count over all accounts. */
  readonly claims: number;
  /** Hash of the rules that were last applied to every account. */
  readonly appliedHash?: string;
  readonly appliedAt?: number;
  /** Hash of what could not be looked up then: when it is another one, the rules are applied again. */
  readonly appliedProblems?: string;
  /** Endings that the guard held back then. */
  readonly held?: number;
}

/** Before the first rule. */
export const NO_BASELINE_STATE: BaselineState = { version: 0, bindings: {}, endings: [], claims: 0 };
