import { functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();
const large = 'x'.repeat(262_144);

describe('The limit of a payload, 256 KiB', () => {
  test('a result above it is States.DataLimitExceeded, which States.ALL does not catch', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Big',
      States: {
        Big: {
          Type: 'Task',
          Resource: functionArn('big'),
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
          Next: 'After',
        },
        After: { Type: 'Succeed' },
      },
    };
    const finished = await runtime({ functions: { big: () => large } }).run(machine);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', took: 0 });
    expect(finished.cause).toContain(functionArn('big'));
    expect(finished.types).toContain('LambdaFunctionFailed');
  });

  test('one byte less is taken', async () => {
    // 262,142 characters and two quotes are exactly the limit.
    const made = runtime({ functions: { big: () => large.slice(2) } });
    expect((await made.run(single({ Type: 'Task', Resource: functionArn('big') }))).status).toBe('SUCCEEDED');
  });

  test('holds for outputs, variables and arguments too, counted in bytes', async () => {
    // GIVEN a text of 140,000 bytes in 70,000 characters, and a field that doubles it
    const input = { text: 'é'.repeat(70_000) };
    const twice = '{% $states.input.text & $states.input.text %}';
    const error = async (state: Record<string, unknown>): Promise<unknown> =>
      (await runtime().run(single(state), input)).error;
    // WHEN THEN
    expect(await error({ Type: 'Pass', Output: twice })).toBe('States.DataLimitExceeded');
    expect(await error({ Type: 'Pass', Assign: { x: twice }, Output: 1 })).toBe('States.DataLimitExceeded');
    expect(await error({ Type: 'Task', Resource: functionArn('f'), Arguments: twice })).toBe(
      'States.DataLimitExceeded',
    );
  });

  test('holds for the input of an execution', async () => {
    const made = runtime();
    const stateMachineArn = made.create(single({ Type: 'Pass' }));
    const request = made.api('StartExecution', { stateMachineArn, input: `"${large}"` });
    await expect(request).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('The limit of 25,000 events', () => {
  test('fails an execution that would have more, with the 25,000th event', async () => {
    const machine = {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
    };
    const made = runtime();
    const arn = made.start(made.create(machine));
    const finished = await made.finished(arn);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const last = await made.api('GetExecutionHistory', {
      executionArn: arn,
      maxResults: 1,
      reverseOrder: true,
    });
    expect(last.events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
    expect(made.service.transitions).toBe(12_499);
  });

  test('ends the branches of a Parallel with it', async () => {
    const loop = (name: string): unknown => ({
      StartAt: `${name}1`,
      States: {
        [`${name}1`]: { Type: 'Pass', Next: `${name}2` },
        [`${name}2`]: { Type: 'Pass', Next: `${name}1` },
      },
    });
    const made = runtime();
    const finished = await made.run(
      single({ Type: 'Parallel', Branches: [loop('A'), loop('B')] }, 'JSONPath'),
    );
    expect(finished.status).toBe('FAILED');
    const before = made.told.length;
    await made.settle();
    expect(made.told).toHaveLength(before);
  });
});
