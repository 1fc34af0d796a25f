import type { AdminCall, IdentityCenter, ListedOperation, ReportedStatus } from '../ports/identity-center';
import type { Clock } from '../ports/clock';
import { OperationPages } from './operation-pages';

/** The service's clock may differ from ours by so much, either way. */
const SKEW_MS = 60_000;

/** The call had left its function by then, whatever held it up: the function lives for 30 s. */
const LATEST_ARRIVAL_MS = 60_000;

/** A list may be so much older than the search that uses it. */
const SAME_LIST_MS = 1_000;

/** Calls of one step: revokes and people come in between. */
const CALLS_PER_STEP = 4;

/** The next step comes after as long as the last one took, and no sooner: half of the rate at most is for searches. */
const SHORTEST_REST_MS = 100;

/** A search that waits for another one asks again after this long, which costs no call. */
const WAIT_MS = 250;

/** A search takes no longer, since a look at the effect has to come of it in each pass. What is left is found by the next one. */
const LONGEST_SEARCH_MS = 6_000;

/** A search that nobody goes on with for so long holds up no others. */
const GIVEN_UP_MS = 5_000;

type Subject = NonNullable<ReportedStatus['subject']>;

/** An operation whose reply was lost. */
export interface LostOperation {
  /** Tells it from the others that are searched for. */
  readonly name: string;
  readonly call: AdminCall;
  /** Epoch milliseconds; durable before the call was sent. */
  readonly submittedAt: number;
  /** Whether this is what it was about. */
  readonly isAbout: (subject: Subject) => boolean;
  /** Ids that were accepted for the same thing before. */
  readonly knownIds: readonly string[];
  /** Its own id, where it has one that `Describe…` did not know. */
  readonly ownId?: string;
}

/** What a step of a search has shown: its id, that there is more to ask from `goOnAt` (epoch ms) on, or that the lists do not show it. */
export type SearchStep =
  | { readonly is: 'found'; readonly requestId: string }
  | { readonly is: 'going on'; readonly goOnAt: number }
  | { readonly is: 'not shown' };

interface Search {
  readonly beganAt: number;
  askedForAt: number;
  /** It has seen what is under way, and is at the list of all. */
  isPastUnderWay: boolean;
  /** Ids that it asked about. */
  readonly asked: Set<string>;
}

/** What one step may still ask. */
interface Step {
  readonly lost: LostOperation;
  readonly search: Search;
  readonly known: ReadonlySet<string>;
  callsLeft: number;
}

/** A step has no calls left. */
const OUT_OF_CALLS = Symbol('out of calls');

/**
 * Searches the status lists for operations whose reply was lost (protocol R, step 4). The lists have ids and dates only, so each id
 * that the ledger does not know is asked for once, and what it is about is remembered: that never changes.
 *
 * Step by step, one search at a time, and what may be under way of all of them first: somebody's revoke must not wait until sixty
 * foreign ids have been asked for.
 *
 * Two that are about the same thing cannot be told apart, and need not be: one under way is taken before one that has ended, and the
 * effect is read back in any case.
 */
export class LostReplies {
  readonly #subjects = new Map<string, Subject>();
  readonly #underWay = new Map<AdminCall, { readonly at: number; readonly ids: readonly string[] }>();
  readonly #all = new Map<AdminCall, OperationPages>();
  /** The searches that have begun, in their order. */
  readonly #searches = new Map<string, Search>();
  #isStepping = false;

  /** @param knownIds ids that the ledger knows as those of other operations */
  constructor(
    private readonly identityCenter: Pick<IdentityCenter, 'describe' | 'inProgress' | 'operationsPage'>,
    private readonly clock: Clock,
    private readonly knownIds: () => Promise<ReadonlySet<string>>,
  ) {}

  /** Goes on with the search for an operation, or begins it: at most four calls. */
  async search(lost: LostOperation): Promise<SearchStep> {
    const now = this.clock.now();
    const search = this.#searches.get(lost.name) ?? {
      beganAt: now,
      askedForAt: now,
      isPastUnderWay: false,
      asked: new Set(),
    };
    search.askedForAt = now;
    this.#searches.set(lost.name, search);
    if (this.#isStepping || this.#next() !== search) return { is: 'going on', goOnAt: now + WAIT_MS };
    this.#isStepping = true;
    try {
      const step = await this.#step(lost, search);
      const ended = this.clock.now();
      if (step === OUT_OF_CALLS && ended - search.beganAt < LONGEST_SEARCH_MS)
        return { is: 'going on', goOnAt: ended + Math.max(ended - now, SHORTEST_REST_MS) };
      this.#searches.delete(lost.name);
      return typeof step === 'string' ? { is: 'found', requestId: step } : { is: 'not shown' };
    } catch (error) {
      // It begins anew, and the others need not wait for it.
      this.#searches.delete(lost.name);
      throw error;
    } finally {
      this.#isStepping = false;
    }
  }

