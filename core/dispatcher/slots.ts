import type { ScheduleState, WaitingOperation } from './schedule';
import { WORK_CLASSES, type WorkClass } from '../ports/ledger';

/** Who a slot is for: the service lets so many assignment operations be under way, and these share them. */
export type SlotGroup = 'revokes' | 'people' | 'bulk';

/**
 * A group below its floor, with work waiting, goes before every other: nobody starves. The floors are no reserve: a slot that
 * nobody of its group asks for is used by others.
 */
export const SLOT_FLOORS: Readonly<Record<SlotGroup, number>> = { revokes: 2, people: 2, bulk: 1 };

/** Where fewer slots are left than these floors need. */
const LOWEST_FLOORS: Readonly<Record<SlotGroup, number>> = { revokes: 1, people: 1, bulk: 1 };

/** The floors with so many slots. */
export function floorsOf(slots: number): Readonly<Record<SlotGroup, number>> {
  return slots >= SLOT_FLOORS.revokes + SLOT_FLOORS.people + SLOT_FLOORS.bulk ? SLOT_FLOORS : LOWEST_FLOORS;
}

/** Provisions that the service lets be under way. */
export const PROVISION_SLOTS = 3;

/** The group whose slots a class takes. */
export function groupOf(workClass: WorkClass): SlotGroup | undefined {
  switch (workClass) {
    case 'overdue':
    case 'revoke':
      return 'revokes';
    case 'people':
      return 'people';
    case 'bulk':
      return 'bulk';
    case 'provision':
    case 'look':
      return undefined;
  }
}

/** Whether a pause keeps a class from being sent: everything but revokes, and looks, which only read. */
export function isHeldByPause(workClass: WorkClass): boolean {
  return workClass === 'people' || workClass === 'bulk' || workClass === 'provision';
}

/** Hands out the slots, one waiting operation after the other. */
export class SlotDesk {
  readonly #state: ScheduleState;
  readonly #used: Record<SlotGroup, number> = { revokes: 0, people: 0, bulk: 0 };
  readonly #places: Set<string>;
  readonly #accounts: Set<string>;
  readonly #taken = new Set<string>();
  readonly #closed = new Set<WorkClass>();
  /** How many of the last bulk operations wait at each place; undefined while there are more than are shown. */
  readonly #left: ReadonlyMap<string, number> | undefined;
  #provisions: number;

  constructor(state: ScheduleState) {
    this.#state = state;
    const writing = state.open.filter(({ phase }) => phase === 'sending' || phase === 'following');
    this.#places = new Set(writing.flatMap(({ place }) => place ?? []));
    this.#left = state.isAllBulkShown ? countBy(state.waiting.bulk) : undefined;
    this.#accounts = new Set(writing.flatMap(({ accountId }) => accountId ?? []));
    this.#provisions = state.open.filter(
      ({ call, phase }) => call === 'provision' && phase !== 'confirming',
    ).length;
    for (const { id, group } of state.open) {
      this.#taken.add(id);
      if (group !== undefined) this.#used[group] += 1;
    }
  }

  /** The next one that may be sent: of a group below its floor, else by the order of the classes. */
  next(): WaitingOperation | undefined {
    const floors = floorsOf(this.#state.slots);
    for (const workClass of WORK_CLASSES) {
      const group = groupOf(workClass);
      if (group === undefined || this.#used[group] >= floors[group]) continue;
      const found = this.#first(workClass);
      if (found !== undefined) return found;
    }
    for (const workClass of WORK_CLASSES) {
      const found = this.#first(workClass);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  take({ id, class: workClass, place, accountId }: WaitingOperation): void {
    this.#taken.add(id);
    if (place !== undefined) this.#places.add(place);
    if (accountId !== undefined) this.#accounts.add(accountId);
    const group = groupOf(workClass);
    if (workClass === 'provision') this.#provisions += 1;
    if (group !== undefined) this.#used[group] += 1;
  }

  /** Nothing more of this class for now. */
  close(workClass: WorkClass): void {
    this.#closed.add(workClass);
  }

  /**
   * Bulk operations that only wait for a slot, each at a place of its own: at places that soon come free, and the next few at others.
   * Nothing else is asked for afterwards.
   */
  comingUp(soonFree: ReadonlySet<string>, count: number): WaitingOperation[] {
    const found = new Map<string, WaitingOperation>();
    for (const each of this.#state.waiting.bulk)
      if (each.place !== undefined && soonFree.has(each.place) && each.notBefore <= this.#state.now)
        found.set(each.place, each);
    for (let left = count; left > 0; left -= 1) {
      const next = this.#nextBulk();
      if (next?.place === undefined) break;
      this.take(next);
      found.set(next.place, next);
    }
    return [...found.values()];
  }

  #first(workClass: WorkClass): WaitingOperation | undefined {
    const { isPaused } = this.#state;
    if (this.#closed.has(workClass) || (isPaused && isHeldByPause(workClass)) || !this.#hasRoom(workClass))
      return undefined;
    return workClass === 'bulk' ? this.#nextBulk() : this.#ready(workClass).next().value;
  }

  #nextBulk(): WaitingOperation | undefined {
    let best: WaitingOperation | undefined;
    let mostLeft = -1;
    for (const each of this.#ready('bulk')) {
      // Where the service writes one role of an account at a time, a second one would only hold a slot.
      const isElsewhere = each.accountId === undefined || !this.#accounts.has(each.accountId);
      const left = this.#leftAt(each.place) + (isElsewhere ? this.#state.waiting.bulk.length : 0);
      if (left > mostLeft) [best, mostLeft] = [each, left];
      if (isElsewhere && this.#left === undefined) break;
    }
    return best;
  }

  /** Those of a class that are due, and at whose place nothing is being written. */
  *#ready(workClass: WorkClass): Generator<WaitingOperation, undefined> {
    for (const each of this.#state.waiting[workClass]) {
      if (each.notBefore > this.#state.now || this.#taken.has(each.id)) continue;
      if (each.place === undefined || !this.#places.has(each.place)) yield each;
    }
  }

  #leftAt(place: string | undefined): number {
    return place === undefined ? 0 : (this.#left?.get(place) ?? 0);
  }

  #hasRoom(workClass: WorkClass): boolean {
    if (workClass === 'provision') return this.#provisions < PROVISION_SLOTS;
    if (workClass === 'look') return true;
    const { revokes, people, bulk } = this.#used;
    return revokes + people + bulk < this.#state.slots;
  }
}

function countBy(operations: readonly WaitingOperation[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { place } of operations)
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}
