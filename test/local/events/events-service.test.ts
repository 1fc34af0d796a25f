import { ACCOUNT, REGION } from '../assembly/write-assembly';
import { arnOf, ENTRY, eventsWorld, PLACES, rule, START } from './events-world';

const put = (world: ReturnType<typeof eventsWorld>, ...Entries: unknown[]) =>
  world.call('events', 'PutEvents', { Entries });

describe('PutEvents', () => {
  test('puts an event on the bus that is named, with the envelope filled in', async () => {
    const world = eventsWorld(PLACES);
    const answer = await put(world, { ...ENTRY, Time: START / 1000 - 60, Resources: ['arn:x'] });
    expect(answer).toEqual({
      FailedEntryCount: 0,
      Entries: [{ EventId: '00000000-0000-4000-8000-000000000001' }],
    });
    expect(world.events.recorded('own')).toEqual([
      {
        version: '0',
        id: '00000000-0000-4000-8000-000000000001',
        'detail-type': 'Happened',
        source: 'app',
        account: ACCOUNT,
        time: '2026-12-01T07:59:00Z',
        region: REGION,
        resources: ['arn:x'],
        detail: { n: 1 },
      },
    ]);
    expect(world.events.recorded('default')).toEqual([]);
  });

  test('takes the bus by ARN, and the default bus without one', async () => {
    const world = eventsWorld(PLACES);
    const { EventBusName: _bus, ...entry } = ENTRY;
    await put(world, { ...ENTRY, EventBusName: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/own` }, entry);
    expect([world.events.recorded('own').length, world.events.recorded('default').length]).toEqual([1, 1]);
  });

  test.each<[Record<string, unknown>, string, string]>([
    [
      { Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    [
      { DetailType: '' },
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
    ],
    [
      { Detail: undefined },
      'InvalidArgument',
      'Parameter Detail is not valid. Reason: Detail is a required argument.',
    ],
    [{ Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: '{' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Source: 'aws.sso' }, 'NotAuthorizedForSource', 'Not authorized for the source.'],
    [{ EventBusName: 'nope' }, 'ResourceNotFoundException', 'Event bus nope does not exist.'],
    [{ Time: 'now' }, 'InvalidArgument', 'Parameter Time is not valid.'],
    [{ Resources: [1] }, 'InvalidArgument', 'Parameter Resources is not valid.'],
  ])('refuses an entry with %j and takes the others', async (change, ErrorCode, ErrorMessage) => {
    const world = eventsWorld(PLACES);
    const answer = await put(world, { ...ENTRY, ...change }, ENTRY);
    expect(answer).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode, ErrorMessage }, { EventId: expect.any(String) as string }],
    });
    expect(world.events.recorded('own')).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['no entries', []],
    ['eleven entries', Array.from({ length: 11 }, () => ENTRY)],
    ['entries that are no objects', ['x']],
    ['more than 256 KiB', [{ ...ENTRY, Detail: JSON.stringify({ x: 'é'.repeat(131_072) }) }]],
  ])('refuses a call with %s', async (_name, Entries) => {
    const world = eventsWorld(PLACES);
    await expect(world.call('events', 'PutEvents', { Entries })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    expect(world.events.recorded('own')).toEqual([]);
  });

  test('tells listeners of every event, until they stop listening', async () => {
    const world = eventsWorld(PLACES);
    const heard: string[] = [];
    const stop = world.events.onEvent(({ busName, event }) => heard.push(`${busName} ${event.source}`));
    await put(world, ENTRY);
    stop();
    await put(world, ENTRY);
    expect(heard).toEqual(['own app']);
  });

  test('remembers the last thousand events of a bus', async () => {
    const world = eventsWorld(PLACES);
    for (let batch = 0; batch < 101; batch += 1) {
      await put(
        world,
        ...Array.from({ length: 10 }, (_, index) => ({ ...ENTRY, Detail: `{"n":${batch * 10 + index}}` })),
      );
    }
    const recorded = world.events.recorded('own');
    expect([recorded.length, recorded[0]?.detail.n, recorded.at(-1)?.detail.n]).toEqual([1000, 10, 1009]);
  });
});

describe('emit', () => {
  test('puts an event of an AWS service on the default bus', () => {
    const world = eventsWorld(PLACES);
    const event = world.events.emit({ source: 'aws.sso', 'detail-type': 'T', detail: { a: 1 } });
    expect(event).toMatchObject({
      version: '0',
      account: ACCOUNT,
      time: '2026-12-01T08:00:00Z',
      resources: [],
    });
    expect(world.events.recorded('default')).toEqual([event]);
  });

  test('keeps what the event says of itself', () => {
    const own = { id: 'x', account: '1', region: 'r', time: '2020-01-01T00:00:00Z', resources: ['a'] };
    const event = { ...own, source: 'aws.sso', 'detail-type': 'T', detail: {} };
    expect(eventsWorld(PLACES).events.emit(event)).toEqual({ version: '0', ...event });
  });

  test.each<[unknown, RegExp]>([
    ['x', /an event must be an object/],
    [{ source: 'app', 'detail-type': 'T', detail: {} }, /begins with "aws\.", but is "app"/],
    [{ source: 'aws.x', detail: {} }, /"detail-type" must be a non-empty string/],
    [{ source: 'aws.x', 'detail-type': 'T', detail: [] }, /"detail" must be an object/],
    [{ source: 'aws.x', 'detail-type': 'T', detail: {}, time: 'soon' }, /"time" must be an ISO 8601/],
    [{ source: 'aws.x', 'detail-type': 'T', detail: {}, resources: 'a' }, /"resources" must be a list/],
  ])('refuses %j', (event, message) => {
    expect(() => eventsWorld(PLACES).events.emit(event)).toThrow(message);
  });
});

describe('looking at rules', () => {
  const RESOURCES = {
    ...PLACES,
    Rule: rule([{ Arn: arnOf('Fn'), RetryPolicy: { MaximumRetryAttempts: 1 } }], { Description: 'd' }),
    Tick: [
      'AWS::Events::Rule',
      { Name: 'tick', ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' },
    ] as const,
  };

  test('lists buses', async () => {
    const { EventBuses } = await eventsWorld(RESOURCES).call('events', 'ListEventBuses');
    expect(EventBuses).toEqual(
      ['default', 'own'].map((Name) => ({
        Name,
        Arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${Name}`,
      })),
    );
  });

  test('lists the rules of a bus', async () => {
    const world = eventsWorld(RESOURCES);
    expect(await world.call('events', 'ListRules', { EventBusName: 'own' })).toEqual({
      Rules: [
        {
          Name: 'rule',
          Arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/own/rule`,
          EventBusName: 'own',
          State: 'ENABLED',
          Description: 'd',
          EventPattern: '{"source":["app"]}',
        },
      ],
    });
    expect(await world.call('events', 'ListRules', { NamePrefix: 'x' })).toEqual({ Rules: [] });
  });

  test('describes a rule, and not one that is not there', async () => {
    const world = eventsWorld(RESOURCES);
    expect(await world.call('events', 'DescribeRule', { Name: 'tick' })).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'DISABLED',
    });
    await expect(world.call('events', 'DescribeRule', { Name: 'rule' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Rule rule does not exist on EventBus default.',
    });
  });

  test('lists the targets of a rule', async () => {
    const input = { Rule: 'rule', EventBusName: 'own' };
    expect(await eventsWorld(RESOURCES).call('events', 'ListTargetsByRule', input)).toEqual({
      Targets: [
        {
          Id: 't0',
          Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:fn`,
          RetryPolicy: { MaximumRetryAttempts: 1 },
        },
      ],
    });
  });

  test('gives lists in pages', async () => {
    const world = eventsWorld(RESOURCES);
    const first = await world.call('events', 'ListEventBuses', { Limit: 1 });
    const second = await world.call('events', 'ListEventBuses', { Limit: 1, NextToken: first.NextToken });
    expect([first.EventBuses, second.EventBuses, second.NextToken]).toEqual([
      [expect.objectContaining({ Name: 'default' })],
      [expect.objectContaining({ Name: 'own' })],
      undefined,
    ]);
  });

  test('says of an operation that is not supported that it is not', async () => {
    await expect(eventsWorld(RESOURCES).call('events', 'PutRule')).rejects.toThrow(
      /events:PutRule is not supported/,
    );
  });
});

describe('TestEventPattern', () => {
  const Event = JSON.stringify({
    id: '1',
    account: '1',
    source: 'app',
    time: '2026-12-01T08:00:00Z',
    region: 'r',
    resources: [],
    'detail-type': 'T',
  });
  const ask = (EventPattern: string, event = Event) =>
    eventsWorld(PLACES).call('events', 'TestEventPattern', { EventPattern, Event: event });

  test('answers whether the event fits', async () => {
    expect(await ask('{"source":["app"]}')).toEqual({ Result: true });
    expect(await ask('{"source":["other"]}')).toEqual({ Result: false });
  });

  test('refuses a pattern that is not valid, and says why', async () => {
    await expect(ask('{"source":"app"}')).rejects.toMatchObject({
      code: 'InvalidEventPatternException',
      message: 'Event pattern is not valid. Reason: source must be an object or a list, but is "app"',
    });
    await expect(ask('{')).rejects.toMatchObject({ code: 'InvalidEventPatternException' });
  });

  test('refuses an event without what every event has', async () => {
    await expect(ask('{"source":["app"]}', '{"source":"app"}')).rejects.toThrow(/"id" is missing/);
  });
});
