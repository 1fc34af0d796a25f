import { changeAssignment } from '../assignments/change';
import { drained } from '../assignments/drain';
import { wakeDispatcher } from '../dispatcher/control';
import { AdminCallError } from '../ports/permission-sets';
import type { ApplyContext } from './apply-definition';
import { OWNER_TAG } from './definition';
import type { ApplyPorts } from './ports';
import { type Draining, type PermissionSetRecord, withResult } from './record';
import { changeRecord } from './steps';

/** De-provisioning takes seconds an account, minutes for dozens. */
const LOOK_AGAIN_MS = 15_000;

/** Accounts that still have the set after so long are asked again who is assigned there: somebody may have come in between. */
const WALK_AGAIN_MS = 5 * 60_000;

/** A set that cannot be emptied for so long is given up for this rollout; the next one goes on with it. */
const PATIENCE_MS = 60 * 60_000;

/**
 * Takes away a set whose definition is gone, from wherever an earlier step has brought it: ends every claim on its assignments, which
 * the dispatcher then deletes; waits until no account has a role of it; deletes it. One call for each hundred accounts that have it and
 * one for each account, then a call every 15 s, and the delete. Answers false where the time was over first.
 */
export async function drainAndDelete(
  ports: ApplyPorts,
  record: PermissionSetRecord,
  { plan, deadline }: ApplyContext,
): Promise<boolean> {
  const { admin, clock } = ports;
  const { name, arn } = record;
  const tags = arn === undefined ? undefined : (await admin.read(arn, ['tags']))?.tags;
  if (arn === undefined || tags === undefined) {
    await gone(ports, name, plan);
    return true;
  }
  if (tags[OWNER_TAG.key] !== OWNER_TAG.value) {
    const reason = 'it does not carry the tag of Latchkey any more: it is left alone';
    await changeRecord(ports, name, ({ arn: _not, draining: _over, ...present }) =>
      withResult(present, { plan, at: clock.now(), outcome: 'refused', reason }),
    );
    return true;
  }
  const begun = record.draining ?? { since: clock.now(), drained: 0, notBefore: 0 };
  const accounts = [...(await admin.accounts(arn, 'all'))].sort();
  if (accounts.length === 0 && (await isDeleted(ports, arn))) {
    await gone(ports, name, plan);
    return true;
  }
  const isWalkDue = begun.walkedAt === undefined || clock.now() - begun.walkedAt >= WALK_AGAIN_MS;
  const draining = isWalkDue ? await walk(ports, { ...record, arn }, begun, accounts, deadline) : begun;
  if (draining.walkedAt !== undefined && clock.now() - draining.since >= PATIENCE_MS) {
    const reason = `${accounts.length} account(s) still have it after an hour, such as ${accounts.slice(0, 3).join(', ')}`;
    await changeRecord(ports, name, (present) =>
      withResult(
        { ...present, draining: { ...draining, since: clock.now() } },
        { plan, at: clock.now(), outcome: 'failed', reason, mayPass: true },
      ),
    );
    return true;
  }
  const isWalked = draining.walkedAt !== undefined;
  const notBefore = isWalked ? clock.now() + LOOK_AGAIN_MS : 0;
  await changeRecord(ports, name, (present) => ({ ...present, draining: { ...draining, notBefore } }));
  return isWalked;
}

/** Ends the claims of the assignments in all accounts, in the order of their ids, as far as the time allows. */
async function walk(
  ports: ApplyPorts,
  { name, arn }: { readonly name: string; readonly arn: string },
  begun: Draining,
  accounts: readonly string[],
  deadline: number,
): Promise<Draining> {
  const because = `the permission set ${name} is deleted: its definition is gone`;
  let { after = '', drained: count } = begun;
  const { walkedAt: _before, after: _from, ...rest } = begun;
  for (const accountId of accounts.filter((each) => each > after)) {
    if (ports.clock.now() >= deadline) return { ...rest, drained: count, after };
    const assignees = await ports.admin.assignees({ accountId, permissionSetArn: arn });
    for (const assignee of assignees)
      await changeAssignment(ports, { accountId, permissionSetArn: arn, ...assignee }, (present, now) =>
        drained(present, because, now),
      );
    count += assignees.length;
    if (assignees.length > 0) await wakeDispatcher(ports, ports.clock.now());
    after = accountId;
  }
  ports.observer.note('permission set is being drained', { permissionSet: name, assignments: count });
  return { ...rest, drained: count, walkedAt: ports.clock.now() };
}

/** A role may be on its way out still although no list shows it. */
async function isDeleted({ admin }: ApplyPorts, arn: string): Promise<boolean> {
  try {
    await admin.delete(arn);
    return true;
  } catch (error) {
    if (!(error instanceof AdminCallError)) throw error;
    if (error.fault === 'gone') return true;
    if (error.fault === 'in use' || error.fault === 'conflict') return false;
    // The right to delete hangs on the owner's tag: a repeat of a delete whose reply was lost is denied, for want of the set.
    if (error.fault === 'denied' && (await admin.nameOf(arn)) === undefined) return true;
    throw error;
  }
}

async function gone(ports: ApplyPorts, name: string, plan: number): Promise<void> {
  const now = ports.clock.now();
  ports.observer.note('permission set deleted', { permissionSet: name });
  await changeRecord(ports, name, ({ version }) => ({
    name,
    version,
    deletedAt: now,
    result: { plan, at: now, outcome: 'deleted' },
  }));
}
