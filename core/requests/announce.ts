import type { AccountReport } from '../assignments/report';
import type { ResultEventType } from '../ports/announcer';
import { type AccessRequest, isOver, leaseIsOver, withEntry } from './access-request';
import type { RequestPorts } from './ports';
import { LOOK_AGAIN_MS, allEnded, grantProgress } from './progress';
import { fail, readRequest } from './resolve';
import { announceOnce, countByStatus } from './results';
import { keeperWords } from './view';
import { secondsUntil } from './seconds';

type AnnouncePorts = Pick<RequestPorts, 'requests' | 'announcer' | 'clock' | 'observer'>;

/** Where the workflow goes on; `seconds` is how long the *Await* that follows may wait. */
export interface AfterAnnouncement {
  readonly next: 'awaitGrant' | 'awaitEnd' | 'closeLeases' | 'awaitRevoke' | 'done';
  readonly seconds: number;
}

/** After this long the looks of a revoke that does not end become hourly: no state machine should spin for ever. */
const PATIENT_AFTER_MS = 24 * 60 * 60_000;

/** *Announce grant*: says that access is there, or goes back to waiting. */
export async function announceGrant(ports: AnnouncePorts, id: string): Promise<AfterAnnouncement> {
  const { requests, clock } = ports;
  const request = await readRequest(ports, id);
  const reports = await requests.reports(id);
  const now = clock.now();
  if (isOver(request.status)) return { next: 'done', seconds: 1 };
  if (leaseIsOver(request, now)) return { next: 'closeLeases', seconds: 1 };
  const until = request.decision?.lease?.until ?? now;
  switch (grantProgress(request, reports, now)) {
    case 'waiting':
      return { next: 'awaitGrant', seconds: secondsUntil(Math.min(now + LOOK_AGAIN_MS, until), now) };
    case 'nothing':
      return { next: 'closeLeases', seconds: 1 };
    case 'granted': {
      const active = await requests.change(id, (present) => activate(present, reports, now));
      await announceOnce(ports, active, 'AccessGranted', reports);
      return { next: 'awaitEnd', seconds: secondsUntil(until, now) };
    }
  }
}

/** *Announce end*: says how the request ended, whichever way it did; while access is still there, it goes back to waiting. */
export async function announceEnd(ports: AnnouncePorts, id: string): Promise<AfterAnnouncement> {
  const { requests, clock } = ports;
  const request = await readRequest(ports, id);
  const reports = await requests.reports(id);
  const now = clock.now();
  const isDone = isOver(request.status) || request.grantingSince === undefined || allEnded(request, reports);
  if (!isDone) {
    const since = now - (request.endingSince ?? now);
    const pause = since > PATIENT_AFTER_MS ? 4 * LOOK_AGAIN_MS : LOOK_AGAIN_MS;
    return { next: 'awaitRevoke', seconds: secondsUntil(now + pause, now) };
  }
  const ended = await requests.change(id, (present) => finish(present, reports, now));
  await announceOnce(ports, ended, endingEvent(ended, reports), reports);
  return { next: 'done', seconds: 1 };
}

function activate(request: AccessRequest, reports: readonly AccountReport[], now: number): AccessRequest {
  if (request.status !== 'granting') return request;
  const counts = countByStatus(reports);
  const others = Object.entries(counts).filter(([status]) => status !== 'granted');
  const rest = others.map(([status, count]) => `, ${count} ${status}`).join('');
  return withEntry(
    { ...request, status: 'active' },
    now,
    `active: access is there in ${counts.granted ?? 0} account(s)${rest}`,
  );
}

function finish(request: AccessRequest, reports: readonly AccountReport[], now: number): AccessRequest {
  if (isOver(request.status)) return request;
  const { waiting: _nobody, ...rest } = request;
  if (request.grantingSince === undefined) {
    return withEntry({ ...rest, status: 'ended' }, now, 'ended before access was granted');
  }
  const wasGranted = reports.some((report) => report.grantedAt !== undefined);
  const failures = reports.filter((report) => report.status === 'failed');
  if (!wasGranted && request.revocation === undefined) {
    return fail(rest, now, failures[0]?.reason ?? 'its time was over before it could be granted');
  }
  return withEntry({ ...rest, status: 'ended' }, now, `ended: ${endWords(reports)}`);
}

function endWords(reports: readonly AccountReport[]): string {
  const granted = reports.filter((report) => report.grantedAt !== undefined).length;
  const kept = reports.filter((report) => report.endedAs === 'kept').length;
  if (granted === 0) return 'access was never granted';
  if (kept === 0) return 'access is gone';
  const [first] = reports.filter((report) => report.endedAs === 'kept');
  if (kept === granted) return `the assignment stays: ${keeperWords(first?.keptBy)}`;
  return `access is gone, but the assignment stays in ${kept} of ${granted} accounts`;
}

/** `AccessWithdrawn`: somebody ended it before there was any access to take away. */
function endingEvent({ status }: AccessRequest, reports: readonly AccountReport[]): ResultEventType {
  if (status === 'denied') return 'AccessDenied';
  if (status === 'failed') return 'AssignmentFailed';
  return reports.some(({ grantedAt }) => grantedAt !== undefined) ? 'AccessRevoked' : 'AccessWithdrawn';
}
