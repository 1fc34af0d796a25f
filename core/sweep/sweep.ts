import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { reconcile } from '../assignments/reconcile';
import { canonicalJson } from '../tickets/canonical-json';
import { replaceDeadDispatcher, wakeDispatcher } from '../dispatcher/control';
import type { OpenRequest, ProvisionLedger } from '../ports/ledger';
import { announceOnce } from '../requests/results';
import { type AccessRequest, isOver, withEntry } from '../requests/access-request';
import type { RequestPorts } from '../requests/ports';
import { announceEnd } from '../requests/announce';
import { closeLeases } from '../requests/change-leases';
import { allEnded } from '../requests/progress';
import { OVERDUE_MS } from '../assignments/work-class';
import { wakeRequest } from '../requests/wake';

/** What a sweep touches. */
export type SweepPorts = Pick<
  RequestPorts,
  'requests' | 'assignments' | 'dispatcher' | 'workflows' | 'announcer' | 'clock' | 'observer'
> & { readonly provisions: Pick<ProvisionLedger, 'open'> };

/** How many assignments one sweep looks at; what is left is the next minute's. More than ten of the largest requests. */
const LOOKS_PER_SWEEP = 5_000;

/** Looks at one time: a look is a read and at times a write, 5,000 of them in twenties are a few seconds. */
const LOOKS_AT_ONCE = 20;

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
 * A quiet sweep costs three queries and one read, and one `ListExecutions` while requests are open.
 */
export async function sweep(ports: SweepPorts): Promise<SweepResult> {
  const { assignments, clock, requests } = ports;
  const due = await assignments.due(clock.now(), LOOKS_PER_SWEEP);
  const looked = await lookAtAll(ports, due);
  const isWork =
    looked.some(({ operation, toTell }) => operation !== undefined || toTell.length > 0) ||
    (await isProvisionDue(ports));
  await guarded(ports, {}, () =>
    isWork ? wakeDispatcher(ports, clock.now()) : replaceDeadDispatcher(ports, clock.now()),
  );
  const open = await requests.open();
  for (const { id } of open.filter(({ state }) => state === 'wake'))
    await guarded(ports, { requestId: id }, () => endUnnoticed(ports, id));
  // Executions that cannot be listed are no reason to keep quiet about access that outlives its time.
  const restarted = await guarded(ports, {}, () => restartRequests(ports, open));
  const overdue = await reportOverdue(ports, endingIds(open, looked, clock.now()));
  // Also 0: an alarm has to see that it is over.
  ports.observer.measure('OverdueRevokes', overdue);
  return { looked: due.length, restarted: restarted ?? 0, overdue };
}

async function lookAtAll(ports: SweepPorts, due: readonly AssignmentKey[]): Promise<Assignment[]> {
  const looked: Assignment[] = [];
  for (let first = 0; first < due.length; first += LOOKS_AT_ONCE) {
    const batch = due.slice(first, first + LOOKS_AT_ONCE);
    const found = await Promise.all(
      batch.map((key) => guarded(ports, { assignment: describeKey(key) }, () => lookAt(ports, key))),
    );
    looked.push(...found.filter((assignment) => assignment !== undefined));
  }
  return looked;
}

/** Provisions have no instant to be looked at: there are few, and one that is open is work for the dispatcher once it is due. */
async function isProvisionDue({ provisions, clock }: SweepPorts): Promise<boolean> {
  const open = await provisions.open(10);
  return open.some(({ isWaiting, notBefore }) => !isWaiting || notBefore <= clock.now());
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

/** Requests that are being taken away by their own word, and those whose claims are over for long, whatever they say. */
function endingIds(open: readonly OpenRequest[], looked: readonly Assignment[], now: number): Set<string> {
  const late = looked.flatMap(({ claims }) =>
    Object.values(claims).filter((claim) => {
      const overAt = Math.min(claim.closedAt ?? Infinity, claim.until ?? Infinity);
      return claim.kind === 'lease' && claim.endedAt === undefined && now - overAt >= OVERDUE_MS;
    }),
  );
  return new Set([
    ...open.filter(({ state }) => state !== 'other').map(({ id }) => id),
    ...late.map(({ id }) => id),
  ]);
}

async function reportOverdue(ports: SweepPorts, ids: ReadonlySet<string>): Promise<number> {
  let overdue = 0;
  for (const id of ids) {
    const isLate = await guarded(ports, { requestId: id }, () => reportIfOverdue(ports, id));
    if (isLate === true) overdue += 1;
  }
  return overdue;
}

async function reportIfOverdue(ports: SweepPorts, id: string): Promise<boolean> {
  const { requests, clock } = ports;
  const request = await requests.read(id);
  if (request === undefined || isOver(request.status)) return false;
  const reports = await requests.reports(id);
  const isLate = isOverdue(request, clock.now());
  if (request.resolved !== undefined && allEnded(request, reports)) {
    // Gone, and nobody has noticed: the answer was lost, or the execution stands still.
    if (isLate) await announceEnd(ports, id);
    else await wakeRequest(ports, id);
    return false;
  }
  if (!isLate) return false;
  const marked = await markOverdue(ports, request);
  if (!isOver(marked.status) && !marked.announced.includes('RevokeOverdue'))
    await announceOnce(ports, marked, 'RevokeOverdue', reports);
  return true;
}

/** Counted from when leases were closed or, where no execution got that far, from when they should have been. */
function isOverdue(
  { endingSince, grantingSince, revocation, decision }: AccessRequest,
  now: number,
): boolean {
  if (grantingSince === undefined) return false;
  const dueAt = Math.min(revocation?.at ?? Infinity, decision?.lease?.until ?? Infinity);
  return now - (endingSince ?? dueAt) >= OVERDUE_MS;
}

async function markOverdue({ requests, clock }: SweepPorts, request: AccessRequest): Promise<AccessRequest> {
  if (request.overdueSince !== undefined) return request;
  return requests.change(request.id, (present) => {
    // It may have ended since it was read.
    if (present.overdueSince !== undefined || isOver(present.status)) return present;
    const now = clock.now();
    const text = 'overdue: access could not be taken away in 15 minutes, it is tried on';
    return withEntry({ ...present, overdueSince: now }, now, text);
  });
}

/** One item's trouble must not hold up the others. */
async function guarded<T>(
  { observer }: SweepPorts,
  fields: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    observer.warn('step of a sweep failed', fields, cause);
    return undefined;
  }
}
