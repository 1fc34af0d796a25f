'use strict';

const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');

function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

/** Resolves with `value` after `delay` virtual milliseconds; an abort of `options.signal` ends it with an `AbortError`. */
function promisedTimeout(virtual, delay, value, options = {}) {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      virtual.clear(timer);
      reject(abortError(signal));
    };
    const done = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const timer = virtual.set(done, delay, [], false);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Yields `value` every `delay` virtual milliseconds. */
async function* promisedInterval(virtual, delay, value, options = {}) {
  for (;;) {
    await promisedTimeout(virtual, delay, undefined, options);
    yield value;
  }
}

/** An `AbortSignal` that aborts with a `TimeoutError` after `delay` virtual milliseconds. */
function abortSignalTimeout(virtual, delay) {
  const controller = new globalThis.AbortController();
  const reason = new globalThis.DOMException('The operation was aborted due to timeout', 'TimeoutError');
  virtual.set(() => controller.abort(reason), delay, [], false).unref();
  return controller.signal;
}

/**
 * Puts virtual timers in the place of Node's, wherever a program can find them: the globals, `timers`, `timers/promises`,
 * `util.promisify(setTimeout)` and `AbortSignal.timeout`. `setImmediate` stays: it does not wait for time.
 *
 * @param {import('./virtual-timers').VirtualTimers} virtual
 */
function installTimers(virtual) {
  const replacements = {
    setTimeout: (callback, delay, ...args) => virtual.set(callback, delay, args, false),
    setInterval: (callback, delay, ...args) => virtual.set(callback, delay, args, true),
    clearTimeout: (handle) => virtual.clear(handle),
    clearInterval: (handle) => virtual.clear(handle),
  };
  const promised = (delay, value, options) => promisedTimeout(virtual, delay, value, options);
  replacements.setTimeout[promisify.custom] = promised;

  Object.assign(timers, replacements);
  Object.assign(timersPromises, {
    setTimeout: promised,
    setInterval: (delay, value, options) => promisedInterval(virtual, delay, value, options),
  });
  timersPromises.scheduler.wait = (delay, options) => promised(delay, undefined, options);
  Object.assign(globalThis, replacements);
  globalThis.AbortSignal.timeout = (delay) => abortSignalTimeout(virtual, delay);
  syncBuiltinESMExports();
}

module.exports = { installTimers };
