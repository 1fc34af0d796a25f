import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { buildWorld, createWorld, endWorlds, START } from './lambda-world';

const HOUR = 3_600_000;

/** Sleeps for `event.ms` in the way of its name and answers how long that took, in its own time. */
const SLEEPER = `
const { setTimeout: after, setInterval: every, scheduler } = require('node:timers/promises');
const { promisify } = require('node:util');
const ways = {
  setTimeout: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  setInterval: (ms) => new Promise((resolve) => { const timer = setInterval(() => { clearInterval(timer); resolve(); }, ms); }),
  'timers.setTimeout': (ms) => new Promise((resolve) => require('timers').setTimeout(resolve, ms)),
  'timers/promises': (ms) => after(ms),
  'timers/promises setInterval': async (ms) => { for await (const _ of every(ms)) break; },
  'scheduler.wait': (ms) => scheduler.wait(ms),
  promisify: (ms) => promisify(setTimeout)(ms),
  'AbortSignal.timeout': (ms) => new Promise((resolve) => AbortSignal.timeout(ms).addEventListener('abort', resolve)),
  'a refreshed timer': (ms) => new Promise((resolve) => { const timer = setTimeout(resolve, ms); timer.unref().ref().refresh(); }),
};
exports.handler = async (event) => {
  const from = Date.now();
  await ways[event.way ?? 'setTimeout'](event.ms);
  return Date.now() - from;
};`;

/** Answers what time it is, in all the ways in which a program asks. */
const TELL_TIME = `exports.handler = async () => ({
  now: Date.now(), date: new Date().getTime(), text: Date.parse(Date()), fixed: new Date(5).getTime(),
  isDate: new Date() instanceof Date, constructor: new Date().constructor === Date });`;

/** Calls the URL that it is given, with a timer running beside the call. */
const CALLER = `const http = require('node:http');
exports.handler = (event) => new Promise((resolve) => {
  const beside = setTimeout(() => resolve('timer'), event.limit);
  http.get(event.url, (response) => {
    response.resume();
    response.on('end', () => { clearTimeout(beside); resolve(Date.now()); });
  });
});`;

const shared = buildWorld({
  sleeper: { code: SLEEPER, timeoutSeconds: 900 },
  time: { code: TELL_TIME },
  caller: { code: CALLER },
});
afterAll(() => shared.end());

const servers: Server[] = [];
afterEach(async () => {
  await endWorlds();
  for (const server of servers.splice(0)) server.close();
});

