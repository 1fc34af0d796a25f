import { type AssignmentKey, describeKey } from '../assignments/assignment';
import { changeAssignment } from '../assignments/change';
import { reconcile } from '../assignments/reconcile';
import { canonicalJson } from '../tickets/canonical-json';
import { wakeDispatcher } from '../dispatcher/control';
import type { OpenRequest } from '../ports/ledger';
import { announceOnce } from '../requests/results';
import { type AccessRequest, isOver, withEntry } from '../requests/access-request';
import type { RequestPorts } from '../requests/ports';
import { OVERDUE_MS } from '../requests/progress';
import { wakeRequest } from '../requests/wake';

/** What a sweep touches. */
export type SweepPorts = Pick<
  RequestPorts,
  'requests' | 'assignments' | 'dispatcher' | 'workflows' | 'announcer' | 'clock' | 'observer'
>;

/** How many assignments one sweep looks at; what is left is the next minute's. */
const LOOKS_PER_SWEEP = 500;

/** What a sweep found to do, for metrics. */
export interface SweepResult {
  readonly looked: number;
  readonly restarted: number;
  readonly overdue: number;
}

/**
 * Finds what no event told: assignments whose `lookAt` has come, work without a dispatcher, open requests without an execution,
 * early ends that nobody noticed, revokes that are overdue. With every execution gone it alone grants and revokes on time.
 * A quiet sweep costs two queries, and one `ListExecutions` while requests are open.
 */
export async function sweep(ports: SweepPorts): Promise<SweepResult> {
  const [due, open] = await Promise.all([
    ports.assignments.due(ports.clock.now(), LOOKS_PER_SWEEP),
    ports.requests.open(),
  ]);
  let callDispatcher = false;
  for (const key of due) {
    callDispatcher =
      (await guarded(ports, { assignment: describeKey(key) }, () => lookAt(ports, key))) ?? callDispatcher;
  }
  if (callDispatcher) await guarded(ports, {}, () => wakeDispatcher(ports, ports.clock.now()));
  const restarted = await restartRequests(ports, open);
  const overdue = await reportOverdue(ports, open);
  return { looked: due.length, restarted, overdue };
}

/** Answers true where the dispatcher has something to do, undefined where it has not. */
async function lookAt(ports: SweepPorts, key: AssignmentKey): Promise<true | undefined> {
  const assignment = await changeAssignment(ports, key, (present, now) => {
    const next = reconcile(present, now);
    return canonicalJson(next) === canonicalJson(present) ? undefined : next;
  });
  return assignment.operation !== undefined || assignment.toTell.length > 0 ? true : undefined;
}

async function restartRequests(ports: SweepPorts, open: readonly OpenRequest[]): Promise<number> {
  if (open.length === 0) return 0;
  const running = await ports.workflows.runningAccessRequests();
  let restarted = 0;
  for (const request of open) {
    await guarded(ports, { requestId: request.id }, async () => {
      if (request.state === 'wake') await wakeRequest(ports, request.id);
      if (running.has(`${request.id}-${request.attempt}`)) return;
      if (await restart(ports, request)) restarted += 1;
    });
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
  // Two sweeps at once write the same number, and start the same name.
  await requests.change(id, (present) => (present.attempt >= next ? present : { ...present, attempt: next }));
  await workflows.startAccessRequest(id, next);
  observer.warn('request had no execution, a fresh one was started', { requestId: id, attempt: next });
  return true;
}

async function reportOverdue(ports: SweepPorts, open: readonly OpenRequest[]): Promise<number> {
  let overdue = 0;
  for (const { id } of open.filter(({ state }) => state !== 'other')) {
    await guarded(ports, { requestId: id }, async () => {
      const request = await ports.requests.read(id);
      if (request === undefined || !isOverdue(request, ports.clock.now())) return;
      overdue += 1;
      const marked = await markOverdue(ports, request);
      if (isOver(marked.status) || marked.announced.includes('RevokeOverdue')) return;
      await announceOnce(ports, marked, 'RevokeOverdue', await ports.requests.reports(id));
    });
  }
  return overdue;
}

/** Counted from when leases were closed or, where no execution got that far, from when somebody asked for the end. */
function isOverdue({ endingSince, grantingSince, revocation }: AccessRequest, now: number): boolean {
  const askedAt = grantingSince === undefined ? undefined : revocation?.at;
  const since = endingSince ?? askedAt;
  return since !== undefined && now - since >= OVERDUE_MS;
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
