'use strict';

const { Buffer } = require('node:buffer');
const { errorPayload, runtimeErrorPayload } = require('./error-payload');

/** A synchronous answer's limit: 6 MB and a little. */
const LARGEST_ANSWER_BYTES = 6_291_556;

/**
 * One invocation, as the main thread sends it.
 *
 * @typedef {object} Call
 * @property {string} requestId
 * @property {string} payload JSON
 * @property {number} deadline the virtual instant at which it times out
 */

/**
 * What an invocation ends with: the JSON of the answer, or an error.
 *
 * @typedef {{payload: string} | {error: import('./error-payload').ErrorPayload}} Answer
 */

/** @returns {Answer} */
function answerOf(value) {
  let payload;
  try {
    payload = JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch {
    return { error: errorPayload(new Error('Unable to stringify response body')) };
  }
  if (Buffer.byteLength(payload) > LARGEST_ANSWER_BYTES) {
    const message = `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER_BYTES} bytes).`;
    const { errorType, errorMessage } = runtimeErrorPayload('Function.ResponseSizeTooLarge', message);
    return { error: { errorType, errorMessage } };
  }
  return { payload };
}

/** The context object of an invocation (functionName, awsRequestId, getRemainingTimeInMillis …). */
function contextOf(call, environment, now) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: environment.arn,
    memoryLimitInMB: String(environment.memorySize),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: call.requestId,
    getRemainingTimeInMillis: () => Math.max(0, call.deadline - now()),
  };
}

/**
 * Calls a handler, of either kind: one that answers a promise (or a value), or one that takes a callback.
 *
 * @param {Function} handler
 * @param {Call} call
 * @param {{name: string, arn: string, memorySize: number}} environment
 * @param {() => number} now virtual epoch milliseconds
 * @param {(answer: Answer) => void} answered called once
 * @returns {boolean} whether the handler answered a promise
 */
function callHandler(handler, call, environment, now, answered) {
  let open = true;
  const answer = (outcome) => {
    if (!open) return;
    open = false;
    answered(outcome);
  };
  const fail = (thrown) => answer({ error: errorPayload(thrown) });
  const succeed = (value) => answer(answerOf(value));
  const callback = (thrown, value) => {
    if (thrown === undefined || thrown === null) succeed(value);
    else fail(thrown);
  };

  try {
    const result = handler(JSON.parse(call.payload), contextOf(call, environment, now), callback);
    if (typeof result?.then === 'function') {
      result.then(succeed, fail);
      return true;
    }
    // It takes no callback, so what it answered is all that will come.
    if (handler.length < 3) succeed(result);
  } catch (thrown) {
    fail(thrown);
  }
  return false;
}

/**
 * What an invocation ends with that waits for nothing and has not answered: an error where its promise can never settle,
 * `null` where it did not call its callback.
 *
 * @param {boolean} promised whether the handler answered a promise
 * @returns {Answer}
 */
function answerOfExhausted(promised) {
  if (!promised) return { payload: 'null' };
  const message =
    'The Lambda runtime client detected an unexpected Node.js exit code. ' +
    'This is most commonly caused by a Promise that was never settled.';
  return { error: runtimeErrorPayload('Runtime.NodeJsExit', message) };
}

module.exports = { callHandler, answerOfExhausted };
