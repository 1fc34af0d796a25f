'use strict';

/** Places in the clock's shared `Float64Array`, as local/clock/local-clock.ts says. */
const OFFSET = 0;
const FROZEN_AT = 1;

/**
 * The local runtime's present, as this thread sees it.
 *
 * @typedef {object} VirtualTime
 * @property {() => number} now epoch milliseconds; never goes back
 * @property {() => boolean} frozen whether time stands still, so that waiting alone brings nothing
 * @property {(instant: number) => void} seen says that the main thread has seen this instant: `now` is not before it
 */

/**
 * @param {SharedArrayBuffer} shared the clock's memory
 * @returns {VirtualTime}
 */
function createVirtualTime(shared) {
  const view = new Float64Array(shared);
  const machineNow = Date.now.bind(Date);
  let latest = -Infinity;
  return {
    now() {
      const frozenAt = view[FROZEN_AT];
      latest = Math.max(latest, Number.isNaN(frozenAt) ? machineNow() + view[OFFSET] : frozenAt);
      return latest;
    },
    frozen: () => !Number.isNaN(view[FROZEN_AT]),
    seen(instant) {
      latest = Math.max(latest, instant);
    },
  };
}

/**
 * Lets `Date` tell virtual time in this thread. A proxy rather than a subclass, so that `Date()` without `new` goes on to
 * work, and dates that Node itself makes are still instances of `Date`.
 *
 * @param {VirtualTime} time
 */
function installDate(time) {
  const MachineDate = Date;
  MachineDate.now = () => Math.floor(time.now());
  const VirtualDate = new Proxy(MachineDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [time.now()] : args, newTarget),
    apply: () => new MachineDate(time.now()).toString(),
  });
  MachineDate.prototype.constructor = VirtualDate;
  globalThis.Date = VirtualDate;
}

module.exports = { createVirtualTime, installDate };
