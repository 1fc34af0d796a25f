import type { Assignment, PrincipalType } from './organization';

/** A row of an assignment list; lists are in the order of `sequence`, which also makes their page tokens. */
export interface ListedAssignment {
  readonly sequence: number;
  readonly assignment: Assignment;
}

interface Entry extends ListedAssignment {
  /** Whether the assignment exists. */
  present: boolean;
  /** Epoch milliseconds from which lists show `present`; before, they show `listedBefore`. */
  listedFrom: number;
  listedBefore: boolean;
}

type Bucket = Map<string, Entry>;

/** Names one assignment within everything. */
function assignmentKey({ accountId, permissionSetArn, principalType, principalId }: Assignment): string {
  return `${accountId} ${permissionSetArn} ${principalType} ${principalId}`;
}

/**
 * Every account assignment, found by (account, permission set) and by principal. There is the truth, which changes at once,
 * and what lists show, which may follow later: the service is eventually consistent.
 */
export class AssignmentTable {
  readonly #now: () => number;
  readonly #drawListLag: () => number;
  readonly #all: Bucket = new Map();
  readonly #byPlace = new Map<string, Bucket>();
  readonly #byPrincipal = new Map<string, Bucket>();
  #sequence = 0;

  /**
   * @param now epoch milliseconds
   * @param drawListLag after how many milliseconds lists show a change
   */
  public constructor(now: () => number, drawListLag: () => number) {
    this.#now = now;
    this.#drawListLag = drawListLag;
  }

  /** Whether the assignment exists, whatever lists show. */
  public has(assignment: Assignment): boolean {
    return this.#all.get(assignmentKey(assignment))?.present === true;
  }

  /** How many assignments of the permission set exist in the account. */
  public count(accountId: string, permissionSetArn: string): number {
    let count = 0;
    for (const entry of this.#byPlace.get(`${accountId} ${permissionSetArn}`)?.values() ?? []) {
      if (entry.present) count += 1;
    }
    return count;
  }

  /** Makes the assignment exist; false if it did. */
  public add(assignment: Assignment): boolean {
    return this.#change(assignment, true);
  }

  /** Makes the assignment not exist; false if it did not. */
  public remove(assignment: Assignment): boolean {
    return this.#change(assignment, false);
  }

  /** Every assignment that exists, oldest first. */
  public rows(): Assignment[] {
    return [...this.#all.values()].filter((entry) => entry.present).map((entry) => entry.assignment);
  }

  /** What lists show of one permission set in one account. */
  public listedAt(accountId: string, permissionSetArn: string): ListedAssignment[] {
    return this.#listed(this.#byPlace.get(`${accountId} ${permissionSetArn}`));
  }

  /** What lists show of one principal's own assignments. */
  public listedFor(principalType: PrincipalType, principalId: string): ListedAssignment[] {
    return this.#listed(this.#byPrincipal.get(`${principalType} ${principalId}`));
  }

  #change(assignment: Assignment, present: boolean): boolean {
    const key = assignmentKey(assignment);
    const now = this.#now();
    const before = this.#all.get(key);
    if ((before?.present ?? false) === present) return false;
    const lag = this.#drawListLag();
    const listedBefore = before !== undefined && isListed(before, now);
    if (before !== undefined) this.#forget(key, before);
    // Removed and nowhere listed: nothing to keep. Otherwise the entry stays until lists have caught up with it.
    if (!present && (lag === 0 || !listedBefore)) return true;
    const { accountId, permissionSetArn, principalType, principalId } = assignment;
    const entry: Entry = {
      // A removal keeps its place in the list; what is added comes last.
      sequence: present || before === undefined ? (this.#sequence += 1) : before.sequence,
      assignment: { accountId, permissionSetArn, principalType, principalId },
      present,
      listedFrom: now + lag,
      listedBefore,
    };
    for (const bucket of this.#bucketsOf(assignment)) bucket.set(key, entry);
    return true;
  }

  #listed(bucket: Bucket | undefined): ListedAssignment[] {
    if (bucket === undefined) return [];
    const now = this.#now();
    const listed: ListedAssignment[] = [];
    for (const [key, entry] of bucket) {
      if (isListed(entry, now)) listed.push(entry);
      else if (!entry.present) this.#forget(key, entry);
    }
    // Entries that were removed and are still listed may stand out of order.
    return listed.sort((a, b) => a.sequence - b.sequence);
  }

  #forget(key: string, { assignment }: Entry): void {
    for (const bucket of this.#bucketsOf(assignment)) bucket.delete(key);
  }

  #bucketsOf({ accountId, permissionSetArn, principalType, principalId }: Assignment): readonly Bucket[] {
    return [
      this.#all,
      bucketIn(this.#byPlace, `${accountId} ${permissionSetArn}`),
      bucketIn(this.#byPrincipal, `${principalType} ${principalId}`),
    ];
  }
}

function isListed(entry: Entry, now: number): boolean {
  return now >= entry.listedFrom ? entry.present : entry.listedBefore;
}

function bucketIn(buckets: Map<string, Bucket>, key: string): Bucket {
  const found = buckets.get(key);
  if (found !== undefined) return found;
  const made: Bucket = new Map();
  buckets.set(key, made);
  return made;
}
