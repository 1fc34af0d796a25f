import type { Assignment } from '../assignments/assignment';
import type { Assignee } from '../ports/identity-center';
import { isCountedOn } from './compare';
import { find } from './take-in';
import { modeOf } from './modes';
import { type Walk, principalName, principalOf } from './walk';

/** A walk asks about open findings too; a query a megabyte is some 3,000 of them. */
const FINDINGS_A_PAGE = 1_000;

/**
 * Goes through the ledger before a walk: one query an account, in the order of their ids, as far as the time allows. Notes which users,
 * groups and permission sets it knows, and tells what it has in accounts that cannot be asked about.
 */
export async function gather(walk: Walk, after: string): Promise<void> {
  const { finder, baselines } = walk.ports;
  const principals = new Map<string, Assignee>();
  const sets = new Set<string>();
  const note = (assignee: Assignee): void => {
    principals.set(principalName(assignee), principalOf(assignee));
  };
  const ids = [...new Set([...(await walk.accountIds()), ...(await baselines.knownAccounts())])].sort();
  if (after === '') await noteFindings(walk, note);
  let last = after;
  let isWhole = true;
  for (const accountId of ids.filter((id) => id > after)) {
    if (last !== after && walk.isOver) {
      isWhole = false;
      break;
    }
    const known = await finder.inAccount(accountId);
    if ((await walk.standingOf(accountId)) === 'stale') await tellStale(walk, known);
    else
      for (const { key } of known) {
        note(key);
        sets.add(key.permissionSetArn);
      }
    last = accountId;
  }
  await walk.keep({ principals: [...principals.values()], permissionSets: [...sets] });
  if (!isWhole) walk.move({ phase: 'gather', after: last });
  else if (walk.run.scope.walk === 'principals') walk.move({ phase: 'principals', after: '' });
  else walk.move({ phase: 'pairs', after: '', sets: [], isRest: false, afterAccount: '' });
}

async function noteFindings(walk: Walk, note: (assignee: Assignee) => void): Promise<void> {
  let next: string | undefined;
  do {
    const page = await walk.ports.drift.open(FINDINGS_A_PAGE, next);
    for (const { key } of page.findings) note(key);
    next = page.next;
  } while (next !== undefined);
}

/** What the ledger counts on in an account that is suspended, closed or gone; an account that joined since the picture is not gone. */
async function tellStale(walk: Walk, known: readonly Assignment[]): Promise<void> {
  const now = walk.ports.clock.now();
  const picturedAt = await walk.picturedAt();
  for (const assignment of known.filter((each) => isCountedOn(each, now))) {
    const { key, claims } = assignment;
    const isNew = Object.values(claims).some(({ openedAt }) => openedAt >= picturedAt);
    if (isNew || (await walk.isControlTowers(key, key.permissionSetArn))) continue;
    await find(walk, { kind: 'stale', key, ...modeOf(key, await walk.rules(), walk.ports.deployed) });
  }
}
