import { type Finished, type Runtime, detailsOf, single, useRuntime } from './support/runtime';

const runtime = useRuntime();

const CHILD = 'arn:aws:states:us-east-1:123456789012:stateMachine:child';
const start = (pattern: string, more: object = {}, given: object = {}): unknown =>
  single({
    Type: 'Task',
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Arguments: { StateMachineArn: CHILD, Name: 'one', Input: { a: 1 }, ...given },
    ...more,
  });
const child = (made: Runtime, definition: unknown): string => made.create(definition, 'child');
const slow = single({ Type: 'Wait', Seconds: 30, Output: { done: true } });

describe('states:startExecution', () => {
  test('answers at once, without .sync', async () => {
    const made = runtime();
    child(made, slow);
    const finished = await made.run(start(''));
    const arn = 'arn:aws:states:us-east-1:123456789012:execution:child:one';
    expect(finished).toMatchObject({
      took: 0,
      output: { ExecutionArn: arn, StartDate: Date.UTC(2026, 11, 1, 8) },
    });
    expect((await made.finished(arn)).output).toEqual({ done: true });
  });

  test.each([
    ['.sync', '{"done":true}', '{"a":1}'],
    ['.sync:2', { done: true }, { a: 1 }],
  ])('%s waits for the end and answers what came out', async (pattern, output, input) => {
    const made = runtime();
    child(made, slow);
    const finished = await made.run(start(pattern));
    expect(finished).toMatchObject({
      took: 30_000,
      output: { Status: 'SUCCEEDED', Output: output, Input: input, Name: 'one' },
    });
    expect(detailsOf(finished, 'TaskSubmitted')).toMatchObject({
      resourceType: 'states',
      resource: `startExecution${pattern}`,
    });
  });

  test('a child that fails under .sync is States.TaskFailed, with the child as cause', async () => {
    const made = runtime();
    child(made, single({ Type: 'Fail', Error: 'E', Cause: 'c' }));
    const finished = await made.run(start('.sync:2'));
    expect(finished.error).toBe('States.TaskFailed');
    expect(JSON.parse(finished.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'E', Cause: 'c' });
  });

  test('names an unknown machine and a used name', async () => {
    const made = runtime();
    expect((await made.run(start(''))).error).toBe('StepFunctions.StateMachineDoesNotExistException');
    child(made, slow);
    made.start(CHILD, { other: 1 }, 'one');
    expect((await made.run(start(''))).error).toBe('StepFunctions.ExecutionAlreadyExists');
    const submitted: Finished = await made.run(start('.sync'));
    expect(submitted.types).toContain('TaskSubmitFailed');
  });

  test('stops a child that it waits for no longer', async () => {
    const made = runtime();
    child(made, slow);
    const finished = await made.run(start('.sync', { TimeoutSeconds: 10 }));
    expect(finished).toMatchObject({ error: 'States.Timeout', took: 10_000 });
    const described = await made.api('DescribeExecution', {
      executionArn: CHILD.replace('stateMachine', 'execution') + ':one',
    });
    expect(described.status).toBe('ABORTED');
  });

  test('hands a token to the child, who answers it', async () => {
    const made = runtime();
    child(
      made,
      single({
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sfn:sendTaskSuccess',
        Arguments: { TaskToken: '{% $states.input.token %}', Output: '"from the child"' },
      }),
    );
    const given = { Input: { token: '{% $states.context.Task.Token %}' } };
    expect((await made.run(start('.waitForTaskToken', {}, given))).output).toBe('from the child');
  });
});
