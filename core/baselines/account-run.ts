import { wakeDispatcher } from '../dispatcher/control';
import { secondsUntil } from '../requests/seconds';
import { changeRun, handOverRun, underRunLease } from '../runs/run';
import type { AccountBaseline, AccountOutcome, AccountProgress } from './account-record';
import { announceAccount } from './announce-account';
import { accountRun } from './ask';
import { claimDifference, closeClaims, openClaims } from './change-claims';
import { type ClaimsStanding, standingOf } from './claims-standing';
import { reserveEndings } from './guard';
import { type AccountLook, lookAtAccount } from './look-at-account';
import { type BaselineStepName, type NextBaselineStep, STEPS_PER_BASELINE } from './next-step';
import type { BaselinePorts } from './ports';

/** Which step of which execution. */
export interface BaselineStep {
  readonly accountId: string;
  readonly number: number;
  readonly step: BaselineStepName;
  /** How many steps of every kind the execution has made before. */
  readonly steps: number;
}

/** An account that is being activated, and claims that wait, are waited for as long; what is later is found by the daily look. */
const PATIENCE_MS = 6 * 60 * 60_000;

/** Between two looks: half of the time that has gone by, 2 s to a minute, after half an hour 5 minutes. 6 hours are some 110 looks. */
const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const LATER_PAUSE_MS = 5 * 60_000;
const LATER_MS = 30 * 60_000;

const LEASE_PAUSE_S = 10;

const DONE: NextBaselineStep = { next: 'done', seconds: 1, step: 'ready' };

/**
 * One step of the baseline of an account. Each reads what is there now and acts on the difference, so that any of them may be repeated,
 * come late or be missed. A run that changes nothing takes four steps: one call of
 * Organizations (and one for the tags where a rule looks at tags), three queries, and a dozen reads and writes of the account's item.
 */
export async function advanceBaseline(
  ports: BaselinePorts,
  { accountId, number, step, steps }: BaselineStep,
): Promise<NextBaselineStep> {
  const run = accountRun(ports, accountId);
  if (steps >= STEPS_PER_BASELINE) {
    await handOverRun(run, number, (next) => ports.workflows.startAccountBaseline(accountId, next));
    return DONE;
  }
  const found = await underRunLease(
    run,
    number,
    ({ record }) => STEPS[step](ports, record),
    ({ next, seconds }) => (next === 'wait' ? seconds : 1),
  );
  if (found.outcome === 'worked') return found.answer;
  // Who has the lease is usually done in a moment, and is dead only rarely.
  return found.outcome === 'wait'
    ? { next: 'wait', seconds: Math.min(found.seconds, LEASE_PAUSE_S), step }
    : DONE;
}

const STEPS: Readonly<
  Record<BaselineStepName, (ports: BaselinePorts, record: AccountBaseline) => Promise<NextBaselineStep>>
> = { ready, claims, grant, report };

function goTo(step: BaselineStepName): NextBaselineStep {
  return { next: step, seconds: 1, step };
}

/** *Await account ready*: whoever asks from here on is answered by another look. */
async function ready(ports: BaselinePorts, { accountId }: AccountBaseline): Promise<NextBaselineStep> {
  const { since = 0 } = await change(ports, accountId, (present) => ({
    ...present,
    isWanted: false,
    since: present.since ?? ports.clock.now(),
    lookSince: ports.clock.now(),
  }));
  const account = await ports.accountFacts.read(accountId);
  const waited = ports.clock.now() - since;
  if (account?.state !== 'PENDING_ACTIVATION' || waited >= PATIENCE_MS) return goTo('claims');
  return waitFor(waited, 'ready');
}

/** *Work out claims*: opens what the rules want, and closes what they do not want, as far as the guard lets it. */
async function claims(
  ports: BaselinePorts,
  { accountId, lookSince = 0 }: AccountBaseline,
): Promise<NextBaselineStep> {
  const look = await lookAtAccount(ports, accountId, lookSince);
  await applyLook(ports, accountId, look, {
    guard: (count) => guardOfRun(ports, count),
    // Before anything is done: a step that dies in the middle and finds less to do leaves what is told no smaller.
    begin: async (progress) => {
      await change(ports, accountId, (present) => ({
        ...present,
        progress: together(present.progress, progress),
      }));
    },
  });
  return goTo('grant');
}

/** What was held back as a whole is decided as a whole: it does not end account by account an hour later. */
async function guardOfRun(ports: BaselinePorts, count: number): Promise<'granted' | 'held'> {
  const { held = 0, appliedHash } = await ports.baselines.state();
  if (count > 0 && held > 0 && appliedHash === ports.deployed.hash) return 'held';
  return reserveEndings({ ...ports, guard: ports.deployed.guard }, count);
}

/** What one run did in several looks, since somebody asked again in the middle: told together. */
function together(before: AccountProgress | undefined, progress: AccountProgress): AccountProgress {
  if (before === undefined) return progress;
  return {
    ...progress,
    opened: before.opened + progress.opened,
    closed: before.closed + progress.closed,
  };
}

