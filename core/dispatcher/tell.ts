import { type Assignment, type AssignmentKey, describeKey } from '../assignments/assignment';
import { reconcile } from '../assignments/reconcile';
import { reportOf } from '../assignments/report';
import { wakeRequest } from '../requests/wake';
import type { DispatcherPorts } from './ports';

/** A telling is a read and two or three writes, some 20 ms: a hundred, ten at a time, hold up who comes after them by 0.2 s. */
const TOLD_AT_ONCE = 100;
const AT_A_TIME = 10;

/** Waking reads the reports of all accounts of a request: one of 500 accounts is woken every 5 s, one of a single account at once. */
const PAUSE_PER_ACCOUNT_MS = 10;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** After a telling that failed. */
const TRY_AGAIN_MS = 2_000;

type TellPorts = Pick<DispatcherPorts, 'assignments' | 'requests' | 'workflows' | 'clock' | 'observer'>;

/** An assignment with something to tell. */
interface Untold {
  readonly key: AssignmentKey;
  /** The requests that it concerns, each with the number of its accounts. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly notBefore: number;
}

/** One that was read or written, as it is since. */
interface Told extends Untold {
  readonly done: Assignment;
}

/**
 * Brings the reports of requests up to date and wakes who waits for them. Order matters: report, wake, and only then take the
 * request off the assignment's list, so that a crash in between repeats the telling and loses nothing. A request with many
 * accounts is woken once for all that came together; nobody else waits for that. What fails is tried again by itself, and whatever a
 * pass leaves is the next one's: the index has it among what is under way.
 */
export class Telling {
  readonly #ports: TellPorts;
  readonly #untold = new Map<string, Untold>();
  /** From when on a request may be woken again. */
  readonly #restsUntil = new Map<string, number>();
  #isTelling = false;

  constructor(ports: TellPorts) {
    this.#ports = ports;
  }

  /** An assignment with requests to tell. */
  add({ key, claims, toTell }: Assignment): void {
    const accounts = new Map(toTell.map((id) => [id, claims[id]?.accounts ?? 1]));
    this.#untold.set(describeKey(key), { key, accounts, notBefore: 0 });
  }

  get hasAny(): boolean {
    return this.#untold.size > 0;
  }

  /** When the next telling is due; undefined: there is nothing to tell, or it is being told. */
  get nextAt(): number | undefined {
    if (!this.hasAny || this.#isTelling) return undefined;
    return Math.min(...[...this.#untold.values()].map((each) => this.#dueAt(each)));
  }

  /** Whether to tell now. */
  get isDue(): boolean {
    return this.nextAt !== undefined && this.nextAt <= this.#ports.clock.now();
  }

  /** Tells what is due of what has come together, at most a hundred assignments, those of the smallest requests first. */
  async tell(): Promise<void> {
    const { clock } = this.#ports;
    const now = clock.now();
    const all = [...this.#untold.values()]
      .filter((each) => this.#dueAt(each) <= now)
      .sort((one, other) => smallest(one) - smallest(other));
    const due = all.slice(0, TOLD_AT_ONCE);
    for (const { key } of due) this.#untold.delete(describeKey(key));
    this.#isTelling = true;
    try {
      const reported = await this.#each(due, ({ key }) => report(this.#ports, key));
      for (const id of new Set(reported.flatMap(({ done }) => done.toTell))) await wake(this.#ports, id);
      // What is left of a heap goes on without a rest.
      for (const [id, accounts] of all.length > due.length ? [] : due.flatMap((each) => [...each.accounts]))
        this.#restsUntil.set(id, clock.now() + restFor(accounts));
      const marked = await this.#each(reported, ({ done }) => markTold(this.#ports, done));
      for (const { done } of marked) if (done.toTell.length > 0) this.add(done);
    } finally {
      this.#isTelling = false;
    }
  }

  /** One step for each, some at a time. One that fails is put back, and keeps nobody else from being told. */
  async #each<Item extends Untold>(
    items: readonly Item[],
    step: (item: Item) => Promise<Assignment | undefined>,
  ): Promise<Told[]> {
    const attempt = async (item: Item): Promise<Told[]> => {
      const { key, accounts } = item;
      try {
        const done = await step(item);
        return done === undefined ? [] : [{ ...item, done }];
      } catch (cause) {
        const { clock, observer } = this.#ports;
        observer.warn('telling failed', { assignment: describeKey(key) }, cause);
        this.#untold.set(describeKey(key), { key, accounts, notBefore: clock.now() + TRY_AGAIN_MS });
        return [];
      }
    };
    const done: Told[] = [];
    for (let first = 0; first < items.length; first += AT_A_TIME)
      done.push(...(await Promise.all(items.slice(first, first + AT_A_TIME).map(attempt))).flat());
    return done;
  }

  #dueAt({ accounts, notBefore }: Untold): number {
    const rests = [...accounts.keys()].map((id) => this.#restsUntil.get(id) ?? 0);
    return Math.max(notBefore, rests.length === 0 ? 0 : Math.min(...rests));
  }
}

function smallest({ accounts }: Untold): number {
  return Math.min(...accounts.values());
}

function restFor(accounts: number): number {
  return Math.min(Math.max(accounts * PAUSE_PER_ACCOUNT_MS, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
}

/** Writes what its requests read of an assignment; undefined where there is nothing to tell any more. */
async function report(ports: TellPorts, key: AssignmentKey): Promise<Assignment | undefined> {
  const assignment = await ports.assignments.read(key);
  if (assignment === undefined || assignment.toTell.length === 0) return undefined;
  for (const id of assignment.toTell) {
    const account = reportOf(assignment, id, ports.clock.now());
    if (account !== undefined) await ports.requests.report(id, account);
  }
  return assignment;
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
