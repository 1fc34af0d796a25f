'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { errorPayload, runtimeErrorPayload } = require('./error-payload');

/** `folder/module.export.of.it`: all up to the first dot after the last slash is the module. */
const HANDLER = /^((?:.*\/)?[^./]+)\.(.+)$/;

/** Thrown for a handler that cannot be loaded; carries what the invocation answers. */
class LoadError extends Error {
  /** @param {import('./error-payload').ErrorPayload} payload */
  constructor(payload) {
    super(payload.errorMessage);
    this.payload = payload;
  }
}

function importFailed(error) {
  const payload = errorPayload(error);
  if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_REQUIRE_ESM') {
    return runtimeErrorPayload('Runtime.ImportModuleError', `Error: ${payload.errorMessage}`, payload.trace);
  }
  if (error instanceof SyntaxError) {
    return runtimeErrorPayload(
      'Runtime.UserCodeSyntaxError',
      `SyntaxError: ${payload.errorMessage}`,
      payload.trace,
    );
  }
  return payload;
}

function requireModule(codePath, moduleName) {
  const file = path.resolve(codePath, moduleName);
  if (!existsSync(`${file}.js`) && existsSync(`${file}.mjs`)) {
    const message = `Error: '${moduleName}.mjs' is an ES module; only CommonJS bundles run locally`;
    throw new LoadError(runtimeErrorPayload('Runtime.ImportModuleError', message));
  }
  const extension = [`.js`, `.cjs`].find((each) => existsSync(file + each));
  if (extension === undefined) {
    const message = `Error: Cannot find module '${moduleName}' in ${codePath}`;
    throw new LoadError(runtimeErrorPayload('Runtime.ImportModuleError', message));
  }
  try {
    return require(file + extension);
  } catch (error) {
    throw new LoadError(importFailed(error));
  }
}

/**
 * Loads a bundle and finds the handler that `handler` (`index.handler`) names.
 *
 * @param {string} codePath the folder of the bundle
 * @param {string} handler
 * @returns {Function}
 * @throws {LoadError} with the error that Lambda reports
 */
function loadHandler(codePath, handler) {
  const [, moduleName, exportPath] = HANDLER.exec(handler) ?? [];
  if (moduleName === undefined) {
    throw new LoadError(runtimeErrorPayload('Runtime.MalformedHandlerName', `Bad handler '${handler}'`));
  }
  const loaded = requireModule(codePath, moduleName);
  const found = exportPath.split('.').reduce((value, name) => value?.[name], loaded);
  if (found === undefined) {
    const message = `${handler} is undefined or not exported`;
    throw new LoadError(runtimeErrorPayload('Runtime.HandlerNotFound', message));
  }
  if (typeof found !== 'function') {
    throw new LoadError(runtimeErrorPayload('Runtime.HandlerNotFound', `${handler} is not a function`));
  }
  return found;
}

module.exports = { loadHandler, LoadError };
