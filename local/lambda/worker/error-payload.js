'use strict';

/**
 * What Lambda answers for something that a function threw.
 *
 * @typedef {{errorType: string, errorMessage: string, trace: string[]}} ErrorPayload
 */

/**
 * @param {unknown} thrown an error, or whatever else was thrown
 * @returns {ErrorPayload}
 */
function errorPayload(thrown) {
  // Not `instanceof`: an error may come from another realm (a `vm` context of the program).
  const isError = Object.prototype.toString.call(thrown) === '[object Error]' || thrown instanceof Error;
  if (!isError) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return {
    errorType: String(thrown.name),
    errorMessage: String(thrown.message),
    trace: String(thrown.stack ?? '').split('\n'),
  };
}

/**
 * An error that Lambda's own runtime reports, such as `Runtime.HandlerNotFound`.
 *
 * @param {string} errorType
 * @param {string} errorMessage
 * @returns {ErrorPayload}
 */
function runtimeErrorPayload(errorType, errorMessage, trace = []) {
  return { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, ...trace] };
}

module.exports = { errorPayload, runtimeErrorPayload };
