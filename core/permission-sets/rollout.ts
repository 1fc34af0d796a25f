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

/**
 * The one item by which rollouts exclude each other, in the manner of the dispatcher's: an execution works only while it has the
 * number, and a step only while it has the lease.
 */
export interface RolloutRecord {
  readonly version: number;
  /** Number of the execution that may work. */
  readonly number: number;
  readonly running: boolean;
  /** No step begins before this instant. */
  readonly leaseUntil: number;
  /** The execution promised its next step by then; later it counts as dead. */
  readonly nextStepBy: number;
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
export const NO_ROLLOUT: RolloutRecord = {
  version: 0,
  number: 0,
  running: false,
  leaseUntil: 0,
  nextStepBy: 0,
  plans: 0,
};

/** A cold start and two transitions: a promise is believed for this long after it was due. */
export const STEP_GRACE_MS = 30_000;

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
  if (!isWork || (record.running && !isDead(record, now))) return record;
  return { ...record, number: record.number + 1, running: true, nextStepBy: now + STEP_GRACE_MS };
}

/** Whether the execution broke its promise, and no step of it can be at work. */
export function isDead({ leaseUntil, nextStepBy }: RolloutRecord, now: number): boolean {
  return now > Math.max(leaseUntil, nextStepBy);
}

/** Takes up what was asked for, if nothing is being worked on. */
export function begun(record: RolloutRecord, now: number): RolloutRecord {
  const { pending, ...rest } = record;
  if (record.run !== undefined || pending === undefined) return record;
  const plan = record.plans + 1;
  return { ...rest, plans: plan, run: { scope: pending, plan, since: now } };
}
