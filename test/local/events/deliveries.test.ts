import { AwsError } from '../../../local/aws-api/json-service';
import {
  arnOf,
  ENTRY,
  eventsWorld,
  PLACES,
  rule,
  START,
  type EventsWorld,
  type WorldOptions,
} from './events-world';

const MINUTE = 60_000;

async function happen(world: EventsWorld): Promise<void> {
  await world.call('events', 'PutEvents', { Entries: [ENTRY] });
  await world.clock.quiet();
}

const withRule = (
  target: Record<string, unknown>,
  options?: WorldOptions,
  more: Record<string, unknown> = {},
) => eventsWorld({ ...PLACES, Rule: rule([target], more) }, options);

const failing = () =>
  Promise.resolve({ functionError: 'Unhandled' as const, payload: { errorMessage: 'broken' } });

describe('a rule', () => {
  test('sends the event to a function', async () => {
    const world = withRule({ Arn: arnOf('Fn') });
    await happen(world);
    expect(world.invocations).toEqual([[0, 'fn', world.events.recorded('own')[0]]]);
  });

  test('starts an execution, named by the event', async () => {
    const world = withRule({ Arn: { Ref: 'Machine' }, InputPath: '$.detail' });
    await happen(world);
    expect(world.executions).toEqual([
      {
        stateMachineArn: 'arn:aws:states:eu-west-1:222233334444:stateMachine:machine',
        name: '00000000-0000-4000-8000-000000000001_00000000-0000-4000-8000-000000000002',
        input: '{"n":1}',
      },
    ]);
  });

  test('sends the event to a queue', async () => {
    const world = withRule({ Arn: arnOf('Queue'), Input: '{"fixed":true}' });
    await happen(world);
    expect(await world.letters('queue')).toEqual([{ body: { fixed: true }, attributes: {} }]);
  });

  test.each([
    { place: 'log group', arn: 'arn:aws:logs:eu-west-1:222233334444:log-group:/log', target: arnOf('Log') },
    { place: 'topic', arn: 'arn:aws:sns:eu-west-1:222233334444:topic', target: { Ref: 'Topic' } },
  ])('records what goes to a $place', async ({ arn, target }) => {
    const world = withRule({ Arn: target, InputPath: '$.detail.n' });
    await happen(world);
    expect(world.sentTo(arn)).toEqual([1]);
  });

  test('may go to a topic that somebody reads by e-mail: it is recorded, and no mail is sent', async () => {
    const world = eventsWorld({
      ...PLACES,
      Rule: rule([{ Arn: { Ref: 'Topic' } }]),
      Sub: [
        'AWS::SNS::Subscription',
        { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'on-call@example.com' },
      ],
    });
    await happen(world);
    expect(world.sentTo('arn:aws:sns:eu-west-1:222233334444:topic')).toEqual(world.events.recorded('own'));
  });

  test('sends the event on to another bus, and from there to its targets', async () => {
    const world = eventsWorld({
      ...PLACES,
      Rule: rule([{ Arn: 'arn:aws:events:eu-west-1:222233334444:event-bus/default' }]),
      Second: rule([{ Arn: arnOf('Queue') }], { Name: 'second', EventBusName: undefined }),
    });
    await happen(world);
    const [event] = world.events.recorded('own');
    expect(world.events.recorded('default')).toEqual([event]);
    expect(await world.letters('queue')).toEqual([{ body: event, attributes: {} }]);
  });

  test('does not send an event on over two more buses, even in a circle', async () => {
    const world = eventsWorld({
      ...PLACES,
      Rule: rule([{ Arn: 'arn:aws:events:eu-west-1:222233334444:event-bus/default' }]),
      Back: rule([{ Arn: arnOf('Bus') }], { Name: 'back', EventBusName: undefined }),
    });
    await happen(world);
    expect([world.events.recorded('own').length, world.events.recorded('default').length]).toEqual([1, 1]);
    expect(world.reports).toEqual([expect.stringMatching(/is not sent on to own/) as string]);
  });

  test('that is disabled or does not fit sends nothing', async () => {
    const disabled = withRule({ Arn: arnOf('Fn') }, {}, { State: 'DISABLED' });
    const other = withRule({ Arn: arnOf('Fn') }, {}, { EventPattern: { source: ['other'] } });
    await happen(disabled);
    await happen(other);
    expect([disabled.invocations, other.invocations]).toEqual([[], []]);
  });
});

