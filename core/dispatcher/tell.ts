import type { Assignment, AssignmentKey } from '../assignments/assignment';
import { reconcile } from '../assignments/reconcile';
import { reportOf } from '../assignments/report';
import { wakeRequest } from '../requests/wake';
import type { DispatcherPorts } from './ports';

/** A telling is a read and two or three writes, some 20 ms: a hundred of them are 2 s of a pass. */
const TOLD_PER_ROUND = 100;

/**
 * Brings the reports of requests up to date and wakes who waits for them. Order matters: report, wake, and only then take the
 * request off the assignment's list, so that a crash in between repeats the telling and loses nothing. A request with many
 * accounts is woken once. Answers whether something new came up meanwhile, and is still to be told.
 */
export async function tellRequests(ports: DispatcherPorts, keys: readonly AssignmentKey[]): Promise<boolean> {
  const reported: Assignment[] = [];
  const touched = new Set<string>();
  for (const key of keys) {
    const assignment = await ports.assignments.read(key);
    if (assignment === undefined || assignment.toTell.length === 0) continue;
    // The rest is told in the next round: a pass must come to its end.
    if (reported.length >= TOLD_PER_ROUND) break;
    for (const id of assignment.toTell) {
      const report = reportOf(assignment, id, ports.clock.now());
      if (report !== undefined) await ports.requests.report(id, report);
      touched.add(id);
    }
    reported.push(assignment);
  }
  for (const id of touched) await wake(ports, id);
  let allTold = reported.length < TOLD_PER_ROUND;
  for (const assignment of reported) allTold = (await markTold(ports, assignment)) && allTold;
  return !allTold;
}

/**
 * A wake that fails costs its request the minutes until it looks by itself; kept on the list, it would hold up the operations
 * of its assignments, and every other request.
 */
async function wake(ports: DispatcherPorts, id: string): Promise<void> {
  try {
    await wakeRequest(ports, id);
  } catch (cause) {
    ports.observer.warn('waking failed, the request looks again by itself', { requestId: id }, cause);
  }
}

/** Only if nothing has changed since the report was made: else there is something new to tell. */
async function markTold({ assignments, clock }: DispatcherPorts, assignment: Assignment): Promise<boolean> {
  const written = await assignments.write(reconcile({ ...assignment, toTell: [] }, clock.now()));
  return written?.toTell.length === 0;
}
