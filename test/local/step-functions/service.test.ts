import fc from 'fast-check';
import { pageOf } from '../../../local/step-functions/api/paging';
import { type Runtime, ROLE, START, single, useRuntime } from './support/runtime';

const runtime = useRuntime();
const DAY = 86_400_000;
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:m';
const pass = single({ Type: 'Pass' });
const wait = single({ Type: 'Wait', Seconds: 3600 });

const withMachine = (definition: unknown): Runtime => {
  const made = runtime();
  made.create(definition, 'm');
  return made;
};
const refusal = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => 'it was taken',
    (error: unknown) => (error as { code: string }).code,
  );

describe('StartExecution', () => {
  test('answers the ARN and the start in epoch seconds; an unnamed one is named by a UUID', async () => {
    const made = withMachine(pass);
    await made.clock.advance(250);
    const named = await made.api('StartExecution', { stateMachineArn: MACHINE, name: 'one', input: '{}' });
    expect(named).toEqual({ executionArn: `${EXECUTION}:one`, startDate: START / 1000 + 0.25 });
    const unnamed = await made.api('StartExecution', { stateMachineArn: MACHINE });
    expect(unnamed.executionArn).toMatch(/:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/u);
  });

  test('is idempotent by name and input while the execution is open', async () => {
    const made = withMachine(wait);
    const request = { stateMachineArn: MACHINE, name: 'one', input: '{"a":1}' };
    const first = await made.api('StartExecution', request);
    await made.clock.advance(1000);
    expect(await made.api('StartExecution', request)).toEqual(first);
    expect(await refusal(made.api('StartExecution', { ...request, input: '{"a":2}' }))).toBe(
      'ExecutionAlreadyExists',
    );
    expect(made.told.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  test('blocks a name for 90 days after its execution closed, and not a moment longer', async () => {
    const made = withMachine(pass);
    const request = { stateMachineArn: MACHINE, name: 'one', input: '{}' };
    await made.api('StartExecution', request);
    await made.settle();
    expect(await refusal(made.api('StartExecution', request))).toBe('ExecutionAlreadyExists');
    await made.clock.advance(90 * DAY - 1);
    expect(await refusal(made.api('StartExecution', request))).toBe('ExecutionAlreadyExists');
    expect(await refusal(made.api('DescribeExecution', { executionArn: `${EXECUTION}:one` }))).toBe(
      'it was taken',
    );
    await made.clock.advance(1);
    expect(await refusal(made.api('DescribeExecution', { executionArn: `${EXECUTION}:one` }))).toBe(
      'ExecutionDoesNotExist',
    );
    expect(await refusal(made.api('StartExecution', request))).toBe('it was taken');
  });

  test.each([
    ['', 'InvalidName'],
    ['with space', 'InvalidName'],
    ['a:b', 'InvalidName'],
    ['a\u0000', 'InvalidName'],
    ['x'.repeat(81), 'InvalidName'],
    ['x'.repeat(80), 'it was taken'],
    ['Grün-1_2.3', 'it was taken'],
  ])('takes or refuses the name %j: %s', async (name, expected) => {
    expect(await refusal(withMachine(pass).api('StartExecution', { stateMachineArn: MACHINE, name }))).toBe(
      expected,
    );
  });

  test.each<[string, object, string]>([
    ['an unknown machine', { stateMachineArn: `${MACHINE}x` }, 'StateMachineDoesNotExist'],
    ['no ARN', { stateMachineArn: 'm' }, 'InvalidArn'],
    ['the ARN of an execution', { stateMachineArn: `${EXECUTION}:one` }, 'InvalidArn'],
    ['a missing ARN', {}, 'ValidationException'],
    ['input that is no JSON', { stateMachineArn: MACHINE, input: '{' }, 'InvalidExecutionInput'],
    ['input of the wrong type', { stateMachineArn: MACHINE, input: {} }, 'SerializationException'],
    ['a member that does not exist', { stateMachineArn: MACHINE, nme: 'x' }, 'ValidationException'],
  ])('refuses %s', async (_what, input, code) => {
    expect(await refusal(withMachine(pass).api('StartExecution', input as Record<string, unknown>))).toBe(
      code,
    );
  });
});

describe('DescribeExecution', () => {
  test('tells of one that runs and of one that has ended', async () => {
    const made = withMachine(wait);
    made.start(MACHINE, { a: 1 }, 'one');
    await made.settle();
    const running = await made.api('DescribeExecution', { executionArn: `${EXECUTION}:one` });
    expect(running).toEqual({
      ...{ executionArn: `${EXECUTION}:one`, stateMachineArn: MACHINE, name: 'one', status: 'RUNNING' },
      ...{ startDate: START / 1000, input: '{"a":1}', inputDetails: { included: true }, redriveCount: 0 },
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    await made.clock.advance(3_600_000);
    const ended = await made.api('DescribeExecution', {
      executionArn: `${EXECUTION}:one`,
      includedData: 'ALL_DATA',
    });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', stopDate: START / 1000 + 3600, output: '{"a":1}' });
    const metadata = await made.api('DescribeExecution', {
      executionArn: `${EXECUTION}:one`,
      includedData: 'METADATA_ONLY',
    });
    expect(metadata).not.toHaveProperty('input');
  });

  test('refuses an unknown execution and what is none', async () => {
    const made = runtime();
    expect(await refusal(made.api('DescribeExecution', { executionArn: `${EXECUTION}:one` }))).toBe(
      'ExecutionDoesNotExist',
    );
    expect(await refusal(made.api('DescribeExecution', { executionArn: MACHINE }))).toBe('InvalidArn');
    expect(await refusal(made.api('GetExecutionHistory', { executionArn: `${EXECUTION}:one` }))).toBe(
      'ExecutionDoesNotExist',
    );
    expect(await refusal(made.api('StopExecution', { executionArn: `${EXECUTION}:one` }))).toBe(
      'ExecutionDoesNotExist',
    );
  });
});

describe('StopExecution', () => {
  test('aborts at once, with error and cause; one that has ended stays as it is', async () => {
    const made = withMachine(wait);
    const executionArn = made.start(MACHINE, {}, 'one');
    await made.clock.advance(5000);
    const stopped = await made.api('StopExecution', { executionArn, error: 'E', cause: 'c' });
    expect(stopped).toEqual({ stopDate: START / 1000 + 5 });
    expect(await made.api('StopExecution', { executionArn, error: 'again' })).toEqual(stopped);
    expect(await made.finished(executionArn)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'c' });
    const { events } = await made.api('GetExecutionHistory', { executionArn });
    expect((events as { type: string }[]).map(({ type }) => type)).toEqual([
      ...['ExecutionStarted', 'WaitStateEntered', 'WaitStateAborted', 'ExecutionAborted'],
    ]);
  });

  test('nothing of a stopped execution goes on', async () => {
    const made = withMachine(wait);
    const executionArn = made.start(MACHINE);
    // Stopped before its first state has begun to wait.
    await made.api('StopExecution', { executionArn });
    await made.clock.advance(2 * 3_600_000);
    expect((await made.finished(executionArn)).types).toEqual([
      ...['ExecutionStarted', 'WaitStateEntered', 'WaitStateAborted', 'ExecutionAborted'],
    ]);
  });
});

describe('ListExecutions', () => {
  test('lists the newest first, filtered, and paged without a gap while new ones come', async () => {
    const made = withMachine(wait);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      made.start(MACHINE, {}, name);
      await made.clock.advance(1000);
    }
    await made.api('StopExecution', { executionArn: `${EXECUTION}:b` });
    const names = (answer: Record<string, unknown>): string[] =>
      (answer.executions as { name: string }[]).map(({ name }) => name);
    const list = (more: object): Promise<Record<string, unknown>> =>
      made.api('ListExecutions', { stateMachineArn: MACHINE, ...more });
    const first = await list({ maxResults: 2 });
    made.start(MACHINE, {}, 'late');
    const second = await list({ maxResults: 2, nextToken: first.nextToken });
    const third = await list({ maxResults: 2, nextToken: second.nextToken });
    expect([names(first), names(second), names(third), third.nextToken]).toEqual([
      ['e', 'd'],
      ['c', 'b'],
      ['a'],
      undefined,
    ]);
    expect(names(await list({ statusFilter: 'ABORTED' }))).toEqual(['b']);
    expect(names(await list({ redriveFilter: 'REDRIVEN' }))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a token of another list', { nextToken: 'abc' }, 'InvalidToken'],
    ['a page above 1000', { maxResults: 1001 }, 'ValidationException'],
    ['an unknown status', { statusFilter: 'DONE' }, 'ValidationException'],
    ['a map run', { mapRunArn: 'arn' }, 'ValidationException'],
  ])('refuses %s', async (_what, input, code) => {
    expect(
      await refusal(withMachine(pass).api('ListExecutions', { stateMachineArn: MACHINE, ...input })),
    ).toBe(code);
  });

  test('pages of any size joined are the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.integer({ min: 1, max: 7 }), (items, size) => {
        const joined: number[] = [];
        let token: string | undefined;
        do {
          const page = pageOf(items, String, 'list', size, token);
          expect(page.items.length).toBeLessThanOrEqual(size);
          joined.push(...page.items);
          token = page.nextToken;
        } while (token !== undefined);
        expect(joined).toEqual(items);
      }),
    );
  });
});

