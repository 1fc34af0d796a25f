'use strict';

const { Buffer } = require('node:buffer');

/**
 * Sends what a program prints, line by line, to `onLine` instead of to the terminal of the local runtime. `console` and
 * loggers that hold on to the streams are caught alike, as all of them call `write`.
 *
 * @param {(line: string) => void} onLine without the line's end
 * @returns {() => void} sends what is left of a line that was not ended
 */
function captureLogLines(onLine) {
  const flushes = [process.stdout, process.stderr].map((stream) => {
    let rest = '';
    stream.write = (chunk, encodingOrDone, done) => {
      const encoding = typeof encodingOrDone === 'string' ? encodingOrDone : 'utf8';
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(encoding);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
      const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    return () => {
      if (rest !== '') onLine(rest);
      rest = '';
    };
  });
  return () => flushes.forEach((flush) => flush());
}

module.exports = { captureLogLines };
