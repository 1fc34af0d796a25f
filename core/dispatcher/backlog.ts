import type { AssignmentKey } from '../assignments/assignment';
import { WORK_CLASSES, type WaitingWork, type WorkClass } from '../ports/ledger';
import type { DispatcherPorts } from './ports';
import { type Subject, idOf, whereIs } from './held';
import { placeOf } from './place-looks';
import type { WaitingOperation } from './schedule';

/** Waiting operations that a pass is shown of each class: more than it can send before it asks again. */
const PAGE = 100;

/** Where one place fills a page it hides the others of its class: a longer one is asked for, at most so long. */
const LONGEST_PAGE = 10_000;

/** Of one place no more are kept than can be sent before the next refresh. */
const KEPT_OF_A_PLACE = 5;

/** An operation that waits for longer is not waited for: the sweep calls the dispatcher again. */
const KEEP_UP_MS = 60_000;

/** Indexes usually show for less than this what has been sent already; what they bring back later is read, and let go. */
const INDEX_LAG_MS = 1_000;

/** Classes in which somebody waits: asked for as soon as anybody calls. */
export const URGENT_CLASSES = ['overdue', 'revoke', 'people'] as const satisfies readonly WorkClass[];

type Pages = Record<WorkClass, WaitingOperation[]>;

/** The first page of each class of waiting work, as the index last showed it, without what this pass has taken since. */
export class Backlog {
  readonly #ports: Pick<DispatcherPorts, 'assignments' | 'provisions' | 'clock'>;
  readonly #pages: Pages = { overdue: [], revoke: [], people: [], provision: [], bulk: [], look: [] };
  readonly #subjects = new Map<string, Subject>();
  readonly #takenAt = new Map<string, number>();
  /** Classes of which the index has more than it showed last. */
  readonly #more = new Set<WorkClass>();
  readonly #asking = new Set<WorkClass>();
  /** Provisions that the index shows under way. */
  provisionsUnderWay: readonly Subject[] = [];

  constructor(ports: Pick<DispatcherPorts, 'assignments' | 'provisions' | 'clock'>) {
    this.#ports = ports;
  }

  get pages(): Readonly<Pages> {
    return this.#pages;
  }

