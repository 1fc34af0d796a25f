import { askForProvision } from '../provisions/ask';
import type { FollowPorts } from './ports';
import {
  type AccountFailure,
  type AccountsState,
  MOST_FAILURES_KEPT,
  type PermissionSetRecord,
  type Provisioning,
  withResult,
} from './record';
import { changeRecord } from './steps';

/** Single accounts that are asked for together: the dispatcher has three under way at a time. */
const ASKED_AT_ONCE = 30;

/** An account whose provision has not ended by then is told as behind; the dispatcher goes on with it. */
const PATIENCE_MS = 15 * 60_000;

/** One of all accounts that has not ended by then is told, too: 3,500 accounts at a second each are an hour. It must not hold up every rollout. */
const PATIENCE_FOR_ALL_MS = 2 * 60 * 60_000;

/** The list of accounts may lag behind a provision's end: only what is still in it after so long is tried singly. */
const LIST_LAG_MS = 10_000;

/** After so many single accounts that failed for one reason, the others are not tried. */
const ENOUGH_FAILURES = 20;

/** The first looks come soon, since a provision of few accounts takes seconds; of 2,000 it takes many minutes. */
const LOOK_MS = { first: 2_000, longest: 30_000 } as const;

/**
 * Brings the accounts of a set up to date, step by step: one provision of all of them, then the list of those that are behind, each of
 * which is tried singly; what is left then is told with its reason. Answers the instant of the next look, or undefined when it is over.
 * A look costs a read for each provision that is waited for, and a call for each hundred accounts that are behind once they have ended.
 */
export async function followProvisions(
  ports: FollowPorts,
  record: PermissionSetRecord,
  plan: number,
): Promise<number | undefined> {
  const { name, arn, provisioning } = record;
  if (arn === undefined || provisioning === undefined) {
    await changeRecord(ports, name, ({ task: _none, ...present }) => present);
    return undefined;
  }
  const now = ports.clock.now();
  if (provisioning.mode === 'all' && provisioning.allEndedAt === undefined)
    return followAll(ports, name, arn, provisioning, plan);
  const open = Object.entries(provisioning.open ?? {});
  if (open.length > 0) return followSingles(ports, name, arn, provisioning);
  const stale = [...(await ports.admin.accounts(arn, 'stale'))].sort();
  const untried = stale.filter((each) => provisioning.tried?.includes(each) !== true);
  const settlesAt = (provisioning.allEndedAt ?? 0) + LIST_LAG_MS;
  // Those that a failed provision left behind are no lag.
  if (untried.length > 0 && now < settlesAt && provisioning.allFailed === undefined)
    return now + LOOK_MS.first;
  if (untried.length > 0 && !hasFailedEnough(provisioning))
    return askSingly(ports, name, arn, provisioning, untried.slice(0, ASKED_AT_ONCE));
  const all = await ports.admin.accounts(arn, 'all');
  const state = stateOf(provisioning, stale, all.length, now);
  await changeRecord(ports, name, (present) => finished(present, state, plan, now));
  return undefined;
}

async function followAll(
  ports: FollowPorts,
  name: string,
  permissionSetArn: string,
  provisioning: Provisioning,
  plan: number,
): Promise<number | undefined> {
  const now = ports.clock.now();
  if (provisioning.asked === undefined) {
    const asked = await askForProvision(ports, { permissionSetArn });
    await progress(ports, name, { ...provisioning, since: now, asked });
    return now + LOOK_MS.first;
  }
  const { outcome, operation } = (await ports.provisions.read({ permissionSetArn })) ?? {};
  if (outcome === undefined || outcome.serves < provisioning.asked) {
    if (now - provisioning.since < PATIENCE_FOR_ALL_MS) return now + pauseAfter(now - provisioning.since);
    const why = operation?.reason === undefined ? '' : `: ${operation.reason}`;
    const reason = `the provision of its accounts has not ended after two hours${why}`;
    await changeRecord(ports, name, (present) =>
      withResult(present, { plan, at: now, outcome: 'failed', reason, mayPass: true }),
    );
    return undefined;
  }
  const failed = outcome.status === 'FAILED' ? { allFailed: outcome.reason ?? 'no reason given' } : {};
  await progress(ports, name, { ...provisioning, allEndedAt: now, ...failed });
  return now;
}