describe('a target that does not take the event', () => {
  const DEAD = { DeadLetterConfig: { Arn: arnOf('Dead') } };
  const refusing = (code: string, times = Infinity): WorldOptions => {
    let left = times;
    return {
      startExecution: () => {
        left -= 1;
        return left >= 0 ? Promise.reject(new AwsError(code, 'no')) : Promise.resolve();
      },
    };
  };

  test('is tried again, with growing waits, until it does', async () => {
    const world = withRule({ Arn: { Ref: 'Machine' } }, refusing('ThrottlingException', 3));
    await happen(world);
    // Waits are at most 1, 2 and 4 seconds and at least half of that.
    await world.clock.advance(3499);
    const early = world.executions.length;
    await world.clock.advance(3501);
    expect(early).toBeLessThan(4);
    expect(world.executions).toHaveLength(4);
    expect(world.reports).toEqual([]);
  });

  test('makes a dead letter when the retries are used up', async () => {
    const target = { Arn: { Ref: 'Machine' }, RetryPolicy: { MaximumRetryAttempts: 2 }, ...DEAD };
    const world = withRule(target, refusing('ThrottlingException'));
    await happen(world);
    await world.clock.advance(MINUTE);
    expect(world.executions).toHaveLength(3);
    expect(await world.letters('dead')).toEqual([
      {
        body: world.events.recorded('own')[0],
        attributes: {
          RULE_ARN: 'arn:aws:events:eu-west-1:222233334444:rule/own/rule',
          TARGET_ARN: 'arn:aws:states:eu-west-1:222233334444:stateMachine:machine',
          ERROR_CODE: 'THROTTLING',
          ERROR_MESSAGE: 'no',
          RETRY_ATTEMPTS: '2',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      },
    ]);
  });

  test('makes a dead letter when the event is too old', async () => {
    const target = { Arn: { Ref: 'Machine' }, RetryPolicy: { MaximumEventAgeInSeconds: 60 }, ...DEAD };
    const world = withRule(target, refusing('ThrottlingException'));
    await happen(world);
    await world.clock.advance(2 * MINUTE);
    const [letter] = await world.letters('dead');
    expect(letter?.attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
  });

  test('makes a dead letter at once when no retry helps', async () => {
    const world = withRule({ Arn: { Ref: 'Machine' }, ...DEAD }, refusing('StateMachineDoesNotExist'));
    await happen(world);
    const [letter] = await world.letters('dead');
    expect(letter?.attributes).toMatchObject({ ERROR_CODE: 'NO_RESOURCE', RETRY_ATTEMPTS: '0' });
  });

  test('makes a dead letter of an event that its transformer cannot print', async () => {
    const InputTransformer = { InputTemplate: '<aws.events.rule-name> is no JSON' };
    const world = withRule({ Arn: arnOf('Fn'), InputTransformer, ...DEAD });
    await happen(world);
    const [letter] = await world.letters('dead');
    expect([letter?.attributes.ERROR_CODE, world.invocations]).toEqual(['INVALID_JSON', []]);
  });

  test('is reported when there is no dead-letter queue', async () => {
    const world = withRule({ Arn: { Ref: 'Machine' } }, refusing('ValidationException'));
    await happen(world);
    expect(world.reports).toEqual([
      expect.stringMatching(/event 0.* is dropped: arn:aws:states.* \(no\)/) as string,
    ]);
  });
});

describe('a schedule', () => {
  const SCHEDULED = {
    ...PLACES,
    Tick: rule([{ Arn: arnOf('Fn') }], {
      Name: 'tick',
      EventBusName: undefined,
      EventPattern: undefined,
      ScheduleExpression: 'rate(1 minute)',
    }),
  };

  test('sends an event to its targets at every tick', async () => {
    const world = eventsWorld(SCHEDULED);
    await world.clock.advance(2 * MINUTE);
    expect(world.invocations.map(([at]) => at)).toEqual([MINUTE, 2 * MINUTE]);
    expect(world.invocations[0]?.[2]).toEqual({
      version: '0',
      id: '00000000-0000-4000-8000-000000000001',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '222233334444',
      time: '2026-12-01T08:01:00Z',
      region: 'eu-west-1',
      resources: ['arn:aws:events:eu-west-1:222233334444:rule/tick'],
      detail: {},
    });
  });

  test('stops with the events', async () => {
    const world = eventsWorld(SCHEDULED);
    world.stop();
    await world.clock.advance(5 * MINUTE);
    expect(world.invocations).toEqual([]);
  });

  test('waits for its cron time', async () => {
    const [type, properties] = SCHEDULED.Tick;
    const world = eventsWorld({
      ...PLACES,
      Tick: [type, { ...properties, ScheduleExpression: 'cron(30 9 * * ? *)' }],
    });
    await world.clock.advance(24 * 60 * MINUTE);
    expect(world.invocations.map(([at]) => at)).toEqual([90 * MINUTE]);
  });
});

describe('an asynchronous invocation', () => {
  const CONFIG = (more: Record<string, unknown>) =>
    [
      'AWS::Lambda::EventInvokeConfig',
      { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', ...more },
    ] as const;

  test('is tried again after one minute and after two more, then dropped aloud', async () => {
    const world = eventsWorld(PLACES, { lambda: failing });
    world.asyncInvocations.invoke('fn', { n: 1 });
    await world.clock.advance(60 * MINUTE);
    expect(world.invocations.map(([at]) => at)).toEqual([0, MINUTE, 3 * MINUTE]);
    expect(world.reports).toEqual([
      expect.stringMatching(/is dropped \(RetriesExhausted, 3 attempts\): broken/) as string,
    ]);
  });

  test('ends with the first success', async () => {
    const world = eventsWorld(PLACES, { lambda: (nth) => (nth === 1 ? failing() : Promise.resolve({})) });
    world.asyncInvocations.invoke('fn', { n: 1 });
    await world.clock.advance(60 * MINUTE);
    expect([world.invocations.length, world.reports]).toEqual([2, []]);
  });

  test('goes to the function’s dead-letter queue as it came', async () => {
    const world = eventsWorld(
      {
        ...PLACES,
        Fn: ['AWS::Lambda::Function', { FunctionName: 'fn', DeadLetterConfig: { TargetArn: arnOf('Dead') } }],
        Config: CONFIG({ MaximumRetryAttempts: 0 }),
      },
      { lambda: failing },
    );
    world.asyncInvocations.invoke('arn:aws:lambda:eu-west-1:222233334444:function:fn:$LATEST', { n: 1 });
    await world.clock.advance(0);
    expect(await world.letters('dead')).toEqual([
      { body: { n: 1 }, attributes: { RequestID: 'request', ErrorCode: '200', ErrorMessage: 'broken' } },
    ]);
  });

  test('goes to the on-failure destination with the record of what happened', async () => {
    const OnFailure = { Destination: arnOf('Queue') };
    const world = eventsWorld(
      { ...PLACES, Config: CONFIG({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure } }) },
      { lambda: failing },
    );
    world.asyncInvocations.invoke('fn', { n: 1 });
    await world.clock.advance(60 * MINUTE);
    const [letter] = await world.letters('queue');
    expect(letter?.body).toEqual({
      version: '1.0',
      timestamp: '2026-12-01T08:01:00.000Z',
      requestContext: {
        requestId: 'request',
        functionArn: 'arn:aws:lambda:eu-west-1:222233334444:function:fn:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'broken' },
    });
  });

  test('tells the on-success destination', async () => {
    const OnSuccess = { Destination: arnOf('Queue') };
    const world = eventsWorld({ ...PLACES, Config: CONFIG({ DestinationConfig: { OnSuccess } }) });
    world.asyncInvocations.invoke('fn', { n: 1 });
    await world.clock.advance(0);
    const [letter] = await world.letters('queue');
    expect(letter?.body).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: 'ok' });
  });

  test('is given up when its age is over', async () => {
    const world = eventsWorld(
      { ...PLACES, Config: CONFIG({ MaximumEventAgeInSeconds: 90 }) },
      { lambda: failing },
    );
    world.asyncInvocations.invoke('fn', { n: 1 });
    await world.clock.advance(60 * MINUTE);
    expect(world.invocations).toHaveLength(2);
    expect(world.reports).toEqual([expect.stringMatching(/EventAgeExceeded/) as string]);
  });

  test('waits out a throttle without counting it as an attempt', async () => {
    const throttled = () => Promise.reject(new AwsError('TooManyRequestsException', 'slow', 429));
    const world = eventsWorld(PLACES, { lambda: (nth) => (nth <= 3 ? throttled() : failing()) });
    world.asyncInvocations.invoke('fn', {});
    await world.clock.advance(60 * MINUTE);
    expect(world.invocations.map(([at]) => at / 1000)).toEqual([0, 1, 3, 7, 67, 187]);
  });

  test('holds no clock while the function sleeps', async () => {
    const world = eventsWorld(PLACES, { lambda: () => new Promise(() => undefined) });
    world.asyncInvocations.invoke('fn', {});
    await world.clock.advance(MINUTE);
    expect(world.clock.now()).toBe(START + MINUTE);
  });

  test('of a function that is not there is refused', () => {
    expect(() => {
      eventsWorld(PLACES).asyncInvocations.invoke('nope', {});
    }).toThrow(/Function not found: .*:function:nope/);
  });
});

describe('load', () => {
  test.each<[string, Record<string, readonly [string, Record<string, unknown>]>, RegExp]>([
    [
      'a pattern that is not valid',
      { Rule: rule([], { EventPattern: { source: 'x' } }) },
      /Rule.EventPattern is not valid: source must be/,
    ],
    [
      'a target outside of the stack',
      { Rule: rule([{ Arn: 'arn:aws:lambda:eu-west-1:1:function:far' }]) },
      /leads to arn:aws:lambda.*far, which is not in the stack/,
    ],
    [
      'a target of another kind',
      { Rule: rule([{ Arn: 'arn:aws:kinesis:eu-west-1:1:stream/s' }]) },
      /kinesis.*is not supported/,
    ],
    [
      'parameters of a target that are not supported',
      { Rule: rule([{ Arn: arnOf('Fn'), EcsParameters: {} }]) },
      /"EcsParameters"/,
    ],
    ['a rule on an unknown bus', { Rule: rule([], { EventBusName: 'nope' }) }, /on the bus "nope"/],
    [
      'a schedule on a bus of its own',
      { Rule: rule([], { ScheduleExpression: 'rate(1 minute)' }) },
      /schedules are for the default bus/,
    ],
    [
      'a schedule that is not valid',
      { Rule: rule([], { EventBusName: undefined, ScheduleExpression: 'rate(x)' }) },
      /the rule rule has a schedule that is not valid/,
    ],
    [
      'a rule of nothing',
      { Rule: rule([], { EventPattern: undefined }) },
      /neither an EventPattern nor a ScheduleExpression/,
    ],
    ['an unknown state', { Rule: rule([], { State: 'MAYBE' }) }, /State is MAYBE/],
    [
      'a subscription that nobody serves',
      { Sub: ['AWS::SNS::Subscription', { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs' }] },
      /subscribes a topic by sqs/,
    ],
    [
      'a partner bus',
      { Partner: ['AWS::Events::EventBus', { Name: 'p', EventSourceName: 'x' }] },
      /"EventSourceName"/,
    ],
    ['a FIFO queue', { Fifo: ['AWS::SQS::Queue', { FifoQueue: true }] }, /Fifo is a FIFO queue/],
  ])('stops at %s', (_name, resources, message) => {
    expect(() => eventsWorld({ ...PLACES, ...resources })).toThrow(message);
  });
});
