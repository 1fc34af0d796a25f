/** Something that happens at an instant; events of one instant happen in the order in which they were planned. */
export interface PlannedEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Taken back: nothing happens, and time does not move for it. */
  readonly off: boolean;
}

/** A binary heap of events, the earliest on top: adding and taking cost the logarithm of what is planned. */
export class EventHeap {
  readonly #events: PlannedEvent[] = [];

  get size(): number {
    return this.#events.length;
  }

  add(event: PlannedEvent): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = events[above];
      if (parent === undefined || isBefore(parent, event)) break;
      events[index] = parent;
      index = above;
    }
    events[index] = event;
  }

  /** Takes the earliest event off; undefined where nothing is planned. */
  take(): PlannedEvent | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    this.#sink(last);
    return first;
  }

  /** Puts an event where the top was, and below every earlier one. */
  #sink(event: PlannedEvent): void {
    const events = this.#events;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = events[below];
      if (child === undefined) break;
      const right = events[below + 1];
      if (right !== undefined && isBefore(right, child)) {
        below += 1;
        child = right;
      }
      if (isBefore(event, child)) break;
      events[index] = child;
      index = below;
    }
    events[index] = event;
  }
}

function isBefore(one: PlannedEvent, other: PlannedEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
