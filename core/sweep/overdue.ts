import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { OVERDUE_MS } from '../assignments/work-class';
import type { AccountReport } from '../assignments/report';
import type { OpenRequest } from '../ports/ledger';
import { type AccessRequest, isOver, withEntry } from '../requests/access-request';
import { announceEnd } from '../requests/announce';
import { allEnded } from '../requests/progress';
import { announceOnce } from '../requests/results';
import { wakeRequest } from '../requests/wake';
import { guarded, inBatches } from './guarded';
import type { SweepPorts } from './sweep';

/** Revokes that wait for later are asked for too: longer than the longest pause between two attempts, which is 15 minutes. */
const AHEAD_MS = 60 * 60_000;

/** How many waiting revokes of a class are looked at, those that have waited longest. Beyond that the number is a lower bound. */
const REVOKES_PER_SWEEP = 5_000;

/** What a request says of itself and of its accounts; no request: there is none of that id. */
interface Word {
  readonly request: AccessRequest | undefined;
  readonly reports: readonly AccountReport[];
}

/**
 * Counts the requests whose access should have been gone for 15 minutes, marks each and announces it, once. A claim that is over
 * and not ended counts whatever its request says, and whether or not its assignment is due to be looked at; a request that should
 * have ended counts whatever its claims say, and one that cannot be read counts because nobody knows. Who waits for access that is
 * gone is woken.
 *
 * @param seen all assignments that may have such claims, see {@link openRevokes}
 */
export async function reportOverdue(
  ports: SweepPorts,
  open: readonly OpenRequest[],
  seen: readonly Assignment[],
): Promise<number> {
  const late = new Set(seen.flatMap((each) => lateLeases(each, ports.clock.now())));
  const ending = open.filter(({ state }) => state !== 'other').map(({ id }) => id);
  let overdue = 0;
  for (const id of new Set([...ending, ...late])) {
    const word = await guarded(ports, { requestId: id }, () => wordOf(ports, id));
    const isLate = late.has(id) || word === undefined || isOverdueByItsWord(word, ports.clock.now());
    if (isLate) overdue += 1;
    if (word !== undefined) await guarded(ports, { requestId: id }, () => actOn(ports, id, word, isLate));
  }
  return overdue;
}

/**
 * The assignments besides `looked` that may have claims which are over and not ended: each has an operation, or is due to get one.
 * Costs three queries, and a read for each operation that is under way and each revoke that waits.
 */
export async function openRevokes(ports: SweepPorts, looked: readonly Assignment[]): Promise<Assignment[]> {
  const { assignments, clock } = ports;
  const until = clock.now() + AHEAD_MS;
  const [overdue, revokes, underWay] = await Promise.all([
    assignments.waiting('overdue', until, REVOKES_PER_SWEEP),
    assignments.waiting('revoke', until, REVOKES_PER_SWEEP),
    assignments.underWay(),
  ]);
  const keys = [...overdue.map(({ key }) => key), ...revokes.map(({ key }) => key), ...underWay];
  const unread = new Map<string, AssignmentKey>(keys.map((key) => [describeKey(key), key]));
  for (const { key } of looked) unread.delete(describeKey(key));
  const read = ([assignment, key]: [string, AssignmentKey]): Promise<Assignment | undefined> =>
    guarded(ports, { assignment }, () => assignments.read(key));
  const found = await inBatches([...unread], read);
  return found.filter((assignment) => assignment !== undefined);
}

/** Ids of the requests whose lease on an assignment has been over for long, and is not proved to be ended. */
function lateLeases({ claims }: Assignment, now: number): string[] {
  const late = Object.values(claims).filter(({ kind, closedAt, until, endedAt }) => {
    const overAt = Math.min(closedAt ?? Infinity, until ?? Infinity);
    return kind === 'lease' && endedAt === undefined && now - overAt >= OVERDUE_MS;
  });
  return late.map(({ id }) => id);
}

async function wordOf({ requests }: SweepPorts, id: string): Promise<Word> {
  const request = await requests.read(id);
  const isOpen = request !== undefined && !isOver(request.status);
  return { request, reports: isOpen ? await requests.reports(id) : [] };
}

function isOverdueByItsWord({ request, reports }: Word, now: number): boolean {
  if (request === undefined || isOver(request.status) || isGone(request, reports)) return false;
  return shouldBeGone(request, now);
}

function isGone(request: AccessRequest, reports: readonly AccountReport[]): boolean {
  return request.resolved !== undefined && allEnded(request, reports);
}

/** Counted from when leases were closed or, where no execution got that far, from when they should have been. */
function shouldBeGone(
  { endingSince, grantingSince, revocation, decision }: AccessRequest,
  now: number,
): boolean {
  if (grantingSince === undefined) return false;
  const dueAt = Math.min(revocation?.at ?? Infinity, decision?.lease?.until ?? Infinity);
  return now - (endingSince ?? dueAt) >= OVERDUE_MS;
}

async function actOn(
  ports: SweepPorts,
  id: string,
  { request, reports }: Word,
  isLate: boolean,
): Promise<void> {
  const { clock, observer } = ports;
  if (request === undefined || isOver(request.status)) {
    if (isLate) observer.warn('access is not gone, although its request is over', { requestId: id });
  } else if (isGone(request, reports)) {
    // Nobody has noticed: the answer was lost, or the execution stands still.
    if (shouldBeGone(request, clock.now())) await announceEnd(ports, id);
    else await wakeRequest(ports, id);
  } else if (isLate) {
    const marked = await markOverdue(ports, request);
    if (!isOver(marked.status)) await announceOnce(ports, marked, 'RevokeOverdue', reports);
  }
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