  /** Whose turn it is. */
  #next(): Search | undefined {
    for (const [name, { askedForAt }] of this.#searches)
      if (this.clock.now() - askedForAt > GIVEN_UP_MS) this.#searches.delete(name);
    const searches = [...this.#searches.values()];
    return searches.find(({ isPastUnderWay }) => !isPastUnderWay) ?? searches[0];
  }

  async #step(lost: LostOperation, search: Search): Promise<string | undefined | typeof OUT_OF_CALLS> {
    const known = new Set([...(await this.knownIds()), ...lost.knownIds]);
    const step: Step = { lost, search, known, callsLeft: CALLS_PER_STEP };
    const underWay = await this.#idsUnderWay(step);
    if (lost.ownId !== undefined && underWay.includes(lost.ownId)) return lost.ownId;
    const found = await this.#among(underWay, step);
    if (found !== undefined) return found;
    search.isPastUnderWay = true;
    const since = lost.submittedAt - SKEW_MS;
    const pages = this.#pages(lost.call, search);
    while (!pages.reaches(since)) {
      if (step.callsLeft <= 0) return OUT_OF_CALLS;
      step.callsLeft -= 1;
      await pages.readOn();
    }
    const near = pages.rows.filter((row) => isNear(row, lost)).sort(byDistance(lost));
    return this.#among(
      near.map(({ requestId }) => requestId),
      step,
    );
  }

  /** The first of these ids that is what was lost; those before it have to be known, or asked about in vain. */
  async #among(ids: readonly string[], step: Step): Promise<string | undefined | typeof OUT_OF_CALLS> {
    const { lost, search, known } = step;
    const candidates = ids.filter((id) => !known.has(id));
    const isOpen = (id: string): boolean => !this.#subjects.has(id) && !search.asked.has(id);
    const isIt = (id: string): boolean => {
      const subject = this.#subjects.get(id);
      return subject !== undefined && lost.isAbout(subject);
    };
    for (;;) {
      const first = candidates.find((id) => isOpen(id) || isIt(id));
      if (first === undefined || !isOpen(first)) return first;
      if (step.callsLeft <= 0) return OUT_OF_CALLS;
      const next = candidates.filter(isOpen).slice(0, step.callsLeft);
      step.callsLeft -= next.length;
      await Promise.all(next.map((id) => this.#askAbout(id, lost.call, search)));
    }
  }

  async #askAbout(id: string, call: AdminCall, search: Search): Promise<void> {
    const { subject } = await this.identityCenter.describe(call, id);
    search.asked.add(id);
    if (subject !== undefined) this.#subjects.set(id, subject);
  }

  /** Lists are shared by the searches that began before they were read, and by those that come within a second. */
  async #idsUnderWay(step: Step): Promise<readonly string[]> {
    const { call } = step.lost;
    const before = this.#underWay.get(call);
    if (before !== undefined && before.at >= step.search.beganAt - SAME_LIST_MS) return before.ids;
    const at = this.clock.now();
    step.callsLeft -= 1;
    const ids = [...(await this.identityCenter.inProgress(call))];
    this.#underWay.set(call, { at, ids });
    return ids;
  }

  #pages(call: AdminCall, { beganAt }: Search): OperationPages {
    const before = this.#all.get(call);
    if (before !== undefined && before.at >= beganAt - SAME_LIST_MS) return before;
    const pages = new OperationPages(this.clock.now(), (from) =>
      this.identityCenter.operationsPage(call, from),
    );
    this.#all.set(call, pages);
    return pages;
  }
}

function isNear({ createdAt }: ListedOperation, { submittedAt }: LostOperation): boolean {
  if (createdAt === undefined) return true;
  return createdAt >= submittedAt - SKEW_MS && createdAt <= submittedAt + LATEST_ARRIVAL_MS + SKEW_MS;
}

/** What began nearest to the call comes first. */
function byDistance({ submittedAt }: LostOperation) {
  const distance = ({ createdAt = submittedAt }: ListedOperation): number =>
    Math.abs(createdAt - submittedAt);
  return (a: ListedOperation, b: ListedOperation): number => distance(a) - distance(b);
}