describe('GetExecutionHistory', () => {
  test('pages, turns round and leaves out data', async () => {
    const made = withMachine(pass);
    const executionArn = made.start(MACHINE, { secret: 1 });
    await made.settle();
    const history = (more: object): Promise<Record<string, unknown>> =>
      made.api('GetExecutionHistory', { executionArn, ...more });
    const first = await history({ maxResults: 3, reverseOrder: true });
    const second = await history({ maxResults: 3, reverseOrder: true, nextToken: first.nextToken });
    const ids = [first, second].flatMap(({ events }) => (events as { id: number }[]).map(({ id }) => id));
    expect(ids).toEqual([4, 3, 2, 1]);
    expect(await refusal(history({ nextToken: first.nextToken }))).toBe('InvalidToken');
    const all = await history({});
    expect((all.events as unknown[])[1]).toEqual({
      ...{ id: 2, previousEventId: 0, type: 'PassStateEntered', timestamp: START / 1000 },
      stateEnteredEventDetails: { name: 'Only', input: '{"secret":1}', inputDetails: { truncated: false } },
    });
    expect(JSON.stringify(await history({ includeExecutionData: false }))).not.toContain('secret');
  });
});

describe('State machines', () => {
  const request = { name: 'm', definition: JSON.stringify(pass), roleArn: ROLE };

  test('are created, described, listed and deleted', async () => {
    const made = runtime();
    const logging = { level: 'ERROR' };
    const created = await made.api('CreateStateMachine', { ...request, loggingConfiguration: logging });
    expect(created).toEqual({ stateMachineArn: MACHINE, creationDate: START / 1000 });
    expect(await made.api('DescribeStateMachine', { stateMachineArn: MACHINE })).toEqual({
      ...{
        ...request,
        stateMachineArn: MACHINE,
        status: 'ACTIVE',
        type: 'STANDARD',
        creationDate: START / 1000,
      },
      ...{ loggingConfiguration: logging, tracingConfiguration: { enabled: false } },
    });
    made.create(pass, 'another');
    const listed = (await made.api('ListStateMachines', { maxResults: 1 })) as {
      stateMachines: object[];
      nextToken: string;
    };
    expect(listed.stateMachines).toMatchObject([{ name: 'another' }]);
    const rest = await made.api('ListStateMachines', { nextToken: listed.nextToken });
    expect(rest.stateMachines).toMatchObject([{ name: 'm' }]);
    await made.api('DeleteStateMachine', { stateMachineArn: MACHINE });
    expect(await refusal(made.api('DescribeStateMachine', { stateMachineArn: MACHINE }))).toBe(
      'StateMachineDoesNotExist',
    );
    expect(await made.api('DeleteStateMachine', { stateMachineArn: MACHINE })).toEqual({});
  });

  test('may be created again if they are the same', () => {
    const { service } = runtime();
    const created = service.create(request);
    expect(service.create(request)).toEqual(created);
    const other = { ...request, definition: JSON.stringify(wait) };
    expect(() => service.create(other)).toThrow(
      expect.objectContaining({ code: 'StateMachineAlreadyExists' }) as Error,
    );
  });

  test('that are deleted end what runs at its next transition, and start nothing', async () => {
    const definition = {
      StartAt: 'A',
      States: { A: { Type: 'Wait', Seconds: 60, Next: 'B' }, B: { Type: 'Succeed' } },
    };
    const made = withMachine(definition);
    const executionArn = made.start(MACHINE);
    await made.settle();
    await made.api('DeleteStateMachine', { stateMachineArn: MACHINE });
    expect(await made.api('DescribeStateMachine', { stateMachineArn: MACHINE })).toMatchObject({
      status: 'DELETING',
    });
    expect(await refusal(made.api('StartExecution', { stateMachineArn: MACHINE }))).toBe(
      'StateMachineDeleting',
    );
    expect(await made.finished(executionArn)).toMatchObject({ status: 'ABORTED', took: 60_000 });
    expect(await refusal(made.api('DescribeStateMachine', { stateMachineArn: MACHINE }))).toBe(
      'StateMachineDoesNotExist',
    );
    expect(await made.api('DescribeStateMachineForExecution', { executionArn })).toMatchObject({
      name: 'm',
      roleArn: ROLE,
    });
  });

  test.each<[string, object, string]>([
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a role that is none', { roleArn: 'role' }, 'InvalidArn'],
    ['a definition that is none', { definition: '[]' }, 'InvalidDefinition'],
    ['an EXPRESS machine', { type: 'EXPRESS' }, 'StateMachineTypeNotSupported'],
    ['a version', { publish: true }, 'ValidationException'],
    ['encryption', { encryptionConfiguration: {} }, 'ValidationException'],
  ])('refuse %s', async (_what, more, code) => {
    expect(await refusal(runtime().api('CreateStateMachine', { ...request, ...more }))).toBe(code);
  });

  test('count the states that were entered', async () => {
    const made = withMachine(pass);
    await made.finished(made.start(MACHINE));
    await made.finished(made.start(MACHINE));
    expect(made.service.transitions).toBe(2);
  });
});

test('An operation that is not there is an UnknownOperationException that names it', async () => {
  await expect(runtime().api('RedriveExecution')).rejects.toMatchObject({
    code: 'UnknownOperationException',
    message: expect.stringContaining("'RedriveExecution'") as string,
  });
});
