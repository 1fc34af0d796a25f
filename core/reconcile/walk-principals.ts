import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { ListingByPrincipalRefusedError } from '../ports/assignment-lister';
import type { Assignee } from '../ports/identity-center';
import { isCountedOn } from './compare';
import { modeOf } from './modes';
import { find, takeIn } from './take-in';
import { type Walk, principalName, principalOf } from './walk';

/** Items that are read at a time: a group may be assigned in thousands of places, of which a page of the service shows 100. */
const READS_AT_ONCE = 16;

/**
 * Asks where every group is assigned, and every user whom the ledger or a finding knows, in the order of their ids, as far as the time
 * allows. One call for each hundred rows, at least one a principal. Where the service refuses that, every provisioned pair is walked instead.
 */
export async function walkPrincipals(walk: Walk, after: string): Promise<void> {
  const groups = await walk.ports.lister.groups();
  walk.groupsAreAlive(groups);
  const { principals: noted } = await walk.notes();
  const listed = groups.map(({ id }): Assignee => ({ principalType: 'GROUP', principalId: id }));
  const all = new Map([...noted, ...listed].map((each) => [principalName(each), each]));
  for (const name of [...all.keys()].sort().filter((each) => each > after)) {
    if (walk.isOver) return;
    const principal = all.get(name);
    if (principal === undefined) continue;
    try {
      await walkOne(walk, principal);
    } catch (error) {
      if (!(error instanceof ListingByPrincipalRefusedError)) throw error;
      walk.refusedByPrincipal();
      return;
    }
    walk.move({ phase: 'principals', after: name });
  }
  walk.move({ phase: 'second looks', done: 0 });
}

async function walkOne(walk: Walk, principal: Assignee): Promise<void> {
  const { lister, finder, clock } = walk.ports;
  const { principalType, principalId } = principal;
  const isGone = await walk.isGone(principal);
  const at = clock.now();
  const places = isGone ? [] : await lister.ofPrincipal(principalType, principalId);
  const rows = places.map(({ accountId, permissionSetArn }): AssignmentKey => ({
    accountId,
    permissionSetArn,
    ...principalOf(principal),
  }));
  // The index lags: what it does not show yet is read where a row shows it.
  const keys = new Map(
    [...(await finder.ofPrincipal(principalType, principalId)), ...rows].map((key) => [
      describeKey(key),
      key,
    ]),
  );
  const known: Assignment[] = [];
  const all = [...keys.values()];
  for (let from = 0; from < all.length; from += READS_AT_ONCE) {
    const some = all.slice(from, from + READS_AT_ONCE);
    const read = await Promise.all(some.map((key) => walk.ports.assignments.read(key)));
    known.push(...read.filter((each) => each !== undefined));
  }
  if (isGone) return tellOrphans(walk, known);
  const isAsked = async ({ accountId }: AssignmentKey): Promise<boolean> =>
    (await walk.standingOf(accountId)) !== 'stale';
  const askedRows: AssignmentKey[] = [];
  for (const row of rows) if (await isAsked(row)) askedRows.push(row);
  const askedItems: Assignment[] = [];
  for (const item of known) if (await isAsked(item.key)) askedItems.push(item);
  await takeIn(walk, askedRows, askedItems, at);
}

/** Nobody can be asked where somebody was who is gone: what the ledger has seen, and nothing takes away, is told. */
async function tellOrphans(walk: Walk, known: readonly Assignment[]): Promise<void> {
  const now = walk.ports.clock.now();
  for (const { key, operation, ...rest } of known) {
    const isThere = rest.seen?.exists === true && isCountedOn({ key, ...rest }, now);
    if (!isThere || operation !== undefined || (await walk.standingOf(key.accountId)) === 'stale') continue;
    if (await walk.isControlTowers(key, key.permissionSetArn)) continue;
    await find(walk, { kind: 'orphaned', key, ...modeOf(key, await walk.rules(), walk.ports.deployed) });
  }
}
