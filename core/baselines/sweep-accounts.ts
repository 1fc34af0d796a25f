import { OrganizationIndex } from '../targets/organization-index';
import type { AccountBaseline } from './account-record';
import { type AskBaselinePorts, askForAccountBaseline } from './ask';
import { type LookPorts, lookBy } from './look-at-account';
import { problemsHashOf, rulesNeedTags } from './wanted-claims';
import type { BaselineLedger } from '../ports/baseline-ledger';
import type { Observer } from '../ports/observer';
import { StillReadingError } from '../ports/organization-picture';

/** What the sweep of accounts touches. */
export interface SweepAccountsPorts extends AskBaselinePorts, Omit<LookPorts, 'accountFacts'> {
  readonly baselines: BaselineLedger;
  readonly observer: Observer;
  /** Has the claims of every account worked out. */
  readonly askForEveryAccount: () => Promise<unknown>;
}

/** As old as the time between two sweeps at most: what no event told is found within half an hour, and as a rule within 15 minutes. */
const PICTURE_MS = 14 * 60_000;
const TAGS_MS = 24 * 60 * 60_000;

/** More accounts than this are not looked at one by one. */
const MOST_ACCOUNTS = 100;

/** What was held, or did not come to its end, is tried again after so long. */
const HELD_MS = 60 * 60_000;
const INCOMPLETE_MS = 24 * 60 * 60_000;

/**
 * Finds accounts that are new, moved, renamed, tagged anew or activated and that no event told of, and those whose last look has to be
 * repeated. A listing of the organization, which requests share, and one query a megabyte of the ledger.
 */
export async function sweepAccounts(ports: SweepAccountsPorts): Promise<{ readonly asked: number }> {
  try {
    return await sweepAll(ports);
  } catch (error) {
    if (!(error instanceof StillReadingError)) throw error;
    // Tags of thousands of accounts take several ticks.
    ports.observer.note('accounts are still being read', {});
    return { asked: 0 };
  }
}

async function sweepAll(ports: SweepAccountsPorts): Promise<{ readonly asked: number }> {
  const { deployed, pictures, baselines, clock, observer } = ports;
  if (!deployed.isPresent) return { asked: 0 };
  const { appliedHash, appliedProblems } = await baselines.state();
  // Before the rules were applied to all, every account is new: that is the reconciliation's.
  if (appliedHash !== deployed.hash) return { asked: 0 };
  const rules = await ports.rules.newest(deployed);
  if (problemsHashOf(rules) !== appliedProblems) {
    // A group was made, or a permission set rolled out, since the rules were applied: they give what they could not give then.
    await ports.askForEveryAccount();
    return { asked: 0 };
  }
  const { found, isStale } = await pictures.picture(PICTURE_MS);
  if (isStale) return { asked: 0 };
  const index = new OrganizationIndex(found);
  const active = found.accounts.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id);
  const tags = rulesNeedTags(deployed.baselines)
    ? (await pictures.tags(active, TAGS_MS)).found
    : new Map<string, Readonly<Record<string, string>>>();
  const known = new Map((await baselines.accounts()).map((each) => [each.accountId, each]));
  const ids = [...new Set([...found.accounts.map(({ id }) => id), ...known.keys()])].sort();
  const due = ids.filter((id) => {
    const look = lookBy(ports, rules, index, id, tags.get(id));
    const record = known.get(id);
    if (record === undefined) return !look.isOffLimits && look.account?.state === 'ACTIVE';
    return !record.running && (record.last?.factsHash !== look.factsHash || isToRepeat(record, clock.now()));
  });
  // What was held is counted together again.
  const isHeld = due.some((id) => known.get(id)?.last?.outcome === 'held');
  if (due.length > MOST_ACCOUNTS || isHeld) {
    observer.note('many accounts have changed', { accounts: due.length });
    await ports.askForEveryAccount();
    return { asked: due.length };
  }
  for (const id of due) await askForAccountBaseline(ports, id);
  return { asked: due.length };
}

function isToRepeat({ last, isWanted }: AccountBaseline, now: number): boolean {
  if (isWanted || last === undefined) return true;
  const { at, outcome } = last;
  if (outcome === 'held') return now - at >= HELD_MS;
  return (
    (outcome === 'incomplete' || outcome === 'waiting' || outcome === 'not ready') &&
    now - at >= INCOMPLETE_MS
  );
}
