import { OrganizationUnknownError } from '../ports/organization-picture';
import { type RunPorts, STEP_TIMES, changeRun, isDead } from '../runs/run';
import { OrganizationIndex } from '../targets/organization-index';
import type { AccountBaseline } from './account-record';
import { applyLook, outcomeOf } from './account-run';
import { accountRun, askForAccountBaseline } from './ask';
import type { ResolvedBaselines } from './baseline';
import { claimDifference } from './change-claims';
import { standingOf } from './claims-standing';
import { reserveEndings } from './guard';
import { type AccountLook, lookBy } from './look-at-account';
import type { BaselinePorts } from './ports';
import { problemsHashOf, rulesNeedTags } from './wanted-claims';

/**
 * Where the working out of all accounts' claims stands. Plain JSON. `count` looks at every account and changes nothing, so that the guard
 * is asked once, about all of it; `apply` does what was counted.
 */
export interface EverywhereCursor {
  readonly phase: 'count' | 'apply';
  /** Of the rules that are applied: other ones, deployed meanwhile, begin anew. */
  readonly hash: string;
  /** The last account that was done; accounts are taken in the order of their ids. */
  readonly after: string;
  readonly opens: number;
  readonly closes: number;
  /** Open claims of rules that there are. */
  readonly claims: number;
  /** In `apply`: closings that the guard has let through and that were not done yet. */
  readonly mayClose: number;
  /** Closings that the guard holds back. */
  readonly held: number;
}

/** A picture that requests go by is good enough: an event about an account has that account looked at afresh. */
export const PICTURE_MS = 15 * 60_000;

/** Tags of all accounts are read again once a day; an event about an account has its tags read at once. */
export const TAGS_MS = 24 * 60 * 60_000;

/**
 * Works out the claims of every account by the rules as they are now. Two queries an account, one in each phase, and what `applyLook` costs
 * for those with a difference. An account that an execution works on is only asked to be looked at again.
 *
 * @param cursor - of the step before; undefined begins
 * @param deadline - epoch milliseconds after which no other account is begun
 */
export async function applyEverywhere(
  ports: BaselinePorts,
  cursor: EverywhereCursor | undefined,
  deadline: number,
): Promise<{ readonly cursor: EverywhereCursor } | 'done'> {
  const { hash } = ports.deployed;
  let at = cursor?.hash === hash ? cursor : beginning(hash);
  const organization = await wholeOrganization(ports);
  for (;;) {
    at =
      at.phase === 'count'
        ? await count(ports, organization, at, deadline)
        : await apply(ports, organization, at, deadline);
    const isOver = organization.accountIds.every((id) => id <= at.after);
    if (!isOver) return { cursor: at };
    if (at.phase === 'apply') {
      await finish(ports, at, organization.problemsHash);
      return 'done';
    }
    at = await guarded(ports, at);
  }
}

function beginning(hash: string): EverywhereCursor {
  return { phase: 'count', hash, after: '', opens: 0, closes: 0, claims: 0, mayClose: 0, held: 0 };
}

/** All that looking at accounts takes, read once a step. */
interface WholeOrganization {
  /** Of the organization and of the ledger, sorted. */
  readonly accountIds: readonly string[];
  readonly lookAt: (accountId: string) => AccountLook;
  readonly problemsHash: string;
  /** When the oldest part of what accounts are looked at by was read. */
  readonly at: number;
}

async function wholeOrganization(ports: BaselinePorts): Promise<WholeOrganization> {
  const rules: ResolvedBaselines = await ports.rules.newest(ports.deployed);
  const picture = await ports.pictures.picture(PICTURE_MS);
  const { found } = picture;
  const index = new OrganizationIndex(found);
  const active = found.accounts.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id);
  const tags = rulesNeedTags(ports.deployed.baselines)
    ? await ports.pictures.tags(active, TAGS_MS)
    : { found: new Map<string, Readonly<Record<string, string>>>(), at: picture.at, isStale: false };
  // Nobody loses, or gets, access everywhere by an organization that may be long past.
  if (picture.isStale || tags.isStale)
    throw new OrganizationUnknownError('the organization could not be read: rules are applied when it can');
  const known = (await ports.baselines.accounts()).map(({ accountId }) => accountId);
  return {
    accountIds: [...new Set([...found.accounts.map(({ id }) => id), ...known])].sort(),
    lookAt: (accountId) => lookBy(ports, rules, index, accountId, tags.found.get(accountId)),
    problemsHash: problemsHashOf(rules),
    at: Math.min(picture.at, tags.at),
  };
}

async function count(
  ports: BaselinePorts,
  organization: WholeOrganization,
  from: EverywhereCursor,
  deadline: number,
): Promise<EverywhereCursor> {
  let at = from;
  for (const accountId of organization.accountIds) {
    if (accountId <= at.after) continue;
    if (ports.clock.now() >= deadline) return at;
    const look = organization.lookAt(accountId);
    const { open, close, kept } = claimDifference(look, await ports.finder.inAccount(accountId));
    // Where somebody has looked since, as in an account that is newer than the picture, nothing ends by what the picture says.
    const isOld =
      close.length > 0 && isOutdated(await ports.baselines.account(accountId), look, organization);
    at = {
      ...at,
      after: accountId,
      opens: at.opens + open.length,
      closes: at.closes + (isOld ? 0 : close.length),
      claims: at.claims + kept + close.length,
    };
  }
  return at;
}

