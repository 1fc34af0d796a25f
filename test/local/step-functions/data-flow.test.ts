import { START, detailsOf, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();

describe('Data flow in JSONPath', () => {
  test('goes through InputPath, Parameters, ResultSelector, ResultPath and OutputPath in this order', async () => {
    // GIVEN a function that answers what it was given
    const machine = single(
      {
        Type: 'Task',
        Resource: functionArn('echo'),
        InputPath: '$.in',
        Parameters: { 'value.$': '$.x', 'name.$': '$$.State.Name', fixed: [{ 'x.$': '$.x' }] },
        ResultSelector: { 'got.$': '$.value', 'all.$': '$' },
        ResultPath: '$.out.deep',
        OutputPath: '$.out',
      },
      'JSONPath',
    );
    // WHEN
    const finished = await runtime({ functions: { echo: (payload) => payload } }).run(machine, {
      in: { x: 5 },
      keep: 1,
    });
    // THEN
    const sent = { value: 5, name: 'Only', fixed: [{ x: 5 }] };
    expect(finished.output).toEqual({ deep: { got: 5, all: sent } });
    expect(detailsOf(finished, 'LambdaFunctionScheduled').input).toBe(JSON.stringify(sent));
  });

  test.each<[string, object, unknown]>([
    ['InputPath null is an empty object', { InputPath: null }, {}],
    ['OutputPath null is an empty object', { OutputPath: null }, {}],
    ['ResultPath null keeps the input', { Result: 1, ResultPath: null }, { a: { b: 1 } }],
    ['Result replaces the input', { Result: [1] }, [1]],
    ['ResultPath adds the result', { Result: 2, ResultPath: '$.a.c' }, { a: { b: 1, c: 2 } }],
    ['Parameters makes the result', { Parameters: { 'b.$': '$.a.b' } }, { b: 1 }],
    ['a false result is a result', { Result: false }, false],
  ])('%s', async (_what, fields, expected) => {
    const finished = await runtime().run(single({ Type: 'Pass', ...fields }, 'JSONPath'), { a: { b: 1 } });
    expect(finished.output).toEqual(expected);
  });

  test('a path that finds nothing fails the execution with States.Runtime, which nothing catches', async () => {
    const machine = {
      StartAt: 'Only',
      States: {
        Only: {
          Type: 'Task',
          Resource: functionArn('echo'),
          Parameters: { 'a.$': '$.missing' },
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'Never' }],
          Next: 'Never',
        },
        Never: { Type: 'Succeed' },
      },
    };
    const finished = await runtime().run(machine, { b: 1 });
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Runtime', took: 0 });
    expect(finished.cause).toBe(
      "An error occurred while executing the state 'Only' (entered at the event id #2). The JSONPath '$.missing' specified for the field 'Parameters/a.$' could not be found in the input '{\"b\":1}'",
    );
  });

  test('the context object has the names of the service', async () => {
    const finished = await runtime().run(single({ Type: 'Pass', Parameters: { 'c.$': '$$' } }, 'JSONPath'), {
      x: 1,
    });
    expect(finished.output).toEqual({
      c: {
        Execution: {
          Id: finished.arn,
          Input: { x: 1 },
          Name: finished.arn.split(':').at(-1),
          RoleArn: 'arn:aws:iam::123456789012:role/machine',
          StartTime: new Date(START).toISOString(),
          RedriveCount: 0,
        },
        StateMachine: {
          Id: 'arn:aws:states:us-east-1:123456789012:stateMachine:machine-1',
          Name: 'machine-1',
        },
        State: { Name: 'Only', EnteredTime: new Date(START).toISOString(), RetryCount: 0 },
      },
    });
  });
});