/** An HTTP server that answers after so many turns of the event loop. */
async function startServer(turns: number): Promise<string> {
  const server = createServer((_request, response) => {
    const wait = (left: number): unknown =>
      left === 0 ? response.end('ok') : setImmediate(() => wait(left - 1));
    wait(turns);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An HTTP server that never answers, but says so by an interim response. */
async function startSilentServer(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeProcessing();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('time in a function', () => {
  test('passes while it waits for an answer that never comes', async () => {
    const world = createWorld({ caller: { code: CALLER, timeoutSeconds: 900 } }, { mode: 'manual' });
    const url = await startSilentServer();

    const answer = world.result('caller', { url, limit: 600_000 });
    await world.clock.advance(601_000);

    expect(await answer).toBe('timer');
  });

  test('is the time of the clock, in every way to ask for it', async () => {
    const before = shared.clock.now();
    const answer = (await shared.result('time')) as Record<string, number>;
    const after = shared.clock.now();

    for (const told of [answer.now, answer.date]) {
      expect(told).toBeGreaterThanOrEqual(before);
      expect(told).toBeLessThanOrEqual(after);
    }
    // A date as text has no milliseconds.
    expect(answer.text).toBeGreaterThan(before - 1000);
    expect(answer).toMatchObject({ fixed: 5, isDate: true, constructor: true });
  });

  test('stands still while a manual clock does', async () => {
    const { clock, result } = createWorld({ f: { code: TELL_TIME } }, { mode: 'manual' });

    const first = await result('f');
    await clock.advance(HOUR);
    const second = await result('f');

    expect(first).toMatchObject({ now: START });
    expect(second).toMatchObject({ now: START + HOUR });
  });

  test.each([
    'setTimeout',
    'setInterval',
    'timers.setTimeout',
    'timers/promises',
    'timers/promises setInterval',
    'scheduler.wait',
    'promisify',
    'AbortSignal.timeout',
    'a refreshed timer',
  ])('is skipped while the function waits by %s', async (way) => {
    const took = (await shared.result('sleeper', { way, ms: 600_000 })) as number;

    expect(took).toBeGreaterThanOrEqual(600_000);
    expect(took).toBeLessThan(630_000);
  });

  test('wakes every sleeper at its own instant, whatever set of them sleeps', async () => {
    const { clock, result } = createWorld({ f: { code: SLEEPER, timeoutSeconds: 900 } }, { mode: 'manual' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 6 }),
        async (sleeps) => {
          const took = Promise.all(sleeps.map((ms) => result('f', { ms })));
          // Twice the longest, as only four of them sleep at once.
          await clock.advance(1_200_000);

          expect(await took).toEqual(sleeps);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('does not jump while functions work, call others, and are called one after the other', async () => {
    const url = await startServer(5);
    let jumped = false;
    const timer = shared.clock.at(shared.clock.now() + HOUR, () => (jumped = true));

    for (let round = 0; round < 30; round += 1) await shared.result('caller', { url, limit: 20_000 });

    expect(jumped).toBe(false);
    timer.cancel();
  });

  test('does not jump to a timer while a request of the function is open', async () => {
    const url = await startServer(300);

    const answer = await shared.result('caller', { url, limit: 20_000 });

    expect(answer).not.toBe('timer');
  });

  test('is waited for by a sleeper until an advance has come to its instant, and not before', async () => {
    const { clock, runtime } = createWorld({ f: { code: SLEEPER } }, { mode: 'manual' });
    const waiting = runtime.invoke('f', { ms: 20_000 });
    await clock.quiet();

    await clock.advance(19_999);
    const early = await Promise.race([waiting, clock.quiet().then(() => 'still asleep')]);
    await clock.advance(1);

    expect(early).toBe('still asleep');
    expect(await waiting).toMatchObject({ payload: 20_000 });
  });

  test('lets an advance run what a function does after its sleep, before the next deadline', async () => {
    const { clock, result } = createWorld(
      {
        f: {
          code: `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
            exports.handler = async () => { const seen = []; for (const ms of [10, 20, 30]) { await sleep(ms); seen.push(Date.now()); } return seen; };`,
        },
      },
      { mode: 'manual' },
    );
    const log: number[] = [];
    clock.at(START + 35, () => log.push(clock.now()));
    const seen = result('f');

    await clock.advance(100);

    expect(await seen).toEqual([START + 10, START + 30, START + 60]);
    expect(log).toEqual([START + 35]);
  });

  test('is frozen between invocations: a timer that was left fires in the next one', async () => {
    const { clock, result } = createWorld(
      {
        f: {
          code: `let fired; exports.handler = async (event) => {
            if (event.set) { setTimeout(() => { fired = Date.now(); }, 1000); return 'set'; }
            const before = fired ?? null;
            await new Promise((resolve) => setTimeout(resolve, 1));
            return [before, fired]; };`,
        },
      },
      { mode: 'manual' },
    );
    await result('f', { set: true });
    await clock.advance(HOUR);

    const answer = result('f');
    await clock.advance(10);

    expect(await answer).toEqual([null, START + HOUR]);
  });
});

describe('a timeout', () => {
  test('counts virtual time, and costs none for a function that sleeps', async () => {
    const { clock, runtime } = createWorld({ f: { code: SLEEPER, timeoutSeconds: 3 } });

    const { functionError, payload, requestId } = await runtime.invoke('f', { ms: HOUR });

    expect(functionError).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
    });
    expect(clock.now() - START).toBeGreaterThanOrEqual(3000);
    expect(clock.now() - START).toBeLessThan(HOUR);
  });

  test('ends the worker, so that the next invocation gets a new one', async () => {
    const { runtime, result } = createWorld({
      f: {
        timeoutSeconds: 1,
        code: 'let calls = 0; exports.handler = async (event) => { calls += 1; if (event.hang) await new Promise((r) => setTimeout(r, 5000)); return calls; };',
      },
    });
    await runtime.invoke('f', { hang: true });

    expect(await result('f')).toBe(1);
  });

  test('ends a function that never yields, by the machine’s time', async () => {
    const { failure } = createWorld(
      { f: { code: 'exports.handler = async () => { for (;;); };', timeoutSeconds: 0.3 } },
      { mode: 'manual' },
    );

    expect(await failure('f')).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test('does not come while a manual clock stands still and the function sleeps', async () => {
    const { clock, runtime } = createWorld({ f: { code: SLEEPER, timeoutSeconds: 0.2 } }, { mode: 'manual' });
    const url = await startServer(1);
    const waiting = runtime.invoke('f', { ms: 100 });
    await clock.quiet();

    // More than the timeout of real time passes here, in calls that have nothing to do with it.
    const until = performance.now() + 300;
    while (performance.now() < until) await fetch(url).then((response) => response.text());
    await clock.advance(100);

    expect(await waiting).toMatchObject({ payload: 100 });
  });
});
