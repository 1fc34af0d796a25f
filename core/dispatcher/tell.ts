import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { reconcile } from '../assignments/reconcile';
import { reportOf } from '../assignments/report';
import { wakeRequest } from '../requests/wake';
import type { DispatcherPorts } from './ports';

/** A telling is a read and two or three writes, some 20 ms: a hundred of them are 2 s of a pass. */
const TOLD_AT_ONCE = 100;

/** Waking reads the reports of all accounts of a request: one of 500 accounts is woken every 5 s, one of a single account at once. */
const PAUSE_PER_ACCOUNT_MS = 10;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** After a telling that failed. */
const TRY_AGAIN_MS = 2_000;

type TellPorts = Pick<DispatcherPorts, 'assignments' | 'requests' | 'workflows' | 'clock' | 'observer'>;

/**
 * Brings the reports of requests up to date and wakes who waits for them. Order matters: report, wake, and only then take the
 * request off the assignment's list, so that a crash in between repeats the telling and loses nothing. A request with many
 * accounts is woken once for all that came together.
 */
export class Telling {
  readonly #ports: TellPorts;
  readonly #untold = new Map<string, AssignmentKey>();
  #notBefore = 0;
  #isTelling = false;
  #mostAccounts = 1;

  constructor(ports: TellPorts) {
    this.#ports = ports;
  }

  /** An assignment with requests to tell. */
  add({ key, claims, toTell }: Assignment): void {
    this.#untold.set(describeKey(key), key);
    const accounts = toTell.map((id) => claims[id]?.accounts ?? 1);
    this.#mostAccounts = Math.max(this.#mostAccounts, ...accounts);
  }

  get hasAny(): boolean {
    return this.#untold.size > 0;
  }

  /** When the next telling is due; undefined: there is nothing to tell, or it is being told. */
  get nextAt(): number | undefined {
    return this.hasAny && !this.#isTelling ? this.#notBefore : undefined;
  }

  /** Whether to tell now; at the end of a pass nobody is left for the next one. */
  isDue(isLast: boolean): boolean {
    const { nextAt } = this;
    return nextAt !== undefined && (isLast || this.#ports.clock.now() >= nextAt);
  }

  /** Tells what has come together, at most a hundred assignments. */
  async tell(): Promise<void> {
    const { clock } = this.#ports;
    const keys = [...this.#untold.values()].slice(0, TOLD_AT_ONCE);
    for (const key of keys) this.#untold.delete(describeKey(key));
    const pause = this.#mostAccounts * PAUSE_PER_ACCOUNT_MS;
    this.#mostAccounts = 1;
    this.#isTelling = true;
    try {
      for (const changed of await tellRequests(this.#ports, keys)) this.add(changed);
      this.#notBefore = clock.now() + Math.min(Math.max(pause, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    } catch (error) {
      for (const key of keys) this.#untold.set(describeKey(key), key);
      this.#notBefore = clock.now() + TRY_AGAIN_MS;
      throw error;
    } finally {
      this.#isTelling = false;
    }
  }
}

/** See {@link Telling}; answers the assignments that have something new to tell by now. */
export async function tellRequests(ports: TellPorts, keys: readonly AssignmentKey[]): Promise<Assignment[]> {
  const reported: Assignment[] = [];
  const touched = new Set<string>();
  for (const key of keys) {
    const assignment = await ports.assignments.read(key);
    if (assignment === undefined || assignment.toTell.length === 0) continue;
    for (const id of assignment.toTell) {
      const report = reportOf(assignment, id, ports.clock.now());
      if (report !== undefined) await ports.requests.report(id, report);
      touched.add(id);
    }
    reported.push(assignment);
  }
  for (const id of touched) await wake(ports, id);
  const changed: Assignment[] = [];
  for (const assignment of reported) {
    const present = await markTold(ports, assignment);
    if (present !== undefined && present.toTell.length > 0) changed.push(present);
  }
  return changed;
}

/**
 * A wake that fails costs its request the minutes until it looks by itself; kept on the list, it would hold up the operations
 * of its assignments, and every other request.
 */
async function wake(ports: TellPorts, id: string): Promise<void> {
  try {
    await wakeRequest(ports, id);
  } catch (cause) {
    ports.observer.warn('waking failed, the request looks again by itself', { requestId: id }, cause);
  }
}

/** Only if nothing has changed since the report was made: else there is something new to tell. */
async function markTold(
  { assignments, clock }: TellPorts,
  assignment: Assignment,
): Promise<Assignment | undefined> {
  const written = await assignments.write(reconcile({ ...assignment, toTell: [] }, clock.now()));
  return written ?? (await assignments.read(assignment.key));
}
