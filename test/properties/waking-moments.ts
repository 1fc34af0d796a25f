import type { Assignment } from '../../core/assignments/assignment';
import type { AccountReport } from '../../core/assignments/report';
import type { DispatcherRecord } from '../../core/ports/ledger';
import type { AccessRequest } from '../../core/requests/access-request';
import { type Stand, textOf } from './replayed-actor';

/** The instant at which every order begins, and in which it stays, unless the lease ends. */
export const WAKING_BEGINS = Date.parse('2026-11-24T08:00:00Z');

/** The lease of those orders that see its end: an *Await* may be shorter than the function that stores its token. */
export const SHORT_LEASE_MS = 1_000;

/** The one request of every order. */
export const REQUEST_ID = 'req-1';

/**
 * Who is there beside the execution that waits: a pass in which outcomes come in and are told, a sweep, a person who ends the request
 * early.
 */
export type Waker = 'pass' | 'sweep' | 'early end';

/** Where the execution stands at first: before the *Await* of the grant, the end or the revoke. */
export type Begins = 'awaitGrant' | 'awaitEnd' | 'awaitRevoke';

/** What is explored: who is there, and how much may happen. */
export interface WakingScenario {
  readonly begins: Begins;
  readonly accounts: 1 | 2;
  /** Each once, but `pass` as often as it is named: the next one begins when the one before is over or dead. */
  readonly wakers: readonly Waker[];
  /** How many of the wakers, and of the functions of the execution, may die. */
  readonly deaths: number;
  /**
   * How often an *Await* may run out of time, so that the execution looks by itself. Not while its function is at work: a function
   * lives for half a minute, an *Await* for a quarter of an hour.
   */
  readonly timeouts: number;
  /** Whether the lease ends: *Await grant* and *Await end* run out of time then, even if their function has not come to its end. */
  readonly endsSoon?: boolean;
  /** Whether somebody may stop the execution, so that a sweep has to start the next attempt. */
  readonly isStopped?: boolean;
}

/** A task token: `open` while its task waits, then `answered` or `gone` (out of time, failed, stopped). */
export interface TaskToken {
  readonly token: string;
  readonly state: 'open' | 'answered' | 'gone';
}

/** Everything that outlives a function, as one value; equal ones have the same id. */
export interface Shared {
  readonly id: number;
  readonly assignments: readonly Assignment[];
  readonly request: AccessRequest;
  readonly reports: readonly AccountReport[];
  readonly record: DispatcherRecord;
  readonly tokens: readonly TaskToken[];
  /** Names of executions, in the order of their starts, and those of them that are not over. */
  readonly started: readonly string[];
  readonly running: readonly string[];
  readonly announced: readonly string[];
}

export interface Actor {
  readonly name: string;
  /** Of an execution. */
  readonly attempt?: number;
  readonly stand: Stand;
  /** `stopped`: its function goes on, its states do not. */
  readonly fate: 'lives' | 'stopped' | 'dead' | 'over';
}

/** One state of everything, and the way that led to it. */
export interface Moment {
  readonly now: number;
  readonly shared: Shared;
  readonly actors: readonly Actor[];
  readonly deaths: number;
  readonly timeouts: number;
  readonly passes: number;
  readonly way: Way | undefined;
}

interface Way {
  readonly step: string;
  readonly before: Way | undefined;
}

export function withActor(moment: Moment, index: number, actor: Actor): Moment {
  return { ...moment, actors: moment.actors.with(index, actor) };
}

export function onWay(moment: Moment, step: string): Moment {
  return { ...moment, way: { step, before: moment.way } };
}

export function keyOfMoment({ now, shared, actors, deaths, timeouts, passes }: Moment): string {
  const all = actors.map(({ name, stand, fate }) =>
    fate === 'lives' || fate === 'stopped' ? `${name} ${stand.id} ${fate}` : `${name} ${fate}`,
  );
  return [now, shared.id, ...all, deaths, timeouts, passes].join('|');
}

/** The steps that led to a moment. */
export function wayTo({ way }: Moment): string {
  const steps: string[] = [];
  for (let each = way; each !== undefined; each = each.before) steps.unshift(each.step);
  return steps.join(' > ');
}

export function stateOf({ tokens }: Shared, token: unknown): TaskToken['state'] | undefined {
  return tokens.find((each) => each.token === token)?.state;
}

/** The token on which an execution waits and does nothing else; undefined where it does not. */
export function waitsOn({ shared }: Moment, { attempt, stand, fate }: Actor): string | undefined {
  if (attempt === undefined || fate !== 'lives') return undefined;
  const waits = stand.calls.filter(
    ({ port, args: [token] }) => port === 'machine' && stateOf(shared, token) === 'open',
  );
  const isIdle = stand.calls.every(({ port }) => port === 'machine');
  return isIdle && waits[0] !== undefined ? String(waits[0].args[0]) : undefined;
}

/** What the ledger says in the end, whatever the way was: without versions, tokens and the dispatcher's bookkeeping. */
export function storyOf({ request, reports, assignments, announced }: Shared): string {
  const { version: _writes, waiting: _stale, ...rest } = request;
  return textOf([
    rest,
    reports.map(({ assignmentVersion: _writes, ...report }) => report),
    assignments.map(({ version: _writes, ...assignment }) => assignment),
    announced,
  ]);
}
