import fc from 'fast-check';
import { FunctionError, type Setup, detailsOf, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();

const block = (state: object): unknown => ({ StartAt: 'In', States: { In: { End: true, ...state } } });
const functions: Setup['functions'] = {
  /** Sleeps `ms`, fails where `fail` is set, answers `ms`. */
  work: async (payload, { sleep }) => {
    const { ms, fail } = payload as { ms: number; fail?: boolean };
    await sleep(ms);
    if (fail === true) throw new FunctionError('Failed', `after ${ms}`);
    return ms;
  },
};
const work = block({ Type: 'Task', Resource: functionArn('work') });
const map = (more: object, language: 'JSONata' | 'JSONPath' = 'JSONata'): unknown =>
  single({ Type: 'Map', ItemProcessor: work, ...more }, language);

describe('Map', () => {
  test('runs an iteration per item and answers their outputs in order', async () => {
    const items = [{ ms: 3000 }, { ms: 1000 }, { ms: 2000 }];
    const finished = await runtime({ functions }).run(map({ Items: '{% $states.input.items %}' }), { items });
    expect(finished).toMatchObject({ output: [3000, 1000, 2000], took: 3000 });
    expect(detailsOf(finished, 'MapStateStarted')).toEqual({ length: 3 });
    expect(finished.types.filter((type) => type.startsWith('MapIteration'))).toEqual([
      ...Array<string>(3).fill('MapIterationStarted'),
      ...Array<string>(3).fill('MapIterationSucceeded'),
    ]);
    expect(finished.types.slice(-3)).toEqual(['MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded']);
  });

  test('runs at most MaxConcurrency at once', async () => {
    const items = [{ ms: 1000 }, { ms: 1000 }, { ms: 1000 }, { ms: 1000 }, { ms: 1000 }];
    const machine = map({ ItemsPath: '$.items', MaxConcurrencyPath: '$.at' }, 'JSONPath');
    const took = async (at: number): Promise<number> =>
      (await runtime({ functions }).run(machine, { items, at })).took;
    expect([await took(1), await took(2), await took(0)]).toEqual([5000, 3000, 1000]);
  });

  test('whatever the sleeps and the concurrency, answers as one after the other would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 5 }),
        async (sleeps, at) => {
          const machine = map({ Items: '{% $states.input %}', MaxConcurrency: at });
          const finished = await runtime({ functions }).run(
            machine,
            sleeps.map((ms) => ({ ms })),
          );
          expect(finished.output).toEqual(sleeps);
          const longest = Math.max(0, ...sleeps);
          const sum = sleeps.reduce((total, ms) => total + ms, 0);
          expect(finished.took).toBeGreaterThanOrEqual(longest);
          expect(finished.took).toBeLessThanOrEqual(sum);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('gives each iteration what ItemSelector selects, with index and value', async () => {
    const processor = block({ Type: 'Pass' });
    const jsonata = map({
      ItemProcessor: processor,
      Items: ['a', 'b'],
      ItemSelector: {
        at: '{% $states.context.Map.Item.Index %}',
        is: '{% $states.context.Map.Item.Value %}',
        of: '{% $states.input.all %}',
      },
    });
    const expected = [
      { at: 0, is: 'a', of: 7 },
      { at: 1, is: 'b', of: 7 },
    ];
    expect((await runtime().run(jsonata, { all: 7 })).output).toEqual(expected);
    const selector = { 'at.$': '$$.Map.Item.Index', 'is.$': '$$.Map.Item.Value', 'of.$': '$.all' };
    for (const key of ['ItemSelector', 'Parameters']) {
      const jsonPath = map({ ItemProcessor: processor, ItemsPath: '$.list', [key]: selector }, 'JSONPath');
      expect((await runtime().run(jsonPath, { all: 7, list: ['a', 'b'] })).output).toEqual(expected);
    }
  });

  test('takes an object as the list of its members, an empty list as nothing to do, and refuses the rest', async () => {
    const machine = map({ ItemProcessor: block({ Type: 'Pass' }), Items: '{% $states.input.items %}' });
    expect((await runtime().run(machine, { items: { k: 1 } })).output).toEqual([{ Key: 'k', Value: 1 }]);
    expect((await runtime().run(map({ Items: [] }))).output).toEqual([]);
    expect((await runtime().run(machine, { items: 5 })).error).toBe('States.Runtime');
  });

  test('fails with the error of the first iteration that fails, and calls off the others', async () => {
    const items = [{ ms: 9000 }, { ms: 1000, fail: true }];
    const finished = await runtime({ functions }).run(map({ Items: '{% $states.input %}' }), items);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'Failed', took: 1000 });
    expect(finished.types.slice(-6)).toEqual([
      ...['LambdaFunctionFailed', 'MapIterationFailed', 'TaskStateAborted', 'MapIterationAborted'],
      ...['MapStateFailed', 'ExecutionFailed'],
    ]);
  });

  test('puts up with as many failures as it is told to, and answers them in place', async () => {
    const items = [{ ms: 1 }, { ms: 2, fail: true }, { ms: 3 }, { ms: 4, fail: true }];
    const run = async (tolerance: object): Promise<unknown> => {
      const machine = map({ Items: '{% $states.input %}', MaxConcurrency: 1, ...tolerance });
      const { output, error } = await runtime({ functions }).run(machine, items);
      return output ?? error;
    };
    const failed = { Error: 'Failed', Cause: expect.stringContaining('after') as string };
    expect(await run({ ToleratedFailureCount: 2 })).toEqual([1, failed, 3, failed]);
    expect(await run({ ToleratedFailurePercentage: 50 })).toEqual([1, failed, 3, failed]);
    expect(await run({ ToleratedFailureCount: 1 })).toBe('States.ExceedToleratedFailureThreshold');
    expect(await run({ ToleratedFailurePercentage: 49 })).toBe('States.ExceedToleratedFailureThreshold');
  });

  test.each(['MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'])(
    '%s to no number, or to one out of range, is States.Runtime',
    async (key) => {
      const machine = map({ ItemsPath: '$.items', [key]: '$.n' }, 'JSONPath');
      for (const n of ['1', -1, null]) {
        expect((await runtime().run(machine, { items: [], n })).error).toBe('States.Runtime');
      }
    },
  );

  test('is retried and caught as a whole', async () => {
    let calls = 0;
    const made = runtime({
      functions: {
        work: () => {
          calls += 1;
          if (calls < 3) throw new FunctionError('Failed', 'no');
          return calls;
        },
      },
    });
    const finished = await made.run(
      map({ Items: [1], Retry: [{ ErrorEquals: ['Failed'], IntervalSeconds: 5, BackoffRate: 1 }] }),
    );
    expect(finished).toMatchObject({ output: [3], took: 10_000 });
    expect(finished.types.filter((type) => type === 'MapStateFailed')).toHaveLength(2);
  });
});

describe('Parallel', () => {
  const parallel = (branches: readonly unknown[], more: object = {}): unknown =>
    single({ Type: 'Parallel', Branches: branches, ...more });
  const named = (name: string, state: object): unknown => ({
    StartAt: name,
    States: { [name]: { End: true, ...state } },
  });

  test('runs its branches side by side on the same input and answers all outputs', async () => {
    const branches = [
      named('A', { Type: 'Wait', Seconds: 5, Output: 'a' }),
      named('B', { Type: 'Pass', Output: '{% $states.input.x %}' }),
    ];
    const finished = await runtime().run(parallel(branches, { Arguments: { x: '{% $states.input.y %}' } }), {
      y: 4,
    });
    expect(finished).toMatchObject({ output: ['a', 4], took: 5000 });
    expect(finished.types).toEqual([
      ...[
        'ExecutionStarted',
        'ParallelStateEntered',
        'ParallelStateStarted',
        'WaitStateEntered',
        'PassStateEntered',
      ],
      ...[
        'PassStateExited',
        'WaitStateExited',
        'ParallelStateSucceeded',
        'ParallelStateExited',
        'ExecutionSucceeded',
      ],
    ]);
    // Both branches follow the start of the Parallel, its end follows the branch that ended last.
    const previous = Object.fromEntries(finished.events.map((event) => [event.type, event.previousEventId]));
    expect(previous).toMatchObject({
      WaitStateEntered: 3,
      PassStateEntered: 3,
      WaitStateExited: 4,
      ParallelStateSucceeded: 7,
    });
  });

  test('fails with the first failure and calls off the other branches at once', async () => {
    const branches = [
      named('A', { Type: 'Wait', Seconds: 50 }),
      {
        StartAt: 'B',
        States: { B: { Type: 'Wait', Seconds: 2, Next: 'C' }, C: { Type: 'Fail', Error: 'E', Cause: 'c' } },
      },
    ];
    const finished = await runtime().run(parallel(branches));
    expect(finished).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c', took: 2000 });
    expect(finished.types.slice(-4)).toEqual([
      'FailStateEntered',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  test('hands a failure of a branch to its own catcher', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [
            named('A', { Type: 'Pass' }),
            { StartAt: 'B', States: { B: { Type: 'Fail', Error: 'E' } } },
          ],
          Catch: [{ ErrorEquals: ['E'], Next: 'After' }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    expect((await runtime().run(machine)).output).toEqual({ Error: 'E', Cause: '' });
  });

  test('nests: an abort reaches the innermost state first', async () => {
    const inner = named('Inner', {
      Type: 'Parallel',
      Branches: [named('Deep', { Type: 'Wait', Seconds: 99 })],
    });
    const made = runtime();
    const arn = made.start(made.create(parallel([inner])));
    await made.settle();
    await made.api('StopExecution', { executionArn: arn, error: 'Stop', cause: 'by hand' });
    const finished = await made.finished(arn);
    expect(finished).toMatchObject({ status: 'ABORTED', error: 'Stop', cause: 'by hand' });
    expect(finished.types.slice(-4)).toEqual([
      ...['WaitStateAborted', 'ParallelStateAborted', 'ParallelStateAborted', 'ExecutionAborted'],
    ]);
  });
});
