import type { AdminCall, IdentityCenter, ListedOperation, ReportedStatus } from '../ports/identity-center';
import type { Clock } from '../ports/clock';

/** The service's clock may differ from ours by so much, either way. */
const SKEW_MS = 60_000;

/** The call had left its function by then, whatever held it up: the function lives for 30 s. */
const LATEST_ARRIVAL_MS = 60_000;

/** Lists are shared by the searches that come within so long of one another. */
const SAME_LIST_MS = 1_000;

/** Statuses asked for in one search; more would hold up the pass. What is left is found by the next one. */
const ASKED_PER_SEARCH = 30;

/** An operation whose reply was lost. */
export interface LostOperation {
  readonly call: AdminCall;
  /** Epoch milliseconds; durable before the call was sent. */
  readonly submittedAt: number;
  /** Whether this is what it was about. */
  readonly isAbout: (subject: NonNullable<ReportedStatus['subject']>) => boolean;
  /** Ids that were accepted for the same thing before. */
  readonly knownIds: readonly string[];
}

/**
 * Searches the status lists for operations whose reply was lost (protocol R, step 4). The lists have ids and dates only, so each id
 * that the ledger does not know is asked for once, and what it is about is remembered: that never changes.
 *
 * Two that are about the same thing cannot be told apart, and need not be: one under way is taken before one that has ended, and the
 * effect is read back in any case.
 */
export class LostReplies {
  readonly #subjects = new Map<string, NonNullable<ReportedStatus['subject']>>();
  readonly #lists = new Map<
    string,
    { readonly at: number; readonly rows: Promise<readonly ListedOperation[]> }
  >();

  /** @param knownIds ids that the ledger knows as those of other operations */
  constructor(
    private readonly identityCenter: Pick<IdentityCenter, 'describe' | 'inProgress' | 'operationsSince'>,
    private readonly clock: Clock,
    private readonly knownIds: () => Promise<ReadonlySet<string>>,
  ) {}

  /** The request id, or undefined where the lists do not show it (yet, or any more). */
  async find(lost: LostOperation): Promise<string | undefined> {
    const underWay = await this.#listed(`${lost.call} under way`, async () => {
      const ids = await this.identityCenter.inProgress(lost.call);
      return [...ids].map((requestId) => ({ requestId, status: 'IN_PROGRESS' }) as const);
    });
    const known = new Set([...(await this.knownIds()), ...lost.knownIds]);
    const found = await this.#among(underWay, lost, known);
    if (found !== undefined) return found;
    const since = lost.submittedAt - SKEW_MS;
    const all = await this.#listed(`${lost.call} since ${Math.floor(since / 10_000)}`, () =>
      this.identityCenter.operationsSince(lost.call, since),
    );
    return this.#among(all.filter((row) => isNear(row, lost)).sort(byDistance(lost)), lost, known);
  }

  async #among(
    rows: readonly ListedOperation[],
    lost: LostOperation,
    known: ReadonlySet<string>,
  ): Promise<string | undefined> {
    let asked = 0;
    for (const { requestId } of rows) {
      if (known.has(requestId)) continue;
      let subject = this.#subjects.get(requestId);
      if (subject === undefined) {
        if (asked >= ASKED_PER_SEARCH) return undefined;
        asked += 1;
        subject = (await this.identityCenter.describe(lost.call, requestId)).subject;
        if (subject !== undefined) this.#subjects.set(requestId, subject);
      }
      if (subject !== undefined && lost.isAbout(subject)) return requestId;
    }
    return undefined;
  }

  #listed(
    name: string,
    list: () => Promise<readonly ListedOperation[]>,
  ): Promise<readonly ListedOperation[]> {
    const now = this.clock.now();
    const before = this.#lists.get(name);
    if (before !== undefined && now - before.at < SAME_LIST_MS) return before.rows;
    const rows = list();
    this.#lists.set(name, { at: now, rows });
    return rows;
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
