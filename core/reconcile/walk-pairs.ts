import { type Assignment } from '../assignments/assignment';
import { isCountedOn, isMissing } from './compare';
import type { ReconcileCursor } from './record';
import { takeInPlace } from './take-in';
import type { Walk } from './walk';

/** The next ones are kept in the record, so that a step need not list them again: 4 KB of ARNs and as much of account ids. */
const SETS_KEPT = 50;
const ACCOUNTS_KEPT = 300;

/** A complete walk takes hours: it leaves the dispatcher more than others do. */
export const COMPLETE_PER_SECOND = 2;

type PairsCursor = Extract<ReconcileCursor, { readonly phase: 'pairs' }>;

/**
 * Asks who is assigned at every provisioned pair of permission set and account, set by set in the order of their ARNs, as far as the time
 * allows: one call for each hundred sets, one for each hundred accounts of a set, one a pair. What the ledger counts on at other pairs is asked too:
 * the last assignment that somebody removes takes the role with it.
 */
export async function walkPairs(walk: Walk): Promise<void> {
  walk.ports.pace.perSecond = COMPLETE_PER_SECOND;
  while (!walk.isOver) {
    const cursor = cursorOf(walk);
    if (cursor === undefined) return;
    const [set] = cursor.sets;
    if (set === undefined) await nextSets(walk, cursor);
    else if (cursor.accounts === undefined) await nextAccounts(walk, cursor, set);
    else await nextPair(walk, cursor, set, cursor.accounts);
  }
}

function cursorOf({ run: { cursor } }: Walk): PairsCursor | undefined {
  return cursor.phase === 'pairs' ? cursor : undefined;
}

async function nextSets(walk: Walk, cursor: PairsCursor): Promise<void> {
  if (cursor.isRest) {
    walk.move({ phase: 'second looks', done: 0 });
    return;
  }
  const { permissionSets: known } = await walk.notes();
  const all = [...new Set([...(await walk.ports.lister.permissionSets()), ...known])].sort();
  const rest = all.filter((arn) => arn > cursor.after);
  walk.move({ ...cursor, sets: rest.slice(0, SETS_KEPT), isRest: rest.length <= SETS_KEPT });
}

async function nextAccounts(walk: Walk, cursor: PairsCursor, set: string): Promise<void> {
  const { lister, finder } = walk.ports;
  const provisioned = await lister.accountsOf(set);
  const known = (await finder.ofPermissionSet(set)).map(({ accountId }) => accountId);
  const all = [...new Set([...provisioned, ...known])].sort().filter((id) => id > cursor.afterAccount);
  const listed = new Set(provisioned);
  const ids = all.slice(0, ACCOUNTS_KEPT).map((id) => (listed.has(id) ? id : `${id}?`));
  walk.move({ ...cursor, accounts: { ids, isRest: all.length <= ACCOUNTS_KEPT } });
}

async function nextPair(
  walk: Walk,
  cursor: PairsCursor,
  set: string,
  { ids, isRest }: NonNullable<PairsCursor['accounts']>,
): Promise<void> {
  const [next] = ids;
  if (next === undefined) {
    const { accounts: _done, ...rest } = cursor;
    // Another window of the same set, or the next set.
    walk.move(isRest ? { ...rest, sets: cursor.sets.slice(1), after: set, afterAccount: '' } : rest);
    return;
  }
  const accountId = next.replace('?', '');
  await lookAtPair(walk, accountId, set, !next.endsWith('?'));
  walk.move({ ...cursor, accounts: { ids: ids.slice(1), isRest }, afterAccount: accountId });
}

async function lookAtPair(
  walk: Walk,
  accountId: string,
  permissionSetArn: string,
  isProvisioned: boolean,
): Promise<void> {
  if ((await walk.standingOf(accountId)) === 'stale') return;
  if (isProvisioned) {
    await takeInPlace(walk, { accountId, permissionSetArn });
    return;
  }
  const now = walk.ports.clock.now();
  const known = await walk.ports.finder.inAccount(accountId, permissionSetArn);
  const isAsked = (each: Assignment): boolean => isCountedOn(each, now) || isMissing(each, now);
  if (known.some(isAsked)) await takeInPlace(walk, { accountId, permissionSetArn });
}
