'use strict';

/** Node fires a longer delay after 1 ms, with a warning; so do we, as the deployed function would. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** While time stands still a machine timer can only look again now and then; 5 ms cost nothing. */
const LOOK_AGAIN_MS = 5;

/** What `setTimeout` and `setInterval` answer: Node's `Timeout`, as far as programs use it. */
class VirtualTimeout {
  #timers;
  #entry;

  constructor(timers, entry) {
    this.#timers = timers;
    this.#entry = entry;
  }

  /** In Lambda nothing depends on it: a function ends with its answer, not with its last timer. */
  ref() {
    this.#entry.ref = true;
    return this;
  }

  unref() {
    this.#entry.ref = false;
    return this;
  }

  hasRef() {
    return this.#entry.ref;
  }

  refresh() {
    this.#timers.refresh(this.#entry);
    return this;
  }

  close() {
    this.#timers.clear(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.#entry.id;
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.#timers.clear(this);
  }
}

/**
 * The timers of this thread, in virtual time. While a function runs they fire as time passes, by one machine timer; while
 * it is asleep the main thread wakes it; between invocations none fires, as AWS freezes a function then.
 */
class VirtualTimers {
  #time;
  #machine;
  #onChange;
  #entries = new Map();
  #created = 0;
  #machineTimer;
  #running = false;

  /**
   * @param {import('./virtual-time').VirtualTime} time
   * @param {{setTimeout: Function, clearTimeout: Function}} machine Node's own timers
   * @param {() => void} onChange called when a timer is set or fired
   */
  constructor(time, machine, onChange) {
    this.#time = time;
    this.#machine = machine;
    this.#onChange = onChange;
  }

  /** The earliest instant at which one is due, or `undefined`. */
  earliest() {
    return this.#first()?.instant;
  }

  /** Fires timers as time passes (an invocation runs), or keeps them (asleep, or frozen between invocations). */
  run(running) {
    this.#running = running;
    this.#arm();
  }

  set(callback, delay, args, repeats) {
    if (typeof callback !== 'function') {
      const error = new TypeError(
        `The "callback" argument must be of type function. Received ${typeof callback}`,
      );
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    this.#created += 1;
    const ms = Number(delay);
    const entry = { id: this.#created, callback, args, repeats, ref: true };
    entry.delay = ms >= 1 && ms <= LONGEST_DELAY_MS ? Math.trunc(ms) : 1;
    entry.instant = this.#time.now() + entry.delay;
    entry.handle = new VirtualTimeout(this, entry);
    this.#entries.set(entry.id, entry);
    this.#changed();
    return entry.handle;
  }

  /** Takes what `set` answered, or its number, as Node does; anything else is none of our timers. */
  clear(handle) {
    if (handle === undefined || handle === null || typeof handle === 'symbol') return;
    const primitive =
      typeof handle === 'object' && !(handle instanceof VirtualTimeout) ? Number.NaN : Number(handle);
    if (this.#entries.delete(primitive)) this.#arm();
  }

  refresh(entry) {
    if (!this.#entries.has(entry.id)) return;
    entry.instant = this.#time.now() + entry.delay;
    this.#changed();
  }

  /** Fires, each in a turn of its own as Node does, all that are due; those that they set come later. */
  fireDue() {
    const first = this.#first();
    if (first === undefined || first.instant > this.#time.now()) {
      this.#arm();
      return;
    }
    if (first.repeats) first.instant = Math.max(first.instant + first.delay, this.#time.now() + 1);
    else this.#entries.delete(first.id);
    try {
      first.callback.apply(first.handle, first.args);
    } finally {
      this.#changed();
    }
  }

  #first() {
    let first;
    for (const entry of this.#entries.values()) {
      if (first === undefined || entry.instant < first.instant) first = entry;
    }
    return first;
  }

  #changed() {
    this.#arm();
    this.#onChange();
  }

  #arm() {
    this.#machine.clearTimeout(this.#machineTimer);
    this.#machineTimer = undefined;
    const first = this.#running ? this.#first() : undefined;
    if (first === undefined) return;
    const left = first.instant - this.#time.now();
    const delay = left > 0 && this.#time.frozen() ? Math.max(left, LOOK_AGAIN_MS) : Math.max(left, 0);
    this.#machineTimer = this.#machine.setTimeout(() => this.fireDue(), Math.min(delay, LONGEST_DELAY_MS));
    this.#machineTimer.unref();
  }
}

module.exports = { VirtualTimers };