  /** Whether nothing waits, apart from some classes. */
  isEmptyBut(isApart: (workClass: WorkClass) => boolean): boolean {
    return WORK_CLASSES.every((each) => this.#pages[each].length === 0 || isApart(each));
  }

  /** Whether the index has more of a class than it has shown, as far as is known, and is not being asked for it. */
  hasMore(workClass: WorkClass): boolean {
    return this.#more.has(workClass) && !this.#asking.has(workClass);
  }

  /** Whether all that waits of a class has been shown, but for what a crowded place hides. */
  isAllShown(workClass: WorkClass): boolean {
    return !this.#more.has(workClass);
  }

  /** Seconds for which the first of a class has been due; undefined where none is. */
  age(workClass: WorkClass, now: number): number | undefined {
    const due = this.#pages[workClass].filter(({ notBefore }) => notBefore <= now);
    if (due.length === 0) return undefined;
    return (now - Math.min(...due.map(({ notBefore }) => notBefore))) / 1000;
  }

  /** Asks the index for the first pages of these classes: one query each. */
  async refresh(classes: readonly WorkClass[]): Promise<void> {
    const until = this.#ports.clock.now() + KEEP_UP_MS;
    await Promise.all(classes.map((workClass) => this.#refresh(workClass, until)));
  }

  async #refresh(workClass: WorkClass, until: number): Promise<void> {
    this.#asking.add(workClass);
    try {
      await (workClass === 'provision' ? this.#askForProvisions(until) : this.#ask(workClass, until, PAGE));
    } catch (error) {
      // Asked for again when everything is, not at once: an index that does not answer would be asked without a pause.
      this.#more.delete(workClass);
      throw error;
    } finally {
      this.#asking.delete(workClass);
    }
  }

  /** What an operation that waits is about. */
  subject(id: string): Subject | undefined {
    return this.#subjects.get(id);
  }

  /** Takes an operation out; answers what it is about. */
  take(workClass: WorkClass, id: string): Subject | undefined {
    const page = this.#pages[workClass];
    const index = page.findIndex((each) => each.id === id);
    if (index >= 0) page.splice(index, 1);
    this.#takenAt.set(id, this.#ports.clock.now());
    return this.#subjects.get(id);
  }

  /** It waits (again), until `notBefore`. */
  putBack(workClass: WorkClass, subject: Subject, notBefore: number): void {
    const id = idOf(subject);
    this.#takenAt.delete(id);
    this.#pages[workClass] = this.#pages[workClass].filter((each) => each.id !== id);
    if (notBefore > this.#ports.clock.now() + KEEP_UP_MS) return;
    this.#pages[workClass].push(this.#entry(workClass, subject, notBefore));
  }

  /** It ended: from now on an index that lags must not bring it back. */
  leave(id: string): void {
    this.#takenAt.set(id, this.#ports.clock.now());
  }

  /** One query, or a second and a third where a few places have all of a page. */
  async #ask(workClass: Exclude<WorkClass, 'provision'>, until: number, limit: number): Promise<void> {
    const found = await this.#ports.assignments.waiting(workClass, until, limit);
    const kept = fewOfEachPlace(found);
    const isFull = found.length >= limit;
    if (isFull && kept.length < PAGE / 4 && limit < LONGEST_PAGE)
      await this.#ask(workClass, until, limit * 10);
    else this.#show(workClass, kept.slice(0, PAGE), isFull || kept.length > PAGE);
  }

  async #askForProvisions(until: number): Promise<void> {
    const open = await this.#ports.provisions.open(PAGE);
    const waiting = open.filter(({ isWaiting, notBefore }) => isWaiting && notBefore <= until);
    this.provisionsUnderWay = open.filter(({ isWaiting }) => !isWaiting).map(({ target }) => target);
    const found = waiting.map(({ target, notBefore }) => ({ key: target, notBefore }));
    this.#show('provision', found, open.length >= PAGE);
  }

  #show(
    workClass: WorkClass,
    found: readonly (WaitingWork | { readonly key: Subject; readonly notBefore: number })[],
    hasMore: boolean,
  ): void {
    const now = this.#ports.clock.now();
    if (hasMore) this.#more.add(workClass);
    else this.#more.delete(workClass);
    for (const [id, at] of this.#takenAt) if (now - at > INDEX_LAG_MS) this.#takenAt.delete(id);
    const before = this.#pages[workClass];
    this.#pages[workClass] = found
      .map(({ key, notBefore }) => this.#entry(workClass, key, notBefore))
      .filter(({ id }) => !this.#takenAt.has(id));
    // What waits in another class by now is still asked for by its name.
    const shown = new Set(WORK_CLASSES.flatMap((each) => this.#pages[each].map(({ id }) => id)));
    for (const { id } of before) if (!shown.has(id)) this.#subjects.delete(id);
  }

  #entry(workClass: WorkClass, subject: Subject, notBefore: number): WaitingOperation {
    const id = idOf(subject);
    this.#subjects.set(id, subject);
    return { id, class: workClass, ...whereIs(subject), notBefore };
  }
}

function fewOfEachPlace(found: readonly WaitingWork[]): WaitingWork[] {
  const counts = new Map<string, number>();
  return found.filter(({ key }) => {
    const count = (counts.get(placeOf(key)) ?? 0) + 1;
    counts.set(placeOf(key), count);
    return count <= KEPT_OF_A_PLACE;
  });
}

/** Assignments with an operation under way or a request to tell, read from the ledger, some at a time. */
export async function readAll<Item>(
  keys: readonly AssignmentKey[],
  read: (key: AssignmentKey) => Promise<Item | undefined>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let first = 0; first < keys.length; first += READS_AT_ONCE) {
    const batch = await Promise.all(keys.slice(first, first + READS_AT_ONCE).map(read));
    items.push(...batch.filter((item) => item !== undefined));
  }
  return items;
}

const READS_AT_ONCE = 20;