/** Asks the guard about all that would end: all of it ends, or nothing. */
async function guarded(ports: BaselinePorts, counted: EverywhereCursor): Promise<EverywhereCursor> {
  const { clock, observer, deployed } = ports;
  await changeState(ports, (state) => ({ ...state, claims: counted.claims }));
  const verdict = await reserveEndings(
    { baselines: ports.baselines, guard: deployed.guard, clock },
    counted.closes,
  );
  const isHeld = verdict === 'held';
  if (isHeld) {
    observer.warn('the guard holds endings back', { claims: counted.closes, of: counted.claims });
    observer.measure('EndingsHeld', counted.closes);
  }
  return {
    ...counted,
    phase: 'apply',
    after: '',
    mayClose: isHeld ? 0 : counted.closes,
    held: isHeld ? counted.closes : 0,
  };
}

async function apply(
  ports: BaselinePorts,
  organization: WholeOrganization,
  from: EverywhereCursor,
  deadline: number,
): Promise<EverywhereCursor> {
  let at = from;
  for (const accountId of organization.accountIds) {
    if (accountId <= at.after) continue;
    if (ports.clock.now() >= deadline) return at;
    const closed = await applyAlone(ports, accountId, organization, at.mayClose);
    at = { ...at, after: accountId, mayClose: at.mayClose - closed };
  }
  return at;
}

/** One account, under its lease. Answers how many claims were closed. */
async function applyAlone(
  ports: BaselinePorts,
  accountId: string,
  organization: WholeOrganization,
  mayClose: number,
): Promise<number> {
  const look = organization.lookAt(accountId);
  const before = await ports.baselines.account(accountId);
  if (isOutdated(before, look, organization)) {
    // It has been looked at since, and is not as it was: only another look at it as it is now may change anything.
    await askForAccountBaseline(ports, accountId);
    return 0;
  }
  const assignments = await ports.finder.inAccount(accountId);
  const { open, close, forget } = claimDifference(look, assignments);
  const isAsKnown = before.last?.factsHash === look.factsHash && before.last.rulesHash === look.rulesHash;
  const isNothing = open.length + close.length + forget.length === 0;
  if (isNothing && (isAsKnown || isOutside(look, before))) return 0;
  const run = accountRun(ports, accountId);
  const leaseUntil = await takeLease(ports, run, (present) => !isOutdated(present, look, organization));
  if (leaseUntil === undefined) {
    // An execution works there: it looks again at its end, by the rules as they are then.
    await askForAccountBaseline(ports, accountId);
    return 0;
  }
  let progress: Awaited<ReturnType<typeof applyLook>> | undefined;
  try {
    progress = await applyLook(ports, accountId, look, {
      guard: (count) => Promise.resolve(count <= mayClose ? 'granted' : 'held'),
    });
    return progress.closed;
  } finally {
    const now = ports.clock.now();
    const last = progress && outcomeOf(progress, standingOf(await ports.finder.inAccount(accountId)), now);
    await changeRun(run, (present) =>
      present.leaseUntil === leaseUntil
        ? { ...present, leaseUntil: now, ...(last === undefined ? {} : { last }) }
        : undefined,
    );
  }
}

/** Whether the account was looked at after the picture was made, and was not as the picture has it. */
function isOutdated(
  { last }: AccountBaseline,
  { factsHash }: AccountLook,
  { at }: Pick<WholeOrganization, 'at'>,
): boolean {
  return last !== undefined && last.at >= at && last.factsHash !== factsHash;
}

/** Whether rules have nothing to do with an account: it needs no item of its own. */
function isOutside({ account, isOffLimits }: AccountLook, { version }: AccountBaseline): boolean {
  return version === 0 && (isOffLimits || account?.state !== 'ACTIVE');
}

/** Takes the lease of an account on which no execution works. Answers until when, or undefined. */
async function takeLease(
  { clock }: BaselinePorts,
  run: RunPorts<AccountBaseline>,
  isStillGood: (present: AccountBaseline) => boolean,
): Promise<number | undefined> {
  const now = clock.now();
  const leaseUntil = now + STEP_TIMES.leaseMs;
  let isFree = false as boolean;
  await changeRun(run, (present) => {
    isFree = present.leaseUntil <= now && (!present.running || isDead(present, now)) && isStillGood(present);
    return isFree ? { ...present, leaseUntil } : undefined;
  });
  return isFree ? leaseUntil : undefined;
}

async function finish(
  ports: BaselinePorts,
  { hash, opens, closes, claims, held }: EverywhereCursor,
  appliedProblems: string,
): Promise<void> {
  const now = ports.clock.now();
  await changeState(ports, (state) => ({
    ...state,
    appliedHash: hash,
    appliedAt: now,
    appliedProblems,
    held,
  }));
  ports.observer.note('rules applied to every account', { opened: opens, closed: closes - held, held });
  if (opens + closes === 0) return;
  try {
    await ports.announcer.publish({
      type: 'BaselinesApplied',
      detail: { rules: ports.deployed.baselines.length, opened: opens, closed: closes - held, held, claims },
    });
  } catch (cause) {
    ports.observer.warn('announcement failed', { type: 'BaselinesApplied' }, cause);
  }
}

type State = Awaited<ReturnType<BaselinePorts['baselines']['state']>>;

async function changeState({ baselines }: BaselinePorts, next: (state: State) => State): Promise<void> {
  for (let tries = 0; tries < MAX_CHANGES; tries += 1) {
    if ((await baselines.writeState(next(await baselines.state()))) !== undefined) return;
  }
  throw new Error(
    `the state of the baselines was changed by others ${MAX_CHANGES} times in a row, repeat the step`,
  );
}

const MAX_CHANGES = 50;
