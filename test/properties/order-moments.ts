import type { Assignment } from '../../core/assignments/assignment';
import type { PassLimits } from '../../core/dispatcher/pass';
import type { DispatcherRecord } from '../../core/ports/ledger';
import { LIMITS } from '../support/dispatcher-world';
import type { FakeIdentityCenter } from '../support/fake-identity-center';
import { type Outcome, type Stand, textOf } from './replayed-actor';

/** The instant at which every order begins. */
export const BEGIN = Date.parse('2026-11-24T08:00:00Z');

/** The rate is none of this matter: its pauses would only add instants. */
export const ORDER_LIMITS: PassLimits = { ...LIMITS, callsPerSecond: 1_000 };

/**
 * Who is there beside the passes: a caller who writes work and calls for the dispatcher, one who writes and dies before it calls, one
 * that wrote just before and is about to call, a sweep.
 */
export type Other = 'enqueue' | 'write' | 'call' | 'sweep';

/** What is explored: who is there, and how much may happen. */
export interface Scenario {
  /** How long Identity Center takes for an operation. */
  readonly latencyMs: number;
  /** How long the indexes do not show a write. */
  readonly indexLagMs: number;
  /** Who begins with the first pass: callers with work, sweeps. */
  readonly others: readonly Other[];
  /** Passes that the first execution has made before the first pass of the exploration. */
  readonly passesBefore: number;
  /** How many passes may run in all, of whichever epochs were started, and how often time may jump. */
  readonly passes: number;
  readonly jumps: number;
}

/** Everything that outlives a function, as one value; equal ones have the same id. */
export interface Shared {
  readonly id: number;
  readonly record: DispatcherRecord;
  /** Every version of the one assignment that an index may still show, the newest last. */
  readonly versions: readonly { readonly at: number; readonly item: Assignment }[];
  readonly rows: readonly string[];
  readonly operations: FakeIdentityCenter['operations'];
  /** Epochs of the executions that were started. */
  readonly started: readonly number[];
}

export interface Actor {
  readonly name: string;
  /** Of a pass. */
  readonly epoch?: number;
  readonly stand: Stand;
  readonly bornAt: number;
  /** Until when it has the lease, while it has it. */
  readonly leaseUntil?: number;
  /** `killed`: it will never go on. */
  readonly fate: 'lives' | 'ended' | 'killed';
}

/** One state of everything, and the way that led to it. */
export interface Moment {
  readonly now: number;
  readonly shared: Shared;
  readonly actors: readonly Actor[];
  /** Executions that have come to their end. */
  readonly over: readonly number[];
  readonly passes: number;
  readonly jumps: number;
  readonly way: Way | undefined;
}

export interface Way {
  readonly step: string;
  readonly before: Way | undefined;
}

export interface Applied {
  readonly shared: Shared;
  readonly outcome: Outcome;
}

export function withActor(moment: Moment, index: number, actor: Actor): Moment {
  return { ...moment, actors: moment.actors.with(index, actor) };
}

/** A function that waits for an answer hears of its timers when it has it. */
export function dueTimer(now: number, { stand }: Actor): number | undefined {
  if (stand.calls.length > 0) return undefined;
  const due = stand.timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at || a.id - b.id);
  return due[0]?.id;
}

/**
 * When the next of those who only sleep wakes up. Not while somebody stands before the lease: who asks for it late does so by a
 * jump, and who asks a little late is refused as long as it is held.
 */
export function nextRing({ actors }: Moment): number | undefined {
  const isBeforeLease = ({ fate, stand }: Actor): boolean =>
    fate === 'lives' && stand.calls.some(({ method }) => method === 'takeLease');
  if (actors.some(isBeforeLease)) return undefined;
  const instants = actors
    .filter(({ fate, stand }) => fate === 'lives' && stand.calls.length === 0)
    .flatMap(({ stand }) => stand.timers.map(({ at }) => at));
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/** Instants that matter to who may work. */
export function jumpsOf({ now, shared: { record } }: Moment): [string, number][] {
  const jumps: [string, number][] = [
    ['the lease', record.leaseUntil],
    ['the promise', record.nextPassBy + 1],
  ];
  return jumps.filter(([, at]) => at > now);
}

export function keyOfMoment({ now, shared, actors, over, passes, jumps }: Moment): string {
  const all = actors.map(({ name, stand, bornAt, leaseUntil = '', fate }) =>
    fate === 'lives' ? `${name} ${stand.id} ${bornAt} ${leaseUntil}` : `${name} ${fate}`,
  );
  return [now, shared.id, ...all, over.join(), passes, jumps].join('|');
}

/**
 * What is left when everybody dies at a moment. How long ago something was over makes no difference, nor what the dispatcher has
 * learned of latencies.
 */
export function endingOf({ now, shared, actors, over }: Moment): string {
  const { record, versions, operations, started } = shared;
  const inFuture = (instant: number): number => Math.max(0, instant - now);
  const item = versions.at(-1)?.item;
  const others = actors.filter(({ epoch }) => epoch === undefined).map(({ fate }) => fate);
  return textOf([
    [record.epoch, record.running, inFuture(record.leaseUntil), inFuture(record.nextPassBy)],
    [
      item?.operation?.state,
      Object.values(item?.claims ?? {}).map(({ grantedAt }) => grantedAt !== undefined),
    ],
    [operations.map(({ endsAt, applied }) => [inFuture(endsAt), applied])],
    [started, others, over],
  ]);
}

/** The steps that led to a moment. */
export function wayTo({ way }: Pick<Moment, 'way'>): string {
  const steps: string[] = [];
  for (let each = way; each !== undefined; each = each.before) steps.unshift(each.step);
  return steps.join(' > ');
}
