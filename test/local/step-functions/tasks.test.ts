import { AwsError } from '../../../local/aws-api/json-service';
import { FunctionError, type Setup, detailsOf, functionArn, single, useRuntime } from './support/runtime';

const runtime = useRuntime();
const INVOKE = 'arn:aws:states:::lambda:invoke';
const echo: Setup = { functions: { echo: (payload) => payload } };

/** A one-task JSONata machine that calls an integration. */
const call = (resource: string, given: unknown, more: object = {}): unknown =>
  single({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Arguments: given, ...more });

describe('lambda:invoke', () => {
  test('answers the payload with the metadata of the call', async () => {
    const given = { FunctionName: functionArn('echo'), Payload: '{% $states.input %}' };
    const finished = await runtime(echo).run(call('lambda:invoke', given), { a: 1 });
    expect(finished.output).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { a: 1 },
      SdkHttpMetadata: {
        AllHttpHeaders: expect.objectContaining({ 'X-Amz-Executed-Version': ['$LATEST'] }) as object,
        HttpHeaders: expect.objectContaining({ 'Content-Type': 'application/json' }) as object,
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/u) as string },
      StatusCode: 200,
    });
  });

  test('tells its story in Task events', async () => {
    const machine = call('lambda:invoke', { FunctionName: 'echo' }, { TimeoutSeconds: 60 });
    const finished = await runtime(echo).run(machine);
    expect(finished.types).toEqual([
      ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded'],
      ...['TaskStateExited', 'ExecutionSucceeded'],
    ]);
    expect(finished.events.map((event) => [event.id, event.previousEventId])).toEqual([
      // The first state follows nothing, as the start itself.
      ...[
        [1, 0],
        [2, 0],
        [3, 2],
        [4, 3],
        [5, 4],
        [6, 5],
        [7, 6],
      ],
    ]);
    expect(detailsOf(finished, 'TaskScheduled')).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'us-east-1',
      parameters: '{"FunctionName":"echo"}',
      timeoutInSeconds: 60,
    });
    expect(detailsOf(finished, 'TaskSucceeded')).toMatchObject({
      resourceType: 'lambda',
      resource: 'invoke',
      outputDetails: { truncated: false },
    });
  });

  test('fails with the error of the function, its payload as cause', async () => {
    const functions = {
      bad: () => {
        throw new FunctionError('NotToday', 'come back');
      },
    };
    const finished = await runtime({ functions }).run(call('lambda:invoke', { FunctionName: 'bad' }));
    expect(finished).toMatchObject({ status: 'FAILED', error: 'NotToday' });
    expect(JSON.parse(finished.cause ?? '')).toEqual({
      errorType: 'NotToday',
      errorMessage: 'come back',
      trace: [],
    });
    expect(detailsOf(finished, 'TaskFailed')).toMatchObject({ error: 'NotToday', resource: 'invoke' });
  });

  test('an unknown function is Lambda.ResourceNotFoundException', async () => {
    const finished = await runtime().run(call('lambda:invoke', { FunctionName: 'gone' }));
    expect(finished.error).toBe('Lambda.ResourceNotFoundException');
    expect(finished.cause).toMatch(
      /^Function not found: gone \(Service: Lambda, Status Code: 404, Request ID: /u,
    );
  });

  test('a throttled call and a broken one have the names that retries use', async () => {
    const functions = {
      busy: () => {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      },
      broken: () => {
        throw new Error('worker died');
      },
    };
    const errors = await Promise.all(
      ['busy', 'broken'].map(
        async (name) =>
          (await runtime({ functions }).run(call('lambda:invoke', { FunctionName: name }))).error,
      ),
    );
    expect(errors).toEqual(['Lambda.TooManyRequestsException', 'Lambda.SdkClientException']);
  });

  test('refuses an invocation type that only shows when it runs', async () => {
    const machine = single({ Type: 'Task', Resource: INVOKE, Arguments: '{% $states.input %}' });
    const finished = await runtime(echo).run(machine, { FunctionName: 'echo', InvocationType: 'Event' });
    expect(finished.cause).toContain('InvocationType "Event" is not supported');
  });
});

describe('A function by its ARN', () => {
  test('gets the input, answers its result, and has LambdaFunction events', async () => {
    const machine = single({ Type: 'Task', Resource: functionArn('echo') }, 'JSONPath');
    const finished = await runtime(echo).run(machine, { a: 1 });
    expect(finished.output).toEqual({ a: 1 });
    expect(finished.types.slice(2, 5)).toEqual([
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
    ]);
    expect(detailsOf(finished, 'LambdaFunctionScheduled')).toEqual({
      resource: functionArn('echo'),
      input: '{"a":1}',
      inputDetails: { truncated: false },
    });
  });

  test('that takes too long has LambdaFunctionTimedOut', async () => {
    const functions = {
      slow: async (_payload: unknown, { sleep }: { sleep: (ms: number) => Promise<void> }) => sleep(60_000),
    };
    const machine = single(
      { Type: 'Task', Resource: functionArn('slow'), TimeoutSecondsPath: '$.limit' },
      'JSONPath',
    );
    const finished = await runtime({ functions }).run(machine, { limit: 5 });
    expect(finished).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
      cause: undefined,
      took: 5000,
    });
    expect(finished.types).toContain('LambdaFunctionTimedOut');
  });
});

