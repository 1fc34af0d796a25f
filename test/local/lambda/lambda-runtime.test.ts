import { ACCOUNT, buildWorld, createWorld, endWorlds } from './lambda-world';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ECHO = 'exports.handler = async (event) => ({ event });';
/** Answers how many invocations this worker had, so that one can tell workers apart. */
const COUNT = 'let calls = 0; exports.handler = async () => (calls += 1);';

/** One function with an export for each kind of handler, so that the tests that only call it share its worker. */
const KINDS = `
const kinds = {
  async: async (event, context) => ({ event, id: context.awsRequestId }),
  callback: (event, context, done) => { setTimeout(() => { done(null, 1); done(null, 2); }, 5); },
  nothing: async () => undefined,
  context: async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() }),
  throws: async () => { throw new RangeError('too far'); },
  'throws at once': () => { throw new TypeError('bad'); },
  'hands its callback an error': (event, context, done) => { done(new Error('no')); },
  'throws a string': async () => { throw 'plain'; },
  'answers what is no JSON': async () => { const a = {}; a.a = a; return a; },
  'answers more than 6 MB': async () => 'x'.repeat(6_291_556),
  'never settles its promise': () => new Promise(() => {}),
  'rejects a promise that nobody handles': async () => {
    Promise.reject(new Error('lost'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
  'throws in a timer': async () => {
    setTimeout(() => { throw new Error('late'); }, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
};
exports.handler = (event, context, done) => kinds[event.kind](event, context, done);`;

const shared = buildWorld({ kinds: { code: KINDS }, echo: { code: ECHO } });
afterAll(() => shared.end());
afterEach(endWorlds);

describe('an invocation', () => {
  test('answers what an async handler answers, with the request id that the function saw', async () => {
    const invocation = await shared.runtime.invoke('kinds', { kind: 'async', a: [1, null, 'x'] });

    expect(invocation.requestId).toMatch(UUID);
    expect(invocation).toEqual({
      statusCode: 200,
      executedVersion: '$LATEST',
      requestId: invocation.requestId,
      payload: { event: { kind: 'async', a: [1, null, 'x'] }, id: invocation.requestId },
    });
  });

  test('answers what a handler hands to its callback, whatever comes after it', async () => {
    expect(await shared.result('kinds', { kind: 'callback' })).toBe(1);
  });

  test('answers null for a handler that answers nothing', async () => {
    expect(await shared.result('kinds', { kind: 'nothing' })).toBeNull();
  });

  test('answers null for a handler that never calls its callback', async () => {
    const { result } = createWorld({ f: { code: 'exports.handler = (event, context, done) => {};' } });

    expect(await result('f')).toBeNull();
  });

  test('hands an empty object to the function if there is no payload, and null if that is the payload', async () => {
    expect(await shared.result('echo')).toEqual({ event: {} });
    expect(await shared.result('echo', null)).toEqual({ event: null });
  });

  test('gives the function a context object', async () => {
    const context = (await shared.result('kinds', { kind: 'context' })) as { left: number };

    expect(context).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'kinds',
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:kinds`,
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/kinds',
      logStreamName: expect.any(String) as string,
      awsRequestId: expect.stringMatching(UUID) as string,
      left: context.left,
    });
    expect(context.left).toBeGreaterThan(20_000);
    expect(context.left).toBeLessThanOrEqual(30_000);
  });

  test('reuses a warm worker, with what the module remembers', async () => {
    const { result } = createWorld({ count: { code: COUNT } });

    expect([await result('count'), await result('count'), await result('count')]).toEqual([1, 2, 3]);
  });

  test('finds a handler in a nested export of a module', async () => {
    const { result } = createWorld({
      f: { code: 'exports.api = { get: async () => "nested" };', handler: './index.api.get' },
    });

    expect(await result('f')).toBe('nested');
  });

  test.each([
    ['its name', 'echo'],
    ['its name and a qualifier', 'echo:$LATEST'],
    ['its ARN', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:echo`],
    ['its ARN and a qualifier', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:echo:$LATEST`],
    ['a partial ARN', `${ACCOUNT}:function:echo`],
  ])('finds the function by %s', async (_case, name) => {
    expect(await shared.result(name)).toEqual({ event: {} });
  });

  test.each(['g', 'echo:1', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:g`, 'no name at all'])(
    'of %s, which is not there, is refused',
    async (name) => {
      await expect(shared.runtime.invoke(name, {})).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
        statusCode: 404,
        message: expect.stringMatching(
          /^Function not found: arn:aws:lambda:us-east-1:444455556666:function:/,
        ) as string,
      });
    },
  );

  test('with a payload of more than 6 MB is refused', async () => {
    const invocation = shared.runtime.invoke('echo', 'x'.repeat(6_291_456));

    await expect(invocation).rejects.toMatchObject({ code: 'RequestTooLargeException', statusCode: 413 });
  });
});