async function askSingly(
  ports: FollowPorts,
  name: string,
  permissionSetArn: string,
  provisioning: Provisioning,
  accounts: readonly string[],
): Promise<number> {
  const now = ports.clock.now();
  const open: Record<string, { asked: number; at: number }> = {};
  for (const accountId of accounts)
    open[accountId] = { asked: await askForProvision(ports, { permissionSetArn, accountId }), at: now };
  await progress(ports, name, { ...provisioning, open });
  return now + LOOK_MS.first;
}

async function followSingles(
  ports: FollowPorts,
  name: string,
  permissionSetArn: string,
  provisioning: Provisioning,
): Promise<number> {
  const now = ports.clock.now();
  const open: Record<string, { asked: number; at: number }> = {};
  const tried = [...(provisioning.tried ?? [])];
  const failed = [...(provisioning.failed ?? [])];
  let askedAt = now;
  for (const [accountId, asking] of Object.entries(provisioning.open ?? {})) {
    askedAt = Math.min(askedAt, asking.at);
    const provision = await ports.provisions.read({ permissionSetArn, accountId });
    const { outcome, operation } = provision ?? {};
    if (outcome === undefined || outcome.serves < asking.asked) {
      if (now - asking.at < PATIENCE_MS) {
        open[accountId] = asking;
        continue;
      }
      failed.push({ accountId, reason: operation?.reason ?? 'its provision has not ended yet' });
    } else if (outcome.status === 'FAILED')
      failed.push({ accountId, reason: outcome.reason ?? 'no reason given' });
    tried.push(accountId);
  }
  const isOver = Object.keys(open).length === 0;
  const { open: _before, ...rest } = provisioning;
  await progress(ports, name, { ...rest, tried, failed, ...(isOver ? {} : { open }) });
  return isOver ? now : now + pauseAfter(now - askedAt);
}

function pauseAfter(waited: number): number {
  return Math.min(Math.max(LOOK_MS.first, waited / 4), LOOK_MS.longest);
}

async function progress(ports: FollowPorts, name: string, provisioning: Provisioning): Promise<void> {
  await changeRecord(ports, name, (present) => ({ ...present, provisioning }));
}

/** Whether the next account would only tell the same once more. */
function hasFailedEnough({ tried = [], failed = [] }: Provisioning): boolean {
  const reasons = new Set(failed.map(({ accountId, reason }) => reason.replaceAll(accountId, '')));
  return failed.length >= ENOUGH_FAILURES && failed.length === tried.length && reasons.size === 1;
}

/** Accounts that the list shows as behind, each with the reason why: those that it does not show are up to date, or have it no more. */
function stateOf(
  provisioning: Provisioning,
  stale: readonly string[],
  all: number,
  at: number,
): AccountsState {
  const reasons = new Map(provisioning.failed?.map(({ accountId, reason }) => [accountId, reason]));
  const untried = `not tried, since ${provisioning.failed?.length ?? 0} others failed: ${provisioning.failed?.[0]?.reason ?? ''}`;
  const failed = stale.map((accountId): AccountFailure => {
    const isTried = provisioning.tried?.includes(accountId) === true;
    const silent = 'its provision succeeded, but its role is still listed as behind';
    return { accountId, reason: reasons.get(accountId) ?? (isTried ? silent : untried) };
  });
  return {
    current: Math.max(0, all - stale.length),
    stale: stale.length,
    failed: failed.slice(0, MOST_FAILURES_KEPT),
    at,
  };
}

function finished(
  present: PermissionSetRecord,
  accounts: AccountsState,
  plan: number,
  at: number,
): PermissionSetRecord {
  const { provisioning: _done, ...rest } = present;
  const done = { ...rest, accounts };
  if (accounts.stale > 0) {
    const [first] = accounts.failed;
    const reason = `${accounts.stale} of ${accounts.stale + accounts.current} accounts are behind, such as ${first?.accountId ?? ''}: ${first?.reason ?? ''}`;
    return withResult(done, { plan, at, outcome: 'failed', reason });
  }
  const wasChanged = present.result?.plan === plan && present.result.outcome !== 'failed';
  const outcome = wasChanged ? present.result.outcome : 'provisioned';
  return withResult(done, { plan, at, outcome });
}