describe('dynamodb', () => {
  test('calls the operation and answers it with the metadata of the call', async () => {
    const made = runtime({ aws: () => ({ Item: { pk: { S: 'a' } } }) });
    const given = { TableName: 't', Key: { pk: { S: 'a' } } };
    const finished = await made.run(call('dynamodb:getItem', given));
    expect(made.awsCalls).toEqual([{ service: 'dynamodb', operation: 'GetItem', input: given }]);
    expect(finished.output).toMatchObject({
      Item: { pk: { S: 'a' } },
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
    expect(detailsOf(finished, 'TaskScheduled')).toMatchObject({
      resourceType: 'dynamodb',
      resource: 'getItem',
    });
  });

  test.each([
    ['putItem', { Item: {} }],
    ['updateItem', { Key: {} }],
    ['deleteItem', { Key: {} }],
  ])('%s is there too', async (api, given) => {
    const made = runtime();
    const finished = await made.run(call(`dynamodb:${api}`, { TableName: 't', ...given }));
    expect(finished.status).toBe('SUCCEEDED');
    expect(made.awsCalls[0]?.operation).toBe(`${api.charAt(0).toUpperCase()}${api.slice(1)}`);
  });

  test.each([
    ['ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    ['ResourceNotFoundException', 'DynamoDB.ResourceNotFoundException'],
    ['ValidationException', 'DynamoDB.AmazonDynamoDBException'],
  ])('names %s as %s', async (code, error) => {
    const aws = (): never => {
      throw new AwsError(code, 'no');
    };
    const finished = await runtime({ aws }).run(call('dynamodb:getItem', { TableName: 't', Key: {} }));
    expect(finished.error).toBe(error);
  });
});

describe('events:putEvents', () => {
  test('writes details as text and adds the execution to the resources', async () => {
    const made = runtime({ aws: () => ({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] }) });
    const entry = { Source: 's', DetailType: 'd', Detail: { a: 1 }, Resources: ['r'] };
    const finished = await made.run(call('events:putEvents', { Entries: [entry] }));
    expect(made.awsCalls[0]).toEqual({
      service: 'eventbridge',
      operation: 'PutEvents',
      input: {
        Entries: [
          {
            ...{ Source: 's', DetailType: 'd', Detail: '{"a":1}' },
            Resources: ['r', finished.arn, 'arn:aws:states:us-east-1:123456789012:stateMachine:machine-1'],
          },
        ],
      },
    });
    expect(finished.output).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  });

  test('fails with EventBridge.FailedEntry when an entry is not taken', async () => {
    const made = runtime({ aws: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'X' }] }) });
    const finished = await made.run(call('events:putEvents', { Entries: [{ Detail: '{}' }] }));
    expect(finished.error).toBe('EventBridge.FailedEntry');
  });
});

describe('aws-sdk', () => {
  test('calls the operation and answers exactly what it answers', async () => {
    const made = runtime({ aws: () => ({ Count: 3, nothing: undefined }) });
    const finished = await made.run(call('aws-sdk:dynamodb:query', { TableName: 't' }));
    expect(made.awsCalls).toEqual([{ service: 'dynamodb', operation: 'Query', input: { TableName: 't' } }]);
    expect(finished.output).toEqual({ Count: 3 });
    expect(detailsOf(finished, 'TaskScheduled')).toMatchObject({
      resourceType: 'aws-sdk:dynamodb',
      resource: 'query',
    });
  });

  test.each([
    ['dynamodb', 'ResourceNotFoundException', 'DynamoDb.ResourceNotFoundException'],
    ['ssoadmin', 'ConflictException', 'SsoAdmin.ConflictException'],
    ['eventbridge', 'InternalError', 'EventBridge.InternalErrorException'],
  ])('names an error of %s by the client: %s', async (service, code, error) => {
    const aws = (): never => {
      throw new AwsError(code, 'no');
    };
    expect((await runtime({ aws }).run(call(`aws-sdk:${service}:describeThing`, {}))).error).toBe(error);
  });

  test('sfn reaches this service itself, members with a capital letter', async () => {
    const made = runtime();
    const child = made.create(single({ Type: 'Pass' }), 'child');
    const finished = await made.run(
      call('aws-sdk:sfn:startExecution', { StateMachineArn: child, Name: 'one', Input: '{"a":1}' }),
    );
    expect(finished.output).toEqual({
      ExecutionArn: 'arn:aws:states:us-east-1:123456789012:execution:child:one',
      StartDate: '2026-12-01T08:00:00.000Z',
    });
    const missing = await made.run(call('aws-sdk:sfn:describeExecution', { ExecutionArn: `${child}x` }));
    expect(missing.error).toBe('Sfn.InvalidArnException');
  });
});
