import { NO_RUN, type RunRecord, withNextNumber } from '../runs/run';

/** What is asked of a rollout. */
export interface RolloutScope {
  /** These sets are read whole and brought to their definitions, whatever the ledger believes. */
  readonly names?: readonly string[];
  /** Beside them every other set, as without names. */
  readonly others?: true;
  /** Reads every set whole. `report`: says what differs. `correct`: brings it to its definition. */
  readonly verify?: 'report' | 'correct';
}

/** Whether a set is a part of what is asked. */
export function isInScope({ names, others }: RolloutScope, name: string): boolean {
  return names === undefined || others === true || names.includes(name);
}

/** Whether a set is to be brought to its definition, whatever has been changed in it. */
export function isCorrected({ names = [], verify }: RolloutScope, name: string): boolean {
  return verify === 'correct' || names.includes(name);
}

/** The rollout that is being worked on. */
export interface RolloutRun {
  readonly scope: RolloutScope;
  /** Number of its plan. */
  readonly plan: number;
  readonly since: number;
  /** Hash of the definitions that were planned; absent before. */
  readonly hash?: string;
}

/** How the last rollout of every set ended. */
export interface LastRollout {
  /** Of the definitions and of what else decides (see `deployedHash`). */
  readonly hash: string;
  readonly at: number;
  readonly failed: number;
  /** Some failed for a reason that may pass: another one is due then. */
  readonly retryAt?: number;
}

/** The one item by which rollouts exclude each other. */
export interface RolloutRecord extends RunRecord {
  /** Counts the plans. */
  readonly plans: number;
  /** What has been asked for and is not in a plan yet. */
  readonly pending?: RolloutScope;
  readonly run?: RolloutRun;
  readonly last?: LastRollout;
  /** When every set was read whole last. */
  readonly verifiedAt?: number;
}

/** In the place of a hash where sets were brought to the definitions of several deploys: it equals no hash. */
export const MIXED_HASH = 'mixed';

/** Before the first rollout. */
export const NO_ROLLOUT: RolloutRecord = { ...NO_RUN, plans: 0 };

/** Both askings in one: whoever asks while a rollout is under way joins the next one. Nothing is corrected that neither asked for. */
export function joined(one: RolloutScope | undefined, other: RolloutScope): RolloutScope {
  if (one === undefined) return other;
  const both = [one, other];
  const names = [...new Set(both.flatMap((each) => each.names ?? []))].sort();
  const isEvery = both.some((each) => each.names === undefined || each.others === true);
  const verify = (['correct', 'report'] as const).find((each) => both.some((scope) => scope.verify === each));
  return {
    ...(names.length === 0 ? {} : { names }),
    ...(names.length > 0 && isEvery ? { others: true } : {}),
    ...(verify === undefined ? {} : { verify }),
  };
}

/** Adds an asking. Where no execution works, or the one that did is dead, the next number is to be started. */
export function asked(record: RolloutRecord, scope: RolloutScope, now: number): RolloutRecord {
  return restarted({ ...record, pending: joined(record.pending, scope) }, now);
}

/** Gives the next execution its number where none works and there is something to do. */
export function restarted(record: RolloutRecord, now: number): RolloutRecord {
  const isWork = record.pending !== undefined || record.run !== undefined;
  return isWork ? withNextNumber(record, now) : record;
}

/** Takes up what was asked for, if nothing is being worked on. */
export function begun(record: RolloutRecord, now: number): RolloutRecord {
  const { pending, ...rest } = record;
  if (record.run !== undefined || pending === undefined) return record;
  const plan = record.plans + 1;
  return { ...rest, plans: plan, run: { scope: pending, plan, since: now } };
}
