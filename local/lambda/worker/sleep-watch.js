'use strict';

const { setImmediate } = require('node:timers');

/** Turns of the event loop without a change after which a function is taken to be waiting: promises have run out by then. */
const CALM_TURNS = 3;

/** Work that ends without being seen (a file was read) is found by looking again. */
const LOOK_AGAIN_MS = 10;

/** A function that seems to wait for nothing may wait for the thread pool (`crypto`, `zlib`): it gets this long to show it. */
const LAST_CHANCE_MS = 100;

/**
 * Finds out when a running function only waits for time, and says so: `asleep(until)` when it waits for a timer, `awake()`
 * when it went on by itself after that, and `exhausted()` when it waits for nothing at all, so that it can never answer.
 */
class SleepWatch {
  #timers;
  #outside;
  #machine;
  #report;
  #running = false;
  #asleep = false;
  #looking = false;
  #changes = 0;
  #seeminglyOver = false;
  #lookAgain;

  /**
   * @param {import('./virtual-timers').VirtualTimers} timers
   * @param {{pending: boolean}} outside
   * @param {{setTimeout: Function, clearTimeout: Function}} machine Node's own timers
   * @param {{asleep: (until: number) => void, awake: () => void, exhausted: () => void}} report
   */
  constructor(timers, outside, machine, report) {
    this.#timers = timers;
    this.#outside = outside;
    this.#machine = machine;
    this.#report = report;
  }

  /** An invocation begins: its timers run, and it is watched. */
  begin() {
    this.#running = true;
    this.#timers.run(true);
    this.changed();
  }

  /** The invocation is over: nothing is reported any more, and timers are kept for the next one. */
  end() {
    this.#running = false;
    this.#asleep = false;
    this.#timers.run(false);
  }

  /** The main thread wakes the function, as a timer is due. */
  wake() {
    if (!this.#running) return;
    this.#asleep = false;
    this.#timers.run(true);
    this.#timers.fireDue();
    this.#look();
  }

  /** A timer was set or fired, a request was begun or is over. */
  changed() {
    this.#changes += 1;
    this.#seeminglyOver = false;
    if (!this.#running) return;
    if (this.#asleep) {
      this.#asleep = false;
      this.#timers.run(true);
      this.#report.awake();
    }
    this.#look();
  }

  #look() {
    if (this.#looking) return;
    this.#looking = true;
    this.#machine.clearTimeout(this.#lookAgain);
    this.#lookAfterCalm(this.#changes, CALM_TURNS);
  }

  #lookAfterCalm(seen, turnsLeft) {
    setImmediate(() => {
      if (this.#changes !== seen) this.#lookAfterCalm(this.#changes, CALM_TURNS);
      else if (turnsLeft > 1) this.#lookAfterCalm(seen, turnsLeft - 1);
      else this.#decide();
    });
  }

  #decide() {
    this.#looking = false;
    if (!this.#running || this.#asleep) return;
    if (this.#outside.pending) {
      this.#lookAgainIn(LOOK_AGAIN_MS);
      return;
    }
    const until = this.#timers.earliest();
    if (until !== undefined) {
      this.#asleep = true;
      this.#timers.run(false);
      this.#report.asleep(until);
    } else if (this.#seeminglyOver) {
      this.#report.exhausted();
    } else {
      this.#seeminglyOver = true;
      this.#lookAgainIn(LAST_CHANCE_MS);
    }
  }

  #lookAgainIn(ms) {
    this.#lookAgain = this.#machine.setTimeout(() => this.#look(), ms);
    this.#lookAgain.unref();
  }
}

module.exports = { SleepWatch };
