import { type Assignment, type AssignmentKey, describeKey } from '../../../core/assignments/assignment';
import { workPlace } from '../../../core/assignments/work-class';
import type { AssignmentLedger, WaitingWork, WorkClass } from '../../../core/ports/ledger';
import { SortedIndex } from './sorted-index';

/** Sorts after every digit, so that a range up to an instant takes in all that has this instant and a suffix. */
const AFTER_DIGITS = '~';

interface Entry {
  readonly partition: string;
  readonly sort: string;
}

/**
 * The assignments of the ledger in memory, with the indexes of its table: what is asked of ten thousand waiting operations costs what
 * it answers, not what waits.
 */
export class IndexedAssignments implements AssignmentLedger {
  readonly items = new Map<string, Assignment>();
  /** Index entries that writes have put or taken away: what the table bills beside the items themselves. */
  indexWrites = 0;
  /** Listens to every write. */
  onWrite: (written: Assignment) => void = () => undefined;
  readonly #partitions = new Map<string, SortedIndex<Assignment>>();

  read(key: AssignmentKey): Promise<Assignment | undefined> {
    return Promise.resolve(this.items.get(describeKey(key)));
  }

  write(next: Assignment): Promise<Assignment | undefined> {
    const id = describeKey(next.key);
    const before = this.items.get(id);
    if ((before?.version ?? 0) !== next.version) return Promise.resolve(undefined);
    const written = { ...next, version: next.version + 1 };
    this.items.set(id, written);
    this.#reindex(id, before, written);
    this.onWrite(written);
    return Promise.resolve(written);
  }

  underWay(): Promise<AssignmentKey[]> {
    return Promise.resolve(this.#first('under way', AFTER_DIGITS, Infinity).map(({ key }) => key));
  }

  waiting(workClass: WorkClass, until: number, limit: number): Promise<WaitingWork[]> {
    const found = this.#first(workClass, sortable(until) + AFTER_DIGITS, limit);
    return Promise.resolve(
      found.map(({ key, operation }) => ({ key, notBefore: operation?.notBefore ?? 0 })),
    );
  }

  due(now: number, limit: number): Promise<AssignmentKey[]> {
    return Promise.resolve(this.#first('due', sortable(now), limit).map(({ key }) => key));
  }

  #first(partition: string, until: string, limit: number): Assignment[] {
    return this.#partitions.get(partition)?.first(until, limit) ?? [];
  }

  #reindex(id: string, before: Assignment | undefined, after: Assignment): void {
    const old = before === undefined ? [] : entriesOf(before);
    for (const [index, entry] of entriesOf(after).entries()) {
      const present = old[index];
      const isSame = present?.partition === entry?.partition && present?.sort === entry?.sort;
      if (entry !== undefined) this.#partition(entry.partition).add(entry.sort, id, after);
      if (isSame) continue;
      if (present !== undefined) this.#partitions.get(present.partition)?.remove(present.sort, id);
      this.indexWrites += (present === undefined ? 0 : 1) + (entry === undefined ? 0 : 1);
    }
  }

  #partition(name: string): SortedIndex<Assignment> {
    const index = this.#partitions.get(name) ?? new SortedIndex<Assignment>();
    this.#partitions.set(name, index);
    return index;
  }
}

/** An item's entries in the index of work and in that of looks. */
function entriesOf(assignment: Assignment): readonly [Entry | undefined, Entry | undefined] {
  const { lookAt } = assignment;
  return [
    workEntry(assignment),
    lookAt === undefined ? undefined : { partition: 'due', sort: sortable(lookAt) },
  ];
}

function workEntry(assignment: Assignment): Entry | undefined {
  const { operation, toTell, key } = assignment;
  if (operation === undefined && toTell.length === 0) return undefined;
  if (operation?.state !== 'INTENT' || toTell.length > 0)
    return { partition: 'under way', sort: sortable(operation?.plannedAt ?? 0) };
  const { class: workClass, from, rank } = workPlace(assignment, operation);
  return {
    partition: workClass,
    sort: `${sortable(from)}#${String(rank).padStart(6, '0')}#${key.accountId}`,
  };
}

function sortable(instant: number): string {
  return String(instant).padStart(15, '0');
}
