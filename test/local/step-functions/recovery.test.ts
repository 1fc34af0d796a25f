import fc from 'fast-check';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import type { Retrier } from '../../../local/step-functions/definition/machine';
import { matched, retryDelayMs } from '../../../local/step-functions/run/recovery';
import { StateError } from '../../../local/step-functions/state-error';
import { FunctionError, START, detailsOf, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();

/** A function that fails so often before it answers its number of calls. */
const flaky = (failures: number, error = 'Flaky') => ({
  flaky: (_payload: unknown, { calls }: { calls: number }) => {
    if (calls < failures) throw new FunctionError(error, `failure ${calls + 1}`);
    return calls;
  },
});
const task = (more: object): unknown => single({ Type: 'Task', Resource: functionArn('flaky'), ...more });

describe('Retry', () => {
  test('waits the interval, times the backoff, at most the maximum', async () => {
    const machine = task({
      Retry: [
        { ErrorEquals: ['Flaky'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 },
      ],
    });
    const finished = await runtime({ functions: flaky(4) }).run(machine);
    const starts = finished.events.filter((event) => event.type === 'LambdaFunctionScheduled');
    expect(starts.map((event) => event.timestamp * 1000 - START)).toEqual([0, 2000, 8000, 18_000, 28_000]);
    expect(finished.output).toBe(4);
  });

  test('tries three more times after 1, 2 and 4 seconds unless told', async () => {
    const finished = await runtime({ functions: flaky(9) }).run(
      task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }),
    );
    expect(finished).toMatchObject({ status: 'FAILED', error: 'Flaky', took: 7000 });
    expect(finished.types.filter((type) => type === 'LambdaFunctionScheduled')).toHaveLength(4);
  });

  test('MaxAttempts 0 does not retry', async () => {
    const machine = task({
      Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
    });
    expect(await runtime({ functions: flaky(1) }).run(machine)).toMatchObject({ error: 'Flaky', took: 0 });
  });

  test('each retrier counts for itself, and the context counts all', async () => {
    const functions = {
      flaky: (_payload: unknown, { calls }: { calls: number }) => {
        if (calls < 4) throw new FunctionError(calls % 2 === 0 ? 'Even' : 'Odd', 'no');
        return 'done';
      },
    };
    const machine = task({
      Retry: [
        { ErrorEquals: ['Even'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 },
        { ErrorEquals: ['Odd'], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 1 },
      ],
      Output: '{% $states.context.State.RetryCount %}',
    });
    expect(await runtime({ functions }).run(machine)).toMatchObject({ output: 4, took: 22_000 });
  });

  test('full jitter draws from the injected source', async () => {
    const retry = { ErrorEquals: ['Flaky'], IntervalSeconds: 100, BackoffRate: 1, JitterStrategy: 'FULL' };
    const random = { next: () => 0.25 };
    const finished = await runtime({ functions: flaky(2), random }).run(task({ Retry: [retry] }));
    expect(finished.took).toBe(50_000);
  });

  test('a delay is never above its bounds and never shrinks, jitter aside', () => {
    const retrier: fc.Arbitrary<Retrier> = fc.record({
      errors: fc.constant(['x']),
      intervalSeconds: fc.integer({ min: 1, max: 100 }),
      maxAttempts: fc.constant(10),
      backoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
      maxDelaySeconds: fc.integer({ min: 101, max: 10_000 }),
      jitter: fc.constantFrom('FULL', 'NONE'),
    });
    fc.assert(
      fc.property(retrier, fc.integer({ min: 0, max: 20 }), fc.integer(), (entry, done, seed) => {
        const delay = retryDelayMs(entry, done, createSeededRandom(seed));
        const plain = retryDelayMs({ ...entry, jitter: 'NONE' }, done, createSeededRandom(seed));
        const next = retryDelayMs({ ...entry, jitter: 'NONE' }, done + 1, createSeededRandom(seed));
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(plain);
        expect(plain).toBeGreaterThanOrEqual(entry.intervalSeconds * 1000);
        expect(plain).toBeLessThanOrEqual(entry.maxDelaySeconds * 1000);
        expect(next).toBeGreaterThanOrEqual(plain);
      }),
    );
  });
});

describe('ErrorEquals', () => {
  test.each<[string, string | undefined, string[], boolean]>([
    ['a name stands for itself', 'A', ['B', 'A'], true],
    ['and for nothing else', 'A', ['B'], false],
    ['States.ALL stands for what has a name', 'A', ['States.ALL'], true],
    ['and for what has none', undefined, ['States.ALL'], true],
    [
      'States.ALL does not stand for States.DataLimitExceeded',
      'States.DataLimitExceeded',
      ['States.ALL'],
      false,
    ],
    ['which its own name does', 'States.DataLimitExceeded', ['States.DataLimitExceeded'], true],
    ['States.ALL does not stand for States.Runtime', 'States.Runtime', ['States.ALL'], false],
    ['and neither does its own name', 'States.Runtime', ['States.Runtime'], false],
    ['States.TaskFailed stands for a failure', 'A', ['States.TaskFailed'], true],
    ['but not for a timeout', 'States.Timeout', ['States.TaskFailed'], false],
  ])('%s', (_what, error, names, expected) => {
    expect(matched(names, new StateError(error)) !== undefined).toBe(expected);
  });

  test('a missed heartbeat is a timeout too', () => {
    const missed = new StateError('States.Timeout', undefined, 'States.HeartbeatTimeout');
    expect(matched(['States.HeartbeatTimeout'], missed)).toBe('States.HeartbeatTimeout');
    expect(matched(['States.Timeout'], missed)).toBe('States.Timeout');
    expect(matched(['States.HeartbeatTimeout'], new StateError('States.Timeout'))).toBeUndefined();
  });
});

describe('Catch', () => {
  test('in JSONata hands on Output and Assign, which see the error', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Task',
          Resource: functionArn('flaky'),
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Never' },
            {
              ErrorEquals: ['States.ALL'],
              Next: 'After',
              Output: { why: '{% $states.errorOutput.Error %}', was: '{% $states.input %}' },
              Assign: { cause: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
            },
          ],
          Next: 'Never',
        },
        After: { Type: 'Pass', Output: '{% $merge([$states.input, {"cause": $cause}]) %}', End: true },
        Never: { Type: 'Fail' },
      },
    };
    const finished = await runtime({ functions: flaky(1) }).run(machine, { a: 1 });
    expect(finished.output).toEqual({ why: 'Flaky', was: { a: 1 }, cause: 'failure 1' });
    expect(finished.types).toContain('TaskStateExited');
  });

  test('in JSONPath replaces the input, or merges into it by ResultPath', async () => {
    const machine = (catcher: object): unknown => ({
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Task',
          Resource: functionArn('flaky'),
          Catch: [{ ErrorEquals: ['Flaky'], Next: 'After', ...catcher }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    });
    const error = { Error: 'Flaky', Cause: '{"errorType":"Flaky","errorMessage":"failure 1","trace":[]}' };
    expect((await runtime({ functions: flaky(1) }).run(machine({}), { a: 1 })).output).toEqual(error);
    const merged = await runtime({ functions: flaky(1) }).run(machine({ ResultPath: '$.error' }), { a: 1 });
    expect(merged.output).toEqual({ a: 1, error });
  });

  test('comes after the retries', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Task',
          Resource: functionArn('flaky'),
          Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ['Flaky'], Next: 'After' }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    expect(await runtime({ functions: flaky(9) }).run(machine)).toMatchObject({
      status: 'SUCCEEDED',
      took: 3000,
    });
  });

  test('a failing Output of a catcher fails the execution, with EvaluationFailed', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Task',
          Resource: functionArn('flaky'),
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After', Output: '{% $states.input.nothing %}' }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    const finished = await runtime({ functions: flaky(1) }).run(machine);
    expect(finished.error).toBe('States.QueryEvaluationError');
    expect(detailsOf(finished, 'EvaluationFailed')).toMatchObject({ location: 'Catch[0]/Output' });
  });
});
