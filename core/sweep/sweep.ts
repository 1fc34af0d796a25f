import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { reconcile } from '../assignments/reconcile';
import { canonicalJson } from '../tickets/canonical-json';
import { replaceDeadDispatcher, wakeDispatcher } from '../dispatcher/control';
import type { OpenRequest, ProvisionLedger } from '../ports/ledger';
import { isOver } from '../requests/access-request';
import type { RequestPorts } from '../requests/ports';
import { closeLeases } from '../requests/change-leases';
import { wakeRequest } from '../requests/wake';
import { guarded, inBatches } from './guarded';
import { openRevokes, reportOverdue } from './overdue';

/** What a sweep touches. */
export type SweepPorts = Pick<
  RequestPorts,
  'requests' | 'assignments' | 'dispatcher' | 'workflows' | 'announcer' | 'clock' | 'observer'
> & { readonly provisions: Pick<ProvisionLedger, 'open'> };

/** How many assignments one sweep looks at; what is left is the next minute's. More than ten of the largest requests. */
const LOOKS_PER_SWEEP = 5_000;

/** An early end that nobody has taken up for so long is begun by the sweep itself: whoever waits cannot be reached. */
const UNNOTICED_MS = 2 * 60_000;

/** What a sweep found to do, for metrics. */
export interface SweepResult {
  readonly looked: number;
  readonly restarted: number;
  readonly overdue: number;
}

/**
 * Finds what no event told: assignments whose `lookAt` has come, work without a dispatcher, open requests without an execution,
 * early ends that nobody noticed, revokes that are overdue. With every execution gone it alone grants and revokes on time.
 * A quiet sweep costs nine queries and one read, and one `ListExecutions` while requests are open. Six of the queries are for
 * operations that wait or are under way: what is due to be looked at shows those in some minutes only, or not at all.
 */
export async function sweep(ports: SweepPorts): Promise<SweepResult> {
  const { assignments, clock, requests } = ports;
  const due = await assignments.due(clock.now(), LOOKS_PER_SWEEP);
  const looked = await lookAtAll(ports, due);
  const revokes = await openRevokes(ports, looked);
  const isWork =
    [...looked, ...revokes].some((each) => isDue(each, clock.now())) || (await isMoreWork(ports));
  await guarded(ports, {}, () =>
    isWork ? wakeDispatcher(ports, clock.now()) : replaceDeadDispatcher(ports, clock.now()),
  );
  const open = await requests.open();
  for (const { id } of open.filter(({ state }) => state === 'wake'))
    await guarded(ports, { requestId: id }, () => endUnnoticed(ports, id));
  // Executions that cannot be listed are no reason to keep quiet about access that outlives its time.
  const restarted = await guarded(ports, {}, () => restartRequests(ports, open));
  const overdue = await reportOverdue(ports, open, [...looked, ...revokes]);
  // Also 0: an alarm has to see that it is over.
  ports.observer.measure('OverdueRevokes', overdue);
  return { looked: due.length, restarted: restarted ?? 0, overdue };
}

async function lookAtAll(ports: SweepPorts, due: readonly AssignmentKey[]): Promise<Assignment[]> {
  const look = (key: AssignmentKey): Promise<Assignment | undefined> =>
    guarded(ports, { assignment: describeKey(key) }, () => lookAt(ports, key));
  const looked = await inBatches(due, look);
  return looked.filter((assignment) => assignment !== undefined);
}

/** Whether there is something for the dispatcher to do: an operation to send or to follow, or somebody to tell. */
function isDue({ operation, toTell }: Assignment, now: number): boolean {
  return (
    toTell.length > 0 ||
    (operation !== undefined && (operation.state !== 'INTENT' || operation.notBefore <= now))
  );
}

/** What waits has no instant to be looked at, however much it is: the first of each class tells whether any is due. */
async function isMoreWork({ assignments, provisions, clock }: SweepPorts): Promise<boolean> {
  const now = clock.now();
  const [people, bulk, looks, open] = await Promise.all([
    assignments.waiting('people', now, 1),
    assignments.waiting('bulk', now, 1),
    assignments.waiting('look', now, 1),
    provisions.open(10),
  ]);
  const isProvisionDue = open.some(({ isWaiting, notBefore }) => !isWaiting || notBefore <= now);
  return isProvisionDue || [people, bulk, looks].some(([first]) => first !== undefined);
}

function lookAt(ports: SweepPorts, key: AssignmentKey): Promise<Assignment> {
  return changeAssignment(ports, key, (present, now) => {
    const next = reconcile(present, now);
    return canonicalJson(next) === canonicalJson(present) ? undefined : next;
  });
}

/** Wakes who waits; where that has not helped for a while, closes the leases itself: a token may be that of a dead execution. */
async function endUnnoticed(ports: SweepPorts, id: string): Promise<void> {
  const request = await ports.requests.read(id);
  const askedAt = request?.revocation?.at;
  if (request === undefined || askedAt === undefined || request.status === 'ending' || isOver(request.status))
    return;
  if (request.grantingSince !== undefined && ports.clock.now() - askedAt >= UNNOTICED_MS) {
    await closeLeases(ports, id);
    return;
  }
  await wakeRequest(ports, id);
}

async function restartRequests(ports: SweepPorts, open: readonly OpenRequest[]): Promise<number> {
  if (open.length === 0) return 0;
  const running = await ports.workflows.runningAccessRequests();
  let restarted = 0;
  for (const request of open) {
    if (running.has(`${request.id}-${request.attempt}`)) continue;
    const isStarted = await guarded(ports, { requestId: request.id }, () => restart(ports, request));
    if (isStarted === true) restarted += 1;
  }
  return restarted;
}

/** Names are blocked for 90 days, so an execution that ended is followed by one with the next number. */
async function restart(
  { requests, workflows, observer }: SweepPorts,
  { id, attempt }: OpenRequest,
): Promise<boolean> {
  const state = await workflows.accessRequestState(id, attempt);
  if (state === 'running') return false;
  const next = state === 'none' ? attempt : attempt + 1;
  // Two sweeps at once write the same number, and start the same name. An index that lags names what has ended since.
  const request = await requests.change(id, (present) =>
    present.attempt >= next || isOver(present.status) ? present : { ...present, attempt: next },
  );
  if (isOver(request.status)) return false;
  await workflows.startAccessRequest(id, next);
  observer.warn('request had no execution, a fresh one was started', { requestId: id, attempt: next });
  return true;
}