describe('a function that fails', () => {
  test('answers type, message and trace of what it threw', async () => {
    const invocation = await shared.runtime.invoke('kinds', { kind: 'throws' });

    expect(invocation).toMatchObject({
      statusCode: 200,
      functionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far' },
    });
    expect((invocation.payload as { trace: string[] }).trace[0]).toBe('RangeError: too far');
  });

  test.each([
    ['throws at once', 'TypeError', 'bad'],
    ['hands its callback an error', 'Error', 'no'],
    ['throws a string', 'string', 'plain'],
    ['answers what is no JSON', 'Error', 'Unable to stringify response body'],
    [
      'answers more than 6 MB',
      'Function.ResponseSizeTooLarge',
      'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    ],
    [
      'never settles its promise',
      'Runtime.NodeJsExit',
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.',
    ],
    ['rejects a promise that nobody handles', 'Runtime.UnhandledPromiseRejection', 'Error: lost'],
    ['throws in a timer', 'Error', 'late'],
  ])('answers an error if it %s', async (kind, errorType, errorMessage) => {
    expect(await shared.failure('kinds', { kind })).toMatchObject({ errorType, errorMessage });
  });

  test.each([
    [
      'a module that is missing',
      { code: ECHO, handler: 'other.handler' },
      'Runtime.ImportModuleError',
      /Cannot find module 'other'/,
    ],
    [
      'an export that is missing',
      { code: ECHO, handler: 'index.other' },
      'Runtime.HandlerNotFound',
      /^index.other is undefined or not exported$/,
    ],
    [
      'an export that is no function',
      { code: 'exports.handler = 5;' },
      'Runtime.HandlerNotFound',
      /^index.handler is not a function$/,
    ],
    [
      'a name that is none',
      { code: ECHO, handler: 'index' },
      'Runtime.MalformedHandlerName',
      /^Bad handler 'index'$/,
    ],
    [
      'a dependency that is missing',
      { code: 'require("nowhere");' },
      'Runtime.ImportModuleError',
      /Cannot find module 'nowhere'/,
    ],
    [
      'code that does not parse',
      { code: 'exports.handler = {' },
      'Runtime.UserCodeSyntaxError',
      /^SyntaxError: /,
    ],
    ['code that throws while it loads', { code: 'throw new Error("no setting");' }, 'Error', /^no setting$/],
  ])('by %s says so', async (_case, definition, errorType, errorMessage) => {
    const { failure } = createWorld({ f: definition });

    expect(await failure('f')).toMatchObject({
      errorType,
      errorMessage: expect.stringMatching(errorMessage) as string,
    });
  });

  test('while it is loaded is loaded anew by the next invocation', async () => {
    const { failure, log } = createWorld({
      f: { code: 'console.log("loading"); throw new Error("broken");' },
    });

    await failure('f');
    await failure('f');

    expect(log.map(({ line }) => line)).toEqual(['loading', 'loading']);
  });

  test.each([
    ['with a status', 'process.exit(3)', 'Runtime exited with error: exit status 3'],
    ['without one', 'process.exit()', 'Runtime exited without providing a reason'],
  ])('by ending its process %s answers that, and starts anew the next time', async (_case, exit, reason) => {
    const { runtime, result } = createWorld({
      f: {
        code: `let calls = 0; exports.handler = async (event) => { if (event.exit) ${exit}; return (calls += 1); };`,
      },
    });
    await result('f');

    const { payload, requestId } = await runtime.invoke('f', { exit: true });

    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: ${reason}`,
    });
    expect(await result('f')).toBe(1);
  });

  test('by using more memory than it has is killed', async () => {
    const { failure } = createWorld({
      f: {
        memorySize: 16,
        code: 'exports.handler = async () => { const a = []; for (;;) a.push(new Array(1e5).fill(1.5)); };',
      },
    });

    expect(await failure('f')).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/) as string,
    });
  });

  test('does not take its other workers with it', async () => {
    const { runtime, result } = createWorld({
      f: {
        code: `exports.handler = async (event) => {
          if (event.exit) process.exit(1);
          await new Promise((resolve) => setTimeout(resolve, 60));
          return 'fine';
        };`,
      },
    });

    const [fine] = await Promise.all([result('f'), runtime.invoke('f', { exit: true })]);

    expect(fine).toBe('fine');
  });
});

describe('what a function prints', () => {
  test('goes to the log line by line, with its request id, and not to the terminal', async () => {
    const { runtime, log } = createWorld({
      f: {
        code: `console.log('loading');
          exports.handler = async () => { console.log('one\\ntwo'); console.error('%s', 'three'); process.stdout.write('four'); };`,
      },
    });

    const { requestId } = await runtime.invoke('f', {});

    expect(log).toEqual([
      { functionName: 'f', requestId: undefined, line: 'loading' },
      ...['one', 'two', 'three', 'four'].map((line) => ({ functionName: 'f', requestId, line })),
    ]);
  });
});

describe('many invocations', () => {
  test('are spread over at most four workers of a function, the rest wait in order', async () => {
    const { result } = createWorld({
      f: {
        code: `let calls = 0; exports.handler = async (event) => {
          calls += 1; await new Promise((r) => setTimeout(r, 1000)); return { n: event.n, call: calls, at: Date.now() }; };`,
      },
    });

    const answers = (await Promise.all(Array.from({ length: 10 }, (_value, n) => result('f', { n })))) as {
      n: number;
      call: number;
      at: number;
    }[];

    const firstOfWorkers = answers.filter(({ call }) => call === 1);
    const ended = [...answers].sort((a, b) => a.at - b.at).map(({ n }) => n);
    expect(firstOfWorkers).toHaveLength(4);
    expect([ended.slice(0, 4), ended.slice(4, 8), ended.slice(8)].map((wave) => wave.sort())).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test('of many functions all come through although few workers start at once', async () => {
    const names = Array.from({ length: 4 }, (_value, n) => `f${n}`);
    const { result } = createWorld(Object.fromEntries(names.map((name) => [name, { code: COUNT }])), {
      maxColdStarts: 1,
    });

    const answers = await Promise.all(names.flatMap((name) => [result(name), result(name)]));

    expect(answers).toHaveLength(8);
  });

  test('beyond the reserved concurrency are throttled', async () => {
    const { runtime, result } = createWorld({ f: { code: ECHO, reservedConcurrency: 1 } });

    const first = result('f');

    await expect(runtime.invoke('f', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      statusCode: 429,
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    expect(await first).toEqual({ event: {} });
    expect(await result('f')).toEqual({ event: {} });
  });
});

describe('an event', () => {
  /** Fails as often as told, and prints when it was called. */
  const FLAKY = `let calls = 0; exports.handler = async (event) => {
    console.log(Date.now()); calls += 1; if (calls <= event.failures) throw new Error('call ' + calls); return calls; };`;
  const minutesBetween = (log: readonly { line: string }[]): number[] => {
    const times = log.map(({ line }) => Number(line));
    return times.slice(1).map((time, index) => Math.floor((time - (times[index] ?? Number.NaN)) / 60_000));
  };

  test('that fails is tried again after one and after two minutes of virtual time', async () => {
    const { runtime, log } = createWorld({ f: { code: FLAKY } });

    const invocation = await runtime.invokeAsEvent('f', { failures: 2 });

    expect(invocation.payload).toBe(3);
    expect(minutesBetween(log)).toEqual([1, 2]);
  });

  test('that fails three times is given up with its last error', async () => {
    const { runtime, log } = createWorld({ f: { code: FLAKY } });

    const invocation = await runtime.invokeAsEvent('f', { failures: 9 });

    expect(invocation).toMatchObject({ functionError: 'Unhandled', payload: { errorMessage: 'call 3' } });
    expect(log).toHaveLength(3);
  });

  test('that nobody waits for leaves a line in the log when it is given up', async () => {
    const { runtime, log } = createWorld({
      f: { code: 'exports.handler = async () => { throw new Error("bad"); };' },
    });

    await runtime.invokeAsEventUnheard('f', {});

    expect(log.map(({ line }) => line)).toEqual([expect.stringMatching(/^an event was given up: .*"bad"/)]);
  });

  test('that is throttled is offered again', async () => {
    const { runtime } = createWorld({ f: { code: COUNT, reservedConcurrency: 1 } });

    const [first, second] = await Promise.all([
      runtime.invokeAsEvent('f', {}),
      runtime.invokeAsEvent('f', {}),
    ]);

    expect([first.payload, second.payload]).toEqual([1, 2]);
  });
});

describe('workers', () => {
  /** Prints a line and then waits for ever, for time. */
  const WAIT = `let calls = 0; exports.handler = async (event) => {
    calls += 1; console.log('call ' + calls); if (event.wait) await new Promise((r) => setTimeout(r, 20000)); return calls; };`;

  test('that are killed in the middle of a call answer as a crash, and the next call gets a new one', async () => {
    const world = createWorld({ f: { code: WAIT } }, { mode: 'manual' });
    await world.result('f');
    const waiting = world.runtime.invoke('f', { wait: true });
    await world.clock.quiet();

    const killed = world.runtime.killWorkers('f');
    const { payload, requestId } = await waiting;

    expect(killed).toBe(1);
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(await world.result('f')).toBe(1);
  });

  test('that are killed leave those of other functions alone', async () => {
    const { runtime, result } = createWorld({ f: { code: COUNT }, g: { code: COUNT } });
    await Promise.all([result('f'), result('g')]);

    runtime.killWorkers('f');

    expect([await result('f'), await result('g')]).toEqual([1, 2]);
  });

  test('can be started ahead, so that the first call finds the bundle loaded', async () => {
    const { runtime, log, result } = createWorld({
      f: { code: `console.log('loaded'); ${COUNT}` },
      g: { code: `console.log('loaded'); ${COUNT}` },
    });

    await runtime.prewarm();
    const loaded = log.map(({ functionName }) => functionName).sort();

    expect(loaded).toEqual(['f', 'g']);
    expect(await result('f')).toBe(1);
    expect(log).toHaveLength(2);
  });

  test('that cannot be started do not keep prewarming from its end', async () => {
    const { runtime } = createWorld({ f: { code: 'throw new Error("broken");' } });

    await expect(runtime.prewarm(['f'])).resolves.toBeUndefined();
  });

  test('are all gone after the runtime was stopped, and what ran or comes later answers as a crash', async () => {
    const { clock, runtime } = createWorld(
      { f: { code: WAIT } },
      { mode: 'manual', maxWorkersPerFunction: 1 },
    );
    const running = runtime.invoke('f', { wait: true });
    const queued = runtime.invoke('f', {});
    await clock.quiet();

    await runtime.stop();
    const answers = await Promise.all([running, queued, runtime.invoke('f', {})]);

    expect(answers.map(({ payload }) => (payload as { errorType: string }).errorType)).toEqual([
      'Runtime.ExitError',
      'Runtime.ExitError',
      'Runtime.ExitError',
    ]);
  });

  test('cannot be had for two functions of the same name', () => {
    const { runtime } = createWorld({ f: { code: ECHO } });
    const [definition] = runtime.functions();

    const twice = (): unknown => createWorld({}, { functions: definition ? [definition, definition] : [] });

    expect(twice).toThrow('two functions have the name f');
  });
});
