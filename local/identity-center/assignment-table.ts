import type { Assignment, PrincipalType } from './organization';
import { SequencedRows, type Sequenced } from './sequenced-rows';

/** A row of an assignment list. */
export interface ListedAssignment extends Sequenced {
  readonly assignment: Assignment;
}

interface Entry extends ListedAssignment {
  /** Whether the assignment exists. */
  present: boolean;
  /** Epoch milliseconds from which lists show `present`; before, they show `listedBefore`. */
  listedFrom: number;
  listedBefore: boolean;
}

/** The assignments of one permission set in one account, or of one principal. */
interface Bucket {
  readonly rows: SequencedRows<Entry>;
  /** How many of them exist. */
  present: number;
}

/** Names one assignment within everything. */
function assignmentKey({ accountId, permissionSetArn, principalType, principalId }: Assignment): string {
  return `${accountId} ${permissionSetArn} ${principalType} ${principalId}`;
}

/**
 * Every account assignment, found by (account, permission set) and by principal. There is the truth, which changes at once,
 * and what lists show, which may follow later: the service is eventually consistent. Lists are read row by row from any place,
 * so that a page costs what the page has.
 */
export class AssignmentTable {
  readonly #now: () => number;
  readonly #drawListLag: () => number;
  readonly #all = new Map<string, Entry>();
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
    return this.#byPlace.get(`${accountId} ${permissionSetArn}`)?.present ?? 0;
  }

  /** How many of them are of groups. Costs a look at each. */
  public countGroups(accountId: string, permissionSetArn: string): number {
    const rows = this.#byPlace.get(`${accountId} ${permissionSetArn}`)?.rows.after(0) ?? [];
    let groups = 0;
    for (const { present, assignment } of rows)
      if (present && assignment.principalType === 'GROUP') groups += 1;
    return groups;
  }

  /** Makes the assignment exist; false if it did. */
  public add(assignment: Assignment): boolean {
    const key = assignmentKey(assignment);
    const before = this.#all.get(key);
    if (before?.present === true) return false;
    const now = this.#now();
    const listedBefore = before !== undefined && isListed(before, now);
    // What is added comes last, also what was there until just now.
    if (before !== undefined) this.#forget(before);
    const { accountId, permissionSetArn, principalType, principalId } = assignment;
    const entry: Entry = {
      sequence: (this.#sequence += 1),
      assignment: { accountId, permissionSetArn, principalType, principalId },
      present: true,
      listedFrom: now + this.#drawListLag(),
      listedBefore,
    };
    this.#all.set(key, entry);
    for (const bucket of this.#bucketsOf(assignment)) {
      bucket.rows.append(entry);
      bucket.present += 1;
    }
    return true;
  }

  /** Makes the assignment not exist; false if it did not. */
  public remove(assignment: Assignment): boolean {
    const entry = this.#all.get(assignmentKey(assignment));
    if (entry?.present !== true) return false;
    const now = this.#now();
    const lag = this.#drawListLag();
    entry.listedBefore = isListed(entry, now);
    entry.present = false;
    entry.listedFrom = now + lag;
    for (const bucket of this.#bucketsOf(assignment)) bucket.present -= 1;
    // Nowhere listed: nothing to keep. Otherwise it keeps its place until lists have caught up with it.
    if (lag === 0 || !entry.listedBefore) this.#forget(entry);
    return true;
  }

  /** Every assignment that exists, oldest first. */
  public rows(): Assignment[] {
    return [...this.#all.values()].filter(({ present }) => present).map(({ assignment }) => assignment);
  }

  /** What lists show of one permission set in one account, from the row after `sequence` on. */
  public listedAt(accountId: string, permissionSetArn: string, sequence = 0): Iterable<ListedAssignment> {
    return this.#listed(this.#byPlace.get(`${accountId} ${permissionSetArn}`), sequence);
  }

  /** What lists show of one principal's own assignments, from the row after `sequence` on. */
  public listedFor(
    principalType: PrincipalType,
    principalId: string,
    sequence = 0,
  ): Iterable<ListedAssignment> {
    return this.#listed(this.#byPrincipal.get(`${principalType} ${principalId}`), sequence);
  }

  *#listed(bucket: Bucket | undefined, sequence: number): Generator<ListedAssignment, void> {
    if (bucket === undefined) return;
    const now = this.#now();
    const gone: Entry[] = [];
    try {
      for (const entry of bucket.rows.after(sequence)) {
        if (isListed(entry, now)) yield entry;
        else if (!entry.present) gone.push(entry);
      }
    } finally {
      for (const entry of gone) this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    const { assignment, sequence } = entry;
    const key = assignmentKey(assignment);
    if (this.#all.get(key) === entry) this.#all.delete(key);
    for (const { rows } of this.#bucketsOf(assignment)) rows.remove(sequence);
  }

  #bucketsOf({ accountId, permissionSetArn, principalType, principalId }: Assignment): readonly Bucket[] {
    return [
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
  const made: Bucket = { rows: new SequencedRows(), present: 0 };
  buckets.set(key, made);
  return made;
}