describe('Data flow in JSONata', () => {
  test('Arguments go in, Output comes out, and the input stays in reach', async () => {
    const machine = single({
      Type: 'Task',
      Resource: functionArn('double'),
      Arguments: { n: '{% $states.input.n %}' },
      Output: {
        was: '{% $states.input.n %}',
        is: '{% $states.result.n %}',
        at: '{% $states.context.State.Name %}',
      },
    });
    const double = (payload: unknown): unknown => ({ n: (payload as { n: number }).n * 2 });
    const finished = await runtime({ functions: { double } }).run(machine, { n: 4 });
    expect(finished.output).toEqual({ was: 4, is: 8, at: 'Only' });
  });

  test('a failing field is told by EvaluationFailed with state, location and cause', async () => {
    const machine = single({ Type: 'Pass', Output: { a: ['{% $states.input.nothing %}'] } });
    const finished = await runtime().run(machine);
    const cause =
      "An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '$states.input.nothing' specified for the field 'Output/a[0]' returned nothing (undefined).";
    expect(finished.types).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'EvaluationFailed',
      'ExecutionFailed',
    ]);
    expect(detailsOf(finished, 'EvaluationFailed')).toEqual({
      error: 'States.QueryEvaluationError',
      cause,
      location: 'Output/a[0]',
      state: 'Only',
    });
    expect(finished).toMatchObject({ error: 'States.QueryEvaluationError', cause });
  });

  test('a query failure in a task can be caught', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: functionArn('echo'),
          Arguments: '{% $states.input.nothing %}',
          Catch: [
            {
              ErrorEquals: ['States.QueryEvaluationError'],
              Next: 'Done',
              Output: '{% $states.errorOutput.Error %}',
            },
          ],
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
    };
    expect((await runtime().run(machine)).output).toBe('States.QueryEvaluationError');
  });

  test('a state of a JSONPath machine may be JSONata', async () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Pass',
          QueryLanguage: 'JSONata',
          Output: '{% $states.input.a + 1 %}',
          Assign: { x: 9 },
          Next: 'B',
        },
        B: { Type: 'Pass', Parameters: { 'a.$': '$', 'x.$': '$x' }, End: true },
      },
    };
    expect((await runtime().run(machine, { a: 1 })).output).toEqual({ a: 2, x: 9 });
  });
});

describe('Variables', () => {
  test('are seen from the next state on, and all of one Assign change at once', async () => {
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
        B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% [$x, $y] %}', Next: 'C' },
        C: { Type: 'Pass', Output: '{% $append($states.input, [$x, $y]) %}', End: true },
      },
    };
    const finished = await runtime().run(machine);
    expect(finished.output).toEqual([1, 2, 2, 1]);
    expect(detailsOf(finished, 'PassStateExited')).toMatchObject({
      assignedVariables: { x: '1', y: '2' },
      assignedVariablesDetails: { truncated: false },
    });
  });

  test('of a block around can be read inside of branches and iterations, which keep their own', async () => {
    const inner = (value: number): unknown => ({
      StartAt: `Set ${value}`,
      States: {
        [`Set ${value}`]: { Type: 'Pass', Assign: { own: value }, Next: `Get ${value}` },
        [`Get ${value}`]: { Type: 'Pass', Output: '{% $outer + $own %}', End: true },
      },
    });
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { outer: 100 }, Next: 'Both' },
        Both: { Type: 'Parallel', Branches: [inner(1), inner(2)], End: true },
      },
    };
    expect((await runtime().run(machine)).output).toEqual([101, 102]);
  });

  test('of JSONPath are assigned from the selected result', async () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Task',
          Resource: functionArn('echo'),
          ResultSelector: { 'n.$': '$.value' },
          Assign: { 'got.$': '$.n', 'name.$': '$$.State.Name', fixed: 1 },
          ResultPath: null,
          Next: 'B',
        },
        B: { Type: 'Pass', Parameters: { 'all.$': 'States.Array($got, $name, $fixed)' }, End: true },
      },
    };
    const finished = await runtime({ functions: { echo: (payload) => payload } }).run(machine, { value: 3 });
    expect(finished.output).toEqual({ all: [3, 'A', 1] });
  });
});

describe('Fail and Succeed', () => {
  test('Fail takes its texts from the definition, from paths or from expressions', async () => {
    const fixed = await runtime().run(single({ Type: 'Fail', Error: 'E', Cause: 'C' }));
    expect(fixed).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
    const paths = single(
      { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{}!', $.c)" },
      'JSONPath',
    );
    expect(await runtime().run(paths, { e: 'E', c: 'C' })).toMatchObject({ error: 'E', cause: 'C!' });
    const expressions = single({ Type: 'Fail', Error: '{% $states.input.e %}', Cause: 'C' });
    expect(await runtime().run(expressions, { e: 'E' })).toMatchObject({ error: 'E', cause: 'C' });
  });

  test('Succeed ends with what it lets through', async () => {
    const finished = await runtime().run(single({ Type: 'Succeed', Output: '{% $states.input.a %}' }), {
      a: 1,
    });
    expect(finished.output).toBe(1);
    expect(finished.types.slice(-2)).toEqual(['SucceedStateExited', 'ExecutionSucceeded']);
  });
});
