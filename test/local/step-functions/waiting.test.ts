import { START, detailsOf, functionArn, single, useRuntime } from './support/runtime';
import type { Runtime, Setup } from './support/runtime';

const runtime = useRuntime();

describe('Wait', () => {
  test.each<[string, object, 'JSONata' | 'JSONPath', unknown, number]>([
    ['Seconds', { Seconds: 90 }, 'JSONPath', {}, 90_000],
    ['Seconds as an expression', { Seconds: '{% $states.input.s * 2 %}' }, 'JSONata', { s: 5 }, 10_000],
    ['SecondsPath', { SecondsPath: '$.s' }, 'JSONPath', { s: 14 * 86_400 }, 14 * 86_400_000],
    ['Timestamp', { Timestamp: '2026-12-01T09:00:00Z' }, 'JSONata', {}, 3_600_000],
    [
      'TimestampPath',
      { TimestampPath: '$.t' },
      'JSONPath',
      { t: '2026-12-01T10:00:00.250+01:00' },
      3_600_250,
    ],
    ['Timestamp as an expression', { Timestamp: '{% $fromMillis($millis() + 1500) %}' }, 'JSONata', {}, 1500],
    ['a Timestamp that has passed', { Timestamp: '2020-01-01T00:00:00Z' }, 'JSONata', {}, 0],
    ['Seconds 0', { Seconds: 0 }, 'JSONata', {}, 0],
  ])('%s waits exactly as long as it says', async (_what, fields, language, input, took) => {
    const finished = await runtime().run(single({ Type: 'Wait', ...fields }, language), input);
    expect(finished).toMatchObject({ status: 'SUCCEEDED', took, output: input });
    expect(finished.types).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'ExecutionSucceeded',
    ]);
    expect(finished.events.at(-1)?.timestamp).toBe((START + took) / 1000);
  });

  test.each([-1, 1.5, '5', null])('a SecondsPath of %j is States.Runtime', async (s) => {
    const finished = await runtime().run(single({ Type: 'Wait', SecondsPath: '$.s' }, 'JSONPath'), { s });
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('a TimestampPath to no timestamp is States.Runtime, an expression States.QueryEvaluationError', async () => {
    const byPath = await runtime().run(single({ Type: 'Wait', TimestampPath: '$.t' }, 'JSONPath'), {
      t: 'soon',
    });
    expect(byPath.error).toBe('States.Runtime');
    const byQuery = await runtime().run(single({ Type: 'Wait', Timestamp: '{% "soon" %}' }));
    expect(byQuery.error).toBe('States.QueryEvaluationError');
    const negative = await runtime().run(single({ Type: 'Wait', Seconds: '{% -1 %}' }));
    expect(negative.error).toBe('States.QueryEvaluationError');
  });
});

describe('Timeouts', () => {
  const slow: Setup = { functions: { slow: async (_payload, { sleep }) => sleep(100_000) } };

  test('a task is over after TimeoutSeconds, and can be caught', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Slow',
      States: {
        Slow: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'slow' },
          TimeoutSeconds: '{% $states.input.limit %}',
          Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'After' }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    const finished = await runtime(slow).run(machine, { limit: 20 });
    expect(finished).toMatchObject({
      status: 'SUCCEEDED',
      took: 20_000,
      output: { Error: 'States.Timeout', Cause: '' },
    });
    expect(detailsOf(finished, 'TaskTimedOut')).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      error: 'States.Timeout',
    });
  });

  test('an expression that is no whole number from 1 is refused', async () => {
    const machine = single({ Type: 'Task', Resource: functionArn('slow'), TimeoutSeconds: '{% 0.5 %}' });
    expect((await runtime(slow).run(machine)).error).toBe('States.QueryEvaluationError');
    const text = single({ Type: 'Task', Resource: functionArn('slow'), TimeoutSeconds: '{% "5" %}' });
    expect((await runtime(slow).run(text)).cause).toContain("Expected 'number', but was 'string'");
  });

  test('TimeoutSeconds of the machine ends the execution as TIMED_OUT', async () => {
    const machine = { ...(single({ Type: 'Wait', Seconds: 500 }) as object), TimeoutSeconds: 30 };
    const finished = await runtime().run(machine);
    expect(finished).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout', took: 30_000 });
    expect(finished.types.slice(-2)).toEqual(['WaitStateAborted', 'ExecutionTimedOut']);
  });
});

