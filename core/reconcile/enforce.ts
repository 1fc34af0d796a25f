import { type Assignment, describeKey } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { isOver } from '../assignments/claims';
import { drained } from '../assignments/drain';
import { SETTLING_MS } from '../assignments/looks';
import { matchesPermissionSetIgnoringCase } from '../policy/guardrails';
import { type Finding, findingName } from './finding';
import { modeOf } from './modes';
import type { Walk } from './walk';

const FINDINGS_A_PAGE = 500;

/** Read in the assignment's item. */
const BECAUSE = 'no claim is the reason for it, and the rules have assignments of this kind removed';

/**
 * Counts what would be taken away, all of it before any, and asks the guard for that many. Held back: nothing is removed. Only for
 * a walk that was complete.
 */
export async function reserveRemovals(walk: Walk, after: string, before: number): Promise<void> {
  if (!(await walk.ports.baselines.isApplied())) {
    walk.move({ phase: 'report' });
    return;
  }
  let count = before;
  const isDone = await eachFinding(walk, after, async (finding, name) => {
    if (await isToRemove(walk, finding)) count += 1;
    walk.move({ phase: 'reserve', after: name, count });
  });
  if (!isDone) return;
  const granted = count > 0 && (await walk.ports.baselines.reserveEndings(count)) === 'granted';
  if (count > 0 && !granted) walk.count('held', count);
  walk.move({ phase: 'enforce', after: '', left: granted ? count : 0 });
}

/** Takes away what no claim is the reason for, as many as the guard granted, and puts back what a rule wants. */
export async function enforce(walk: Walk, after: string, granted: number): Promise<void> {
  let left = granted;
  const isDone = await eachFinding(walk, after, async (finding, name) => {
    // Other rules may be deployed at any moment of a walk of hours: they are applied before anything is removed by them.
    if (!(await walk.ports.baselines.isApplied())) return;
    if (left > 0 && (await isToRemove(walk, finding))) {
      left -= 1;
      if (await removed(walk, finding)) walk.count('removed');
      await settled(walk, finding);
    } else if (await isToRestore(walk, finding)) {
      if (await walk.ports.baselines.restore(finding.key)) {
        walk.isWorkPlanned = true;
        walk.count('restored');
      }
      await settled(walk, finding);
    }
    walk.move({ phase: 'enforce', after: name, left });
  });
  if (isDone) walk.move({ phase: 'report' });
}

/** What is being put right, has been, or has found a reason meanwhile is the ledger's from here on: it is not told any more. */
async function settled({ ports }: Walk, finding: Finding): Promise<void> {
  await ports.drift.write({ ...finding, closedAt: ports.clock.now() });
}

/** Passes the open findings that this walk saw, in the order of their names, until the time is over; answers whether all were passed. */
async function eachFinding(
  walk: Walk,
  after: string,
  pass: (finding: Finding, name: string) => Promise<void>,
): Promise<boolean> {
  let from: string | undefined = after === '' ? undefined : after;
  do {
    const page = await walk.ports.drift.open(FINDINGS_A_PAGE, from);
    for (const finding of page.findings) {
      if (walk.isOver) return false;
      if (finding.walk === walk.run.walk) await pass(finding, findingName(finding));
    }
    from = page.next;
  } while (from !== undefined);
  return true;
}

async function isEnforced(walk: Walk, { key }: Finding): Promise<boolean> {
  return modeOf(key, await walk.rules(), walk.ports.deployed).mode === 'enforce';
}

async function isToRestore(walk: Walk, finding: Finding): Promise<boolean> {
  return finding.kind === 'missing' && (await isEnforced(walk, finding));
}

async function isToRemove(walk: Walk, finding: Finding): Promise<boolean> {
  const { kind, key } = finding;
  if (kind !== 'unknown' && kind !== 'orphaned') return false;
  if (!(await isEnforced(walk, finding))) return false;
  const { managementAccountId, hostAccountId, protectedPermissionSets } = walk.ports.untouched;
  if (key.accountId === managementAccountId || key.accountId === hostAccountId) return false;
  if (!(await walk.isActive(key.accountId))) return false;
  const name = await walk.setName(key.permissionSetArn);
  // What cannot be told to be unprotected is left alone.
  if (name === undefined) return false;
  const isProtected = protectedPermissionSets.some((glob) =>
    matchesPermissionSetIgnoringCase(glob, name, key.permissionSetArn),
  );
  if (isProtected || (await walk.isControlTowers(key, key.permissionSetArn))) return false;
  return !(await walk.ports.baselines.mayBeWanted(key, name));
}

/** Hours may have gone since it was seen: looks again, and lets everything be that has found a reason meanwhile. */
async function removed(walk: Walk, { kind, key }: Finding): Promise<boolean> {
  const { lister, clock, observer } = walk.ports;
  const at = clock.now();
  const rows = await lister.assignees(key);
  const isThere = rows.some(
    (row) => row.principalId === key.principalId && row.principalType === key.principalType,
  );
  if (!isThere) return false;
  let isPlanned = false as boolean;
  await changeAssignment(walk.ports, key, (present) => {
    isPlanned = !isHeldUp(present, kind, at);
    return isPlanned ? drained(present, BECAUSE, at) : undefined;
  });
  if (!isPlanned) return false;
  walk.isWorkPlanned = true;
  observer.note('unknown assignment is being removed', { assignment: describeKey(key) });
  return true;
}

/** Whether anything speaks for it; what stood before does not, for somebody who is gone. */
function isHeldUp(present: Assignment, kind: Finding['kind'], at: number): boolean {
  const { operation, ownOperationAt = -Infinity, claims } = present;
  if (operation !== undefined || at - ownOperationAt < SETTLING_MS) return true;
  return Object.values(claims).some(
    (claim) => !isOver(claim, at) && !(kind === 'orphaned' && claim.kind === 'standing'),
  );
}