/** How a look is applied; by default the guard is asked about the account alone. */
export interface ApplyOptions {
  /** Whether closings may be done; asked once, with how many there are. */
  readonly guard?: (count: number) => Promise<'granted' | 'held'>;
  /** Told what will be done, before it is. */
  readonly begin?: (progress: AccountProgress) => Promise<void>;
}

/** Brings the claims of an account to what a look at it says, and calls for the dispatcher. To be done under the account's lease. */
export async function applyLook(
  ports: BaselinePorts,
  accountId: string,
  look: AccountLook,
  options: ApplyOptions = {},
): Promise<AccountProgress> {
  const { open, close, forget, kept } = claimDifference(look, await ports.finder.inAccount(accountId));
  const guard =
    options.guard ?? ((count) => reserveEndings({ ...ports, guard: ports.deployed.guard }, count));
  const isHeld = (await guard(close.length)) === 'held';
  const progress: AccountProgress = {
    at: ports.clock.now(),
    state: look.account?.state ?? 'NOT IN THE ORGANIZATION',
    isOffLimits: look.isOffLimits,
    wanted: look.wanted.length,
    opened: open.length,
    closed: isHeld ? 0 : close.length,
    held: isHeld ? close.length : 0,
    kept,
    notes: look.notes.slice(0, NOTES_KEPT),
    factsHash: look.factsHash,
    rulesHash: look.rulesHash,
  };
  await options.begin?.(progress);
  await openClaims(ports, open);
  await closeClaims(ports, isHeld ? forget : [...close, ...forget]);
  if (open.length + close.length > 0) await wakeDispatcher(ports, ports.clock.now());
  if (isHeld) {
    ports.observer.warn('the guard holds endings back', { account: accountId, claims: close.length });
    ports.observer.measure('EndingsHeld', close.length);
  }
  return progress;
}

/** Sentences about rules that an account keeps; all are found again by `POST /plans`. */
const NOTES_KEPT = 20;

/** *Await grant*: until every claim is granted, failed or ended. Somebody who asks meanwhile is not kept waiting for that. */
async function grant(
  ports: BaselinePorts,
  { accountId, isWanted, progress }: AccountBaseline,
): Promise<NextBaselineStep> {
  if (isWanted) return goTo('ready');
  // What ends in an account that is closed or gone may never be proved to be gone; nothing is granted in one that is suspended.
  if (progress?.state !== 'ACTIVE' && progress?.state !== 'PENDING_ACTIVATION') return goTo('report');
  const { waiting, ending } = await standing(ports, accountId);
  const waited = ports.clock.now() - progress.at;
  if (waiting + ending === 0 || waited >= PATIENCE_MS) return goTo('report');
  return waitFor(waited, 'grant');
}

/** *Report*: tells what became of it, and ends, unless somebody has asked again. */
async function report(
  ports: BaselinePorts,
  { accountId, progress }: AccountBaseline,
): Promise<NextBaselineStep> {
  if (progress === undefined) return goTo('ready');
  const stands = await standing(ports, accountId);
  const last = outcomeOf(progress, stands, ports.clock.now());
  const isNews = progress.opened + progress.closed + progress.held > 0 || stands.failed.length > 0;
  if (isNews) await announceAccount(ports, accountId, last, stands, progress);
  const after = await change(
    ports,
    accountId,
    ({ since: _over, lookSince: _looked, progress: _told, ...rest }) => ({
      ...rest,
      last,
      running: rest.isWanted,
    }),
  );
  return after.isWanted ? goTo('ready') : DONE;
}

/** How a look at an account came out. */
export function outcomeOf(progress: AccountProgress, stands: ClaimsStanding, now: number): AccountOutcome {
  const { state, isOffLimits, wanted, opened, closed, held, notes, factsHash, rulesHash } = progress;
  const { granted, waiting, failed, missing } = stands;
  // One that found no room on its assignment is nowhere.
  const isShort = wanted > granted + waiting + failed.length + missing.length;
  const isTrouble = isShort || failed.length + missing.length > 0 || notes.length > 0;
  const outcome =
    state === 'PENDING_ACTIVATION'
      ? 'not ready'
      : held > 0
        ? 'held'
        : state !== 'ACTIVE' || isOffLimits
          ? 'skipped'
          : stands.waiting > 0
            ? 'waiting'
            : isTrouble
              ? 'incomplete'
              : 'complete';
  const [reason] = [
    ...(held > 0 ? [`the guard against mass change holds ${held} endings back`] : []),
    ...notes,
    ...stands.failed.map((each) => each.reason),
  ];
  return {
    at: now,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    wanted,
    granted: stands.granted,
    opened,
    closed,
    factsHash,
    rulesHash,
  };
}

async function standing(ports: BaselinePorts, accountId: string): Promise<ClaimsStanding> {
  return standingOf(await ports.finder.inAccount(accountId));
}

function change(
  ports: BaselinePorts,
  accountId: string,
  next: (present: AccountBaseline) => AccountBaseline,
): Promise<AccountBaseline> {
  return changeRun(accountRun(ports, accountId), next);
}

function waitFor(waitedMs: number, step: BaselineStepName): NextBaselineStep {
  const pause =
    waitedMs >= LATER_MS
      ? LATER_PAUSE_MS
      : Math.min(Math.max(waitedMs / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  return { next: 'wait', seconds: secondsUntil(pause, 0), step };
}
