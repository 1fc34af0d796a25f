'use strict';

/**
 * The entry of a worker thread that runs one Lambda function. Plain JavaScript, since Node starts a thread from a file and
 * the project has no build step. Time, timers and output are replaced before the bundle is loaded.
 *
 * The main thread sends `{type: 'invoke', requestId, payload, deadline}`, one at a time, and `{type: 'wake', now}`. It is
 * told `ready` or `broken` once, then `log`, `asleep`, `awake` and, for each invocation, `answer`.
 */

const timers = require('node:timers');
const { parentPort, workerData } = require('node:worker_threads');
const { answerOfExhausted, callHandler } = require('./call-handler');
const { errorPayload, runtimeErrorPayload } = require('./error-payload');
const { installTimers } = require('./install-timers');
const { loadHandler, LoadError } = require('./load-handler');
const { captureLogLines } = require('./log-lines');
const { OutsideWork } = require('./outside-work');
const { SleepWatch } = require('./sleep-watch');
const { createVirtualTime, installDate } = require('./virtual-time');
const { VirtualTimers } = require('./virtual-timers');

/** Exit statuses with which Lambda's own runtime ends after an unhandled rejection and an uncaught exception. */
const EXIT_AFTER_REJECTION = 128;
const EXIT_AFTER_EXCEPTION = 129;

const machineTimers = { setTimeout: timers.setTimeout, clearTimeout: timers.clearTimeout };
const send = (message) => parentPort.postMessage(message);

const time = createVirtualTime(workerData.shared);
const virtualTimers = new VirtualTimers(time, machineTimers, () => watch.changed());
const outside = new OutsideWork(() => watch.changed());
const watch = new SleepWatch(virtualTimers, outside, machineTimers, {
  asleep: (until) => send({ type: 'asleep', until }),
  awake: () => send({ type: 'awake' }),
  exhausted: () => answer(answerOfExhausted(promised)),
});
const flushLog = captureLogLines((line) => send({ type: 'log', line }));
installDate(time);
installTimers(virtualTimers);

let handler;
/** The id of the invocation that is running, if one is. */
let running;
/** Whether its handler answered a promise. */
let promised = false;

/** Ends the running invocation, once; what comes later belongs to none. `last` says that this thread takes no other. */
function answer(outcome, last = false) {
  if (running === undefined) return;
  watch.end();
  flushLog();
  send({ type: 'answer', last, ...outcome });
  running = undefined;
}

/** The program is in an unknown state: the invocation, or the start, ends with an error and so does this thread. */
function giveUp(error, exitStatus) {
  if (handler === undefined) send({ type: 'broken', error });
  else answer({ error }, true);
  process.exit(exitStatus);
}

process.on('unhandledRejection', (reason) => {
  const { errorMessage, errorType, trace } = errorPayload(reason);
  const message = trace.length > 0 ? `${errorType}: ${errorMessage}` : errorMessage;
  giveUp(runtimeErrorPayload('Runtime.UnhandledPromiseRejection', message, trace), EXIT_AFTER_REJECTION);
});
process.on('uncaughtException', (error) => giveUp(errorPayload(error), EXIT_AFTER_EXCEPTION));

parentPort.on('message', (message) => {
  if (message.type === 'wake') {
    time.seen(message.now);
    watch.wake();
    return;
  }
  running = message.requestId;
  watch.begin();
  const { functionName: name, functionArn: arn, memorySize } = workerData;
  promised = callHandler(handler, message, { name, arn, memorySize }, time.now, (outcome) => {
    // An answer that comes after the invocation was given up belongs to none.
    if (running === message.requestId) answer(outcome);
  });
});

try {
  handler = loadHandler(workerData.codePath, workerData.handler);
  send({ type: 'ready' });
} catch (error) {
  giveUp(error instanceof LoadError ? error.payload : errorPayload(error), 1);
}
