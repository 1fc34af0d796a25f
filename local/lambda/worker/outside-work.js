'use strict';

const { subscribe } = require('node:diagnostics_channel');

/**
 * What keeps an event loop alive without being work of the function: the port to the main thread, and machine timers, which
 * are Node's own here (a socket's time limit), as those of the function are virtual.
 */
const NOT_WORK = new Set(['MessagePort', 'Timeout']);

/**
 * Watches what this thread waits for besides time: open HTTP requests, and anything else that keeps its event loop alive
 * (a look-up of a name, a file, a socket; idle keep-alive sockets do not). Work of Node's thread pool on behalf of `crypto`
 * and `zlib` is not visible; it takes milliseconds.
 */
class OutsideWork {
  #requests = 0;
  /** Those of the requests that will never be answered (102 Processing): they wait for time alone, and hold a socket each. */
  #unanswered = 0;

  /** @param {() => void} onChange called when an HTTP request was begun or is over */
  constructor(onChange) {
    subscribe('http.client.request.start', ({ request }) => {
      this.#requests += 1;
      onChange();
      let unanswered = 0;
      request.once('information', () => {
        unanswered = 1;
        this.#unanswered += 1;
        onChange();
      });
      request.once('close', () => {
        this.#requests -= 1;
        this.#unanswered -= unanswered;
        onChange();
      });
    });
  }

  get pending() {
    if (this.#requests > this.#unanswered) return true;
    const resources = process.getActiveResourcesInfo().filter((resource) => !NOT_WORK.has(resource));
    const sockets = resources.filter((resource) => resource === 'TCPSocketWrap').length;
    return resources.length > Math.min(sockets, this.#unanswered);
  }
}

module.exports = { OutsideWork };