describe('.waitForTaskToken', () => {
  const tokens: string[] = [];
  const functions: Setup['functions'] = {
    ask: (payload) => {
      tokens.push((payload as { token: string }).token);
      return 'asked';
    },
  };
  beforeEach(() => {
    tokens.length = 0;
  });
  const machine = (more: object = {}): unknown =>
    single({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      ...more,
    });
  const open = async (made: Runtime, definition: unknown): Promise<string> => {
    const arn = made.start(made.create(definition));
    await made.settle();
    return arn;
  };
  const token = (): string => tokens.at(-1) ?? 'none';

  test('ends with what SendTaskSuccess brings', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine());
    await made.api('SendTaskSuccess', { taskToken: token(), output: '{"yes":true}' });
    const finished = await made.finished(arn);
    expect(finished).toMatchObject({ output: { yes: true }, took: 0 });
    expect(finished.types.slice(2, 6)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
    ]);
    expect(detailsOf(finished, 'TaskSubmitted')).toMatchObject({ resource: 'invoke.waitForTaskToken' });
  });

  test('reads the token by $$ in JSONPath', async () => {
    const made = runtime({ functions });
    const definition = single(
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
      },
      'JSONPath',
    );
    const arn = await open(made, definition);
    await made.api('SendTaskSuccess', { taskToken: token(), output: '1' });
    expect((await made.finished(arn)).output).toBe(1);
  });

  test('fails with what SendTaskFailure brings, cause and all', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine());
    await made.api('SendTaskFailure', { taskToken: token(), error: 'No', cause: 'because' });
    const finished = await made.finished(arn);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'No', cause: 'because' });
    expect(detailsOf(finished, 'TaskFailed')).toMatchObject({ error: 'No', cause: 'because' });
  });

  test('takes an answer that comes before the function returns', async () => {
    const made: Runtime = runtime({
      functions: {
        ask: async (payload, { sleep }) => {
          await made.api('SendTaskSuccess', {
            taskToken: (payload as { token: string }).token,
            output: '"early"',
          });
          await sleep(1000);
        },
      },
    });
    expect(await made.run(machine())).toMatchObject({ output: 'early', took: 1000 });
  });

  test('times out, and then nobody can answer any more', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine({ TimeoutSeconds: 60 }));
    expect(await made.finished(arn)).toMatchObject({ error: 'States.Timeout', took: 60_000 });
    const late = made.api('SendTaskSuccess', { taskToken: token(), output: '1' });
    await expect(late).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  test('heartbeats keep it open; a missed one ends it as States.Timeout', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine({ TimeoutSeconds: 600, HeartbeatSeconds: 10 }));
    for (let beat = 0; beat < 3; beat += 1) {
      await made.clock.advance(8000);
      await made.api('SendTaskHeartbeat', { taskToken: token() });
    }
    const finished = await made.finished(arn);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Timeout', took: 34_000 });
    expect(detailsOf(finished, 'TaskScheduled')).toMatchObject({
      timeoutInSeconds: 600,
      heartbeatInSeconds: 10,
    });
  });

  test('a missed heartbeat can be caught by its own name', async () => {
    const made = runtime({ functions });
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
          HeartbeatSeconds: 5,
          Catch: [
            {
              ErrorEquals: ['States.HeartbeatTimeout'],
              Next: 'After',
              Output: '{% $states.errorOutput.Error %}',
            },
          ],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    expect((await made.run(definition)).output).toBe('States.HeartbeatTimeout');
  });

  test('a token is good for one answer; others are told apart', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine());
    const answer = (taskToken: string): Promise<unknown> =>
      made.api('SendTaskSuccess', { taskToken, output: '1' });
    await answer(token());
    await made.finished(arn);
    await expect(answer(token())).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await expect(answer('made up')).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(answer(`${token()}AAAA`)).rejects.toMatchObject({ code: 'TaskDoesNotExist' });
    await expect(made.api('SendTaskHeartbeat', { taskToken: token() })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  test('refuses an output that is no JSON, and the token stays open', async () => {
    const made = runtime({ functions });
    const arn = await open(made, machine());
    const wrong = made.api('SendTaskSuccess', { taskToken: token(), output: '{' });
    await expect(wrong).rejects.toMatchObject({ code: 'InvalidOutput' });
    await made.api('SendTaskSuccess', { taskToken: token(), output: '2' });
    expect((await made.finished(arn)).output).toBe(2);
  });

  test('each attempt has a token of its own', async () => {
    const made = runtime({ functions });
    const retry = [{ ErrorEquals: ['Again'], IntervalSeconds: 1 }];
    const arn = await open(made, machine({ Retry: retry }));
    const first = token();
    await made.api('SendTaskFailure', { taskToken: first, error: 'Again' });
    await made.clock.advance(1000);
    expect(token()).not.toBe(first);
    await made.api('SendTaskSuccess', { taskToken: token(), output: '3' });
    expect((await made.finished(arn)).output).toBe(3);
  });
});
